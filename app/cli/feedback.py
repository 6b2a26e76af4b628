"""`approval-guide feedback …`: read what was thought of kept guides, and count it."""

from collections.abc import Sequence
from typing import Annotated, Final

import typer
from rich.table import Table
from rich.text import Text

from app.cli.answering import Form, Format, say_json
from app.cli.moments import shown
from app.cli.working import say_table, with_database
from app.feedback import Feedback, Grade, GradeCounts, Summary, list_feedback, summarise
from app.storage import Database

cli = typer.Typer(help="What was thought of kept guides, by topic, release and rule. 好差评", no_args_is_help=True)

_MOST_RULES: Final = 20


@cli.command("list")
def show_feedback(
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many, the newest first.")] = 50,
    topic: Annotated[str | None, typer.Option(help="Only this topic.", show_default=False)] = None,
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
    table = Table("given", "reference", "topic", "release", "grade", "reasons", box=None, pad_edge=False)
    table.add_column("comment", overflow="fold")
    for one in found:
        reasons = ", ".join(one.reasons)
        given = shown(one.given_at)
        parts = (given, one.reference, one.topic, one.release_version, one.grade, reasons, one.comment or "")
        # As text, for a comment is nobody's markup.
        table.add_row(*(Text(part) for part in parts))
    say_table(table)


@cli.command("summary")
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
    table = Table(name, *(grade.replace("_", " ") for grade in Grade), "total", box=None, pad_edge=False)
    for one in counts[:_MOST_RULES]:
        table.add_row(Text(one.name), *(str(one.grades[grade]) for grade in Grade), str(one.total))
    if len(counts) > _MOST_RULES:
        table.caption = f"{len(counts) - _MOST_RULES} more with --format json"
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
