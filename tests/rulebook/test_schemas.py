"""The JSON Schemas say what the models say: the real files pass, broken ones do not."""

import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from app.rulebook import schema_texts, schemas
from app.rulebook.json_schemas import chinese_hovers
from app.rulebook.places import without_places
from app.rulebook.reader import read
from app.settings import Settings
from tests.support.make_rulebook import rulebook_files

RULES = Settings().rules_dir


def as_json(value: object) -> object:
    """The data as an editor's checker sees it: days are text, numbers are numbers."""
    match value:
        case dict():
            return {key: as_json(part) for key, part in value.items()}
        case tuple():
            return [as_json(part) for part in value]
        case Decimal():
            return float(value)
        case date():
            return value.isoformat()
        case _:
            return value


def kind_of(path: Path) -> str:
    """`rules` for rules.yaml and for rules/01_land.yaml."""
    return path.stem if path.stem in schemas() else path.parent.name


def faults(kind: str, text: str) -> Iterator[str]:
    """What the schema of this kind of file says against a text."""
    data = as_json(without_places(read(text, "f").data))
    return (fault.message for fault in jsonschema_rs.validator_for(schemas()[kind]).iter_errors(data))


@pytest.mark.parametrize(
    "path", [pytest.param(path, id=path.relative_to(RULES).as_posix()) for path in sorted(RULES.rglob("*.yaml"))]
)
def test_schema_accepts_the_real_file(path: Path) -> None:
    assert list(faults(kind_of(path), path.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("force: binding", "force: law"),
        ("    force: binding\n", ""),
        ("voluntary:", "volantary:"),
        ("{fact: open_by_night, is: true}", "{fact: open_by_night, is: 5}"),
        ("{fact: open_by_night, is: true}", "{facts: open_by_night}"),
        ("basis: [plan#1.a]", "basis: []"),
        ("effective: {from: 2021-06-01}", "effective: 2021-06-01"),
    ],
)
def test_schema_refuses_what_the_checks_refuse(old: str, new: str) -> None:
    rules = rulebook_files()["topics/shop/rules.yaml"]

    assert list(faults("rules", rules.replace(old, new)))


def described() -> Iterator[tuple[str, str]]:
    """Every description of every schema, with where it stands."""
    for name, schema in schemas().items():
        for where, part in parts(schema, name):
            if isinstance(part.get("description"), str):
                yield where, part["description"]


def parts(part: object, where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every mapping in a schema."""
    if isinstance(part, dict):
        yield where, part
        for key, one in part.items():
            yield from parts(one, f"{where}/{key}")
    if isinstance(part, list):
        for number, one in enumerate(part):
            yield from parts(one, f"{where}/{number}")


def is_explained(part: dict[str, Any], defs: dict[str, Any]) -> bool:
    """Whether an editor has something to show of a key: its own words, or those of what stands under it."""
    under = part.get("$ref", "").rpartition("/")[2]
    return "description" in part or bool(under and "description" in defs[under])


def test_keys_are_explained_to_whoever_types_in_chinese_and_english() -> None:
    rule = schemas()["rules"]["$defs"]["RuleEntry"]["properties"]

    assert rule["voluntary"]["description"] == (
        "由企业选不选的，写表示选择的情形要素；答复会说明不选怎么办\n"
        "The fact by which the company chooses this way; the guide names the fallback."
    )
    assert "place" not in rule


def test_every_key_is_explained() -> None:
    unexplained = [
        f"{name}: {where} {key}"
        for name, schema in schemas().items()
        for where, part in (("", schema), *schema["$defs"].items())
        for key, one in part.get("properties", {}).items()
        if not is_explained(one, schema["$defs"])
    ]

    assert unexplained == []


def test_every_explanation_has_its_chinese_and_nothing_more_is_translated() -> None:
    """The English docstrings are the source: a sentence that changed there has lost its Chinese until that follows."""
    said = dict(described())
    english = {words.partition("\n")[2] for words in said.values()}

    assert [where for where, words in said.items() if "\n" not in words] == []
    assert english == set(chinese_hovers())
    assert [chinese for chinese in chinese_hovers().values() if not re.search(r"[\u4e00-\u9fff]", chinese)] == []


def test_every_word_of_an_enumeration_is_explained_in_chinese() -> None:
    enums = {key: one for schema in schemas().values() for key, one in schema["$defs"].items() if "enum" in one}

    unsaid = [
        f"{name}: {word}"
        for name, one in enums.items()
        for word in one["enum"]
        if not re.search(rf"\b{word} [\u4e00-\u9fff“]", one["description"])
    ]

    assert len(enums) > 10
    assert unsaid == []


def test_texts_are_json_by_file_name() -> None:
    assert {name: json.loads(text) for name, text in schema_texts().items()} == {
        f"{name}.schema.json": schema for name, schema in schemas().items()
    }
