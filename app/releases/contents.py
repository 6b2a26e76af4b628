"""A release's content: every file of a rulebook as text, packed for keeping, hashed, and made a rulebook again."""

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Final

from app.errors import AppError, Finding, RulebookError
from app.releases.records import Stored
from app.rulebook import Rulebook, fetch_kept, keep_rulebook

#: What of a rulebook's folder is kept; schemas are made from the software and hidden files are an editor's.
_FOLDERS: Final = ("policies", "shared", "topics", "changelog")
_TOP_FILES: Final = ("README.md",)
_LEVEL: Final = 9


class DamagedRelease(AppError):
    """What is kept of a release is not what was published; better the release before than another law."""

    def __init__(self, version: str) -> None:
        super().__init__(
            f"the content kept of release {version} is damaged",
            hint="restore the database from a copy",
            where=version,
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


def open_release(stored: Stored, store: Path) -> Rulebook:
    """Return a release's rulebook under its version, its hashes checked.

    Shape: `store` is where rulebooks read before are kept.
    Raises: DamagedRelease · RulebookError where this software cannot read what an older one could.
    Cost: that of reading every file, a second or two; a quarter of it where this machine read or published it before.
    """
    files = unpack(stored)
    rulebook = fetch_kept(store, _name_of(stored.files_hash), lambda: _read(files))
    if rulebook.content_hash != stored.content_hash:
        raise DamagedRelease(stored.version)
    return replace(rulebook, version=stored.version)


def keep_ready(files: Mapping[str, str], rulebook: Rulebook, store: Path) -> None:
    """Keep the rulebook of these files where `open_release` finds it, before there is a release of them.

    Every process of this machine then has the release at hand in a moment, however soon it is activated.
    """
    keep_rulebook(store, _name_of(pack(files)[1]), rulebook)


def _name_of(files_hash: str) -> str:
    return f"release {files_hash}"


def _read(files: Mapping[str, str]) -> Rulebook:
    # Here, for a process that finds it kept reads no file.
    from app.rulebook import load

    with TemporaryDirectory(prefix="approval-guide-release-") as place:
        # Named as in the repository, for findings and places begin with the folder's name.
        return load(write_files(files, Path(place) / "rules"))


def _hash(plain: bytes) -> str:
    return f"sha256:{hashlib.sha256(plain).hexdigest()}"
