"""What the conditions told in a guide are read against, so that what was told once is found again."""

from collections.abc import Callable, Hashable, Mapping
from functools import cache
from operator import itemgetter
from typing import Final, TypeAlias

from app.engine import (
    Condition,
    Defined,
    DefinitionCode,
    FactCode,
    ProcedureCode,
    Reader,
    Requires,
    Truth,
    Value,
    leaves,
    mentioned_facts,
)

# No code has a blank in it, so that none of these is taken for a fact.
_DEFINITION: Final = "definition "
_PROCEDURE: Final = "procedure "

Against: TypeAlias = Callable[[Mapping[str, Hashable]], Hashable]


class Situation(dict[str, Hashable]):
    """All that the conditions of a topic can hang on in one scenario.

    Shape: by fact what of its answer a guide tells apart; what definitions that are not `known` and procedures come
        to is read when it is first looked up.
    Unknown: None where a fact is open, or the plain reading of the rest is.
    """

    def __init__(
        self,
        apart: Mapping[FactCode, Hashable],
        known: Mapping[DefinitionCode, Truth],
        answers: Mapping[FactCode, Value],
        reader: Reader,
    ) -> None:
        super().__init__(apart)  # type: ignore[arg-type]  # a code is a text
        self.update(zip(map(_subject, known), known.values(), strict=True))
        self._answers = answers
        self._reader = reader

    def __missing__(self, subject: str) -> Hashable:
        condition = _named(subject)
        found = self[subject] = None if condition is None else self._reader.holds(condition, self._answers)
        return found


def against(condition: Condition) -> Against:
    """What picks out of a situation all that the plain reading of the condition hangs on."""
    subjects: dict[str, None] = dict.fromkeys(mentioned_facts(condition))
    for leaf in leaves(condition):
        if isinstance(leaf, Defined):
            subjects[_subject(leaf.definition)] = None
        elif isinstance(leaf, Requires):
            subjects[_PROCEDURE + leaf.procedure] = None
    return itemgetter(*subjects) if subjects else _nothing


@cache
def _subject(definition: DefinitionCode) -> str:
    """The definition as a subject; the same text each time, so that it is hashed once."""
    return _DEFINITION + definition


def _nothing(_: Mapping[str, Hashable]) -> Hashable:
    return None


def _named(subject: str) -> Condition | None:
    """The definition or procedure of that subject as a condition, None for a fact."""
    if subject.startswith(_DEFINITION):
        return Defined(DefinitionCode(subject.removeprefix(_DEFINITION)))
    if subject.startswith(_PROCEDURE):
        return Requires(ProcedureCode(subject.removeprefix(_PROCEDURE)))
    return None
