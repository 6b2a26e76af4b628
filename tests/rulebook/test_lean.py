"""The light form of a rulebook: the same law word by word, without what only a reader of its files wants to know."""

import io
import os
import pickle
import zlib
from pathlib import Path
from typing import Final

import pytest

from app.engine import Period
from app.rulebook import NotLean, Rulebook, load
from app.rulebook import lean as lean_module
from app.rulebook.files.base import ALL_TIME
from app.rulebook.lean import LateCases, as_lean_bytes, from_lean_bytes
from tests.support.plain_records import plain

SMALL: Final = Path(__file__).parents[1] / "support" / "small_rulebook"


@pytest.fixture(scope="module")
def loaded() -> Rulebook:
    return load(SMALL)


@pytest.fixture(scope="module")
def lean(loaded: Rulebook) -> Rulebook:
    made = from_lean_bytes(as_lean_bytes(loaded))
    assert isinstance(made, Rulebook)
    return made


def test_the_light_form_is_the_same_rulebook_in_every_value_and_every_place_of_an_entry(
    loaded: Rulebook, lean: Rulebook
) -> None:
    assert plain(lean) == plain(loaded)


def test_an_entry_of_the_light_form_is_told_at_its_own_line_whatever_is_asked_inside_it(
    loaded: Rulebook, lean: Rulebook
) -> None:
    (code, *_) = loaded.rules
    place = lean.rules[code].place

    assert repr(place.at("then", 0)) == repr(place) == repr(loaded.rules[code].place)
    assert place.mark.children is None


def test_entries_that_give_the_same_fields_share_one_set_of_names(lean: Rulebook) -> None:
    titles = [rule.title for rule in lean.rules.values()]

    assert len({id(title.model_fields_set) for title in titles}) < len(titles)


def test_what_an_entry_says_of_no_period_is_the_one_period_of_all_time(lean: Rulebook) -> None:
    periods = [citation.effective for rule in lean.rules.values() for citation in rule.basis]

    assert periods
    assert all(period is ALL_TIME for period in periods)


def test_a_copy_of_a_light_entry_leaves_the_others_names_alone(lean: Rulebook) -> None:
    fact = next(iter(lean.facts.values()))
    given = set(fact.model_fields_set)

    copied = fact.model_copy(update={"empty_allowed": True})

    assert fact.model_fields_set == given
    assert copied.model_fields_set == given | {"empty_allowed"}


def test_the_light_form_weighs_less_than_half(loaded: Rulebook) -> None:
    assert len(as_lean_bytes(loaded)) < len(pickle.dumps(loaded, pickle.HIGHEST_PROTOCOL)) / 2


# ---- not to be trusted ------------------------------------------------------------------------------------------


class Asks:
    """Written, it asks its reader to call something."""

    def __init__(self, *call: object) -> None:
        self.call = call

    def __reduce__(self) -> tuple[object, ...]:
        function, *given = self.call
        return function, tuple(given)


def shape_of(path: str) -> Asks:
    return Asks(lean_module._RECORD_SHAPE, path)


def written(content: object) -> bytes:
    """The content as a form whose makers are named as our writer names them."""
    file = io.BytesIO()
    lean_module._Writer(file).dump(content)
    return file.getvalue()


@pytest.mark.parametrize(
    "harmful",
    [
        pickle.dumps(Asks(os.system, "true")),
        pickle.dumps(Asks(eval, "1 + 1")),
        pickle.dumps(Asks(getattr, "text", "upper")),
        pickle.dumps(Asks(Path, "/etc/passwd")),
        pickle.dumps(Asks(load, SMALL)),
        pickle.dumps(Period(None, None)),
        b"cbuiltins\nprint\n.",
        b"\x80\x04\x95\x0f\x00\x00\x00\x00\x00\x00\x00\x8c\x02os\x94\x8c\x06system\x94\x93\x94.",
        b"capp.rulebook.lean\n_named\n(S'app.rulebook.books:Rulebook'\ntR.",
        b"Pour own\n.",
    ],
    ids=[
        "system",
        "eval",
        "getattr",
        "path",
        "our loader",
        "a record's class",
        "print",
        "os",
        "a helper",
        "persistent",
    ],
)
def test_what_asks_for_anything_but_a_rulebooks_records_is_refused(harmful: bytes) -> None:
    with pytest.raises(NotLean):
        from_lean_bytes(harmful)


