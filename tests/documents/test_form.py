"""Letters of commitment and filing forms, opened again: every field holds what the guide says, the rest is blank."""

import io
import zipfile
from dataclasses import replace
from typing import Any

import pytest

from app.documents import DOCX, Original, form_file, has_form
from app.errors import NoDocument
from app.wording import phrases_in
from tests.documents.real import ADDRESS, KEPT_AT, original, with_forms
from tests.support.read_docx import ReadDocument

PHARMACY = ("open_pharmacy", "class_b_on_15_september_2021", "drug_retail_license")
FORMS = [
    PHARMACY,
    ("build_project", "plain_private_warehouse_3000", "construction_permit"),
    ("food_business", "prepackaged_in_ftz_march_2021", "food_prepackaged_filing"),
    ("open_clinic", "plan_day_general", "clinic_filing"),
    ("food_business", "large_restaurant_2024", "public_gathering_fire_check"),
]
LANGUAGES = ["zh-CN", "en"]


def opened(topic: str, case: str, code: str, lang: str = "zh-CN") -> tuple[ReadDocument, dict[str, Any]]:
    """The form, read again, beside the procedure of the guide."""
    kept = original(topic, case, lang)
    (item,) = [one for one in kept.guide["procedures"] if one["code"] == code]
    return ReadDocument(form_file(kept, code).body), item


def headed(lang: str, part: str) -> str:
    """The heading of a part."""
    return phrases_in(lang).say(f"document.{part}")  # type: ignore[arg-type]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form[2])
def test_the_procedure_is_filled_in_and_the_applicant_is_blank(form: tuple[str, str, str], lang: str) -> None:
    sheet, item = opened(*form, lang)
    applicant, stated = sheet[headed(lang, f"applicant.{item['treatment']}")], sheet[headed(lang, "item.heading")]

    told = [value for _, value in stated.rows]
    assert sheet.title == headed(lang, f"form.{item['treatment']}")
    assert {value for _, value in applicant.rows} == {""}
    assert {row[0] for row in applicant.rows} >= set(item.get("form_fields", ()))
    assert len(applicant.rows) >= 6
    assert {item["code"], item["authority"], item["item_type"], item["level"], item["treatment_name"]} <= set(told)
    assert any(item["name"] in value for value in told)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form[2])
def test_every_answer_condition_and_paper_of_the_guide_stands_in_it(form: tuple[str, str, str], lang: str) -> None:
    sheet, item = opened(*form, lang)
    guide = original(form[0], form[1], lang).guide

    answers = {row[0] for row in sheet[headed(lang, "answers.heading")].rows[1:]}
    conditions, papers = sheet[headed(lang, "conditions.heading")], sheet[headed(lang, "materials.heading")]
    assert answers == {one["name"] for one in guide["answers"]}
    assert all(one["text"] in conditions.words for one in item["conditions"])
    assert all(one["name"] in papers.words for one in item["materials"] or ())
    assert (item["authority"] in papers.words) is (not item["materials_complete"])


def test_a_dropped_condition_is_said_to_be_dropped_and_stands_in_no_table() -> None:
    sheet, _ = opened(*PHARMACY)
    part = sheet["告知的条件"]

    assert any("350米" in text and "取消" in text for text in part.texts)
    assert all("350米" not in row[0] for row in part.rows)


def test_answers_taken_by_default_are_marked() -> None:
    sheet, _ = opened(*PHARMACY)

    assert sheet["您的情形"].fields["愿意用告知承诺"] == "是（默认，可以改）"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form[2])
def test_every_source_is_cited_with_its_words_and_how_it_was_seen(form: tuple[str, str, str], lang: str) -> None:
    sheet, item = opened(*form, lang)
    basis = sheet[headed(lang, "basis.heading")]

    marks = phrases_in(lang)  # type: ignore[arg-type]
    pairs = list(zip(basis.rows, item["basis"], strict=True))
    assert all(source["cite"] in row[0] and source["title"] in row[0] for row, source in pairs)
    assert all((source["quote"] or source["summary"]) in row[1] for row, source in pairs)
    assert all(marks.say(f"verification.{source['verification']}") in row[1] for row, source in pairs)


@pytest.mark.parametrize(
    ("form", "lang", "said"),
    [
        (FORMS[0], "zh-CN", "不选的，按“优化服务”办理。"),
        (FORMS[1], "zh-CN", "不选的，并到“规划许可”里一起办理。"),
        (FORMS[1], "en", "Without it this is handled together with planning permit."),
        (FORMS[4], "zh-CN", "不选的，按“一般程序”办理。"),
    ],
)
def test_a_commitment_names_what_applies_without_it(form: tuple[str, str, str], lang: str, said: str) -> None:
    sheet, _ = opened(*form, lang)

    assert said in sheet[headed(lang, "option.heading")].words


def test_a_filing_says_when_it_is_made() -> None:
    sheet, _ = opened(*FORMS[3])

    assert "事前备案" in sheet["备案不是许可"].words


def test_a_filing_asks_for_what_its_own_form_asks_for() -> None:
    sheet, item = opened(*FORMS[3])

    labels = [row[0] for row in sheet["备案人"].rows]
    assert len(item["form_fields"]) == 11
    assert labels[6:] == item["form_fields"]


def test_checks_and_consequences_are_those_of_the_procedure_alone() -> None:
    sheet, _ = opened(*PHARMACY)
    guide = original(*PHARMACY[:2]).guide
    mine = [one for one in guide["obligations"] if PHARMACY[2] in one["procedures"]]
    others = [one for one in guide["obligations"] if PHARMACY[2] not in one["procedures"]]

    checks, rest = sheet["事后检查"].words, sheet["不守的后果"].words
    assert {one["code"] for one in mine if one["text"] in checks} == {
        one["code"] for one in mine if one["kind"] == "check"
    }
    assert {one["code"] for one in mine if one["text"] in rest} == {
        one["code"] for one in mine if one["kind"] != "check"
    }
    assert [one["code"] for one in others if one["text"] in sheet.words] == []
    assert any("撤销许可" in one["text"] for one in mine)


