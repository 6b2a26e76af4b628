"""The notice, opened again: everything the guide says is on it, in the guide's own words."""

import pytest

from app.documents import notice_file
from app.wording import phrases_in
from tests.documents.real import cases, original
from tests.support.read_docx import ReadDocument

WAREHOUSE = ("build_project", "plain_private_warehouse_3000")
PHARMACY = ("open_pharmacy", "class_b_on_15_september_2021")
GUIDES = [WAREHOUSE, PHARMACY, ("food_business", "large_restaurant_2024"), ("open_clinic", "plan_day_general")]
LANGUAGES = ["zh-CN", "en"]


def opened(topic: str, case: str, lang: str = "zh-CN") -> ReadDocument:
    return ReadDocument(notice_file(original(topic, case, lang)).body)


def headed(lang: str, part: str) -> str:
    return phrases_in(lang).say(f"notice.{part}")  # type: ignore[arg-type]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("case", GUIDES, ids=lambda case: case[0])
def test_the_steps_stand_in_order_with_office_and_time(case: tuple[str, str], lang: str) -> None:
    sheet, guide = opened(*case, lang), original(*case, lang).guide
    named = {item["code"]: item for item in guide["procedures"]}
    rows, path = sheet[headed(lang, "steps")].rows[1:], guide["path"]["steps"]

    assert [row[0].split("\n")[0] for row in rows] == [str(step["number"]) for step in path]
    items = [(row, named[code]) for row, step in zip(rows, path, strict=True) for code in step["procedures"]]
    assert all(item["everyday_name"] in row[1] and item["authority"] in row[2] for row, item in items)
    not_found = phrases_in(lang).say("document.not_found")  # type: ignore[arg-type]
    assert [row[3] == not_found for row in rows] == [step["days"] is None for step in path]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("case", GUIDES, ids=lambda case: case[0])
def test_every_part_of_the_guide_is_told(case: tuple[str, str], lang: str) -> None:
    words, guide = opened(*case, lang).words, original(*case, lang).guide

    told = [
        guide["answer"],
        *(item["everyday_name"] for item in guide["procedures"]),
        *(one["text"] for group in ("entitlements", "obligations", "notes") for one in guide[group]),
        *(one["answer"] for one in guide["answers"]),
        *(source["cite"] for item in guide["procedures"] for source in item["basis"]),
        *(source["quote"] for item in guide["procedures"] for source in item["basis"] if source["quote"]),
        *(note for item in guide["procedures"] for note in item.get("notes", [])),
        guide["release"]["version"],
    ]
    assert [text for text in told if text not in words] == []


@pytest.mark.parametrize("case", GUIDES, ids=lambda case: case[0])
def test_the_checklist_holds_as_many_papers_as_the_guide_counts(case: tuple[str, str]) -> None:
    sheet, guide = opened(*case), original(*case).guide

    rows = sheet["材料清单"].rows[1:]
    assert len(rows) == guide["path"]["after"]["materials"]
    assert {row[0] for row in rows} <= {"□"}


def test_a_paper_that_several_procedures_need_stands_once_with_all_of_them() -> None:
    (row,) = [row for row in opened(*WAREHOUSE)["材料清单"].rows if row[1].startswith("规划许可证件")]

    assert "可以后补" in row[1]
    assert row[2] == "施工许可"


def test_totals_over_what_is_not_known_say_at_least() -> None:
    texts = opened(*WAREHOUSE)["先办什么"].texts

    assert any(text.startswith("按这一天的规定：") and "至少5个工作日" in text for text in texts)
    assert any("多长时间没有查到" in text for text in texts)
    assert any("联合验收：1日" in text for text in texts)


def test_a_path_of_no_known_length_names_no_number() -> None:
    texts = opened(*PHARMACY)["先办什么"].texts

    assert any("多长时间没有查到" in text and "当日" not in text for text in texts)


def test_what_comes_besides_says_when_to_apply_for_it() -> None:
    words = opened("open_clinic", "first_day_two_steps")["先办什么"].words

    assert "校验期满前3个月申请" in words


def test_what_is_barred_is_told_first_and_has_no_steps() -> None:
    case = ("open_clinic", "tcm_practice_2_99")
    sheet, guide = opened(*case), original(*case).guide

    reasons = [item["reason"] for item in guide["barriers"] if item["applies"]]
    assert reasons
    assert set(reasons) <= set(sheet["结论"].texts)
    assert sheet["先办什么"].rows == []


def test_what_is_open_is_told_with_what_would_settle_it() -> None:
    case = ("open_pharmacy", "nothing_answered_before")
    sheet, guide = opened(*case), original(*case).guide

    part = sheet["还没有定的"].texts
    asked = [item["question"] for item in guide["questions"] if not item["optional"]]
    assert asked
    assert set(asked) <= set(part)


def test_the_address_is_on_it_as_a_picture_with_words() -> None:
    (picture,) = opened(*PHARMACY).document.inline_shapes

    assert "ACD-EFG-HJKM" in picture._inline.docPr.get("descr")


def test_the_same_guide_gives_the_same_bytes_and_another_language_others() -> None:
    kept = original(*PHARMACY)

    assert notice_file(kept) == notice_file(kept)
    assert notice_file(kept).body != notice_file(original(*PHARMACY, "en")).body
    assert notice_file(kept).plain_name == "notice-open_pharmacy-ACDEFGHJKM.docx"


@pytest.mark.slow
def test_every_kind_of_guide_gets_its_notice() -> None:
    """A sweep: no guide has anything that cannot be put on paper."""
    sheets = [opened(topic, case, lang) for topic, case in cases(90) for lang in LANGUAGES]

    assert len(sheets) >= 2 * len(GUIDES)
    assert all(len(sheet.parts) >= 8 for sheet in sheets)
