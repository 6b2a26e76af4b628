"""The history of what is active, read at any moment."""

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from app.releases import ReleaseState, Step, StepKind
from app.releases.timeline import Timeline
from tests.support.make_release import HOUR
from tests.support.make_trail import MOMENT


def step(number: int, kind: StepKind, version: str, at: datetime = MOMENT, refers_to: int | None = None) -> Step:
    return Step(number, kind, version, at, MOMENT, "operator:wang", refers_to)


def test_nothing_is_active_before_anything_was() -> None:
    timeline = Timeline(())

    assert timeline.active(MOMENT) is None
    assert timeline.before(MOMENT) is None
    assert timeline.state("a", MOMENT) is ReleaseState.PUBLISHED


def test_what_was_done_at_once_counts_even_if_another_clock_is_behind() -> None:
    timeline = Timeline((step(1, StepKind.ACTIVATED, "a", MOMENT + HOUR),))

    active = timeline.active(MOMENT)

    assert active is not None
    assert active.version == "a"


def test_a_release_activated_over_again_is_no_release_before() -> None:
    timeline = Timeline(
        (
            step(1, StepKind.ACTIVATED, "a"),
            step(2, StepKind.ACTIVATED, "b"),
            step(3, StepKind.ACTIVATED, "b"),
        )
    )

    before = timeline.before(MOMENT)

    assert before is not None
    assert before.version == "a"


def test_going_back_over_a_scheduled_release_leads_to_the_one_before_it() -> None:
    timeline = Timeline(
        (
            step(1, StepKind.ACTIVATED, "a"),
            step(2, StepKind.SCHEDULED, "b", MOMENT + HOUR),
        )
    )

    before = timeline.before(MOMENT + HOUR)

    assert timeline.before(MOMENT) is None
    assert before is not None
    assert before.version == "a"


@given(st.integers(1, 6), st.integers(0, 6))
def test_going_back_is_undoing_step_by_step(count: int, backs: int) -> None:
    """After n activations and k rollbacks the release n - k is active, as long as there is one."""
    steps = [step(number, StepKind.ACTIVATED, str(number)) for number in range(1, count + 1)]
    for _ in range(backs):
        target = Timeline(tuple(steps)).before(MOMENT)
        if target is not None:
            steps.append(step(len(steps) + 1, StepKind.ROLLED_BACK, target.version, refers_to=target.number))

    active = Timeline(tuple(steps)).active(MOMENT)

    assert active is not None
    assert active.version == str(max(1, count - backs))
