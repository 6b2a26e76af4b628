"""What is made later than the process starts: by a thread that has time, or at once by whoever needs it first."""

import asyncio
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Later(Generic[T]):
    """A value made once, when it is first asked for; making it fails for each who asks until it succeeds."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._made: tuple[T] | None = None

    @property
    def is_made(self) -> bool:
        """Whether it lies ready."""
        return self._made is not None

    def get(self) -> T:
        """Return the value; from any thread, waiting where another one makes it just now."""
        if self._made is None:
            with self._lock:
                if self._made is None:
                    self._made = (self._make(),)
        return self._made[0]

    async def wait(self) -> T:
        """Return the value without keeping the event loop from answering others meanwhile."""
        return self._made[0] if self._made is not None else await asyncio.to_thread(self.get)
