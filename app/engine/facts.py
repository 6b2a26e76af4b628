"""Facts: what can be answered, which values are allowed, and the value of what was not answered."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NewType, TypeAlias

if TYPE_CHECKING:
    from app.engine.conditions import Condition

FactCode = NewType("FactCode", str)
ProcedureCode = NewType("ProcedureCode", str)
RuleCode = NewType("RuleCode", str)
DefinitionCode = NewType("DefinitionCode", str)

#: A fact's answer: boolean, option, set of options, number or day.
Value: TypeAlias = bool | str | frozenset[str] | int | Decimal | date

#: Decimals have at most this many places (contract); numbers are compared as scaled integers.
DECIMAL_PLACES: Final = 4
SCALE: Final = 10**DECIMAL_PLACES
_DECIMAL_SCALE: Final = Decimal(SCALE)


class FactType(enum.StrEnum):
    """What kind of answer a fact takes."""

    BOOLEAN = "boolean"
    CHOICE = "choice"
    CHOICES = "choices"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"


class AskedOf(enum.StrEnum):
    """Who can say: the company itself, or only an authority."""

    COMPANY = "company"
    AUTHORITY = "authority"


class Purpose(enum.StrEnum):
    """What an answer is for: it decides, or it only says where to go."""

    DECIDE = "decide"
    WHERE = "where"


@dataclass(frozen=True, slots=True)
class Fact:
    """情形要素. One typed answer about the scenario (CPSV-AP: an input of the public service).

    Shape: `options` in the order they are offered, empty for other types than choice and choices.
    Units: `minimum` and `maximum` are included, in the fact's own unit.
    Unknown: `default` None means that an unanswered fact stays open.
    """

    code: FactCode
    type: FactType
    asked_of: AskedOf = AskedOf.COMPANY
    options: tuple[str, ...] = ()
    minimum: int | Decimal | None = None
    maximum: int | Decimal | None = None
    default: Value | None = None
    ask_last: bool = False
    purpose: Purpose = Purpose.DECIDE
    group: str | None = None
    only_if: "Condition | None" = None
    empty_allowed: bool = True


def scaled(fact_type: FactType, value: Value) -> int:
    """The value as an integer that orders like it: dates as ordinals, decimals in ten-thousandths.

    Raises: TypeError for a value that has no order.
    """
    if isinstance(value, Decimal):
        return int(value * _DECIMAL_SCALE if fact_type is FactType.DECIMAL else value)
    if isinstance(value, date):
        return value.toordinal()
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{value!r} has no order")
    return value * SCALE if fact_type is FactType.DECIMAL else value


def with_defaults(facts: Mapping[FactCode, Fact], answers: Mapping[FactCode, Value]) -> dict[FactCode, Value]:
    """The answers, and the defaults of facts that were not answered.

    Shape: in the order of `facts`.
    """
    taken: dict[FactCode, Value] = {}
    for code, fact in facts.items():
        if code in answers:
            taken[code] = answers[code]
        elif fact.default is not None:
            taken[code] = fact.default
    return taken
