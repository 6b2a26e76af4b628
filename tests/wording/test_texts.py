"""The phrases themselves: both languages say the same things, and nothing the contract names is without words."""

import ast
import re
import string
from pathlib import Path

import pytest

import app
from app.engine import FilingTiming, Force, MaterialStatus, ProcedureKind, Status, Treatment, Unit, Verification
from app.errors import FaultCode, ProblemCode
from app.rulebook import DatePrecision, FactUnit
from app.wording import LANGUAGES, NOT_REQUIRED, Phrases, phrases_in

CHINESE, ENGLISH = phrases_in("zh-CN"), phrases_in("en")
IDEOGRAPH = re.compile(r"[\u3400-\u9fff\uff00-\uffef\u3000-\u303f]")
WORDED = {
    "treatment": [*Treatment, NOT_REQUIRED],
    "done": [*Treatment, NOT_REQUIRED, "undecided", *(f"filing_{timing}" for timing in FilingTiming)],
    "filing_timing": list(FilingTiming),
    "status": list(Status),
    "force": list(Force),
    "verification": list(Verification),
    "precision": [precision for precision in DatePrecision if precision != "day"],
    "kind": list(ProcedureKind),
    "channel": ["online", "window", "both", "comprehensive_window"],
    "material": list(MaterialStatus),
    "unit": [*Unit, *(f"{unit}_one" for unit in Unit)],
    "quantity": [*FactUnit, *(f"{unit}_one" for unit in FactUnit), "none", "none_one"],
    "fault": list(FaultCode),
    "expected": ["boolean", "choice", "choices", "integer", "decimal", "date", "object", "string", "list"],
}


def braces(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def texts_of(phrases: Phrases) -> dict[str, str]:
    return {key: phrases.template(key) for key in phrases.keys if phrases.has(key)}


def spoken_keys() -> set[str]:
    """Every phrase named as a whole literal in the code."""
    found = set()
    for path in Path(app.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "say":
                name = node.args[0] if node.args else None
                if isinstance(name, ast.Constant) and isinstance(name.value, str):
                    in_table = path.name == "guide_table.py" and "self.say" in ast.unparse(node.func)
                    found.add(f"cli.{name.value}" if in_table else name.value)
    return found


def test_both_languages_have_the_same_phrases() -> None:
    assert sorted(CHINESE.keys ^ ENGLISH.keys) == []


def test_both_languages_fill_the_same_braces() -> None:
    english = texts_of(ENGLISH)

    assert {key for key, text in texts_of(CHINESE).items() if braces(text) != braces(english[key])} == set()


def test_english_holds_no_chinese() -> None:
    assert {key: text for key, text in texts_of(ENGLISH).items() if IDEOGRAPH.search(text)} == {}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("group", WORDED)
def test_every_word_of_the_contract_is_said(lang: str, group: str) -> None:
    phrases = CHINESE if lang == "zh-CN" else ENGLISH

    assert [code for code in WORDED[group] if not phrases.has(f"{group}.{code}")] == []


@pytest.mark.parametrize("code", ProblemCode)
def test_every_problem_has_a_title_and_a_sentence(code: str) -> None:
    assert all(CHINESE.has(f"problem.{code}.{part}") for part in ("title", "detail"))


def test_every_phrase_that_the_code_names_exists() -> None:
    missing = {key for key in spoken_keys() if key not in CHINESE.keys and not key.startswith("cli.cli.")}

    assert missing == set()


def test_months_are_twelve() -> None:
    assert len(CHINESE.words("date.months")) == len(ENGLISH.words("date.months")) == 12
