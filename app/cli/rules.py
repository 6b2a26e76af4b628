"""`approval-guide rules …`: check, try and read the rulebook."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Final

import typer
import yaml

from app.cli.answering import (
    FINDING,
    USAGE,
    Folder,
    Form,
    Format,
    Rules,
    counted,
    expect_fit,
    expect_known,
    finding_line,
    finding_record,
    refuse,
    rules_folder,
    say_json,
)
from app.cli.commands import Command, new_group
from app.cli.due import show_due
from app.cli.moments import checked, read_day, today
from app.cli.speaking import spoken
from app.engine import compile_topic
from app.rulebook import (
    CODES,
    CaseResult,
    CheckReport,
    Entry,
    Found,
    LedgerEntry,
    Rulebook,
    TopicBook,
    check,
    codes,
    counts,
    did_you_mean,
    find,
    ledger,
    plain,
    run_cases,
    schema_texts,
    write_schemas,
)
from app.wording import Phrases, said_text

cli = new_group()

#: How many names of one kind a table lists.
SHOWN: Final = 12


@cli.command("check", cls=Command)
def check_rules(
    path: Folder = None,
    form: Form = Format.TABLE,
    prove: Annotated[bool, typer.Option()] = True,
    codes_only: Annotated[bool, typer.Option("--codes")] = False,
    due_only: Annotated[bool, typer.Option("--due")] = False,
    on: Annotated[str | None, typer.Option("--on", show_default=False, callback=checked(read_day))] = None,
) -> None:
    """Say everything that is wrong with the rulebook, each finding as file:line:column code message."""
    expect_fit(
        (on is not None and not due_only, "goes_with", "--on", "--due"),
        (codes_only and due_only, "not_together", "--codes", "--due"),
    )
    phrases = spoken()
    if codes_only:
        _list_codes(form, phrases)
        return
    if due_only:
        day = today() if on is None else read_day(on, "--on")
        is_overdue = show_due(_draft(path), day, phrases, as_json=form is Format.JSON)
        raise typer.Exit(FINDING if is_overdue else 0)
    report = check(rules_folder(path), prove=prove)
    if form is Format.JSON:
        say_json([finding_record(finding, phrases) for finding in report.findings])
    else:
        for finding in report.findings:
            typer.echo(finding_line(finding, phrases))
        typer.echo(_summary(report, phrases))
    raise typer.Exit(FINDING if report.errors else 0)


@cli.command("test", cls=Command)
def try_cases(
    topic: Annotated[str | None, typer.Argument(show_default=False)] = None,
    keyword: Annotated[str, typer.Option("-k", show_default=False)] = "",
    path: Rules = None,
    form: Form = Format.TABLE,
) -> None:
    """Run the worked examples of the topics; one that fails shows its clause and both outcomes."""
    phrases = spoken()
    report = check(rules_folder(path), prove=False)
    books = _books(report)
    if topic is not None and topic not in books:
        if any(f"/{topic}/" in finding.file for finding in report.errors):
            refuse(f"the topic {topic} cannot be tried before `rules check` is clean", FINDING)
        expect_known("TOPIC", (topic,), books)
    chosen = [book for code, book in books.items() if topic in {None, code}]
    results = [result for book in chosen for result in _run(book, keyword)]
    if form is Format.JSON:
        say_json([_result(result) for result in results])
    else:
        for result in results:
            _show_result(result, phrases)
        typer.echo(_case_summary(results, report, phrases))
    raise typer.Exit(0 if all(result.passed for result in results) and not report.errors else FINDING)


@cli.command("show", cls=Command)
def show(
    code: Annotated[str, typer.Argument()],
    path: Rules = None,
    form: Form = Format.TABLE,
) -> None:
    """Show what a code stands for, as it is written, and everything that names it."""
    phrases = spoken()
    rulebook = _draft(path)
    things = find(rulebook, code)
    if not things:
        refuse(f"nothing has the code {code}{did_you_mean(code, codes(rulebook))}", USAGE)
    if form is Format.JSON:
        say_json([_thing(thing) for thing in things])
    for thing in things if form is Format.TABLE else ():
        for line in _shown(thing, phrases):
            typer.echo(line)


@cli.command("coverage", cls=Command)
def coverage(
    path: Rules = None,
    status: Annotated[str | None, typer.Option(show_default=False)] = None,
    form: Form = Format.TABLE,
) -> None:
    """Show every sentence of the plan with what became of it, and how many there are of each."""
    entries = ledger(_draft(path))
    chosen = [entry for entry in entries if status in {None, entry.status.value}]
    totals = {str(name): count for name, count in counts(entries).items()}
    expect_known("--status", () if status is None else (status,), totals)
    phrases = spoken()
    if form is Format.JSON:
        say_json({"counts": totals, "entries": [_row(entry) for entry in chosen]})
        return
    for entry in chosen:
        carriers = ", ".join((*entry.rules, *entry.definitions, *entry.procedures))
        typer.echo(f"{entry.measure.id:<12} {entry.status:<16} {entry.clause.heading}  {carriers}".rstrip())
    typer.echo("")
    for name, count in totals.items():
        typer.echo(f"{name:<16} {count:>4}  {phrases.say(f'ledger.{name}')}")
    typer.echo(f"{'sentences':<16} {len(entries):>4}  {phrases.say('rules_said.sentences')}")


@cli.command("schema", cls=Command)
def schema(
    name: Annotated[str | None, typer.Argument(show_default=False)] = None,
    write: Annotated[Path | None, typer.Option(show_default=False)] = None,
) -> None:
    """Print the JSON Schemas of the rulebook's files, or write them into a folder."""
    texts = schema_texts()
    if write is not None:
        typer.echo(spoken().say("told.schemas_written", count=len(write_schemas(write)), folder=write))
        return
    by_name = {file.partition(".")[0]: text for file, text in texts.items()}
    expect_known("NAME", () if name is None else (name,), by_name)
    for file, text in by_name.items():
        if name in {None, file}:
            typer.echo(text)


