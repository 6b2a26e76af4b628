"""How conditions cut a fact's values: no cell is empty, and each value is in the cell that behaves like it."""

from decimal import Decimal

from app.engine import Compare, FactCode, FactType, IsOneOf, LevelKind, SetIs
from app.engine.cells import build_levels, cell_of
from tests.support.make_topic import make_fact

AREA = make_fact(code="area", kind=FactType.DECIMAL, minimum=Decimal(0))
FLOORS = make_fact(code="floors", kind=FactType.INTEGER, minimum=0, maximum=9)
DISTRICT = make_fact(code="district", kind=FactType.CHOICE, options=("north", "south", "east"))
GOODS = make_fact(code="goods", kind=FactType.CHOICES, options=("tea", "milk", "salt"))


def compare(fact: str, order: str, bound: int | Decimal) -> Compare:
    return Compare(FactCode(fact), order, bound)  # type: ignore[arg-type]


def test_below_and_at_most_of_one_number_leave_a_cell_for_the_number_itself() -> None:
    atoms = [compare("area", "below", Decimal(300)), compare("area", "at_most", Decimal(300))]

    (level,) = build_levels({AREA.code: AREA}, atoms)

    cells = [cell_of(level, {AREA.code: Decimal(value)}) for value in ("299.9999", "300", "300.0001")]
    assert cells == [0, 1, 2]
    assert level.size == 3


def test_cuts_that_touch_leave_no_empty_cell_between_integers() -> None:
    atoms = [compare("floors", "at_most", 2), compare("floors", "at_least", 3)]

    (level,) = build_levels({FLOORS.code: FLOORS}, atoms)

    assert level.size == 2


def test_a_cut_outside_the_allowed_range_makes_no_cell() -> None:
    (level,) = build_levels({FLOORS.code: FLOORS}, [compare("floors", "at_least", 0), compare("floors", "above", 9)])

    assert level.size == 1


def test_options_that_every_condition_treats_alike_share_a_cell() -> None:
    atoms = [IsOneOf(DISTRICT.code, frozenset({"north"}))]

    (level,) = build_levels({DISTRICT.code: DISTRICT}, atoms)

    assert level.values == (frozenset({"north"}), frozenset({"south", "east"}))


def test_a_set_of_options_told_apart_is_one_level_an_option_kept_together() -> None:
    atoms = [
        SetIs(GOODS.code, "contains_all", frozenset({"tea", "milk"})),
        IsOneOf(DISTRICT.code, frozenset({"north"})),
        SetIs(GOODS.code, "is_empty", frozenset()),
    ]

    levels = build_levels({GOODS.code: GOODS, DISTRICT.code: DISTRICT}, atoms)

    assert [level.kind for level in levels] == [LevelKind.MEMBER] * 3 + [LevelKind.VALUES]


def test_options_of_a_set_that_every_condition_treats_alike_share_a_level() -> None:
    atoms = [
        SetIs(GOODS.code, "contains_any", frozenset({"tea", "salt"})),
        SetIs(GOODS.code, "only", frozenset({"milk"})),
    ]

    levels = build_levels({GOODS.code: GOODS}, atoms)

    assert [level.members for level in levels] == [("tea", "salt"), ("milk",)]
    assert [cell_of(levels[0], {GOODS.code: frozenset(chosen)}) for chosen in ((), ("milk",), ("salt",))] == [0, 0, 1]


def test_options_that_must_all_be_there_have_a_level_each() -> None:
    levels = build_levels({GOODS.code: GOODS}, [SetIs(GOODS.code, "is_exactly", frozenset({"tea", "milk"}))])

    assert [level.members for level in levels] == [("tea",), ("milk",), ("salt",)]


def test_only_options_that_are_asked_for_make_levels() -> None:
    levels = build_levels({GOODS.code: GOODS}, [SetIs(GOODS.code, "contains_any", frozenset({"milk"}))])

    assert [level.members for level in levels] == [("milk",)]


def test_an_open_fact_has_no_cell() -> None:
    (level,) = build_levels({FLOORS.code: FLOORS}, [compare("floors", "at_least", 3)])

    assert cell_of(level, {}) is None
