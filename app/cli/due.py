"""`approval-guide rules check --due`: what is overdue on a day, unverified figures, facts only an authority can say."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta, timezone
from typing import Final

import orjson
import typer

from app.rulebook import AuthorityFact, DueReport, OverdueSource, Rulebook, UnverifiedFigure, due

_CHINA: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
_USAGE: Final = 2


def day_asked(text: str | None) -> date:
    """The day given as YYYY-MM-DD, today in China without one; ends the command where the text is no day."""
    if text is None:
        return datetime.now(_CHINA).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        typer.echo(f"--on takes a day such as 2027-05-23, not {text}", err=True)
        raise typer.Exit(_USAGE) from None


def show_due(rulebook: Rulebook, day: date, *, as_json: bool) -> bool:
    """Print what wants attention on the day and return whether a source is overdue."""
    report = due(rulebook, day)
    if as_json:
        typer.echo(orjson.dumps(_plain(report), option=orjson.OPT_INDENT_2).decode())
    else:
        for line in _lines(report):
            typer.echo(line)
    return bool(report.overdue)


def _lines(report: DueReport) -> Iterator[str]:
    yield from _group(f"overdue on {report.day}", map(_source_line, report.overdue))
    yield from _group("figures on unverified sources", map(_figure_line, report.figures))
    yield from _group("facts only an authority can say", map(_fact_line, report.facts))
    counted = (len(report.overdue), len(report.figures), len(report.facts))
    yield "{} sources overdue, {} unverified figures, {} open authority facts".format(*counted)


def _group(heading: str, lines: Iterable[str]) -> Iterator[str]:
    found = list(lines)
    yield f"{heading}: {len(found)}"
    yield from (f"  {line}" for line in found)
    yield ""


def _source_line(source: OverdueSource) -> str:
    policy = source.policy
    where = f"{policy.place.file}:{policy.place.at('review_by').mark.line}"
    return (
        f"{where} {policy.code} review by {policy.review_by}, last verified {policy.last_verified},"
        f" named by {len(source.users)}: {policy.title.zh}"
    )


def _figure_line(figure: UnverifiedFigure) -> str:
    where = f"{figure.place.file}:{figure.place.mark.line}"
    return f"{where} {figure.owner} {figure.figure} ({', '.join(figure.sources)})"


def _fact_line(found: AuthorityFact) -> str:
    fact, whom = found.fact, found.fact.ask_whom
    where = f"{fact.place.file}:{fact.place.mark.line}"
    asked = f" ask {whom.authority}" if whom is not None else ""
    return f"{where} {fact.code} ({', '.join(found.topics)}){asked}: {fact.question.zh}"


def _plain(report: DueReport) -> dict[str, object]:
    return {
        "on": report.day,
        "overdue": [
            {
                "policy": source.policy.code,
                "title": source.policy.title.zh,
                "last_verified": source.policy.last_verified,
                "review_by": source.policy.review_by,
                "named_by": source.users,
                "file": source.policy.place.file,
                "line": source.policy.place.at("review_by").mark.line,
            }
            for source in report.overdue
        ],
        "unverified_figures": [
            {
                "code": figure.owner,
                "figure": figure.figure,
                "sources": figure.sources,
                "file": figure.place.file,
                "line": figure.place.mark.line,
            }
            for figure in report.figures
        ],
        "authority_facts": [
            {
                "fact": found.fact.code,
                "question": found.fact.question.zh,
                "ask": found.fact.ask_whom.authority if found.fact.ask_whom is not None else None,
                "topics": found.topics,
                "file": found.fact.place.file,
                "line": found.fact.place.mark.line,
            }
            for found in report.facts
        ],
    }
