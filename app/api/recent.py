"""Answers given lately, found by the very bytes of the request: the same question costs no reading."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Final

from app.api.exchange import Prepared

# A request's own bytes are part of the key; longer ones are read anew each time.
LONGEST_KEY: Final = 4_096


class Recent:
    """A store of prepared answers, bounded by number and by bytes; the one unused longest goes first.

    Shape: with `from_second_time` an answer is kept when it is given again, so that those given once neither push out
        the others nor take new memory each.
    Not thread-safe: one event loop uses it.
    """

    def __init__(self, entries: int, most_bytes: int, *, from_second_time: bool = False) -> None:
        self.entries = entries
        self.most_bytes = most_bytes
        self.from_second_time = from_second_time
        self.held_bytes = 0
        # Marks of what was given once, oldest first; two of one mark are at worst kept a time early.
        self._given_once: dict[int, None] = {}
        self._held: OrderedDict[Hashable, tuple[Prepared, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._held)

    def get(self, key: Hashable) -> Prepared | None:
        """Return the answer to this request, None where it was not given lately."""
        held = self._held.get(key)
        if held is None:
            return None
        self._held.move_to_end(key)
        return held[0]

    def put(self, key: Hashable, prepared: Prepared) -> None:
        """Keep the answer, and let go of the oldest ones over the bounds.

        Its compressed form is made later, if at all, and counted beforehand at a quarter of the body.
        """
        if self.from_second_time and not self._is_given_again(key):
            return
        weight = len(prepared.body) * 5 // 4 + LONGEST_KEY // 4
        if not self.entries or weight > self.most_bytes:
            return
        if key in self._held:
            self.held_bytes -= self._held.pop(key)[1]
        self._held[key] = prepared, weight
        self.held_bytes += weight
        while len(self._held) > self.entries or self.held_bytes > self.most_bytes:
            _, (_, freed) = self._held.popitem(last=False)
            self.held_bytes -= freed

    def _is_given_again(self, key: Hashable) -> bool:
        mark = hash(key)
        if mark in self._given_once or key in self._held:
            self._given_once.pop(mark, None)
            return True
        self._given_once[mark] = None
        if len(self._given_once) > self.entries:
            del self._given_once[next(iter(self._given_once))]
        return False
