"""A rulebook read before, kept on disk by its files' content, so that nobody has to read and check them again."""

import fcntl
import hashlib
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from time import monotonic, sleep
from typing import Final
from uuid import uuid4

from pydantic import VERSION as PYDANTIC

from app.collector import collector_at_rest
from app.rulebook.books import Rulebook
from app.rulebook.certificate import software_hash
from app.rulebook.lean import NotLean, as_lean_bytes, from_lean_bytes

# That of the folder, the release served, the one before and the next; older ones are hardly asked for again.
_MOST_KEPT: Final = 4
# Files of so many bytes are read by a process of their own; fewer are read before that would have begun.
_WORTH_A_PROCESS: Final = 1_000_000
# Several times what that takes on a slow machine; whoever has waited so long does better on its own.
_LONGEST_SECONDS: Final = 120
_BY_OTHERS: Final = 0o022
# Reading takes a second or two, on a busy machine some more; whoever waits longer for another process reads for itself.
_TURN_SECONDS: Final = 10.0
_LOOK_SECONDS: Final = 0.02


def load_kept(path: Path, store: Path, content: str | None = None) -> Rulebook:
    """Return the rulebook in the folder to serve from; out of the store where the same files were loaded before.

    Shape: of places only each entry's own is known. `content` names what the folder holds, where that is known. Only
        what this very software made of that content is taken out of the store, and only from files that nobody else
        can write; anything else in the store is passed over. A store that cannot be used costs time and nothing more.
    Raises: RulebookError with every finding, if any of them is an error.
    Cost: a tenth of that of reading; of several processes that need the same at once one reads and the others wait.
    """
    named, size = _content_of(path)
    named = content or named
    if size >= _WORTH_A_PROCESS and _can_write(store) and not _place(store, named).exists():
        _load_apart(path, store, named)
    return load_here(path, store, named)


def load_here(path: Path, store: Path, content: str) -> Rulebook:
    """Return what `load_kept` does, read by this very process where it is not kept."""
    found = find_kept(store, content)
    if found is not None:
        return found
    with _turn(store) as waited:
        return (find_kept(store, content) if waited else None) or _made(path, store, content)


def find_kept(store: Path, content: str) -> Rulebook | None:
    """Return the rulebook of a content where it is kept."""
    return _read(_place(store, content))


def keep_lean_bytes(store: Path, content: str, written: bytes) -> None:
    """Keep the light form of a content's rulebook for whoever looks for it; a store that takes nothing is no fault."""
    with suppress(OSError):
        _keep(written, _place(store, content))


@cache
def reading_software() -> str:
    """Return `sha256:<hex>` of all that a light form depends on: the code, and what that is built on."""
    by = f"{software_hash()} {platform.python_version()} {PYDANTIC}"
    return f"sha256:{hashlib.sha256(by.encode()).hexdigest()}"


def _load_apart(path: Path, store: Path, content: str) -> None:
    """Have another process load the rulebook and keep it; where that fails, nothing is kept.

    What reading and checking needs then never comes into the memory of whoever serves, nor into the way of answers.
    """
    # -P, for the folder a server was started in is no place to load programs from.
    command = [sys.executable, "-P", "-m", "app.rulebook.keeping", str(path), str(store), content]
    with suppress(OSError, subprocess.TimeoutExpired):
        subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_LONGEST_SECONDS,
            check=False,
        )


def _can_write(store: Path) -> bool:
    return os.access(store if store.exists() else store.parent, os.W_OK | os.X_OK)


def _made(path: Path, store: Path, content: str) -> Rulebook:
    # Here, for a start that finds a kept rulebook reads no file.
    from app.rulebook.checking import load

    with collector_at_rest():
        written = as_lean_bytes(load(path))
        keep_lean_bytes(store, content, written)
        # Whoever finds nothing kept ends with the same light rulebook as the next one, who finds it.
        return from_lean_bytes(written)


def _place(store: Path, content: str) -> Path:
    """Where a content's rulebook is kept: by all that it depends on."""
    by = f"{reading_software()} {content}"
    return store / f"rulebook-{hashlib.sha256(by.encode()).hexdigest()[:32]}.pickle"


def _content_of(path: Path) -> tuple[str, int]:
    """The name of what the folder's files say, a hash of every file's path and content; and how many bytes they are."""
    size = 0
    digest = hashlib.sha256(f"{path.resolve().name}\0".encode())
    for file in sorted(file for file in path.rglob("*") if file.is_file()):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(path).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
        size += len(content)
    return f"folder {digest.hexdigest()}", size


@contextmanager
def _turn(store: Path) -> Iterator[bool]:
    """Hold the store alone among all processes, and say whether another one was waited for; never for long."""
    try:
        handle = os.open(store / "rulebook.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        yield False
        return
    try:
        yield _waited(handle)
    finally:
        # Closing it gives the turn on.
        os.close(handle)


def _waited(handle: int) -> bool:
    deadline = monotonic() + _TURN_SECONDS
    waited = False
    while monotonic() < deadline:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except OSError:
            waited = True
            sleep(_LOOK_SECONDS)
    return waited


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
    except (OSError, NotLean):
        return None
    # The ones used last are those that stay; where nothing can be written, none goes.
    with suppress(OSError):
        kept.touch()
    return found


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
