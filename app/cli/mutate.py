"""`approval-guide rules mutate`: how much of the law the worked examples, checks and proofs really hold."""

import enum
from pathlib import Path
from typing import Annotated, Final

import orjson
import typer

from app.errors import RulebookError
from app.rulebook import did_you_mean, load
from app.rulebook.mutation import FLOOR, Fate, Part, parts_of, try_mutants
from app.settings import Settings

_FINDING: Final = 1
_USAGE: Final = 2
_NOTICED: Final = (Fate.CASE, Fate.PROOF, Fate.CHECK)


class Format(enum.StrEnum):
    """How the command answers."""

    TABLE = "table"
    JSON = "json"


def mutate(
    topic: Annotated[
        list[str] | None, typer.Option("--topic", help="Only this topic or shared module; may be repeated.")
    ] = None,
    sample: Annotated[
        int | None, typer.Option("--sample", min=1, help="Only so many changes of each.", show_default=False)
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Chooses the sample.")] = 0,
    workers: Annotated[int, typer.Option("--workers", min=1, help="How many processes work side by side.")] = 2,
    rules: Annotated[
        Path | None,
        typer.Option("--rules", help="Folder of the rulebook; APG_RULES_DIR without it.", show_default=False),
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="How to answer.")] = Format.TABLE,
) -> None:
    """Change the law in one small way at a time and see whether a worked example, a check or a proof notices.

    Bounds, operators and days are moved, parts of conditions, rules, overrides and effects left out. A change that
    alters no decision in any possible scenario is proved so and not counted. 1 where a part is below 90 %.
    """
    folder = rules if rules is not None else Settings.from_environment().rules_dir
    try:
        known = parts_of(load(folder))
    except RulebookError as error:
        typer.echo(f"{error}: only a clean rulebook can be tried; see `rules check`", err=True)
        raise typer.Exit(_FINDING) from None
    for code in topic or ():
        if code not in known:
            typer.echo(f"there is no topic or module {code}{did_you_mean(code, known)}", err=True)
            raise typer.Exit(_USAGE)
    parts = try_mutants(folder, parts=topic or None, sample=sample, seed=seed, workers=workers)
    if form is Format.JSON:
        typer.echo(orjson.dumps([_plain(part) for part in parts], option=orjson.OPT_INDENT_2).decode())
    else:
        for part in parts:
            _show(part)
    raise typer.Exit(_FINDING if any(part.score < FLOOR for part in parts) else 0)


def _show(part: Part) -> None:
    for mutant in part.survivors:
        typer.echo(f"{mutant.where} {mutant.slip} {mutant.code}: {mutant.said}")
    noticed = ", ".join(f"{part.count(fate)} by {fate}" for fate in _NOTICED)
    low = "" if part.score >= FLOOR else f"  below {FLOOR:.0%}"
    typer.echo(
        f"{part.code}: {part.score:.1%} of {len(part.tried) - part.count(Fate.EQUIVALENT)} noticed ({noticed}),"
        f" {len(part.survivors)} survived, {part.count(Fate.EQUIVALENT)} proved equivalent{low}"
    )


def _plain(part: Part) -> dict[str, object]:
    return {
        "part": part.code,
        "score": round(part.score, 4),
        "floor": FLOOR,
        "counts": {str(fate): part.count(fate) for fate in Fate},
        "mutants": [
            {
                "file": item.mutant.place.file,
                "line": item.mutant.place.mark.line,
                "slip": item.mutant.slip,
                "code": item.mutant.code,
                "changed": item.mutant.said,
                "fate": item.verdict.fate,
                "by": item.verdict.by or None,
            }
            for item in part.tried
        ],
    }
