"""The checks, by subject; each function notes what it finds and goes on."""

from app.rulebook.checks.changelog import check_changelog
from app.rulebook.checks.circles import check_circles
from app.rulebook.checks.context import Context
from app.rulebook.checks.examples import check_examples
from app.rulebook.checks.names import check_names
from app.rulebook.checks.proofs import prove_topics
from app.rulebook.checks.sources import check_sources
from app.rulebook.checks.time import check_time
from app.rulebook.checks.usage import check_usage
from app.rulebook.checks.values import check_values
from app.rulebook.checks.words import check_words

__all__ = [
    "Context",
    "check_changelog",
    "check_entries",
    "check_sources",
    "check_time",
    "check_usage",
    "check_values",
    "prove_topics",
]


def check_entries(context: Context) -> None:
    """Run every check that needs no more than the entries."""
    check_names(context)
    check_sources(context)
    check_time(context)
    check_values(context)
    check_circles(context)
    check_usage(context)
    check_words(context)
    check_examples(context)
    check_changelog(context)
