"""A guide put together for a scenario like this one is, once filled in, the guide put together for this one alone."""

import random
import re
from collections.abc import Hashable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import cast

import pytest

from app.engine import FactCode, FactType
from app.engine.memo import Remembered
from app.errors import InvalidFact
from app.evaluation import Asked, EvaluateRequest, Evaluator, Renumbered
from app.rulebook import Rulebook, TopicBook, load
from tests.support.make_scenario import make_scenario

_RULES = Path(__file__).parents[2] / "rules"
_DAYS = tuple(date.fromisoformat(day) for day in ("2020-12-29", "2021-06-01", "2022-05-01", "2024-03-01", "2026-11-22"))
_SCENARIOS = 14
_PRIVATE = re.compile("[\ue000-\uf8ff]")


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return load(_RULES)


def requests(book: TopicBook, evaluator: Evaluator, variations: int = 7) -> Iterator[EvaluateRequest]:
    """Scenarios of the topic, each several times with other numbers: at bounds, beside them, anywhere."""
    for seed in range(_SCENARIOS):
        pick = random.Random(f"{book.code} {seed}")
        share = pick.choice((0.3, 0.6, 0.9, 1.0, 1.0))
        facts = make_scenario(book, evaluator.compiled(book.code), seed=seed, share=share)
        day, lang = pick.choice(_DAYS), pick.choice(("zh-CN", "en"))
        for _ in range(variations):
            yield EvaluateRequest(book.code, _varied(book, evaluator, facts, pick), day, lang)


def _varied(book: TopicBook, evaluator: Evaluator, facts: dict[str, object], pick: random.Random) -> dict[str, object]:
    given = dict(facts)
    for code, fact in book.facts.items():
        if fact.type in (FactType.DECIMAL, FactType.INTEGER) and given.get(code) and pick.random() < 0.7:
            given[code] = _other(evaluator, book, code, given[code], pick)
    return given


def _other(evaluator: Evaluator, book: TopicBook, code: FactCode, value: object, pick: random.Random) -> object:
    compiled = evaluator.compiled(book.code)
    is_whole = book.facts[code].type is FactType.INTEGER
    scale = 1 if is_whole else 10_000
    bounds = [bound / scale for level in compiled.fact_levels[code] for bound in compiled.levels[level].bounds]
    found = float(str(value)) * pick.uniform(0.6, 1.5)
    if bounds and pick.random() < 0.5:
        found = pick.choice(bounds) + pick.choice((0, 0, -1, 1)) * (1 if is_whole else 0.01)
    return int(found) if is_whole else round(found, 2)


@pytest.mark.parametrize("code", ["build_project", "open_pharmacy", "food_business", "open_medical_institution"])
def test_guide_of_a_scenario_like_this_one_says_what_its_own_would(rulebook: Rulebook, code: str) -> None:
    book, shared = rulebook.topics[code], Evaluator(rulebook, cache_entries=10_000)
    found_again = 0

    for request in requests(book, shared):
        assert request.as_of is not None
        try:
            asked = shared.asked(request, request.as_of)
        except InvalidFact:
            continue
        at_hand = shared.answer_at_hand(asked)
        answer = shared.answer(asked) if at_hand is None else at_hand
        if at_hand is not None:
            found_again += 1
            alone = evaluated_alone(shared, request)
            assert (answer.body, answer.etag) == (alone.body, alone.etag), request
        assert not _PRIVATE.search(answer.body.decode())

    assert found_again >= 8


@pytest.mark.parametrize("code", ["build_project", "open_pharmacy", "food_business", "open_medical_institution"])
def test_numbers_read_alone_make_the_request_that_reading_all_of_it_makes(rulebook: Rulebook, code: str) -> None:
    """Whatever is refused when read whole is never taken when only its numbers are read."""
    book, evaluator = rulebook.topics[code], Evaluator(rulebook)
    layouts: dict[Hashable, Renumbered] = {}
    read_alone = refused = 0

    for request in requests(book, evaluator, 40):
        assert request.as_of is not None
        numbers = {name: value for name, value in request.facts.items() if type(value) in (int, float)}
        digits = [str(value).encode() for value in numbers.values()]
        layout = (request.as_of, request.lang, tuple(numbers), str({**request.facts, **dict.fromkeys(numbers)}))
        known = layouts.get(layout)
        made = None if known is None else known.with_numbers(digits)
        try:
            asked = evaluator.asked(request, request.as_of)
        except InvalidFact:
            refused += 1
            assert made is None, request
            continue
        if known is None:
            layouts[layout] = Renumbered(asked, [FactCode(name) for name in numbers])
        elif made is None:
            known.learn(asked)
        else:
            read_alone += 1
            assert all_of(made.asked()) == all_of(asked), request

    assert read_alone >= 40
    assert refused >= 1 or code != "build_project"


def all_of(asked: Asked) -> tuple[object, ...]:
    place = asked.placed
    order = (tuple(place.given), tuple(place.full))
    return (
        asked.key.parts,
        asked.scenario,
        place,
        order,
        asked.day,
        asked.lang,
        asked.overdue,
        asked.is_fixed,
        asked.fillings,
    )


def evaluated_alone(shared: Evaluator, request: EvaluateRequest) -> object:
    """The answer by an evaluator that remembers nothing of any other scenario."""
    compiled = shared.compiled(request.topic)
    remembered, compiled.remembered = compiled.remembered, Remembered(compiled.store, len(compiled.levels))
    try:
        assert request.as_of is not None
        return Evaluator(shared.rulebook, cache_entries=0, like=shared).evaluate(request, request.as_of)
    finally:
        compiled.remembered = remembered


def test_numbers_of_the_scenario_are_echoed_and_said_as_they_were_given(rulebook: Rulebook) -> None:
    """The second scenario lies in the cells of the first, so its guide is the first one's, filled in."""
    evaluator = Evaluator(rulebook)
    facts: dict[str, object] = {"area_total_m2": Decimal("2999.50"), "height_m": 12, "investment_yuan": 8_000_000}
    other = {**facts, "area_total_m2": Decimal("2345.6789"), "height_m": 7.25, "investment_yuan": 12_345_678}
    day = date(2026, 11, 22)
    evaluator.evaluate(EvaluateRequest("build_project", facts, day, "en"), day)

    asked = evaluator.asked(EvaluateRequest("build_project", other, day, "en"), day)
    answer = evaluator.answer_at_hand(asked)

    assert answer is not None
    assert answer.guide["facts"] == {"area_total_m2": 2345.6789, "height_m": 7.25, "investment_yuan": 12345678}
    told = cast("list[dict[str, list[dict[str, str]]]]", answer.guide["definition_details"])
    said = {part["fact"]: part["answer"] for item in told for part in item["conditions"] if part["answer"]}
    assert said["area_total_m2"] == "2,345.6789 m²"
    assert said["height_m"] == "7.25 m"
