"""The report on two rulebooks: sentences in both languages, cases that move, and the page that stands by itself."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, get_args

import pytest

from app.impact import impact_report, laid_out, page_of
from app.rulebook import (
    CONDITIONS,
    ConstraintEntry,
    DefinitionEntry,
    Entry,
    FactEntry,
    PolicyFile,
    ProcedureEntry,
    Rulebook,
    RuleEntry,
    Text,
    load,
)
from app.wording import LANGUAGES, Language, phrases_in
from tests.support.make_rulebook import rulebook_files, with_change, with_more, write_rulebook

TODAY = date(2026, 11, 22)
TOPIC, RULES, CASES = "topics/shop/topic.yaml", "topics/shop/rules.yaml", "topics/shop/cases.yaml"
CASE = """\
  - code: tea_by_day
    title: {zh: 白天卖茶, en: Tea by day}
    as_of: 2022-03-01
    facts: {open_by_night: false, goods: [tea], area_m2: 120, fits_out: false, choose_commitment: true}
    clause: law#1
    expect:
      procedures:
        licence: {treatment: standard}
"""
IDEOGRAPH = re.compile(r"[\u3400-\u9fff]")


def report_on(tmp_path: Path, files: dict[str, str], *, lang: Language = "en") -> dict[str, Any]:
    """The report from the small rulebook to these files."""
    return impact_report(_loaded(tmp_path / "old", None), _loaded(tmp_path / "new", files), phrases_in(lang), TODAY)


def _loaded(folder: Path, files: dict[str, str] | None) -> Rulebook:
    return load(write_rulebook(folder, files=files))


def raised(*, files: dict[str, str] | None = None) -> dict[str, str]:
    """The small rulebook's files with a higher threshold of a small shop."""
    return with_change(TOPIC, "below: 100", "below: 150", files=files)


def test_the_summary_says_what_changes_whom_it_touches_and_since_when(tmp_path: Path) -> None:
    assert report_on(tmp_path, raised())["summary"]["text"] == (
        "Changes to the rules: 1 (changed: 1). It touches “Open a small shop”; procedures concerned: 2. Newly taken in"
        " by “small shop”: floor area: at least 100 m², and floor area: under 150 m². The first law under which a"
        " treatment differs is that of 1 January 2019."
    )


def test_the_summary_is_in_chinese_too(tmp_path: Path) -> None:
    text = report_on(tmp_path, raised(), lang="zh-CN")["summary"]["text"]

    assert text.startswith("规则有1项变化（修改1项）。影响“我要开小店”，涉及2个事项。新纳入“小店”的是：")


def test_words_alone_move_nothing_and_stand_apart(tmp_path: Path) -> None:
    report = report_on(tmp_path, with_change(RULES, "en: Waived by night", "en: No licence by night"))

    assert (report["topics"], report["homes"][0]["changes"]) == ([], [])
    assert [entry["code"] for entry in report["homes"][0]["wording"]] == ["waived_by_night"]
    assert report["summary"]["text"].startswith("Nothing changed but wording (entries: 1).")


def test_a_case_that_moves_is_named_with_what_it_expected(tmp_path: Path) -> None:
    (case,) = report_on(tmp_path, raised(files=with_more(CASES, CASE)))["topics"][0]["cases"]

    assert (case["case"], case["as_expected"]) == ("shop::tea_by_day", False)
    assert [(move["code"], move["before"], move["after"]) for move in case["moves"]] == [
        ("licence", ["standard"], ["commitment"])
    ]


def test_law_of_today_is_told_before_law_of_the_past(tmp_path: Path) -> None:
    ended = with_change(RULES, "effective: {from: 2020-12-30}", "effective: {from: 2021-02-01}")
    (licence,) = [item for item in report_on(tmp_path, ended)["topics"][0]["procedures"] if item["code"] == "licence"]
    (stretch,) = licence["stretches"]

    assert (stretch["from"], stretch["to"], stretch["is_past"]) == (date(2020, 12, 30), date(2021, 2, 1), True)


def test_a_long_condition_is_told_by_the_parts_that_differ(tmp_path: Path) -> None:
    both = "when: {all: [{definition: is_small}, {fact: fits_out, is: false}]}"
    before = with_change(RULES, "when: {definition: is_small}", both)
    after = with_change(RULES, both, both.replace("is: false", "is: true"), files=before)
    old, new = _loaded(tmp_path / "old", before), _loaded(tmp_path / "new", after)
    (field,) = impact_report(old, new, phrases_in("en"), TODAY)["homes"][0]["changes"][0]["fields"]

    assert (field["before"], field["after"], field["unchanged_parts"]) == (
        "it is not fitted out",
        "it is fitted out",
        1,
    )


