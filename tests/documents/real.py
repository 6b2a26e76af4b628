"""Kept guides of the real topics: the worked examples, as a company would have kept them."""

from datetime import UTC, date, datetime
from functools import cache
from typing import Final

import orjson

from app.documents import Original, Workdays, has_form
from app.evaluation import EvaluateRequest, in_full
from app.guides import Reference
from tests.evaluation.real import evaluator, rulebook

REFERENCE: Final = Reference("ACDEFGHJKM")
KEPT_AT: Final = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
ADDRESS: Final = "https://example.org/g/ACDEFGHJKM"


@cache
def original(topic: str, case: str, lang: str = "zh-CN") -> Original:
    """The guide of one worked example, kept."""
    book = rulebook().topics[topic]
    (found,) = [one for one in book.cases if one.code == case]
    facts = {code: list(value) if isinstance(value, tuple) else value for code, value in found.facts.items()}
    answer = evaluator().evaluate(EvaluateRequest(topic, facts, found.as_of, lang), found.as_of)
    return Original(in_full(orjson.loads(answer.body), rulebook()), REFERENCE, KEPT_AT, ADDRESS)


def cases(every: int) -> list[tuple[str, str]]:
    """Topic and code of every so-manieth worked example, of each topic at least one."""
    return [(topic, case.code) for topic, book in rulebook().topics.items() for case in book.cases[::every]]


@cache
def with_forms(every: int) -> tuple[tuple[str, str, str], ...]:
    """Topic, example and procedure of each form these examples have, one example a procedure and treatment."""
    found: dict[tuple[str, str], tuple[str, str, str]] = {}
    for topic, case in cases(every):
        for item in original(topic, case).guide["procedures"]:
            if has_form(item):
                found.setdefault((item["code"], item["treatment"]), (topic, case, item["code"]))
    return tuple(found.values())


@cache
def workdays() -> Workdays:
    """The official working days of the rulebook."""
    return Workdays(rulebook().calendar.values())


def day(text: str) -> date:
    """A day from its usual form."""
    return date.fromisoformat(text)