# ---- what the commands share -------------------------------------------------------------------------


def _draft(path: Path | None) -> Rulebook:
    """The rulebook as far as it can be read; what is wrong with it is for `rules check` to say."""
    report = check(rules_folder(path), prove=False)
    assert report.draft is not None
    if report.errors:
        phrases = spoken()
        typer.echo(phrases.say("rules_said.see_check", said=_summary(report, phrases)), err=True)
    return report.draft


def _books(report: CheckReport) -> dict[str, TopicBook]:
    return dict(report.draft.topics) if report.draft is not None else {}


def _summary(report: CheckReport, phrases: Phrases) -> str:
    return counted(len(report.errors), len(report.warnings), phrases)


def _list_codes(form: Format, phrases: Phrases) -> None:
    said = {code: phrases.say(f"finding_code.{code}") for code in CODES}
    if form is Format.JSON:
        say_json(said)
        return
    for code, meaning in said.items():
        typer.echo(f"{code:<24} {meaning}")


# ---- cases -------------------------------------------------------------------------------------------


def _run(book: TopicBook, keyword: str) -> Iterable[CaseResult]:
    compiled = compile_topic(book.topic)
    return run_cases(book, lambda _: compiled, lambda code: keyword in code)


def _show_result(result: CaseResult, phrases: Phrases) -> None:
    typer.echo(phrases.say("rules_said.passed" if result.passed else "rules_said.failed", code=result.code))
    if not result.passed:
        typer.echo(f"     {result.case.place!r}  {result.case.clause.ref}  {result.case.as_of}")
        for message in (*map(str, result.differences), result.cure):
            typer.echo(f"     {said_text(message, phrases.lang) or message}")


def _case_summary(results: list[CaseResult], report: CheckReport, phrases: Phrases) -> str:
    failed = sum(not result.passed for result in results)
    said = phrases.say("rules_said.cases", count=len(results), failed=failed)
    return phrases.say("rules_said.cases_left_out", said=said) if report.errors else said


def _result(result: CaseResult) -> dict[str, object]:
    return {
        "case": result.code,
        "clause": result.case.clause.ref,
        "as_of": result.case.as_of,
        "passed": result.passed,
        "differences": [
            {"key": item.key, "expected": _plain(item.expected), "got": _plain(item.got)} for item in result.differences
        ],
    }


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, bool | list) else str(value)


# ---- entries -----------------------------------------------------------------------------------------


def _shown(thing: Found, phrases: Phrases) -> Iterator[str]:
    yield f"{_kind(thing.kind, phrases)} {thing.code}  ({thing.entry.place!r})\n"
    yield _written(thing.entry)
    for user, names in thing.used_by.items():
        key = "rules_said.named_by_more" if len(names) > SHOWN else "rules_said.named_by"
        listed = ", ".join(names[:SHOWN])
        yield phrases.say(key, kind=_kind(user, phrases), names=listed, count=len(names) - SHOWN)
    yield ""


def _kind(kind: str, phrases: Phrases) -> str:
    key = f"finding_part.kind_{kind.replace(' ', '_')}"
    return phrases.say(key) if phrases.has(key) else kind


def _written(entry: Entry) -> str:
    return yaml.safe_dump(plain(entry), allow_unicode=True, sort_keys=False, width=110)


def _thing(thing: Found) -> dict[str, object]:
    return {
        "kind": thing.kind,
        "code": thing.code,
        "file": thing.entry.place.file,
        "line": thing.entry.place.mark.line,
        "entry": plain(thing.entry),
        "used_by": thing.used_by,
    }


def _row(entry: LedgerEntry) -> dict[str, object]:
    return {
        "reference": entry.reference,
        "cite": entry.clause.cite,
        "status": entry.status,
        "reason": plain(entry.reason) if entry.reason is not None else None,
        "rules": entry.rules,
        "definitions": entry.definitions,
        "procedures": entry.procedures,
        "topics": entry.topics,
        "text": entry.measure.text,
    }
