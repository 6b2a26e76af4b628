"""Addresses of our pages: a path and what its query says, put together without losing anything."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import quote, urlencode

Pair: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Address:
    """An address within this server; as text it is what a link holds.

    >>> str(Address("/ask/a", (("zones", "x"), ("zones", "y"), ("none", ""))))
    '/ask/a?zones=x&zones=y&none='
    >>> str(Address("//example.org/a"))
    '/example.org/a'
    """

    path: str
    pairs: tuple[Pair, ...] = ()

    def __str__(self) -> str:
        """The path and its query, percent-encoded."""
        path = quote(self.path, safe="/")
        if path.startswith("//"):
            # A browser would take what follows for another server's name, and lead our readers there.
            path = "/" + path.lstrip("/")
        return f"{path}?{urlencode(self.pairs)}" if self.pairs else path

    def at(self, path: str) -> "Address":
        """The same query at another path."""
        return Address(path, self.pairs)

    def adding(self, *pairs: Pair) -> "Address":
        """With these pairs behind the others."""
        return Address(self.path, (*self.pairs, *pairs))

    def setting(self, name: str, value: str) -> "Address":
        """With this one value in place of all that stood under the name."""
        return self.without(name).adding((name, value))

    def without(self, *names: str) -> "Address":
        """Without what stands under the names."""
        return Address(self.path, tuple(pair for pair in self.pairs if pair[0] not in names))

    def only(self, names: Iterable[str]) -> "Address":
        """With only what stands under the names."""
        kept = frozenset(names)
        return Address(self.path, tuple(pair for pair in self.pairs if pair[0] in kept))