@pytest.mark.parametrize(
    "content",
    [
        shape_of("os:system"),
        shape_of("pathlib:Path"),
        shape_of("app.rulebook.kept:load_kept"),
        shape_of("app.rulebook.books:TopicBook.code"),
        shape_of("app.engine.compile:CompiledTopic"),
        shape_of("app.settings:Settings"),
        shape_of("app.rulebook.books:Nothing"),
        Asks(lean_module._ENTRY_SHAPE, "app.engine.model:Rule", {"code"}, ("code",)),
        Asks(lean_module._ENTRY_SHAPE, "app.rulebook.files.base:Text", {"zh"}, ("zh", "__class__")),
        Asks(lean_module._RECORD, ("app.engine.periods:Period", ()), None),
        Asks(lean_module._RECORD, shape_of("app.engine.periods:Period"), None),
        Asks(lean_module._ENTRY, (dict, set(), ()), None, 0, 0, 0, 0),
        Asks(lean_module._MEMBER, "app.engine.model:Treatment", "no such treatment"),
        Asks(lean_module._MEMBER, "app.engine.periods:Period", 1),
    ],
    ids=[
        "a function", "a class of the library", "a function of ours", "inside a class", "no record", "elsewhere",
        "nothing", "a record as an entry", "a field of its class", "no shape", "too few values", "a shape of its own",
        "no member", "no enumeration",
    ],
)  # fmt: skip
def test_a_shape_that_no_rulebook_has_is_refused(content: object) -> None:
    with pytest.raises(NotLean):
        from_lean_bytes(written(content))


@pytest.mark.parametrize(
    "changing",
    [
        b"capp.rulebook.lean\n_ENTRY\n(dS'x'\nI1\nsb.",
        b"capp.rulebook.lean\n_ENTRY\n(N(dS'x'\nI1\nstb.",
        b"capp.rulebook.lean\n_ENTRY\n(N(dS'__call__'\nI1\nstb.",
        b"cdecimal\nDecimal\n(N(dS'x'\nI1\nstb.",
        b"cdatetime\ndate\n(dS'x'\nI1\nsb.",
    ],
)
def test_nothing_that_is_read_changes_what_reads(changing: bytes) -> None:
    """The pickle format lets its content set attributes of whatever it named; ours have none to set."""
    with pytest.raises(NotLean):
        from_lean_bytes(changing)

    assert not any(hasattr(lean_module._ENTRY, name) for name in ("x", "__dict__"))


@pytest.mark.parametrize("content", [None, 1, "text", [1], {"a": 1}, Period(None, None)])
def test_what_is_no_whole_rulebook_is_refused(content: object) -> None:
    with pytest.raises(NotLean):
        from_lean_bytes(written(content))


@pytest.mark.parametrize("kept", [0, 1, 2, 100, 0.1, 0.5, 0.9, 0.999, -1])
def test_a_form_cut_off_anywhere_is_refused(loaded: Rulebook, kept: float) -> None:
    whole = as_lean_bytes(loaded)

    with pytest.raises(NotLean):
        from_lean_bytes(whole[: kept if isinstance(kept, int) else int(len(whole) * kept)])


# ---- worked examples ---------------------------------------------------------------------------------------------


def test_worked_examples_are_read_when_somebody_looks(loaded: Rulebook, lean: Rulebook) -> None:
    (code, *_) = loaded.topics
    whole, late = loaded.topics[code].cases, lean.topics[code].cases

    assert isinstance(late, LateCases)
    assert (len(late), late[-1].code, [case.code for case in late[:1]]) == (
        len(whole), whole[-1].code, [whole[0].code],
    )  # fmt: skip
    assert plain(late) == plain(whole)
    assert plain(pickle.loads(pickle.dumps(late))) == plain(whole)


def test_a_light_rulebook_is_written_as_the_same_again(lean: Rulebook) -> None:
    assert plain(from_lean_bytes(as_lean_bytes(lean))) == plain(lean)


def test_examples_that_are_none_are_refused_when_somebody_looks() -> None:
    with pytest.raises(NotLean):
        list(LateCases(zlib.compress(written(("no example",))), 1))
