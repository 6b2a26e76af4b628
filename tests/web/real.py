"""Scenarios of the real topics as addresses of pages, and the service that answers them."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any, Final

from app.rulebook import Rulebook, load
from app.settings import Settings

TODAY: Final = date(2026, 11, 22)
#: For each topic a case whose facts settle everything, as the rulebook's own worked examples write them.
PLAIN: Final = {
    "open_pharmacy": "class_b_on_1_march_2024",
    "food_business": "prepackaged_complete_2024",
    "build_project": "plain_private_warehouse_3000",
    "open_clinic": "plan_day_general",
}


@cache
def rulebook() -> Rulebook:
    """The rulebook of this repository."""
    return load(Settings().rules_dir)


@cache
def plain_facts(topic: str) -> dict[str, Any]:
    """The facts of the topic's plain case, as JSON has them."""
    book = rulebook().topics[topic]
    case = next(case for case in book.cases if case.code == PLAIN[topic])
    return dict(case.facts)


def query(facts: Mapping[str, Any], **more: str) -> list[tuple[str, str]]:
    """Facts as the query of an address: sets by repeating, the empty one as nothing at all."""
    found: list[tuple[str, str]] = []
    for fact, value in facts.items():
        values = value if isinstance(value, list | tuple) else [value]
        texts = [str(one).lower() if isinstance(one, bool) else str(one) for one in values] or [""]
        found += [(fact, text) for text in texts]
    return found + list(more.items())
