"""The law side: every sentence of the plan with what became of it, every rule, procedure and document has its page."""

from collections import Counter

import pytest

from app.rulebook import LedgerStatus, ledger
from app.wording import LANGUAGES
from tests.support.asking import Service
from tests.support.reading_pages import Node, read_page
from tests.web.real import rulebook

CHINESE = {"accept": "text/html", "accept_language": "zh-CN"}
PLAN = next(code for code, policy in rulebook().policies.items() if policy.clauses)


def page_of(service: Service, address: str) -> Node:
    # Said in the address, for the client keeps the language of an earlier test as a browser would.
    answer = service.get(f"{address}{'&' if '?' in address else '?'}lang=zh-CN", **CHINESE)
    assert answer.status_code == 200, address
    return read_page(answer.text)


def places() -> list[str]:
    """A page of every kind: each eleventh rule, procedure and document, and clauses of the plan."""
    book = rulebook()
    return [
        *(f"/law/rules/{code}" for code in list(book.rules)[::11]),
        *(f"/law/procedures/{code}" for code in list(book.procedures)[::11]),
        *(f"/law/documents/{code}" for code in list(book.policies)[::11]),
        *(f"/law/clauses/{PLAN}/{code}" for code in list(book.policies[PLAN].articles)[::23]),
        "/law/documents",
        "/law/changes",
    ]


def test_the_ledger_shows_every_sentence_with_its_status(real_service: Service) -> None:
    entries = ledger(rulebook())

    page = page_of(real_service, "/law")

    shown = Counter(node.attributes["class"].split("-")[-1] for node in page.all("li", "sentence"))
    assert shown == Counter(str(entry.status) for entry in entries)
    assert {card.one(css="count-number").text for card in page.all("a", "count-card")} == set(map(str, shown.values()))


def test_one_status_alone_can_be_shown(real_service: Service) -> None:
    wanted = [entry for entry in ledger(rulebook()) if entry.status is LedgerStatus.OPEN]

    page = page_of(real_service, "/law?status=open")

    assert len(page.all("li", "sentence")) == len(wanted)
    assert len(page.all("a", "is-shown")) == 1


def test_a_sentence_that_no_rule_can_carry_says_why(real_service: Service) -> None:
    entry = next(one for one in ledger(rulebook()) if one.status is LedgerStatus.NOT_ENCODABLE)
    assert entry.reason is not None

    page = page_of(real_service, f"/law/clauses/{entry.reference.replace('#', '/')}")

    assert entry.reason.zh in page.one("p", "notice").text
    assert page.one("blockquote").text == entry.measure.text


def test_a_clause_lists_the_rules_that_rest_on_it(real_service: Service) -> None:
    reference, rules = max(rulebook().rules_citing.items(), key=lambda pair: len(pair[1]))

    page = page_of(real_service, f"/law/clauses/{reference.replace('#', '/')}")

    linked = {link.attributes["href"].partition("?")[0] for link in page.all("a")}
    assert {f"/law/rules/{rule}" for rule in rules} <= linked


def test_a_procedure_shows_every_rule_that_treats_it_in_the_order_of_time(real_service: Service) -> None:
    code = "construction_permit"
    rules = [
        rule
        for rule in rulebook().rules.values()
        if any(effect.procedure == code and effect.treatment for effect in rule.procedure_effects)
    ]

    page = page_of(real_service, f"/law/procedures/{code}")
    shown = [item.all("dd")[-1].one("a").text for item in page.all("ol", "treated-list")[0].all("li")]

    assert sorted(shown) == sorted(rule.title.zh for rule in rules)
    starts = {rule.title.zh: rule.effective.start for rule in rules}
    assert [starts[name] for name in shown if starts[name]] == sorted(start for start in starts.values() if start)


def test_the_changelog_lists_every_change_and_those_of_one_topic(real_service: Service) -> None:
    book = rulebook()
    topic = next(iter(book.topics))

    every, some = page_of(real_service, "/law/changes"), page_of(real_service, f"/law/changes?topic={topic}")

    days = [time.attributes["datetime"] for time in every.all("time")]
    assert len(days) == len(book.changelog)
    assert days == sorted(days, reverse=True)
    assert len(some.all("time")) == sum(topic in entry.topics for entry in book.changelog)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_kind_of_page_is_there_in_both_languages(real_service: Service, lang: str) -> None:
    answers = [real_service.get(f"{place}?lang={lang}", **CHINESE) for place in places()]

    assert {answer.status_code for answer in answers} == {200}
    assert {read_page(answer.text).one("html").attributes["lang"] for answer in answers} == {lang}
    assert all(read_page(answer.text).all("h1") for answer in answers)


@pytest.mark.parametrize(
    "place",
    ["/law/clauses/no/1", f"/law/clauses/{PLAN}/9.9", "/law/rules/no", "/law/procedures/no", "/law/documents/no"],
)
def test_what_there_is_not_is_a_helpful_404(real_service: Service, place: str) -> None:
    answer = real_service.get(f"{place}?lang=zh-CN", **CHINESE)

    assert answer.status_code == 404
    assert "没有找到" in answer.text
