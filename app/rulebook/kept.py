"""A rulebook read before, kept on disk by its files' content, so that a start need not read and check them again."""

import hashlib
import os
import pickle
import platform
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Final
from uuid import uuid4

from app.rulebook.books import Rulebook
from app.rulebook.certificate import software_hash
from app.rulebook.checking import collector_at_rest, load
from app.rulebook.lean import as_lean_bytes, from_lean_bytes

# The one served and the one served before; older ones are not asked for again.
_MOST_KEPT: Final = 2
_BY_OTHERS: Final = 0o022


def load_kept(path: Path, store: Path) -> Rulebook:
    """Return the rulebook in the folder to serve from; out of the store where the same files were loaded before.

    Shape: as `load` gives it, but of places only each entry's own is known. Only what this very software made of
        these very files is taken, and only from files that nobody else can write; anything else in the store is
        passed over. A store that cannot be used costs time and nothing more.
    Raises: RulebookError with every finding, if any of them is an error.
    """
    kept = store / f"rulebook-{_digest(path)}.pickle"
    found = _read(kept)
    return _loaded(path, kept) if found is None else found


def _loaded(path: Path, kept: Path) -> Rulebook:
    with collector_at_rest():
        written = as_lean_bytes(load(path))
        with suppress(OSError):
            _keep(written, kept)
        # A start that finds nothing kept ends with the same light rulebook as the next one, which finds it.
        found = from_lean_bytes(written)
    assert isinstance(found, Rulebook)
    return found


def _digest(path: Path) -> str:
    """What the loaded rulebook depends on: every file's content, the code that reads it, and what that is built on."""
    digest = hashlib.sha256(f"{software_hash()} {platform.python_version()} {version('pydantic')}\0".encode())
    digest.update(f"{path.resolve().name}\0".encode())
    for file in sorted(file for file in path.rglob("*") if file.is_file()):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(path).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:32]


def _read(kept: Path) -> Rulebook | None:
    """The rulebook in the file; None where there is none, it is damaged, or others could have written it."""
    try:
        if not all(_is_ours(place.stat()) for place in (kept, kept.parent)):
            return None
        with kept.open("rb") as file:
            checked, whole = file.readline().rstrip(b"\n"), file.read()
        if hashlib.sha256(whole).hexdigest().encode() != checked:
            return None
        with collector_at_rest():
            found = from_lean_bytes(whole)
    except (OSError, pickle.UnpicklingError, EOFError, AttributeError, ImportError):
        return None
    return found if isinstance(found, Rulebook) else None


def _is_ours(state: os.stat_result) -> bool:
    """Nobody else owns it or can write it."""
    return state.st_uid == os.getuid() and not state.st_mode & _BY_OTHERS


def _keep(whole: bytes, kept: Path) -> None:
    """Write the rulebook as a whole or not at all, and let go of older ones."""
    kept.parent.mkdir(mode=0o755, exist_ok=True)
    making = kept.with_suffix(f".{uuid4().hex}")
    try:
        with os.fdopen(os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(hashlib.sha256(whole).hexdigest().encode() + b"\n" + whole)
        making.replace(kept)
    finally:
        making.unlink(missing_ok=True)
    others = sorted(kept.parent.glob("rulebook-*.pickle"), key=lambda file: file.stat().st_mtime, reverse=True)
    for old in others[_MOST_KEPT:]:
        old.unlink(missing_ok=True)
