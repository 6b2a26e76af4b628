"""Scenario, day and release in, guide out. No storage, no web: the doors call it, and so may anything else."""

from app.evaluation.asked import Again, Asked, Renumbered
from app.evaluation.queries import read_query
from app.evaluation.reading import in_full, limit_sources
from app.evaluation.request import Answer, EvaluateRequest
from app.evaluation.service import Evaluator
from app.evaluation.values import facts_from_text, json_number, plain
from app.wording import Language as Languages

__all__ = [
    "Again",
    "Answer",
    "Asked",
    "EvaluateRequest",
    "Evaluator",
    "Languages",
    "Renumbered",
    "facts_from_text",
    "in_full",
    "json_number",
    "limit_sources",
    "plain",
    "read_query",
]
