"""The rulebook itself, read once for all tests of this folder; a fault of form fails each of them with its place."""

from functools import cache
from typing import Final

from app.engine import CompiledTopic, compile_topic
from app.rulebook import CaseEntry, CheckReport, TopicBook, check
from app.settings import Settings

RULES: Final = Settings().rules_dir


@cache
def report() -> CheckReport:
    """What the checks say; what they prove of it, `rules verify` proves too."""
    return check(RULES, prove=False)


def books() -> dict[str, TopicBook]:
    """The topics that can be read."""
    draft = report().draft
    return dict(draft.topics) if draft is not None else {}


@cache
def compiled(topic: str) -> CompiledTopic:
    """The topic, compiled."""
    return compile_topic(books()[topic].topic)


def cases() -> list[tuple[str, CaseEntry]]:
    """Every worked example with its topic."""
    return [(topic, case) for topic, book in books().items() for case in book.cases]
