"""`approval-guide rules verify`: the whole proof of the rulebook, its findings, its certificate."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.table import Table

from app.cli.answering import (
    FINDING,
    Folder,
    Form,
    Format,
    counted,
    expect_known,
    finding_line,
    finding_record,
    refuse,
    rules_folder,
    say_json,
)
from app.cli.speaking import spoken
from app.cli.working import say_table
from app.errors import Finding, RulebookError
from app.rulebook import (
    Certificate,
    CheckReport,
    Rulebook,
    SavedCase,
    Verification,
    check,
    save_cases,
    verify,
)
from app.wording import Phrases


def verify_rules(
    path: Folder = None,
    topics: Annotated[list[str] | None, typer.Option("--topic", show_default=False)] = None,
    form: Form = Format.TABLE,
    certificate: Annotated[Path | None, typer.Option(show_default=False)] = None,
    save_case: Annotated[bool, typer.Option("--save-case")] = False,
) -> None:
    """Prove the rules: one outcome in every possible scenario on every day, nothing contradictory, nothing idle."""
    phrases = spoken()
    folder = rules_folder(path)
    report = check(folder, prove=False)
    rulebook = _provable(report, topics)
    verification = verify(rulebook, made_at=datetime.now(UTC), topics=topics)
    findings = _all_findings(report, verification)
    saved = _saved(folder, rulebook, verification) if save_case else ()
    proved = verification.certificate if not report.errors else None
    if certificate is not None and proved is not None:
        certificate.write_bytes(orjson.dumps(proved.as_json(), option=orjson.OPT_INDENT_2) + b"\n")
    if form is Format.JSON:
        say_json(_record(findings, verification, proved, saved, phrases))
    else:
        for line in _lines(findings, saved, phrases):
            typer.echo(line)
        _say_proved(findings, proved, phrases)
    raise typer.Exit(FINDING if any(not finding.warning for finding in findings) else 0)


def _provable(report: CheckReport, topics: Sequence[str] | None) -> Rulebook:
    """The rulebook as far as it can be read, with all the topics asked for; else the command ends."""
    draft = report.draft
    assert draft is not None
    for topic in topics or ():
        if topic not in draft.topics and any(f"/{topic}/" in finding.file for finding in report.errors):
            refuse(f"the topic {topic} cannot be proved before `rules check` is clean", FINDING)
    expect_known("--topic", topics or (), draft.topics)
    return draft


def _all_findings(report: CheckReport, verification: Verification) -> tuple[Finding, ...]:
    return tuple(sorted({*report.findings, *verification.findings}))


def _saved(folder: Path, rulebook: Rulebook, verification: Verification) -> tuple[SavedCase, ...]:
    try:
        return save_cases(folder, rulebook, verification)
    except RulebookError as fault:
        refuse("\n".join(finding_line(finding, spoken()) for finding in fault.findings), FINDING)


# ---- as a table --------------------------------------------------------------------------------------


def _lines(findings: Sequence[Finding], saved: Sequence[SavedCase], phrases: Phrases) -> Iterator[str]:
    yield from (finding_line(finding, phrases) for finding in findings)
    for case in saved:
        key = "rules_said.saved" if case.is_new else "rules_said.kept"
        yield phrases.say(key, code=case.code, file=case.file, line=case.line)


def _say_proved(findings: Sequence[Finding], certificate: Certificate | None, phrases: Phrases) -> None:
    """What was gone through, or how many findings keep it from being proved."""
    if certificate is None:
        warnings = sum(finding.warning for finding in findings)
        said = counted(len(findings) - warnings, warnings, phrases)
        typer.echo(phrases.say("rules_said.no_certificate", said=said))
        return
    typer.echo(phrases.say("rules_said.proved", version=certificate.version, hash=certificate.content_hash))
    table = Table(phrases.say("rules_said.topic"), box=None, pad_edge=False)
    for head in ("periods", "procedures", "rules", "cells", "scenarios"):
        table.add_column(phrases.say(f"rules_said.{head}"), justify="right")
    for topic in certificate.topics:
        figures = (len(topic.days), topic.procedures, topic.rules, topic.cells, f"{topic.scenarios:,}")
        table.add_row(topic.topic, *map(str, figures))
    say_table(table)
    typer.echo(phrases.say("rules_said.proved_for"))


# ---- as JSON -----------------------------------------------------------------------------------------


def _record(
    findings: Sequence[Finding],
    verification: Verification,
    certificate: Certificate | None,
    saved: Sequence[SavedCase],
    phrases: Phrases,
) -> dict[str, object]:
    return {
        "findings": [{**finding_record(finding, phrases), **_example(finding, verification)} for finding in findings],
        "certificate": certificate.as_json() if certificate is not None else None,
        "saved": [
            {"case": case.code, "file": str(case.file), "line": case.line, "is_new": case.is_new} for case in saved
        ],
    }


def _example(finding: Finding, verification: Verification) -> dict[str, object]:
    example = verification.counterexamples.get(finding)
    if example is None:
        return {"topic": None, "codes": [], "as_of": None, "facts": None}
    facts = {code: _plain(value) for code, value in example.facts.items()}
    return {"topic": example.topic, "codes": list(example.codes), "as_of": example.day, "facts": facts}


def _plain(value: object) -> object:
    match value:
        case frozenset():
            return sorted(value)
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case date():
            return value.isoformat()
        case _:
            return value
