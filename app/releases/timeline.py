"""The history of what is active, read: which release counts at a moment, what is to come, where a rollback leads."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.releases.records import ReleaseState, Step, StepKind


@dataclass(frozen=True, slots=True)
class Timeline:
    """All steps in order of their numbers; nothing in it ever changes, so a later moment reads the same list anew."""

    steps: tuple[Step, ...]

    def active(self, now: datetime) -> Step | None:
        """Return the step by which a release is active at the moment, None while none ever was."""
        counting = [step for step in self._standing() if _counts(step, now)]
        return max(counting, key=_order, default=None)

    def coming(self, now: datetime) -> tuple[Step, ...]:
        """Return the steps that will count later, the next one first."""
        return tuple(sorted((step for step in self._standing() if not _counts(step, now)), key=_order))

    def before(self, now: datetime) -> Step | None:
        """Return the step a rollback goes back to, None where nothing was active before.

        A rollback stands for the step it went back to, so that rolling back twice goes two releases back.
        """
        current = self.active(now)
        if current is None:
            return None
        origin = self._origin(current)
        earlier = [step for step in self._standing() if _counts(step, now) and _order(step) < _order(origin)]
        # What was only activated over again is no release before.
        others = [step for step in earlier if step.version != origin.version]
        found = max(others, key=_order, default=None)
        return None if found is None else self._origin(found)

    def state(self, version: str, now: datetime) -> ReleaseState:
        """Return how a release stands at the moment."""
        active = self.active(now)
        if active is not None and active.version == version:
            return ReleaseState.ACTIVE
        if any(step.version == version for step in self.coming(now)):
            return ReleaseState.SCHEDULED
        was = any(step.version == version and _counts(step, now) for step in self._standing())
        return ReleaseState.RETIRED if was else ReleaseState.PUBLISHED

    def _standing(self) -> Iterable[Step]:
        """The steps that make something active and were not withdrawn."""
        withdrawn = {step.refers_to for step in self.steps if step.kind is StepKind.WITHDRAWN}
        return [step for step in self.steps if step.kind is not StepKind.WITHDRAWN and step.number not in withdrawn]

    def _origin(self, step: Step) -> Step:
        by_number = {known.number: known for known in self.steps}
        while step.kind is StepKind.ROLLED_BACK and step.refers_to is not None:
            step = by_number[step.refers_to]
        return step


def _counts(step: Step, now: datetime) -> bool:
    # What was done at once counts at once, whatever the clocks of two machines make of the moment.
    return step.kind is not StepKind.SCHEDULED or step.effective_at <= now


def _order(step: Step) -> tuple[datetime, int]:
    return step.effective_at, step.number
