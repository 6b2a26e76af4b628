"""The same twenty rules of four conditions each, decided by us and by zen-engine's decision table."""

import json
import random
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.engine import (
    All,
    Compare,
    Fact,
    FactCode,
    FactType,
    IsOneOf,
    Procedure,
    ProcedureCode,
    ProcedureKind,
    Source,
    Topic,
    Value,
    Verification,
    compile_topic,
    settled_outcomes,
)
from bench.inprocess import microseconds

_RULES = 20
_CASES = 200
_KINDS = ("shop", "clinic", "kitchen", "works")
_DAY = date(2024, 3, 1)
_KIND, _LEAST, _FLAG, _BELOW = (FactCode(name) for name in ("kind", "least", "flag", "below"))


@dataclass(frozen=True, slots=True)
class Compared:
    """Microseconds to say of all rules whether they hold; both said the same in every case."""

    ours: float
    zen: float


def measure(python: Path) -> Compared:
    """Return what both take; `python` is the one that the peers are installed for."""
    pick = random.Random(20)
    rules = [_rule(pick) for _ in range(_RULES)]
    cases = [_case(pick) for _ in range(_CASES)]
    given = json.dumps({"rules": rules, "cases": cases})
    script = Path(__file__).parent / "peers" / "zen_table.py"
    done = subprocess.run([str(python), str(script)], input=given, capture_output=True, text=True, check=True)
    said = json.loads(done.stdout)
    compiled = compile_topic(_topic(rules))
    codes = tuple(compiled.topic.procedures)

    def holding(case: Mapping[FactCode, Value]) -> list[int]:
        outcomes = settled_outcomes(compiled, codes, case, _DAY)
        return [place for place, code in enumerate(codes) if outcomes[code][0].required]

    answers: Sequence[Mapping[FactCode, Value]] = [
        {FactCode(key): value for key, value in case.items()} for case in cases
    ]
    if [holding(case) for case in answers] != said["found"]:
        raise SystemExit("zen-engine and we decide the same rules differently")
    turn = iter(range(10**9))
    ours = microseconds(lambda: settled_outcomes(compiled, codes, answers[next(turn) % _CASES], _DAY))
    return Compared(ours, said["us"])


def _rule(pick: random.Random) -> dict[str, str | int | bool]:
    least, below = pick.randint(0, 60), pick.randint(40, 100)
    return {"kind": pick.choice(_KINDS), "least": least, "flag": pick.random() < 0.5, "below": below}


def _case(pick: random.Random) -> dict[str, str | int | bool]:
    least, below = pick.randint(0, 100), pick.randint(0, 100)
    return {"kind": pick.choice(_KINDS), "least": least, "flag": pick.random() < 0.5, "below": below}


def _topic(rules: Sequence[Mapping[str, str | int | bool]]) -> Topic:
    """A topic with a procedure for each rule, which exists where the rule holds."""
    facts = (
        Fact(_KIND, FactType.CHOICE, options=_KINDS),
        Fact(_LEAST, FactType.INTEGER),
        Fact(_FLAG, FactType.BOOLEAN),
        Fact(_BELOW, FactType.INTEGER),
    )
    source = Source("bench", "1", Verification.FULL_TEXT)
    procedures = [
        Procedure(
            ProcedureCode(f"procedure_{place}"),
            ProcedureKind.APPROVAL,
            sources=(source,),
            required_when=All(
                (
                    IsOneOf(_KIND, frozenset({rule["kind"]})),  # type: ignore[arg-type]  # a text here
                    Compare(_LEAST, "at_least", int(rule["least"])),
                    IsOneOf(_FLAG, frozenset({bool(rule["flag"])})),
                    Compare(_BELOW, "below", int(rule["below"])),
                )
            ),
        )
        for place, rule in enumerate(rules)
    ]
    return Topic(
        code="bench",
        facts={fact.code: fact for fact in facts},
        procedures={procedure.code: procedure for procedure in procedures},
        rules={},
        definitions={},
        constraints=(),
        before_day=date(2020, 12, 29),
        covers_from=date(2020, 1, 1),
        reviewed_until=date(2026, 11, 22),
    )