def test_a_new_rule_is_told_with_all_that_it_says(tmp_path: Path) -> None:
    rule = """\
  - code: filed_with_wine
    title: {zh: 卖酒的备案, en: Wine shops file}
    basis: [law#1]
    force: binding
    effective: {from: 2027-01-01}
    when: {fact: goods, contains: wine}
    overrides: [commitment_for_small, waived_by_night]
    then:
      - {procedure: licence, treatment: filing, filing_timing: post}
"""
    report = report_on(tmp_path, with_more(RULES, rule))
    (change,) = report["homes"][0]["changes"]
    told = {field["name"]: field["after"] for field in change["fields"]}

    assert change["what"] == "added"
    assert told["condition"] == "goods: wine among them"
    assert told["in force"] == "from 1 January 2027 on"
    assert "filing" in told["effects"]
    assert report["summary"]["from_day"] == date(2027, 1, 1)


def test_scenarios_that_only_one_version_takes_are_said_not_to_be_compared(tmp_path: Path) -> None:
    never = "constraints: [{code: tea_by_day, says: {zh: 夜里不卖茶, en: No tea by night}, common_sense: true,"
    never += " never: {all: [{fact: open_by_night, is: true}, {fact: goods, contains: tea}]}}]"
    report = report_on(tmp_path, with_change(TOPIC, "constraints: []", never, files=_without_case()))

    assert report["not_compared"] == ["shop"]
    assert "In “Open a small shop” the answers taken changed too" in report["summary"]["text"]
    assert report_on(tmp_path / "again", raised())["not_compared"] == []


def _without_case() -> dict[str, str]:
    return rulebook_files(cases="cases: []\n")


# ---- the page ----------------------------------------------------------------------------------------


class Outline(HTMLParser):
    """The tags of a page, with whatever would fetch or run something."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attributes if name in ("src", "href", "action")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_stands_by_itself(tmp_path: Path, lang: Language) -> None:
    page = page_of(report_on(tmp_path, raised(files=with_more(CASES, CASE)), lang=lang))
    outline = Outline(page)

    assert outline.addresses == []
    assert not {"script", "link", "img", "iframe"} & set(outline.tags)
    assert "url(" not in page
    assert f'<html lang="{lang}">' in page


def test_the_english_page_has_no_chinese(tmp_path: Path) -> None:
    shown = re.sub(r"<style>.*?</style>", "", page_of(report_on(tmp_path, raised())), flags=re.DOTALL)

    assert not IDEOGRAPH.search(shown)


def test_words_of_the_rulebook_are_no_markup(tmp_path: Path) -> None:
    page = page_of(report_on(tmp_path, with_change(RULES, "en: Waived by night", 'en: "<b>night</b>"')))

    assert "&lt;b&gt;night&lt;/b&gt;" in page
    assert "<b>night" not in page


def test_classes_over_the_bound_are_counted_and_never_dropped_silently(tmp_path: Path) -> None:
    report = report_on(tmp_path, raised())
    stretch = report["topics"][0]["procedures"][0]["stretches"][0]
    stretch["classes"] = stretch["classes"][:1] * 11
    page = laid_out(report, phrases_in("en"))
    (days,) = page.topics[0].groups[1].items[0].current

    assert (len(days.rows), days.more) == (8, 3)
    assert "and 3 more classes" in page_of(report)


def test_a_topic_that_only_one_rulebook_has_is_named(tmp_path: Path) -> None:
    whole = _loaded(tmp_path, None)
    without = replace(whole, topics={}, content_hash="sha256:other")

    for old, new, key in ((without, whole, "added"), (whole, without, "removed")):
        report = impact_report(old, new, phrases_in("en"), TODAY)
        assert [topic["code"] for topic in report[key]] == ["shop"]
        assert "Open a small shop" in page_of(report)


# ---- words -------------------------------------------------------------------------------------------


def law_keys(model: type[Entry]) -> Iterator[str]:
    """Every key under which a kind of entry, or an entry inside it, says something; a condition says it as a whole."""
    for name, field in model.model_fields.items():
        if name not in {"place", "code", "id"}:
            yield field.alias or name
            yield from (key for inner in _entries_in(field.annotation) for key in law_keys(inner))


def _entries_in(annotation: object) -> Iterator[type[Entry]]:
    if isinstance(annotation, type) and issubclass(annotation, Entry):
        if annotation not in (*CONDITIONS, Text):
            yield annotation
        return
    for part in get_args(annotation):
        yield from _entries_in(part)


@pytest.mark.parametrize("model", [RuleEntry, ProcedureEntry, DefinitionEntry, ConstraintEntry, FactEntry, PolicyFile])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_key_of_the_law_has_a_name(model: type[Entry], lang: Language) -> None:
    phrases = phrases_in(lang)

    assert sorted(key for key in set(law_keys(model)) if not phrases.has(f"impact.field.{key}")) == []


def test_where_many_procedures_move_each_is_a_line_that_opens_below_the_overview(tmp_path: Path) -> None:
    report = report_on(tmp_path, raised())
    few = page_of(report)
    moved = [one for one in report["topics"][0]["procedures"] if one["facet"] == "outcome"] * 5
    report["topics"][0]["procedures"] = moved

    many = page_of(report)

    assert few.count('<span class="name">') == 0
    assert many.count('<span class="name">') == len(moved)
    assert "classes</span></summary>" in many
