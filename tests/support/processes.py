"""The processes a test has started: which they are, and how long they stood waiting for a processor."""

from contextlib import suppress
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")
_NANOSECONDS: Final = 1e9


def begun_by(pid: int) -> list[int]:
    """Return the process and all that it started, and these in turn."""
    parents: dict[int, list[int]] = {}
    for stat in _PROC.glob("[0-9]*/stat"):
        # One that has ended meanwhile is none of ours any more.
        with suppress(OSError):
            # The name before it, in brackets, may hold anything.
            parent = int(stat.read_text("utf-8", "replace").rpartition(")")[2].split()[1])
            parents.setdefault(parent, []).append(int(stat.parent.name))
    found = [pid]
    for one in found:
        found += parents.get(one, [])
    return found


class Busy:
    """What a busy machine added to whatever is measured meanwhile, from now on.

    A promise of seconds is one about a machine that has a processor free when there is something to do. Measured
    beside another suite it says how busy the machine was; the kernel knows how long each thread stood ready and was
    not let run, and that is taken off. On a free machine it is next to nothing.
    """

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._before = self._queued()

    def seconds(self) -> float:
        """Return how long the threads of the process, and of all it started, have waited for a processor since.

        Unknown: 0 where the kernel does not count it.
        """
        return sum(now - self._before.get(thread, 0.0) for thread, now in self._queued().items())

    def _queued(self) -> dict[str, float]:
        found: dict[str, float] = {}
        for pid in begun_by(self._pid):
            for thread in _PROC.glob(f"{pid}/task/*/schedstat"):
                with suppress(OSError, ValueError):
                    found[thread.parent.name] = int(thread.read_text().split()[1]) / _NANOSECONDS
        return found
