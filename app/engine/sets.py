"""Tests of a set of options as diagrams over one boolean level an option."""

from collections.abc import Mapping

from app.engine.conditions import SetIs
from app.engine.diagram import Store


def set_diagram(store: Store, atom: SetIs, tests: Mapping[str, int]) -> int:
    """The boolean diagram of the test; `tests` are those of the single options that any condition names."""
    some, every, none_else = store.false, store.true, store.true
    for option, node in tests.items():
        if option in atom.options:
            some, every = store.either(some, node), store.both(every, node)
        else:
            none_else = store.both(none_else, store.negation(node))
    match atom.test:
        case "contains_any":
            return some
        case "contains_all":
            return every
        case "only":
            return store.both(some, none_else)
        case "is_exactly":
            return store.both(every, none_else)
        case "is_empty":
            return store.both(store.negation(some), none_else)
