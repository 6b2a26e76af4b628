"""References: ten characters that can be read over the phone, the last of them a check digit.

Source: the weighted sum modulo a prime of ISBN-10. With 29 symbols and the weights 1 to 10 the sum differs from zero
after any one wrong character and after any two exchanged ones.
"""

import secrets
import unicodedata
from collections.abc import Callable
from typing import Final, NewType

from app.errors import UnknownReference

Reference = NewType("Reference", str)
"""The ten characters, upper case, without hyphens."""

#: Nothing here looks or sounds like another: no 0 1 B I O S Z.
ALPHABET: Final = "2346789ACDEFGHJKLMNPQRTUVWXY5"
LENGTH: Final = 10
_VALUES: Final = {symbol: value for value, symbol in enumerate(ALPHABET)}
_PRIME: Final = len(ALPHABET)
_LONGEST_SHOWN: Final = 40
_MINUS: Final = "\N{MINUS SIGN}"


def new_reference(choose: Callable[[str], str] = secrets.choice) -> Reference:
    """Return a reference that nobody can guess: nine symbols drawn at random, and their check digit."""
    drawn = "".join(choose(ALPHABET) for _ in range(LENGTH - 1))
    return Reference(drawn + check_digit(drawn))


def check_digit(nine: str) -> str:
    """Return the symbol that makes the weighted sum of all ten a multiple of 29.

    >>> check_digit("ACDEFGHJK")
    'M'
    """
    # The tenth weighs 10, and 10 * 3 = 1 modulo 29.
    return ALPHABET[-3 * _weighted_sum(nine) % _PRIME]


def read_reference(said: str) -> Reference:
    """Return the reference somebody typed: case, spaces and hyphens do not count, nor do full-width characters.

    Raises: UnknownReference, saying that it was misread, when it is no reference at all.

    >>> read_reference(" acd-efg-hjkm ")
    'ACDEFGHJKM'
    """
    folded = unicodedata.normalize("NFKC", said).upper()
    symbols = "".join(sign for sign in folded if not _is_aside(sign))
    fits = len(symbols) == LENGTH and all(sign in _VALUES for sign in symbols)
    if not fits or _weighted_sum(symbols) % _PRIME:
        raise UnknownReference(said[:_LONGEST_SHOWN], misread=True)
    return Reference(symbols)


def spoken_groups(reference: Reference) -> str:
    """Return the reference as it is shown and read out, in groups of three, three and four.

    >>> spoken_groups(Reference("ACDEFGHJKM"))
    'ACD-EFG-HJKM'
    """
    return f"{reference[:3]}-{reference[3:6]}-{reference[6:]}"


def _is_aside(sign: str) -> bool:
    """Whether a sign only keeps the others apart; what some write for a hyphen is a minus by its nature."""
    return sign == _MINUS or unicodedata.category(sign) in ("Pd", "Zs", "Cf", "Cc")


def _weighted_sum(symbols: str) -> int:
    return sum(weight * _VALUES[sign] for weight, sign in enumerate(symbols, start=1))
