"""`approval-guide rules mutate`: how much of the law the worked examples, checks and proofs really hold."""

from typing import Annotated, Final

import typer

from app.cli.answering import FINDING, Form, Format, Rules, expect_known, refuse_error, rules_folder, say_json
from app.cli.speaking import spoken
from app.errors import RulebookError
from app.rulebook import load
from app.rulebook.mutation import FLOOR, Fate, Part, parts_of, try_mutants
from app.wording import slip_text

_NOTICED: Final = (Fate.CASE, Fate.PROOF, Fate.CHECK)


def mutate(
    topic: Annotated[list[str] | None, typer.Option("--topic", show_default=False)] = None,
    sample: Annotated[int | None, typer.Option("--sample", min=1, show_default=False)] = None,
    seed: Annotated[int, typer.Option("--seed")] = 0,
    workers: Annotated[int, typer.Option("--workers", min=1)] = 2,
    rules: Rules = None,
    form: Form = Format.TABLE,
) -> None:
    """Change the law in one small way at a time and see whether a worked example, a check or a proof notices.

    Bounds, operators and days are moved, parts of conditions, rules, overrides and effects left out. A change that
    alters no decision in any possible scenario is proved so and not counted. 1 where a part is below 90 %.
    """
    folder = rules_folder(rules)
    try:
        known = parts_of(load(folder))
    except RulebookError as error:
        refuse_error(error, FINDING, (spoken().say("told.only_clean"),))
    expect_known("--topic", topic or (), known)
    parts = try_mutants(folder, parts=topic or None, sample=sample, seed=seed, workers=workers)
    if form is Format.JSON:
        say_json([_plain(part) for part in parts])
    else:
        for part in parts:
            _show(part)
    raise typer.Exit(FINDING if any(part.score < FLOOR for part in parts) else 0)


def _show(part: Part) -> None:
    phrases = spoken()
    for mutant in part.survivors:
        said = slip_text(mutant.said, phrases.lang)
        kind = phrases.say(f"slip_kind.{mutant.slip}")
        typer.echo(phrases.say("told.survivor", where=mutant.where, kind=kind, code=mutant.code, said=said))
    noticed = phrases.listed([phrases.say(f"told.noticed_by_{fate}", count=part.count(fate)) for fate in _NOTICED])
    figures = {
        "code": part.code,
        "score": f"{part.score:.1%}",
        "count": len(part.tried) - part.count(Fate.EQUIVALENT),
        "noticed": noticed,
        "survived": len(part.survivors),
        "equivalent": part.count(Fate.EQUIVALENT),
        "floor": f"{FLOOR:.0%}",
    }
    typer.echo(phrases.say("told.mutated" if part.score >= FLOOR else "told.mutated_low", **figures))


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
