"""Sentences for all doors, in Chinese and English, so that API, pages and command line say the same."""

from app.wording.figures import (
    date_text,
    duration_text,
    moment_text,
    number_text,
    quantity_text,
    total_days_text,
    total_text,
)
from app.wording.findings import finding_text, said_text, slip_text
from app.wording.names import NOT_REQUIRED, Names
from app.wording.phrases import LANGUAGES, Language, Phrases, language_of, phrases_in
from app.wording.preference import DEFAULT_LANGUAGE, preferred_language
from app.wording.problems import ProblemText, fault_text, problem_text, system_text
from app.wording.sentences import Sentences, answer_text
from app.wording.spoken import Mention, Spoken, mention_of, spoken_answer

__all__ = [
    "DEFAULT_LANGUAGE",
    "LANGUAGES",
    "NOT_REQUIRED",
    "Language",
    "Mention",
    "Names",
    "Phrases",
    "ProblemText",
    "Sentences",
    "Spoken",
    "answer_text",
    "date_text",
    "duration_text",
    "fault_text",
    "finding_text",
    "language_of",
    "mention_of",
    "moment_text",
    "number_text",
    "phrases_in",
    "preferred_language",
    "problem_text",
    "quantity_text",
    "said_text",
    "slip_text",
    "spoken_answer",
    "system_text",
    "total_days_text",
    "total_text",
]
