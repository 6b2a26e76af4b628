"""The JSON Schemas say what the models say: the real files pass, broken ones do not."""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import jsonschema_rs
import pytest

from app.rulebook import schema_texts, schemas
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


def test_keys_are_explained_to_whoever_types() -> None:
    rule = schemas()["rules"]["$defs"]["RuleEntry"]["properties"]

    assert "guide names the fallback" in rule["voluntary"]["description"]
    assert "place" not in rule


def test_texts_are_json_by_file_name() -> None:
    assert {name: json.loads(text) for name, text in schema_texts().items()} == {
        f"{name}.schema.json": schema for name, schema in schemas().items()
    }
