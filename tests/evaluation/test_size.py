"""The contract's size of a complete guide, over the worked examples: 128 KiB, 24 KiB compressed, reasons included."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pytest

from app.evaluation import EvaluateRequest, plain
from app.wording import LANGUAGES
from tests.evaluation.real import evaluator, rulebook

MOST_BYTES, MOST_COMPRESSED = 128 * 1024, 24 * 1024
GZIP_LEVEL: Final = 8


@dataclass(frozen=True)
class Weighed:
    """A complete guide: the example it answers and its bytes, as it is and compressed as it is served."""

    topic: str
    example: str
    raw: int
    packed: int


def complete(lang: str) -> Iterator[Weighed]:
    """The complete guides among the worked examples."""
    for topic, book in rulebook().topics.items():
        for case in book.cases:
            given = {
                code: frozenset(value) if isinstance(value, tuple) else value for code, value in case.facts.items()
            }
            facts = {str(code): plain(book.facts[code], value) for code, value in given.items()}
            body = evaluator().evaluate(EvaluateRequest(topic, facts, case.as_of, lang), case.as_of).body
            if b'"status":"complete"' in body:
                yield Weighed(topic, case.code, len(body), len(gzip.compress(body, GZIP_LEVEL)))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_complete_guide_stays_within_its_size(lang: str) -> None:
    """Not one is let off, in either language, as it is or compressed."""
    guides = list(complete(lang))

    assert len(guides) > 300
    assert [one for one in guides if one.raw >= MOST_BYTES or one.packed >= MOST_COMPRESSED] == []
