"""JSON Schemas of the rulebook's files, made from the models, so that an editor completes and checks while typing.

What an editor shows of a key is said by the docstring below its field, and in Chinese by `hovers.zh-CN.toml`, which has
the Chinese of each such sentence: one description holds both, for an editor asks nobody which language to show.
"""

import ast
import inspect
import json
import textwrap
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from app.rulebook.files.base import Entry
from app.rulebook.layout import ALL_KINDS, FileKind

_HOVERS: Final = Path(__file__).with_name("hovers.zh-CN.toml")
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
    references, rest = models_json_schema(
        [(model, "validation") for model in models], by_alias=True, schema_generator=_Described
    )
    refs = {model: references[model, "validation"] for model in models}
    defs = rest.get("$defs", {})
    shape = _shape(kind, refs)
    for key in shape.get("properties", {}).values() if kind.lists else ():
        entry = key.get("items", key)["$ref"].rpartition("/")[2]
        key["description"] = defs[entry]["description"]
    whole = {"$schema": _DIALECT, "title": f"{kind.name}.yaml", **shape, "$defs": defs}
    _say_in_both(whole, chinese_hovers())
    return whole


@cache
def chinese_hovers() -> Mapping[str, str]:
    """Return the Chinese of each sentence that describes a key or an entry."""
    return {english: str(chinese) for english, chinese in tomllib.loads(_HOVERS.read_text("utf-8")).items()}


def _say_in_both(part: object, chinese: Mapping[str, str]) -> None:
    """Put the Chinese before the English of every description in a schema."""
    if isinstance(part, list):
        for one in part:
            _say_in_both(one, chinese)
    if not isinstance(part, dict):
        return
    words = part.get("description")
    if isinstance(words, str) and words in chinese:
        part["description"] = f"{chinese[words]}\n{words}"
    for one in part.values():
        _say_in_both(one, chinese)


def _shape(kind: FileKind, refs: Mapping[type[Entry], dict[str, Any]]) -> dict[str, Any]:
    if kind.whole is not None:
        return refs[kind.whole]
    if kind.bare is not None:
        return {"type": "array", "items": refs[kind.bare]}
    keys = {key: {"type": ["array", "null"], "items": refs[model]} for key, model in (kind.lists or {}).items()}
    keys |= {key: refs[model] for key, model in (kind.single or {}).items()}
    return {"type": "object", "additionalProperties": False, "properties": keys}


class _Described(GenerateJsonSchema):
    """Describes each key by the docstring below its field.

    Pydantic can do so itself, while it makes the models; it would read all their source at every start of a server,
    which has no use for it.
    """

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """Return the schema of a model with its keys described."""
        made = super().model_schema(schema)
        model: type[Entry] = schema["cls"]
        keys = made.get("properties", {})
        for name, words in _docstrings(model).items():
            key = model.model_fields[name].alias or name
            if key in keys:
                keys[key]["description"] = words
        return made


@cache
def _docstrings(model: type[Entry]) -> Mapping[str, str]:
    """Field -> the docstring below it, those of the models it is made of included."""
    found: dict[str, str] = {}
    for part in reversed(model.__mro__):
        if issubclass(part, Entry):
            found.update(_own_docstrings(part))
    return found


def _own_docstrings(model: type[Entry]) -> Iterator[tuple[str, str]]:
    (written,) = ast.parse(textwrap.dedent(inspect.getsource(model))).body
    assert isinstance(written, ast.ClassDef)
    for field, below in pairwise(written.body):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(words))):
                yield name, inspect.cleandoc(words)
