"""Walks an entry: every entry inside it with its place, and every code it names with the kind of thing named."""

import types
import typing
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Union

from app.rulebook.files.base import Entry
from app.rulebook.names import Kind, Names
from app.rulebook.places import NOWHERE, Place


@dataclass(frozen=True, slots=True)
class Item:
    """An entry inside another one, and where it stands."""

    entry: Entry
    place: Place


@dataclass(frozen=True, slots=True)
class Mention:
    """A code some entry names.

    Shape: `owner` is the entry the code stands in, `key` the field's key there.
    """

    kind: Kind
    name: str
    place: Place
    owner: Entry
    key: str


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a field can hold: names of a kind, entries, lists and tables of these."""

    kind: Kind | None = None
    entry: bool = False
    items: "_Plan | None" = None
    keys: "_Plan | None" = None
    values: "_Plan | None" = None

    def __bool__(self) -> bool:
        return bool(self.kind or self.entry or self.items or self.keys or self.values)

    def merged(self, other: "_Plan") -> "_Plan":
        return _Plan(
            self.kind or other.kind,
            self.entry or other.entry,
            self.items or other.items,
            self.keys or other.keys,
            self.values or other.values,
        )


def items(entry: Entry, place: Place | None = None) -> Iterator[Item]:
    """The entry and every entry inside it, outer ones first."""
    where = entry.place if entry.place is not NOWHERE else place or NOWHERE
    yield Item(entry, where)
    for name, key, plan in _fields(type(entry)):
        if plan.entry or plan.items or plan.values:
            yield from _items(getattr(entry, name), plan, where, (key,))


def _items(value: object, plan: _Plan, base: Place, path: tuple[str | int, ...]) -> Iterator[Item]:
    if isinstance(value, Entry):
        yield from items(value, value.place if value.place is not NOWHERE else base.at(*path))
    elif isinstance(value, tuple) and plan.items:
        for index, part in enumerate(value):
            yield from _items(part, plan.items, base, (*path, index))
    elif isinstance(value, dict) and plan.values:
        for key, part in value.items():
            yield from _items(part, plan.values, base, (*path, key))


def mentions(item: Item) -> Iterator[Mention]:
    """The codes that stand in the entry itself, those of entries inside it left to their own items."""
    for name, key, plan in _fields(type(item.entry)):
        if plan.kind or plan.items or plan.keys or plan.values:
            for kind, code, path in _names(getattr(item.entry, name), plan, (key,)):
                yield Mention(kind, code, item.place.at(*path), item.entry, key)


def names_only(entry: Entry, known: Mapping[Kind, Container[str]]) -> bool:
    """Whether every code the entry names, of the kinds given, is among the known ones."""
    named = (mention for item in items(entry) for mention in mentions(item))
    return all(mention.name in known[mention.kind] for mention in named if mention.kind in known)


def _names(
    value: object, plan: _Plan, path: tuple[str | int, ...]
) -> Iterator[tuple[Kind, str, tuple[str | int, ...]]]:
    if isinstance(value, str):
        if plan.kind:
            yield plan.kind, value, path
    elif isinstance(value, tuple) and plan.items:
        for index, part in enumerate(value):
            yield from _names(part, plan.items, (*path, index))
    elif isinstance(value, dict):
        for key, part in value.items():
            if plan.keys and plan.keys.kind:
                yield plan.keys.kind, key, (*path, key)
            if plan.values:
                yield from _names(part, plan.values, (*path, key))


@cache
def _fields(model: type[Entry]) -> tuple[tuple[str, str, _Plan], ...]:
    found = []
    for name, field in model.model_fields.items():
        plan = _plan(field.annotation)
        for mark in field.metadata:
            if isinstance(mark, Names):
                plan = plan.merged(_Plan(kind=mark.kind))
        if plan and name != "place":
            found.append((name, field.alias or name, plan))
    return tuple(found)


def _plan(annotation: Any) -> _Plan:  # an annotation is whatever typing makes of it
    origin = typing.get_origin(annotation)
    if origin is Annotated:
        inner, *marks = typing.get_args(annotation)
        plan = _plan(inner)
        for mark in marks:
            if isinstance(mark, Names):
                plan = plan.merged(_Plan(kind=mark.kind))
        return plan
    if origin in (Union, types.UnionType):
        plan = _Plan()
        for part in typing.get_args(annotation):
            plan = plan.merged(_plan(part))
        return plan
    if origin is tuple:
        return _Plan(items=_plan(typing.get_args(annotation)[0]) or None)
    if origin is dict:
        key, value = typing.get_args(annotation)
        return _Plan(keys=_plan(key) or None, values=_plan(value) or None)
    if isinstance(annotation, type) and issubclass(annotation, Entry):
        return _Plan(entry=True)
    return _Plan()
