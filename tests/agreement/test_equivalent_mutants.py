"""On a real topic: what `rules mutate` proves equivalent is decided and told the same, compiled anew."""

import random
from collections.abc import Iterator
from datetime import date
from itertools import islice

from app.engine import CompiledTopic, FactCode, Value, compile_topic, decide
from app.rulebook import load
from app.rulebook.mutation import Fate, Mutant, parts_of
from app.rulebook.mutation.lab import Lab
from tests.agreement.test_real_topics import RULES, part_of, random_day, random_scenario
from tests.support.told_alike import told

#: Mutants drawn, how many of the equivalent ones are compiled anew, and scenarios each is asked.
DRAWN, ANEW, ASKED = 260, 14, 12


def drawn_scenarios(
    compiled: CompiledTopic, mutant: Mutant, pick: random.Random
) -> Iterator[tuple[dict[FactCode, Value], date]]:
    """Full and partial answers; on the day that the mutant is about, where it is about one."""
    for _ in range(ASKED // 2):
        full = random_scenario(compiled, pick, {})
        day = random_day(compiled, pick) if mutant.day is None else max(mutant.day, compiled.topic.covers_from)
        yield full, day
        yield part_of(compiled, full, pick, 0.7), day


def test_what_is_called_equivalent_tells_the_same() -> None:
    """The topic with the fewest rules: changes of shared modules that do not reach it are among its mutants."""
    pick, rulebook = random.Random(11), load(RULES)
    book = min(rulebook.topics.values(), key=lambda book: len(book.rules))
    files = {
        entry.place.file for entries in (book.rules, book.definitions, book.procedures) for entry in entries.values()
    }
    mutants = [mutant for part in parts_of(rulebook).values() for mutant in part if mutant.place.file in files]
    drawn = pick.sample(mutants, DRAWN)
    lab = Lab(rulebook, book, drawn)
    equivalent = list(islice((mutant for mutant in drawn if lab.verdict(mutant).fate is Fate.EQUIVALENT), ANEW))
    was = compile_topic(book.topic)

    otherwise = [
        f"{mutant.where} {mutant.said} on {day} with {answers}"
        for mutant in equivalent
        for now in [compile_topic(lab.alterations[id(mutant)].topic)]
        for answers, day in drawn_scenarios(was, mutant, pick)
        if told(decide(was, answers, day)) != told(decide(now, answers, day))
    ]

    assert (len(equivalent), otherwise) == (ANEW, [])
