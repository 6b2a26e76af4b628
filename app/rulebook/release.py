"""The canonical form of a rulebook and the hash of its content: what makes two releases one and the same."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from app.rulebook.folder import Source


def canonical_form(source: Source) -> bytes:
    """Return the rulebook as sorted JSON: every file's content by path, comments and layout left behind.

    Shape: numbers without trailing zeros, so that 0.50 and 0.5 are one figure; numbers and days told apart from text
        of the same letters.
    """
    whole = {"files": source.contents, "texts": source.texts}
    plain = json.dumps(_plain(whole), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return plain.encode("utf-8")


def content_hash(canonical: bytes) -> str:
    """Return `sha256:<hex>` of the canonical form."""
    return f"sha256:{hashlib.sha256(canonical).hexdigest()}"


def files_version(digest: str) -> str:
    """Return the version of a rulebook served straight from its files: `files-<8 hex>`."""
    return f"files-{digest.partition(':')[2][:8]}"


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Decimal) or type(value) is int:
        return {"number": format(Decimal(value).normalize(), "f")}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return value
