"""The words of two versions of a topic as one book, so that what either of them names can be said."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from app.engine import FactCode
from app.rulebook import FactEntry, TopicBook

K = TypeVar("K")
V = TypeVar("V")


def joint_book(before: TopicBook, after: TopicBook) -> TopicBook:
    """Return the later version's book with what only the earlier one has; options of both, the later one's words."""
    facts = _joined(before.facts, after.facts)
    facts |= {
        code: _with_options(before.facts[code], fact) for code, fact in after.facts.items() if code in before.facts
    }
    retyped = {
        code for code, fact in after.facts.items() if code in before.facts and before.facts[code].type is not fact.type
    }
    facts |= {FactCode(f"before/{code}"): before.facts[code] for code in retyped}
    return replace(
        after,
        facts=facts,
        definitions=_joined(before.definitions, after.definitions),
        procedures=_joined(before.procedures, after.procedures),
        rules=_joined(before.rules, after.rules),
        extras=_joined(before.extras, after.extras),
        acceptance=_joined(before.acceptance, after.acceptance),
    )


def _joined(old: Mapping[K, V], new: Mapping[K, V]) -> dict[K, V]:
    return {**new, **{key: value for key, value in old.items() if key not in new}}


def _with_options(old: FactEntry, new: FactEntry) -> FactEntry:
    known = {option.value for option in new.options}
    gone = tuple(option for option in old.options if option.value not in known)
    return new.model_copy(update={"options": (*new.options, *gone)}) if gone and old.type is new.type else new
