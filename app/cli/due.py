"""`approval-guide rules check --due`: overdue sources, unverified figures, facts offices alone know, days off."""

from collections.abc import Iterator
from datetime import date

import orjson
import typer

from app.rulebook import AuthorityFact, DueReport, OverdueSource, Rulebook, UnverifiedFigure, due
from app.wording import Phrases


def show_due(rulebook: Rulebook, day: date, phrases: Phrases, *, as_json: bool) -> bool:
    """Print what wants attention on the day and return whether a source is overdue or the next year's days off are."""
    report = due(rulebook, day)
    if as_json:
        typer.echo(orjson.dumps(_plain(report), option=orjson.OPT_INDENT_2).decode())
    else:
        for line in _lines(report, phrases):
            typer.echo(line)
    return bool(report.overdue) or report.wants_next_year


def _lines(report: DueReport, phrases: Phrases) -> Iterator[str]:
    counted = {"overdue": len(report.overdue), "figures": len(report.figures), "facts": len(report.facts)}
    yield phrases.say("rules_said.overdue", day=report.day, count=counted["overdue"])
    yield from (f"  {_source_line(source, phrases)}" for source in report.overdue)
    yield ""
    yield phrases.say("rules_said.figures", count=counted["figures"])
    yield from (f"  {_figure_line(figure, phrases)}" for figure in report.figures)
    yield ""
    yield phrases.say("rules_said.authority_facts", count=counted["facts"])
    yield from (f"  {_fact_line(fact, phrases)}" for fact in report.facts)
    yield ""
    key = "days_off_wanted" if report.wants_next_year else "days_off"
    yield phrases.say(f"rules_said.{key}", until=report.days_off_until or "-")
    yield ""
    yield phrases.say("rules_said.due", **counted)


def _source_line(source: OverdueSource, phrases: Phrases) -> str:
    policy = source.policy
    return phrases.say(
        "rules_said.overdue_source",
        where=f"{policy.place.file}:{policy.place.at('review_by').mark.line}",
        code=policy.code,
        review_by=policy.review_by,
        verified=policy.last_verified,
        users=len(source.users),
        title=phrases.pick(policy.title),
    )


def _figure_line(figure: UnverifiedFigure, phrases: Phrases) -> str:
    return phrases.say(
        "rules_said.figure",
        where=f"{figure.place.file}:{figure.place.mark.line}",
        owner=figure.owner,
        figure=figure.figure,
        sources=", ".join(figure.sources),
    )


def _fact_line(found: AuthorityFact, phrases: Phrases) -> str:
    fact, whom = found.fact, found.fact.ask_whom
    return phrases.say(
        "rules_said.authority_fact" if whom is not None else "rules_said.authority_fact_nobody",
        where=f"{fact.place.file}:{fact.place.mark.line}",
        code=fact.code,
        topics=", ".join(found.topics),
        whom=whom.authority if whom is not None else "",
        question=phrases.pick(fact.question),
    )


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
        "days_off_until": report.days_off_until,
        "wants_next_year": report.wants_next_year,
    }
