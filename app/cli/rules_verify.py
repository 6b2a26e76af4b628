"""`approval-guide rules verify`: the whole proof of the rulebook, its findings, its certificate."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import orjson
import typer

from app.cli.answering import (
    FINDING,
    USAGE,
    Folder,
    Form,
    Format,
    counted,
    finding_line,
    finding_record,
    refuse,
    rules_folder,
    say_json,
)
from app.errors import Finding, RulebookError
from app.rulebook import (
    Certificate,
    CheckReport,
    Rulebook,
    SavedCase,
    Verification,
    check,
    did_you_mean,
    save_cases,
    verify,
)


def verify_rules(
    path: Folder = None,
    topics: Annotated[
        list[str] | None, typer.Option("--topic", help="Only this topic; may be given again.", show_default=False)
    ] = None,
    form: Form = Format.TABLE,
    certificate: Annotated[
        Path | None, typer.Option(help="Write the certificate into this file.", show_default=False)
    ] = None,
    save_case: Annotated[
        bool, typer.Option("--save-case", help="Write each finding into its topic's examples as one that fails.")
    ] = False,
) -> None:
    """Prove the rules: one outcome in every possible scenario on every day, nothing contradictory, nothing idle."""
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
        say_json(_record(findings, verification, proved, saved))
    else:
        for line in _lines(findings, proved, saved):
            typer.echo(line)
    raise typer.Exit(FINDING if any(not finding.warning for finding in findings) else 0)


def _provable(report: CheckReport, topics: Sequence[str] | None) -> Rulebook:
    """The rulebook as far as it can be read, with all the topics asked for; else the command ends."""
    draft = report.draft
    assert draft is not None
    for topic in topics or ():
        if topic not in draft.topics:
            if any(f"/{topic}/" in finding.file for finding in report.errors):
                refuse(f"the topic {topic} cannot be proved before `rules check` is clean", FINDING)
            refuse(f"there is no topic {topic}{did_you_mean(topic, draft.topics)}", USAGE)
    return draft


def _all_findings(report: CheckReport, verification: Verification) -> tuple[Finding, ...]:
    return tuple(sorted({*report.findings, *verification.findings}))


def _saved(folder: Path, rulebook: Rulebook, verification: Verification) -> tuple[SavedCase, ...]:
    try:
        return save_cases(folder, rulebook, verification)
    except RulebookError as fault:
        refuse("\n".join(str(finding) for finding in fault.findings), FINDING)


# ---- as a table --------------------------------------------------------------------------------------


def _lines(findings: Sequence[Finding], certificate: Certificate | None, saved: Sequence[SavedCase]) -> Iterator[str]:
    yield from (finding_line(finding) for finding in findings)
    for case in saved:
        yield f"{'saved as' if case.is_new else 'kept already as'} {case.code} in {case.file}:{case.line}"
    warnings = sum(finding.warning for finding in findings)
    if certificate is None:
        yield f"{counted(len(findings) - warnings, warnings)}: no certificate"
        return
    yield f"proved: {certificate.version} {certificate.content_hash}"
    yield f"{'topic':<26} {'periods':>7} {'procedures':>10} {'rules':>5} {'cells':>5} {'scenarios':>32}"
    for topic in certificate.topics:
        yield (
            f"{topic.topic:<26} {len(topic.days):>7} {topic.procedures:>10} {topic.rules:>5} {topic.cells:>5}"
            f" {topic.scenarios:>32,}"
        )
    yield "in each of them every procedure has exactly one outcome on every day"


# ---- as JSON -----------------------------------------------------------------------------------------


def _record(
    findings: Sequence[Finding],
    verification: Verification,
    certificate: Certificate | None,
    saved: Sequence[SavedCase],
) -> dict[str, object]:
    return {
        "findings": [{**finding_record(finding), **_example(finding, verification)} for finding in findings],
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
