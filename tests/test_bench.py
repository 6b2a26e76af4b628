"""The benchmarks' own parts work; no figure is ever tested."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from app.evaluation import Evaluator
from app.rulebook import Rulebook, load
from bench.http_load import Figures
from bench.load import run
from bench.scenario import broadest, largest, with_other_numbers
from bench.table import Row, print_figures, print_rows
from tests.support.asking import small_rulebook
from tests.support.make_rulebook import write_rulebook
from tests.support.serving import running_server

__all__ = ["small_rulebook"]


def test_the_largest_topic_is_measured_with_its_fullest_example(small_rulebook: Rulebook) -> None:
    measured = largest(small_rulebook)

    assert (measured.book.code, measured.body["facts"]) == (
        "shop",
        {"open_by_night": True, "goods": ["tea"], "area_m2": 50, "fits_out": False},
    )


def test_cold_requests_are_answered_and_no_two_are_alike() -> None:
    rulebook = load(Path(__file__).parents[1] / "rules")
    measured, evaluator = broadest(rulebook), Evaluator(rulebook)
    asked = with_other_numbers(measured)
    like_it = evaluator.asked(measured.request, measured.day).key

    keys = [evaluator.asked(replace(measured.request, facts=body["facts"]), measured.day).key for body in asked[:200]]

    assert len({json.dumps(body) for body in asked}) == len(asked)
    assert set(keys) == {like_it}


def test_the_generator_counts_whole_answers(tmp_path: Path, small_rulebook: Rulebook) -> None:
    body = json.dumps(largest(small_rulebook).body).encode()
    head = f"POST /v1/evaluate HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    database, rules = f"sqlite:///{tmp_path / 'guides.db'}", write_rulebook(tmp_path)

    with running_server(tmp_path, database_url=database, rules_dir=rules) as server:
        host, port = server.url.removeprefix("http://").split(":")
        figures = run((host, int(port)), [head + body], 2, 0.3)

    assert figures["per_second"] > 0
    assert 0 < figures["p50_us"] <= figures["p99_us"]


def test_tables_say_what_is_met_and_what_is_missed(capsys: pytest.CaptureFixture[str]) -> None:
    print_rows([Row("one", "1 ms", "≤ 2 ms", met=True), Row("two", "3 ms", "≤ 2 ms", met=False), Row("three", "x")])
    print_figures({("route", 1): Figures(1_000.0, 10.0, 20.0, 5.0)}, (1,))

    said = capsys.readouterr().out
    assert ("met" in said, "MISSED" in said, "1,000" in said) == (True, True, True)
