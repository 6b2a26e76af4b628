"""What one evaluation costs inside a process, and what serialising alone would."""

import json
from collections.abc import Callable
from datetime import date
from statistics import median
from time import perf_counter_ns

import orjson

from app.engine import build_path, decide, settled_outcomes, what_if
from app.evaluation import EvaluateRequest, Evaluator
from app.rulebook import Rulebook
from app.search import SearchIndex
from bench.scenario import Measured, others

_ROUNDS = 15
_ROUND_NS = 60_000_000


def microseconds(work: Callable[[], object]) -> float:
    """Return the median over rounds of a call's mean time."""
    work()
    rounds = []
    for _ in range(_ROUNDS):
        begun = perf_counter_ns()
        calls = 0
        while perf_counter_ns() - begun < _ROUND_NS:
            work()
            calls += 1
        rounds.append((perf_counter_ns() - begun) / calls / 1e3)
    return median(rounds)


def evaluation(rulebook: Rulebook, measured: Measured) -> dict[str, float]:
    """Return microseconds of each part of an evaluation of the topic."""
    evaluator = Evaluator(rulebook, cache_entries=0)
    cached = Evaluator(rulebook, cache_entries=16)
    compiled = evaluator.compiled(measured.book.code)
    answers, day = measured.answers, measured.day
    decision = decide(compiled, answers, day)
    answer = evaluator.evaluate(measured.request, day)
    guide = orjson.loads(answer.body)
    empty = EvaluateRequest(measured.book.code, {}, day, "zh-CN")
    return {
        "outcomes": microseconds(lambda: settled_outcomes(compiled, compiled.topic.procedures, answers, day)),
        "decide": microseconds(lambda: decide(compiled, answers, day)),
        "path": microseconds(lambda: build_path(compiled, decision)),
        "what_if": microseconds(lambda: what_if(compiled, decision)),
        "to_bytes": microseconds(lambda: evaluator.evaluate(measured.request, day)),
        "new": _never_asked(Evaluator(rulebook, cache_entries=0), measured, day),
        "partial": _cold_partial(Evaluator(rulebook, cache_entries=0), measured, day),
        "empty": microseconds(lambda: evaluator.evaluate(empty, day)),
        "cached": microseconds(lambda: cached.evaluate(measured.request, day)),
        "orjson": microseconds(lambda: orjson.dumps(guide)),
        "json": microseconds(lambda: json.dumps(guide, ensure_ascii=False).encode()),
        "bytes": float(len(answer.body)),
    }


def _never_asked(evaluator: Evaluator, measured: Measured, day: date) -> float:
    """Median microseconds of random scenarios with every answer, each asked once, after as many others."""
    requests = [EvaluateRequest(measured.book.code, body["facts"], day, "zh-CN") for body in others(measured)]
    taken = []
    for request in requests:
        begun = perf_counter_ns()
        evaluator.evaluate(request, day)
        taken.append((perf_counter_ns() - begun) / 1e3)
    return median(taken[len(taken) // 2 :])


def _cold_partial(evaluator: Evaluator, measured: Measured, day: date) -> float:
    """Median microseconds of scenarios with part of the answers, each asked once; from none known to all but one."""
    names = list(measured.facts)
    evaluator.evaluate(EvaluateRequest(measured.book.code, {}, day, "zh-CN"), day)
    taken = []
    for at in range(len(names)):
        kept = {name: measured.facts[name] for name in (names[at:] + names[:at])[: 1 + at]}
        request = EvaluateRequest(measured.book.code, kept, day, "zh-CN")
        begun = perf_counter_ns()
        evaluator.evaluate(request, day)
        taken.append((perf_counter_ns() - begun) / 1e3)
    return median(taken)


def search(rulebook: Rulebook) -> float:
    """Return microseconds of one hotline search, the median over the rulebook's own everyday words."""
    index = SearchIndex(rulebook)
    phrases = [phrase for book in rulebook.topics.values() for phrase in book.words.topic][:40]
    return median(microseconds_once(index, phrase) for phrase in phrases)


def microseconds_once(index: SearchIndex, phrase: str) -> float:
    """Return the mean time of a query over fifty calls."""
    begun = perf_counter_ns()
    for _ in range(50):
        index.search(phrase, 10, "zh-CN")
    return (perf_counter_ns() - begun) / 50 / 1e3
