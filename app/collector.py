"""Memory, where much is made that stays: the garbage collector at rest, and what is left over given back."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


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


def give_memory_back() -> None:
    """Give the system back what reading and compiling took for a while; the C library would keep it, some 20 MB.

    Cost: milliseconds, of threads that want memory meanwhile.
    """
    # Here, for most commands do without. Only glibc can be asked.
    import ctypes

    give_back = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if give_back is not None:
        give_back(0)
