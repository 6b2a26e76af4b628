"""The order of steps, from what procedures depend on, merge into and run beside."""

from app.engine import ProcedureCode
from app.engine.steps import Handled, Waiting, in_order
from tests.support.make_topic import make_procedure, make_topic


def waiting(**depends_on: str) -> Waiting:
    """Procedures by code, in the topic's order, each with the codes it depends on in one text."""
    return Waiting(
        make_topic(
            procedures=[
                make_procedure(code=code, depends_on=tuple(ProcedureCode(needed) for needed in text.split()))
                for code, text in depends_on.items()
            ]
        )
    )


def step(place: int, *, target: int | None = None, beside: int = 0) -> Handled:
    return Handled(place, target, beside)


def test_a_step_comes_after_all_it_waits_for_and_else_as_the_topic_lists_it() -> None:
    topic = waiting(a="c", b="", c="")

    assert in_order(topic, [step(0), step(1), step(2)]) == [([1], []), ([2], []), ([0], [2])]


def test_what_is_no_step_passes_on_all_that_it_waits_for_once() -> None:
    topic = waiting(a="", b="a", c="a b", d="b c")

    assert in_order(topic, [step(0), step(3)]) == [([0], []), ([3], [1])]


def test_the_same_procedure_waits_for_others_where_others_are_steps() -> None:
    topic = waiting(a="", b="a", c="b")

    assert in_order(topic, [step(0), step(2)]) == [([0], []), ([2], [1])]
    assert in_order(topic, [step(1), step(2)]) == [([1], []), ([2], [1])]
    assert in_order(topic, [step(2)]) == [([2], [])]


def test_a_step_waits_for_what_any_of_its_procedures_waits_for_but_not_for_itself() -> None:
    topic = waiting(a="", b="a", c="b")

    assert in_order(topic, [step(0), step(1), step(2, target=1)]) == [([0], []), ([1, 2], [1])]


def test_a_merge_into_what_is_no_step_itself_still_is_a_step_of_both() -> None:
    topic = waiting(a="", b="a")

    assert in_order(topic, [step(1, target=0)]) == [([0, 1], [])]


def test_what_waits_for_a_merge_into_what_is_no_step_itself_comes_after_both() -> None:
    topic = waiting(a="", b="a", c="b", d="")

    assert in_order(topic, [step(0), step(2), step(3, target=1)]) == [([0], []), ([1, 3], [1]), ([2], [2])]


def test_parallel_steps_start_when_the_last_of_them_can() -> None:
    topic = waiting(a="", b="", c="a", d="b c")

    assert in_order(topic, [step(0), step(1), step(2, beside=8), step(3, beside=4)]) == [
        ([0], []),
        ([1], []),
        ([2], [1, 2]),
        ([3], [1, 2]),
    ]


def test_where_starting_together_would_make_steps_wait_for_themselves_each_starts_when_it_can() -> None:
    topic = waiting(a="", b="a", c="b")

    assert in_order(topic, [step(0, beside=4), step(1), step(2, beside=1)]) == [([0], []), ([1], [1]), ([2], [2])]
