"""Memory, where much is made that stays: the garbage collector at rest, and what is left over given back."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

# M_ARENA_MAX of <malloc.h>.
_MOST_HEAPS: Final = -8


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Keep the garbage collector from walking a growing heap of objects that all stay; it would double the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def use_one_heap() -> None:
    """Let the threads that are begun from now on share one heap: of several, each keeps what it no longer needs.

    Cost: none to speak of; Python lets one thread run at a time.
    """
    set_option = _of_c_library("mallopt")
    if set_option is not None:
        set_option(_MOST_HEAPS, 1)


def give_memory_back() -> None:
    """Give the system back what reading and compiling took for a while; the C library would keep it, some 20 MB.

    Cost: milliseconds, of threads that want memory meanwhile.
    """
    give_back = _of_c_library("malloc_trim")
    if give_back is not None:
        give_back(0)


def _of_c_library(name: str) -> Callable[..., int] | None:
    """A function that only glibc has; None with another C library."""
    # Here, for most commands do without.
    import ctypes

    found: Callable[..., int] | None = getattr(ctypes.CDLL(None), name, None)
    return found
