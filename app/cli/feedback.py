"""`approval-guide feedback …`: read what was thought of kept guides, and count it."""

from collections.abc import Sequence
from typing import Annotated, Final

import typer
from rich.table import Table
from rich.text import Text

from app.cli.answering import Form, Format, say_json
from app.cli.commands import Command, new_group
from app.cli.moments import shown
from app.cli.speaking import spoken
from app.cli.working import say_table, with_database
from app.feedback import Feedback, Grade, GradeCounts, Summary, list_feedback, summarise
from app.storage import Database

cli = new_group()

_MOST_RULES: Final = 20


@cli.command("list", cls=Command)
def show_feedback(
    limit: Annotated[int, typer.Option(min=1, max=100_000)] = 50,
    topic: Annotated[str | None, typer.Option(show_default=False)] = None,
    form: Form = Format.TABLE,
) -> None:
    """List feedback, newest first."""

    async def read(database: Database) -> list[Feedback]:
        async with database.reading() as session:
            return await list_feedback(session, limit=limit, topic=topic)

    found = with_database(read)
    if form is Format.JSON:
        say_json([_as_json(one) for one in found])
        return
    phrases = spoken()
    heads = ("given", "reference", "topic", "release", "grade", "reasons")
    table = Table(*(phrases.say(f"told.head_{head}") for head in heads), box=None, pad_edge=False)
    table.add_column(phrases.say("told.head_comment"), overflow="fold")
    for one in found:
        reasons = phrases.listed([phrases.say(f"reason.{reason}") for reason in one.reasons])
        given, grade = shown(one.given_at), phrases.say(f"grade.{one.grade}")
        parts = (given, one.reference, one.topic, one.release_version, grade, reasons, one.comment or "")
        # As text, for a comment is nobody's markup.
        table.add_row(*(Text(part) for part in parts))
    say_table(table)


@cli.command("summary", cls=Command)
def show_summary(form: Form = Format.TABLE) -> None:
    """Count the grades by topic, by release and by rule; those with the most low grades first."""

    async def read(database: Database) -> Summary:
        async with database.reading() as session:
            return await summarise(session)

    found = with_database(read)
    groups = {"topics": found.topics, "releases": found.releases, "rules": found.rules}
    if form is Format.JSON:
        say_json({name: [_counted(one) for one in counts] for name, counts in groups.items()})
        return
    for name, counts in groups.items():
        say_table(_table(name, counts))


def _table(name: str, counts: Sequence[GradeCounts]) -> Table:
    phrases = spoken()
    heads = [phrases.say(f"told.head_{name}"), *(phrases.say(f"grade.{grade}") for grade in Grade)]
    table = Table(*heads, phrases.say("told.head_total"), box=None, pad_edge=False)
    for one in counts[:_MOST_RULES]:
        table.add_row(Text(one.name), *(str(one.grades[grade]) for grade in Grade), str(one.total))
    if len(counts) > _MOST_RULES:
        table.caption = phrases.say("told.more_in_json", count=len(counts) - _MOST_RULES)
    return table


def _counted(one: GradeCounts) -> dict[str, object]:
    return {
        "name": one.name,
        "grades": {str(grade): count for grade, count in one.grades.items()},
        "total": one.total,
        "low": one.low,
    }


def _as_json(one: Feedback) -> dict[str, object]:
    return {
        "given_at": one.given_at,
        "reference": one.reference,
        "topic": one.topic,
        "as_of": one.as_of,
        "release": {"version": one.release_version, "content_hash": one.release_hash},
        "grade": one.grade,
        "reasons": one.reasons,
        "comment": one.comment,
        "masked": one.is_masked,
        "lang": one.lang,
        "rules": one.rules,
    }
