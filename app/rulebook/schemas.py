"""JSON Schemas of the rulebook's files, made from the models, so that an editor completes and checks while typing."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from pydantic.json_schema import models_json_schema

from app.rulebook.files.base import Entry
from app.rulebook.layout import ALL_KINDS, FileKind

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


@cache
def schemas() -> Mapping[str, dict[str, Any]]:
    """Return the JSON Schema of each kind of file by its name: `rules` for rules.yaml and rules/*.yaml."""
    return {name: _schema(kind) for name, kind in ALL_KINDS.items()}


def schema_texts() -> Mapping[str, str]:
    """Return file name -> text of each schema, as it is kept beside the rules."""
    return {
        f"{name}.schema.json": json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
        for name, schema in schemas().items()
    }


def write_schemas(folder: Path) -> tuple[Path, ...]:
    """Write every schema into the folder and return the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in schema_texts().items():
        (folder / name).write_text(text, "utf-8")
        written.append(folder / name)
    return tuple(written)


def _schema(kind: FileKind) -> dict[str, Any]:
    models = kind.models
    references, rest = models_json_schema([(model, "validation") for model in models], by_alias=True)
    refs = {model: references[model, "validation"] for model in models}
    return {"$schema": _DIALECT, "title": f"{kind.name}.yaml", **_shape(kind, refs), "$defs": rest.get("$defs", {})}


def _shape(kind: FileKind, refs: Mapping[type[Entry], dict[str, Any]]) -> dict[str, Any]:
    if kind.whole is not None:
        return refs[kind.whole]
    if kind.bare is not None:
        return {"type": "array", "items": refs[kind.bare]}
    keys = {key: {"type": ["array", "null"], "items": refs[model]} for key, model in (kind.lists or {}).items()}
    keys |= {key: refs[model] for key, model in (kind.single or {}).items()}
    return {"type": "object", "additionalProperties": False, "properties": keys}
