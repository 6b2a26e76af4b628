"""A rulebook read before, kept on disk by its files' content, so that nobody has to read and check them again."""

import fcntl
import hashlib
import os
import pickle
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from time import monotonic, sleep
from typing import Final
from uuid import uuid4

from app.collector import collector_at_rest
from app.rulebook.books import Rulebook
from app.rulebook.certificate import software_hash
from app.rulebook.lean import as_lean_bytes, from_lean_bytes

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


def load_kept(path: Path, store: Path) -> Rulebook:
    """Return the rulebook in the folder to serve from; out of the store where the same files were loaded before.

    Shape: as `fetch_kept` gives it.
    Raises: RulebookError with every finding, if any of them is an error.
    """
    content, size = _content_of(path)
    if size >= _WORTH_A_PROCESS and _can_write(store) and not _place(store, content).exists():
        _load_apart(path, store)
    return fetch_kept(store, content, lambda: _load(path))


def load_here(path: Path, store: Path) -> Rulebook:
    """Return what `load_kept` does, read by this very process where it is not kept."""
    return fetch_kept(store, _content_of(path)[0], lambda: _load(path))


def _load(path: Path) -> Rulebook:
    # Here, for a start that finds a kept rulebook reads no file.
    from app.rulebook.checking import load

    return load(path)


def _load_apart(path: Path, store: Path) -> None:
    """Have another process load the rulebook and keep it; where that fails, nothing is kept.

    What reading and checking needs then never comes into the memory of whoever serves.
    """
    # -P, for the folder a server was started in is no place to load programs from.
    command = [sys.executable, "-P", "-m", "app.rulebook.keeping", str(path), str(store)]
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


def fetch_kept(store: Path, content: str, make: Callable[[], Rulebook]) -> Rulebook:
    """Return the rulebook of a content, from the store where it was kept there before, else made and kept.

    Shape: as `make` gives it, but of places only each entry's own is known. `content` names the files the rulebook is
        made of, two contents never alike. Only what this very software made of that content is taken, and only from
        files that nobody else can write; anything else in the store is passed over. A store that cannot be used costs
        time and nothing more.
    Raises: what `make` raises.
    Cost: a quarter of that of reading; of several processes that need the same at once one reads and the others wait.
    """
    kept = _place(store, content)
    found = _read(kept)
    if found is not None:
        return found
    with _turn(store) as waited:
        found = _read(kept) if waited else None
        if found is None:
            found = _made(make, kept)
    return found


def _made(make: Callable[[], Rulebook], kept: Path) -> Rulebook:
    with collector_at_rest():
        written = as_lean_bytes(make())
        with suppress(OSError):
            _keep(written, kept)
        # Whoever finds nothing kept ends with the same light rulebook as the next one, who finds it.
        found = from_lean_bytes(written)
    assert isinstance(found, Rulebook)
    return found


def keep_rulebook(store: Path, content: str, rulebook: Rulebook) -> None:
    """Keep the rulebook of a content for whoever fetches it; a store that cannot be written is no fault."""
    kept = _place(store, content)
    if not kept.exists():
        with suppress(OSError), collector_at_rest():
            _keep(as_lean_bytes(rulebook), kept)


def _place(store: Path, content: str) -> Path:
    """Where a content's rulebook is kept: by all that it depends on, the code and what that is built on included."""
    by = f"{software_hash()} {platform.python_version()} {version('pydantic')} {content}"
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
    except (OSError, pickle.UnpicklingError, EOFError, AttributeError, ImportError):
        return None
    # The ones used last are those that stay; where nothing can be written, none goes.
    with suppress(OSError):
        kept.touch()
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
