"""What the doors may see of feedback."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from app.guides import Reference


class Grade(StrEnum):
    """评价等级. The five grades of the national standard on 好差评, best first.

    Source: GB/T 39735-2020.
    """

    VERY_SATISFIED = "very_satisfied"
    SATISFIED = "satisfied"
    FAIRLY_SATISFIED = "fairly_satisfied"
    DISSATISFIED = "dissatisfied"
    VERY_DISSATISFIED = "very_dissatisfied"


class Reason(StrEnum):
    """差评原因. Why somebody gave a low grade."""

    HARD_TO_UNDERSTAND = "hard_to_understand"
    QUESTIONS_UNCLEAR = "questions_unclear"
    ANSWER_INCOMPLETE = "answer_incomplete"
    ANSWER_WRONG = "answer_wrong"
    OFFICE_SAID_OTHERWISE = "office_said_otherwise"
    HARD_TO_USE = "hard_to_use"
    OTHER_REASON = "other_reason"


#: The grades that take reasons.
LOW_GRADES: Final = frozenset({Grade.DISSATISFIED, Grade.VERY_DISSATISFIED})


@dataclass(frozen=True, slots=True)
class Feedback:
    """One grade that was given to a kept guide.

    Shape: `rules` the guide's rules, in its order; `comment` as it is kept: `is_masked` where figures that may name
        somebody were taken out of it.
    """

    id: str
    reference: Reference
    topic: str
    as_of: date
    release_version: str
    release_hash: str
    rules: tuple[str, ...]
    grade: Grade
    reasons: tuple[Reason, ...]
    comment: str | None
    is_masked: bool
    lang: str
    given_at: datetime


@dataclass(frozen=True, slots=True)
class Given:
    """What became of somebody's opinion: what is kept, and whether it had been kept before under the same key."""

    feedback: Feedback
    replayed: bool


@dataclass(frozen=True, slots=True)
class GradeCounts:
    """How often each grade was given to one topic, release or rule.

    Shape: `grades` holds all five, best first.
    """

    name: str
    grades: Mapping[Grade, int]

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(self.grades.values())

    @property
    def low(self) -> int:
        """How many of them are low."""
        return sum(self.grades[grade] for grade in LOW_GRADES)


@dataclass(frozen=True, slots=True)
class Summary:
    """All feedback counted; each list with the most low grades first."""

    topics: tuple[GradeCounts, ...]
    releases: tuple[GradeCounts, ...]
    rules: tuple[GradeCounts, ...]
