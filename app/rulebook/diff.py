"""What changed from one rulebook to another, entry by entry and field by field; the order things stand in is none."""

import enum
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias, get_args

from app.rulebook.books import Rulebook, TopicBook
from app.rulebook.files.base import Dated, Entry, Figure, Text
from app.rulebook.files.conditions import ConditionEntry
from app.rulebook.files.rules import RuleEntry


class What(enum.StrEnum):
    """What became of an entry."""

    ADDED = "added"
    REMOVED = "removed"
    ENDED = "ended"
    CHANGED = "changed"
    WORDING = "wording"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that is not what it was.

    Shape: `path` the keys that lead to it, codes of listed things among them; each side an entry, a plain value, or for
        a list what stands on that side alone; None for nothing. `is_wording` where the words alone differ.
    """

    path: tuple[str, ...]
    before: object
    after: object
    is_wording: bool


@dataclass(frozen=True, slots=True)
class EntryChange:
    """One rule, procedure, fact, definition … that is not what it was.

    Shape: `home` the topic, module or policy that writes it, or `shared`; `fields` empty where it came or went whole.
    """

    kind: str
    code: str
    home: str
    what: What
    before: Entry | None
    after: Entry | None
    fields: tuple[FieldChange, ...] = ()


#: The forms a condition of a file can have.
CONDITIONS: Final = tuple(model for member in get_args(get_args(ConditionEntry)[0]) for model in [get_args(member)[0]])
#: Fields by which the entries of a list are told apart, the first that an entry has.
_KEYS: Final = ("procedure", "code", "id", "value", "ref", "use", "authority", "force", "year")
_SHARED: Final = "shared"
_Key: TypeAlias = tuple[str, str, str]


def compare_rulebooks(before: Rulebook, after: Rulebook) -> tuple[EntryChange, ...]:
    """Return every entry that changed, in the order of the later rulebook's files, what went at the end of its kind.

    Shape: an entry whose content is the same is not among them, wherever its file puts it.
    """
    if before.content_hash == after.content_hash:
        return ()
    old, new = dict(_entries(before)), dict(_entries(after))
    changes = []
    for key in dict.fromkeys([*new, *old]):
        change = _change(key, old.get(key), new.get(key))
        if change is not None:
            changes.append(change)
    return tuple(changes)


# ---- entries -----------------------------------------------------------------------------------------


def _entries(rulebook: Rulebook) -> Iterator[tuple[_Key, Entry]]:
    """Every entry by (kind, home, code); codes that are single in the whole rulebook need no home to be found again."""
    for policy in rulebook.policies.values():
        yield ("policy", "", policy.policy.code), policy.policy
        for clause in policy.clauses:
            yield ("clause", policy.policy.code, clause.id), clause
    single: Mapping[str, Mapping[str, Entry]] = {
        "fact": {str(code): entry for code, entry in rulebook.facts.items()},
        "procedure": {str(code): entry for code, entry in rulebook.procedures.items()},
        "rule": {str(code): entry for code, entry in rulebook.rules.items()},
        "material": dict(rulebook.materials),
        "authority": dict(rulebook.authorities),
        "item_type": dict(rulebook.item_types),
        "level": dict(rulebook.levels),
        "district": dict(rulebook.districts),
        "zone": dict(rulebook.zones),
        "calendar": {str(year): entry for year, entry in rulebook.calendar.items()},
        "changelog": {entry.code: entry for entry in rulebook.changelog},
        "module": dict(rulebook.modules),
        "topic": {code: book.entry for code, book in rulebook.topics.items()},
    }
    for kind, entries in single.items():
        yield from (((kind, "", code), entry) for code, entry in entries.items())
    for code, constraint in rulebook.constraints.items():
        yield ("constraint", _SHARED, code), constraint
    for book in rulebook.topics.values():
        yield from _of_topic(book)


def _of_topic(book: TopicBook) -> Iterator[tuple[_Key, Entry]]:
    for kind, entries in (
        ("definition", {str(code): entry for code, entry in book.definitions.items()}),
        ("constraint", dict(book.constraints)),
        ("case", {case.code: case for case in book.cases}),
        ("benchmark", {mark.code: mark for mark in book.benchmarks}),
    ):
        yield from (((kind, home_of(entry), code), entry) for code, entry in entries.items())


def home_of(entry: Entry) -> str:
    """Return the topic, module or policy in whose folder the entry stands; `shared` for what stands beside them."""
    _, *inside, _ = ["", *entry.place.file.split("/")]
    folders = inside[1:]
    return folders[1] if len(folders) > 1 else _SHARED


def _change(key: _Key, old: Entry | None, new: Entry | None) -> EntryChange | None:
    kind, _, code = key
    entry = new if new is not None else old
    assert entry is not None
    home = home_of(entry)
    if old is None or new is None:
        return EntryChange(kind, code, home, What.ADDED if old is None else What.REMOVED, old, new)
    own = _OWN_ENTRIES.get(kind, frozenset())
    fields = tuple(change for change in _differences(old, new, ()) if change.path[0] not in own)
    if not fields:
        return None
    return EntryChange(kind, code, home, _what(old, new, fields), old, new, fields)


#: Fields that hold entries which are compared by themselves.
_OWN_ENTRIES: Final[Mapping[str, frozenset[str]]] = {
    "topic": frozenset({"definitions", "constraints"}),
    "module": frozenset({"facts", "definitions", "constraints"}),
}


def _what(old: Entry, new: Entry, fields: tuple[FieldChange, ...]) -> What:
    if all(change.is_wording for change in fields):
        return What.WORDING
    law = [change for change in fields if not change.is_wording]
    if isinstance(old, Dated) and isinstance(new, Dated) and isinstance(old, RuleEntry):
        ends = old.effective.end is None and new.effective.end is not None
        if ends and all(change.path[0] == "effective" for change in law):
            return What.ENDED
    return What.CHANGED


# ---- fields ------------------------------------------------------------------------------------------


def _differences(old: Entry, new: Entry, path: tuple[str, ...]) -> Iterator[FieldChange]:
    fields = type(new).model_fields
    together = {"value", "unit"} & fields.keys()
    if len(together) == 2 and _figure(old) != _figure(new):
        yield FieldChange(path, _figure(old), _figure(new), is_wording=False)
    for name, field in fields.items():
        if name == "place" or (len(together) == 2 and name in together):
            continue
        key = field.alias or name
        here = path if key in ("entitlement", "obligation", "note") and _is_effect(new) else (*path, key)
        yield from _value(getattr(old, name), getattr(new, name), here)


def _figure(entry: Entry) -> Figure | None:
    """A number with its unit, which say something together only."""
    value, unit = getattr(entry, "value", None), getattr(entry, "unit", None)
    return None if value is None or unit is None else Figure(value=value, unit=unit)


def _is_effect(entry: Entry) -> bool:
    """Whether the entry is nothing but a case for another one."""
    return len(type(entry).model_fields) == 2


def _value(old: object, new: object, path: tuple[str, ...]) -> Iterator[FieldChange]:
    if canonical(old) == canonical(new):
        return
    if isinstance(old, Text | None) and isinstance(new, Text | None):
        yield FieldChange(path, old, new, is_wording=True)
    elif isinstance(old, Entry) and type(old) is type(new) and not isinstance(old, CONDITIONS):
        yield from _differences(old, new, path)
    elif isinstance(old, tuple) and isinstance(new, tuple):
        yield from _lists(old, new, path)
    elif isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys([*new, *old]):
            yield from _value(old.get(key), new.get(key), (*path, str(key)))
    else:
        yield FieldChange(path, old, new, is_wording=False)


def _lists(old: tuple[object, ...], new: tuple[object, ...], path: tuple[str, ...]) -> Iterator[FieldChange]:
    """Listed things by what tells them apart; those that nothing tells apart as what each side has alone."""
    was, now = _keyed(old), _keyed(new)
    if was is not None and now is not None:
        left, new_keys = [key for key in was if key not in now], [key for key in now if key not in was]
        if len(left) == len(new_keys) == 1 and isinstance(now[new_keys[0]], Dated):
            # One of several dated versions that begins on another day is still that version.
            was[new_keys[0]] = was.pop(left[0])
        for key in dict.fromkeys([*now, *was]):
            yield from _value(was.get(key), now.get(key), (*path, key))
        return
    if len(old) == len(new) == 1:
        yield from _value(old[0], new[0], path)
        return
    known_old, known_new = {canonical(item) for item in old}, {canonical(item) for item in new}
    gone = tuple(item for item in old if canonical(item) not in known_new)
    came = tuple(item for item in new if canonical(item) not in known_old)
    texts = all(isinstance(item, Text) for item in (*gone, *came))
    if len(gone) == len(came) == 1:
        yield from _value(gone[0], came[0], path)
    else:
        yield FieldChange(path, gone or None, came or None, is_wording=texts)


def _keyed(items: tuple[object, ...]) -> dict[str, object] | None:
    """The entries by what tells them apart, None where they are no entries or two share it."""
    found: dict[str, object] = {}
    for item in items:
        key = key_of(item)
        if key is None or key in found:
            return None
        found[key] = item
    return found


def key_of(item: object) -> str | None:
    """Return the code by which a listed entry is told from the others, None for what has none."""
    if not isinstance(item, Entry) or isinstance(item, CONDITIONS):
        return None
    for name in type(item).model_fields:
        inner = getattr(item, name)
        if name != "place" and len(type(item).model_fields) == 2 and isinstance(inner, Entry):
            return key_of(inner)
    codes = (getattr(item, name, None) for name in _KEYS)
    # A figure's value is a number and names nothing; a year does.
    named = next((str(code) for code in codes if isinstance(code, str) or type(code) is int), None)
    return str(item.effective.start or "") if named is None and isinstance(item, Dated) else named


def canonical(value: object) -> str:
    """Return a value in a form that two values share exactly where they say the same, in whatever order."""
    return json.dumps(_sorted(_bare(value)), ensure_ascii=False, sort_keys=True, default=str)


def _bare(value: object) -> object:
    if isinstance(value, Entry):
        named = type(value).model_fields
        return {field.alias or name: _bare(getattr(value, name)) for name, field in named.items() if name != "place"}
    if isinstance(value, dict):
        return {str(key): _bare(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return [_bare(part) for part in value]
    return value


def _sorted(value: object) -> object:
    if isinstance(value, dict):
        return {key: _sorted(part) for key, part in value.items()}
    if isinstance(value, list):
        parts = [_sorted(part) for part in value]
        return sorted(parts, key=lambda part: json.dumps(part, ensure_ascii=False, sort_keys=True, default=str))
    return value
