"""Page, API and command line say the same: procedures, treatments, days, materials and citations."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import orjson
import pytest
from typer.testing import CliRunner

from app.cli import evaluate as command
from app.cli.main import cli
from app.engine import Duration, Unit
from app.evaluation import Evaluator, in_full
from app.wording import LANGUAGES, duration_text, language_of, phrases_in
from tests.support.asking import Service
from tests.support.make_scenario import make_scenario
from tests.support.reading_pages import Node, read_page
from tests.web.real import query, rulebook

PAGE = {"accept": "text/html", "accept-encoding": "gzip"}
DAYS = ("2020-12-29", "2021-06-01", "2024-03-01", "2026-11-22", "2022-05-01", "2023-12-01")
#: So many procedures that were not settled are named; of more the number is said.
MOST_NAMED = 6
SHARES = (0.0, 0.5, 1.0, 1.0, 0.9, 1.0)
Read: TypeAlias = Callable[[dict[str, Any]], dict[str, Any]]


def scenarios() -> list[tuple[str, dict[str, Any], str, str]]:
    """Each topic on each day: empty, partial and full, in both languages."""
    evaluator = Evaluator(rulebook())
    return [
        (
            topic,
            make_scenario(book, evaluator.compiled(topic), seed=number, share=share),
            DAYS[number],
            LANGUAGES[number % 2],
        )
        for topic, book in rulebook().topics.items()
        for number, share in enumerate(SHARES)
    ]


def told_by_guide(guide: dict[str, Any]) -> dict[str, tuple[object, ...]]:
    """What the data says of each procedure."""
    return {
        item["code"]: (
            item["treatment"] or "open",
            length(limit, guide["lang"]) if (limit := item["time_limit"]["applicable"]) else None,
            sorted((paper["code"], paper["status"]) for paper in item["materials"] or ()),
            sorted({cited(entry, guide["lang"]) for entry in item["basis"]}),
        )
        for item in in_full(guide, rulebook())["procedures"]
    }


def length(limit: dict[str, Any], lang: str) -> str:
    return duration_text(Duration(Decimal(str(limit["value"])), Unit(limit["unit"])), phrases_in(language_of(lang)))


def cited(entry: dict[str, Any], lang: str) -> str:
    title = f"《{entry['title']}》" if lang == "zh-CN" else f"{entry['title']},"
    act = entry["document_number"] or title
    return " ".join(f"{act}{'' if lang == 'zh-CN' else ' '}{entry['cite']}".split())


def told_by_page(page: Node) -> dict[str, tuple[object, ...]]:
    """What the page says of each procedure."""
    return {card.attributes["data-procedure"]: told_by_card(card) for card in page.all("article", "proc")}


def told_by_card(card: Node) -> tuple[object, ...]:
    days = [node.text for node in card.all(css="proc-days") if "is-unknown" not in node.attributes["class"]]
    return (
        card.attributes["data-treatment"],
        days[0] if days else None,
        sorted((node.attributes["data-paper"], node.attributes["data-status"]) for node in card.all("li", "paper")),
        sorted({node.all("a")[0].text for node in card.all(css="source-cite")}),
    )


@dataclass(frozen=True)
class Told:
    """One scenario, what the API says of it and of the same before the reform, and the page."""

    request: dict[str, Any]
    guide: dict[str, Any]
    then: dict[str, Any] | None
    page: Node
    weight: int

    def __str__(self) -> str:
        """Return what was asked, for a failing test."""
        return str(self.request)


@pytest.fixture(scope="module")
def told(real_service: Service) -> list[Told]:
    """All scenarios, asked once at both doors."""
    return [ask_both(real_service, *scenario) for scenario in scenarios()]


def ask_both(service: Service, topic: str, facts: dict[str, Any], as_of: str, lang: str) -> Told:
    request = {"topic": topic, "facts": facts, "as_of": as_of, "lang": lang}
    answer = service.ask("GET", f"/guide/{topic}", params=query(facts, as_of=as_of, lang=lang), headers=PAGE)
    assert answer.status_code == 200, answer.text
    guide = orjson.loads(service.post(request).content)
    totals = guide["path"]["before"]
    then = orjson.loads(service.post({**request, "as_of": totals["day"]}).content) if totals else None
    return Told(request, guide, then, read_page(answer.text), int(answer.headers["content-length"]))


def test_page_and_api_say_the_same_of_each_procedure(told: list[Told]) -> None:
    assert len(told) == len(SHARES) * len(rulebook().topics)
    for one in told:
        assert told_by_page(one.page) == told_by_guide(one.guide), one


def test_page_and_api_say_the_same_answer_and_path(told: list[Told]) -> None:
    for one in told:
        steps = [[link.attributes["data-procedure"] for link in step.all("a")] for step in one.page.all("li", "step")]
        assert one.page.one(css="guide-answer").text == " ".join(one.guide["answer"].split()), one
        assert steps == [step["procedures"] for step in one.guide["path"]["steps"]], one


def test_the_checklist_counts_the_papers_the_path_counts(told: list[Told]) -> None:
    for one in told:
        groups = [group for name in ("bring", "later") for group in one.page.all(css=f"paper-group-{name}")]
        after = one.guide["path"]["after"]
        assert sum(len(group.all("li")) for group in groups) == (after["materials"] if after else 0), one


def test_what_is_no_longer_asked_for_is_struck_through_and_said(told: list[Told]) -> None:
    gone = [item for one in told for group in one.page.all(css="paper-group-gone") for item in group.all("li")]

    assert gone
    assert {item.one(css="visually-hidden").text for item in gone} == {"不用再交：", "No longer asked for:"}
    assert [item.text for item in gone if not item.all("s")] == []


def test_a_page_weighs_less_than_a_hundred_kilobytes_on_the_wire(told: list[Told]) -> None:
    assert max(one.weight for one in told) < 100_000


def test_what_bars_stands_on_top_of_the_page(told: list[Told]) -> None:
    barred = [one for one in told if any(item["applies"] for item in one.guide["barriers"])]

    assert barred
    for one in told:
        assert bool(one.page.all("section", "is-sure")) == (one in barred), one


# ---- the path before the reform ------------------------------------------------------------------------


def test_the_path_before_the_reform_is_the_one_the_api_gives_for_that_day(told: list[Told]) -> None:
    drawn = [one for one in told if one.then and one.guide["as_of"] != one.then["as_of"]]

    assert any(one.then["path"]["steps"] for one in drawn if one.then)
    for one in drawn:
        steps = [
            [link.attributes["data-procedure"] for link in step.all("a")] for step in one.page.all("li", "former-step")
        ]
        assert one.then is not None
        assert steps == [step["procedures"] for step in one.then["path"]["steps"]], one
        assert one.then["path"]["after"] in (one.guide["path"]["before"], None), one


def test_each_procedure_of_the_earlier_path_says_what_has_become_of_it(told: list[Told]) -> None:
    for one in told:
        now = {item["code"]: item["treatment"] or "open" for item in one.guide["procedures"]}
        fates = [
            (
                step.all("a")[0].attributes["data-procedure"],
                step.one("span", "treatment").attributes["class"].split()[1],
            )
            for step in one.page.all("li", "former-step")
        ]
        assert [fate for code, fate in fates if fate != f"treatment-{now.get(code, 'not_required')}"] == [], one


def test_what_cannot_be_drawn_of_the_earlier_path_is_said(told: list[Told]) -> None:
    """Procedures that were not settled then are named, and a bar of then gives its reason."""
    for one in told:
        notes = " ".join(note.text for note in one.page.all("p", "former-note"))
        assert [text for text in missing_of(one) if " ".join(text.split()) not in notes] == [], one


def missing_of(one: Told) -> list[str]:
    """What the page has to say beside the earlier path."""
    if one.then is None or one.then["as_of"] == one.guide["as_of"]:
        return []
    barred = [item["reason"] for item in one.then["barriers"] if item["applies"]]
    drawn = {code for step in one.then["path"]["steps"] for code in step["procedures"]}
    open_then = [item for item in one.then["procedures"] if not item["decided"] and item["code"] not in drawn]
    names = [item["everyday_name"] for item in open_then]
    return barred[:1] or (names if len(names) <= MOST_NAMED else [*names[:MOST_NAMED], str(len(names))])


def test_where_nothing_can_be_set_beside_it_no_earlier_path_is_shown(told: list[Told]) -> None:
    for one in told:
        assert len(one.page.all("details", "former")) == (one.guide["path"]["before"] is not None), one


# ---- the command line ----------------------------------------------------------------------------------


def words_of(request: dict[str, Any]) -> list[str]:
    """The scenario as the command line takes it."""
    facts = [part for name, text in query(request["facts"]) for part in ("--fact", f"{name}={text}")]
    return [request["topic"], *facts, "--as-of", request["as_of"], "--lang", request["lang"], "--format", "json"]


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> Read:
    """The command in this process; the rulebook is read and compiled once for all, everything else as always."""
    shared = Evaluator(rulebook())
    for topic in rulebook().topics:
        shared.compiled(topic)
    monkeypatch.setattr(command, "load", lambda _folder: rulebook())
    monkeypatch.setattr(command, "Evaluator", partial(Evaluator, like=shared))

    def read(request: dict[str, Any]) -> dict[str, Any]:
        said = CliRunner().invoke(cli, ["evaluate", *words_of(request)])
        assert said.exit_code == 0, said.output
        return dict(orjson.loads(said.stdout))

    return read


def test_command_line_and_api_say_the_same(told: list[Told], in_process: Read) -> None:
    for one in told:
        assert in_process(one.request) == one.guide, one


@pytest.mark.parametrize("topic", list(rulebook().topics))
def test_the_command_as_a_process_of_its_own_says_the_same(told: list[Told], topic: str) -> None:
    one = [one for one in told if one.request["topic"] == topic][-1]
    program = Path(sys.executable).parent / "approval-guide"

    said = subprocess.run(
        [str(program), "evaluate", *words_of(one.request)], capture_output=True, check=True, timeout=600
    )

    assert orjson.loads(said.stdout) == one.guide
