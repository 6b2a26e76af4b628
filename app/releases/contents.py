"""A release's content: every file of a rulebook as text, packed for keeping, hashed, and made a rulebook again."""

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Final

from app.collector import collector_at_rest
from app.errors import AppError, Finding, RulebookError
from app.releases.records import ReadyForm, Stored
from app.rulebook import (
    NotLean,
    Rulebook,
    as_lean_bytes,
    find_kept,
    from_lean_bytes,
    keep_lean_bytes,
    load_kept,
    reading_software,
)

#: What of a rulebook's folder is kept; schemas are made from the software and hidden files are an editor's.
_FOLDERS: Final = ("policies", "shared", "topics", "changelog")
_TOP_FILES: Final = ("README.md",)
_LEVEL: Final = 9
# Twenty times what a rulebook of five topics takes.
_LARGEST_FORM: Final = 64 * 1024 * 1024


class DamagedRelease(AppError):
    """What is kept of a release is not what was published; better the release before than another law."""

    def __init__(self, version: str) -> None:
        super().__init__(
            f"the content kept of release {version} is damaged",
            hint="restore the database from a copy",
            where=version,
            params={"variant": "damaged_release", "version": version},
        )


def is_kept(path: str) -> bool:
    """Return whether a file at this path inside a rulebook belongs to its releases.

    >>> is_kept("topics/open_clinic/rules.yaml"), is_kept("topics"), is_kept("topics/.swp")
    (True, False, False)
    """
    parts = PurePosixPath(path).parts
    if any(part.startswith(".") for part in parts):
        return False
    return path in _TOP_FILES or (len(parts) > 1 and parts[0] in _FOLDERS)


def read_files(folder: Path) -> dict[str, str]:
    """Return path inside the rulebook -> text of every file that belongs to a release, sorted.

    Raises: RulebookError for files that are no text.
    """
    found: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).as_posix()
        if path.is_file() and is_kept(inside):
            found[inside] = path.read_bytes()
    return as_texts(found)


def as_texts(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the files as text, sorted by path.

    Raises: RulebookError with a finding for each that is not UTF-8.
    """
    texts: dict[str, str] = {}
    findings: list[Finding] = []
    for path in sorted(files):
        try:
            texts[path] = files[path].decode("utf-8")
        except UnicodeDecodeError as fault:
            message = f"the file is not UTF-8 (byte {fault.start}); save it as UTF-8"
            findings.append(Finding(f"rules/{path}", 1, 1, "syntax", message))
    if findings:
        raise RulebookError(findings)
    return texts


def pack(files: Mapping[str, str]) -> tuple[bytes, str]:
    """Return the files as they are kept, and `sha256:<hex>` of what was packed: the same files, the same hash."""
    plain = json.dumps(dict(files), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")
    return zlib.compress(plain, _LEVEL), _hash(plain)


def unpack(stored: Stored) -> dict[str, str]:
    """Return a release's files.

    Raises: DamagedRelease where they are not what was published.
    """
    try:
        plain = zlib.decompress(stored.packed)
    except zlib.error as fault:
        raise DamagedRelease(stored.version) from fault
    if _hash(plain) != stored.files_hash:
        raise DamagedRelease(stored.version)
    files: dict[str, str] = json.loads(plain)
    return files


def write_files(files: Mapping[str, str], folder: Path) -> Path:
    """Write the files into a folder and return it.

    Raises: ValueError for a path that leads out of it.
    """
    for path, text in files.items():
        place = folder / path
        if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
            raise ValueError(f"{path!r} leads out of the rulebook")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode("utf-8"))
    return folder


def open_release(stored: Stored, store: Path, ready: ReadyForm | None = None) -> Rulebook:
    """Return a release's rulebook under its version, its hashes checked.

    Shape: `store` is where rulebooks read before are kept on this machine, `ready` the form kept with the release.
    Raises: DamagedRelease · RulebookError where this software cannot read what an older one could.
    Cost: a tenth of a second where this machine has it or it is ready; else that of reading every file, ten times that
        and more, in a process of its own.
    """
    files = unpack(stored)
    name = f"release {stored.files_hash}"
    rulebook = find_kept(store, name) or _of_ready_form(ready, store, name) or _of_files(files, store, name)
    if rulebook.content_hash != stored.content_hash:
        raise DamagedRelease(stored.version)
    return replace(rulebook, version=stored.version)


def ready_form(rulebook: Rulebook) -> ReadyForm:
    """Return the rulebook in the form it is quickest had from again by the same software."""
    packed = zlib.compress(as_lean_bytes(rulebook))
    return ReadyForm(rulebook.content_hash, reading_software(), packed, _hash(packed))


def _of_ready_form(ready: ReadyForm | None, store: Path, name: str) -> Rulebook | None:
    """The rulebook of the form, kept on this machine from now on; None where the form is not to be used."""
    if ready is None or ready.software != reading_software() or _hash(ready.packed) != ready.digest:
        return None
    try:
        written = zlib.decompressobj().decompress(ready.packed, _LARGEST_FORM)
        with collector_at_rest():
            rulebook = from_lean_bytes(written)
    except (zlib.error, NotLean):
        return None
    if rulebook.content_hash != ready.content_hash:
        return None
    keep_lean_bytes(store, name, written)
    return rulebook


def _of_files(files: Mapping[str, str], store: Path, name: str) -> Rulebook:
    with TemporaryDirectory(prefix="approval-guide-release-") as place:
        # Named as in the repository, for findings and places begin with the folder's name.
        return load_kept(write_files(files, Path(place) / "rules"), store, name)


def _hash(plain: bytes) -> str:
    return f"sha256:{hashlib.sha256(plain).hexdigest()}"