def test_a_guide_kept_before_obligations_named_their_procedures_gives_all_of_them() -> None:
    kept = original(*PHARMACY[:2])
    older = [{key: one[key] for key in one if key not in ("kind", "procedures")} for one in kept.guide["obligations"]]

    sheet = ReadDocument(form_file(replace(kept, guide={**kept.guide, "obligations": older}), PHARMACY[2]).body)

    assert [one["code"] for one in older if one["text"] not in sheet["不守的后果"].words] == []


def test_the_signatures_are_boxes_for_both_sides() -> None:
    sheet, item = opened(*PHARMACY)
    ((applicant, authority),) = sheet["签章"].rows

    assert applicant.startswith("申请人（签章）")
    assert authority.startswith(item["authority"])
    assert "年　　月　　日" in applicant


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_foot_of_each_page_names_the_reference_and_that_it_is_an_aid(lang: str) -> None:
    sheet, _ = opened(*PHARMACY, lang)
    fields = sheet.document.sections[0].footer._element.xpath(".//w:instrText/text()")

    assert "ACD-EFG-HJKM" in sheet.footer
    assert headed(lang, "aid") in sheet.footer
    assert fields == ["PAGE", "NUMPAGES"]
    assert ADDRESS in sheet.words


def test_whom_to_ask_first_is_named() -> None:
    sheet, item = opened(*FORMS[3])

    assert item["confirm_with"]["why"] in sheet[headed("zh-CN", "basis.heading")].words


# ---- the paper ---------------------------------------------------------------------------------------------


def test_it_is_a4_with_margins_and_chinese_typefaces() -> None:
    sheet, _ = opened(*PHARMACY)
    section, styles = sheet.document.sections[0], sheet.document.styles

    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)  # type: ignore[union-attr]
    assert round(section.left_margin.mm) == 26  # type: ignore[union-attr]
    fonts = {name: styles[name].element.rPr.rFonts for name in ("Normal", "Title", "Heading 1")}
    chinese = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}eastAsia"
    assert [font.get(chinese) for font in fonts.values()] == ["仿宋", "宋体", "黑体"]


@pytest.mark.parametrize(("lang", "tag"), [("zh-CN", "zh-CN"), ("en", "en-GB")])
def test_programs_that_read_aloud_are_told_the_language(lang: str, tag: str) -> None:
    sheet, _ = opened(*PHARMACY, lang)

    tags = sheet.document.styles.element.xpath("w:docDefaults//w:lang/@w:val")
    assert (tags, sheet.document.core_properties.language) == ([tag], lang)


def test_a_machine_without_the_typefaces_is_told_what_to_take() -> None:
    body = form_file(original(*PHARMACY[:2]), PHARMACY[2]).body
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        fonts = parts.read("word/fontTable.xml").decode()

    assert all(name in fonts for name in ("仿宋", "FangSong", "SimSun", "Noto Serif CJK SC"))


def test_the_same_guide_gives_the_same_bytes() -> None:
    kept = original(*PHARMACY[:2])

    first, again = form_file(kept, PHARMACY[2]), form_file(replace(kept), PHARMACY[2])

    assert first == again
    assert first.media_type == DOCX


def test_nothing_in_the_file_tells_when_or_where_it_was_made() -> None:
    sheet, _ = opened(*PHARMACY)
    about = sheet.document.core_properties
    with zipfile.ZipFile(io.BytesIO(form_file(original(*PHARMACY[:2]), PHARMACY[2]).body)) as parts:
        times = {part.date_time for part in parts.infolist()}

    assert times == {(1980, 1, 1, 0, 0, 0)}
    assert (about.created, about.modified) == (KEPT_AT, KEPT_AT)
    assert (about.author, about.last_modified_by) == ("", "")
    assert "ACDEFGHJKM" in about.title


def test_the_file_is_named_in_its_language_and_in_ascii() -> None:
    file = form_file(original(*PHARMACY[:2]), PHARMACY[2])

    assert file.name == "告知承诺书 药店许可证 ACDEFGHJKM.docx"
    assert file.plain_name == "commitment-drug_retail_license-ACDEFGHJKM.docx"


# ---- for which procedures ------------------------------------------------------------------------------------


def test_every_commitment_and_filing_of_the_worked_examples_has_its_form() -> None:
    forms = with_forms(14)

    sheets = [ReadDocument(form_file(original(topic, case), code).body) for topic, case, code in forms]

    assert len(forms) >= 5
    assert all(len(sheet.parts) == 13 for sheet in sheets)


@pytest.mark.parametrize("code", ["no_such_code", "gsp_certification", "pharmacy_acceptance"])
def test_no_other_procedure_has_one(code: str) -> None:
    with pytest.raises(NoDocument):
        form_file(original(*PHARMACY[:2]), code)


def test_an_undecided_procedure_has_no_form() -> None:
    kept = original("open_pharmacy", "nothing_answered_before")
    undecided = [item for item in kept.guide["procedures"] if not item["decided"]]

    assert undecided
    assert not any(has_form(item) for item in undecided)


def test_a_guide_kept_under_no_known_address_leaves_it_out() -> None:
    kept = original(*PHARMACY[:2])

    sheet = ReadDocument(form_file(Original(kept.guide, kept.reference, kept.kept_at, None), PHARMACY[2]).body)

    assert "http" not in sheet["本稿从哪里来"].words
