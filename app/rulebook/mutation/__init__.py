"""`rules mutate`: one small change of the law at a time, and whether anybody notices."""

from app.rulebook.mutation.lab import Fate, Verdict
from app.rulebook.mutation.mutants import Mutant
from app.rulebook.mutation.trial import FLOOR, Part, Tried, parts_of, try_mutants

__all__ = ["FLOOR", "Fate", "Mutant", "Part", "Tried", "Verdict", "parts_of", "try_mutants"]
