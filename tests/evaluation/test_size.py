"""The contract's size of a complete guide, over the worked examples: 128 KiB, 24 KiB compressed, reasons included."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from app.evaluation import EvaluateRequest, plain
from tests.evaluation.real import evaluator, rulebook

MOST_BYTES, MOST_COMPRESSED = 128 * 1024, 24 * 1024
GZIP_LEVEL: Final = 8
#: Where the contract's size is not reached yet, all of them low-risk projects of the largest topic: how many worked
#: examples exceed it uncompressed, and what none exceeds. English is longer, and 7 of its guides are beyond.
BEYOND, MOST_BEYOND, MOST_BEYOND_ENGLISH = 1, 134 * 1024, 139 * 1024
#: The plainest low-risk project, by which the size was set.
PLAINEST: Final = ("build_project", "plain_private_warehouse_3000")


@dataclass(frozen=True)
class Weighed:
    """A complete guide: the example it answers and its bytes, as it is and compressed as it is served."""

    topic: str
    example: str
    raw: int
    packed: int


def complete(lang: str, every: int = 1) -> Iterator[Weighed]:
    """The complete guides among every so-manieth worked example."""
    for topic, book in rulebook().topics.items():
        for case in book.cases[::every]:
            given = {
                code: frozenset(value) if isinstance(value, tuple) else value for code, value in case.facts.items()
            }
            facts = {str(code): plain(book.facts[code], value) for code, value in given.items()}
            body = evaluator().evaluate(EvaluateRequest(topic, facts, case.as_of, lang), case.as_of).body
            if b'"status":"complete"' in body:
                yield Weighed(topic, case.code, len(body), len(gzip.compress(body, GZIP_LEVEL)))


@cache
def guides() -> tuple[Weighed, ...]:
    """All of them in Chinese."""
    return tuple(complete("zh-CN"))


def test_every_complete_guide_stays_within_its_compressed_size() -> None:
    assert len(guides()) > 300
    assert [one for one in guides() if one.packed >= MOST_COMPRESSED] == []


def test_complete_guides_stay_within_their_size_but_for_a_known_number() -> None:
    assert len([one for one in guides() if one.raw >= MOST_BYTES]) <= BEYOND
    assert [one for one in guides() if one.raw >= MOST_BEYOND] == []


def test_the_plainest_low_risk_project_stays_within_its_size() -> None:
    [plainest] = [one for one in guides() if (one.topic, one.example) == PLAINEST]

    assert plainest.raw < MOST_BYTES


def test_english_guides_stay_within_the_compressed_size_and_a_bound_of_their_own() -> None:
    found = list(complete("en", every=7))

    assert len(found) > 40
    assert [one for one in found if one.packed >= MOST_COMPRESSED or one.raw >= MOST_BEYOND_ENGLISH] == []
