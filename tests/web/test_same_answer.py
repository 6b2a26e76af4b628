"""Page, API and command line say the same: procedures, treatments, days, materials and citations."""

from dataclasses import dataclass
from typing import Any

import orjson
import pytest
from typer.testing import CliRunner

from app.cli.main import cli
from app.evaluation import Evaluator
from app.wording import LANGUAGES
from tests.support.asking import Service
from tests.support.make_scenario import make_scenario
from tests.support.reading_pages import Node, read_page
from tests.web.real import query, rulebook

PAGE = {"accept": "text/html", "accept-encoding": "gzip"}
DAYS = ("2020-12-29", "2021-06-01", "2024-03-01", "2026-11-22")
SHARES = (0.0, 0.5, 1.0, 1.0)


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
            limit["text"] if (limit := item["time_limit"]["applicable"]) else None,
            sorted((paper["code"], paper["status"]) for paper in item["materials"] or ()),
            sorted({cited(entry, guide["lang"]) for entry in item["basis"]}),
        )
        for item in guide["procedures"]
    }


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
    """One scenario, what the API says of it, and the page."""

    request: dict[str, Any]
    guide: dict[str, Any]
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
    return Told(request, guide, read_page(answer.text), int(answer.headers["content-length"]))


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


@pytest.mark.parametrize("topic", list(rulebook().topics)[:2])
def test_command_line_and_api_say_the_same(told: list[Told], topic: str) -> None:
    one = next(one for one in told if one.request["topic"] == topic and len(one.request["facts"]) > 1)
    pairs = [part for name, text in query(one.request["facts"]) for part in ("--fact", f"{name}={text}")]
    more = ["--as-of", one.request["as_of"], "--lang", one.request["lang"], "--format", "json"]

    said = CliRunner().invoke(cli, ["evaluate", topic, *pairs, *more])

    assert orjson.loads(said.stdout) == one.guide
