"""The law is data: no code of a topic, fact, procedure, rule … stands as a literal in `app/`."""

import ast
from collections.abc import Iterator
from pathlib import Path

import yaml

from tests.architecture.tree import REPOSITORY, parsed, place, plant, python_files

# Words that the contract itself fixes; a rulebook may use them as codes too, and code must be able to say them.
CONTRACT_WORDS = frozenset(
    """
    waived proactive merged filing commitment simplified standard closed not_required
    approval review service private_contract internal inspection
    topic procedure rule clause fact policy
    boolean choice choices integer decimal date company authority
    binding plan_commitment plan_intent full_text excerpt secondary unverified
    prior with_registration post required dropped deferred shared
    complete needs_answers needs_confirmation online window both comprehensive_window
    working_day calendar_day day_unspecified month year hour minute
    zh en zh-CN district
    """.split()  # noqa: SIM905  # a hundred quotes would hide the words
)
# Tables of vocabulary, not of law: the national catalogue's types and levels, and the working-day lists.
VOCABULARY_FILES = frozenset({"item_types.yaml", "levels.yaml", "calendar.yaml", "clauses.yaml"})

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def codes_of_the_law(root: Path) -> frozenset[str]:
    """Return every code in the YAML files under rules/, and every policy's id; the contract's words apart.

    A policy's own parts and clauses are left out: their ids are numbers and plain words that mean nothing alone.
    """
    codes: set[str] = set()
    for path in sorted((root / "rules").rglob("*.yaml")):
        if path.name in VOCABULARY_FILES:
            continue
        with path.open(encoding="utf-8") as file:
            content = yaml.load(file, Loader=_Loader)
        if path.name == "policy.yaml" and isinstance(content, dict):
            content = {key: content[key] for key in ("code", "id") if key in content}
        codes.update(_codes_in(content))
    return frozenset(codes) - CONTRACT_WORDS


def _codes_in(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("code", "id") and isinstance(value, str):
                yield value
            else:
                yield from _codes_in(value)
    elif isinstance(node, list):
        for value in node:
            yield from _codes_in(value)


def law_in_code(root: Path) -> list[str]:
    """Return each string literal in app/ that is a code of the rulebook; docstrings may name one as an example."""
    codes = codes_of_the_law(root)
    found: list[str] = []
    for path in python_files(root, "app"):
        tree = parsed(path)
        prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        found.extend(
            f"{place(root, path, node.lineno)} {node.value!r}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and id(node) not in prose and node.value in codes
        )
    return sorted(found)


def test_no_law_in_code() -> None:
    assert law_in_code(REPOSITORY) == []


def test_a_code_in_the_code_is_caught(tmp_path: Path) -> None:
    plant(tmp_path, "rules/topics/open_pharmacy/topic.yaml", "code: open_pharmacy\nfacts: [{code: sells_food}]\n")
    plant(tmp_path, "rules/topics/open_pharmacy/rules/01.yaml", "- {code: by_filing, then: [{code: filing}]}\n")
    plant(tmp_path, "rules/policies/bj/policy.yaml", "id: bj-2020-26\narticles: [{code: code}]\n")
    plant(
        tmp_path,
        "app/decide.py",
        '"""by_filing"""\nX = {"sells_food": 1}\nmatch X:\n    case "open_pharmacy" | "filing": pass\n'
        'Y = f"bj-2020-26"\nZ = "code"\n',
    )

    assert law_in_code(tmp_path) == [
        "app/decide.py:2 'sells_food'",
        "app/decide.py:4 'open_pharmacy'",
        "app/decide.py:5 'bj-2020-26'",
    ]
