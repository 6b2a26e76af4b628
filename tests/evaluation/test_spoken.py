"""Which procedures the spoken answer names, and what it says of days that are not working days."""

from datetime import date
from pathlib import Path

import pytest

from app.evaluation import EvaluateRequest, Evaluator
from tests.support.make_rulebook import TOPIC, make_rulebook, with_change, with_more

_FACTS = {"open_by_night": False, "goods": ["tea"], "area_m2": 200, "fits_out": True, "district": "east"}
_PREMISES = "shared/premises/procedures.yaml"
_LICENCE = f"topics/{TOPIC}/procedures.yaml"
_SEAL = """  - code: seal
    name: {zh: 刻章, en: Seal}
    everyday_name: {zh: 公章, en: seal}
    kind: service
    item_type: licensing
    authority: office
    level: city
    basis: [law#1]
  - code: registration
    name: {zh: 登记, en: Registration}
    everyday_name: {zh: 执照, en: business licence}
    kind: approval
    item_type: licensing
    authority: office
    level: city
    limits: [{statutory: {value: 3, unit: working_day}, promised: null, basis: [law#1]}]
    basis: [law#1]
"""
_MERGED = """
  - code: seal_with_registration
    title: {zh: 公章随执照, en: The seal comes with the business licence}
    basis: [law#1]
    force: binding
    then: [{procedure: seal, treatment: merged, merged_into: registration}]
"""


def _answer(folder: Path, files: dict[str, str], *, night: bool = False, lang: str = "zh-CN") -> str:
    request = EvaluateRequest(TOPIC, {**_FACTS, "open_by_night": night}, date(2022, 3, 1), lang)
    told = Evaluator(make_rulebook(folder, files=files)).evaluate(request, date(2022, 3, 1)).guide["answer"]
    assert isinstance(told, str)
    return told


def _with_seal() -> dict[str, str]:
    return with_more(f"topics/{TOPIC}/rules.yaml", _MERGED, files=with_more(_PREMISES, _SEAL))


def test_the_topics_own_procedure_is_named_before_shared_ground_that_is_merged(tmp_path: Path) -> None:
    assert "公章" not in _answer(tmp_path, _with_seal())
    assert "许可证按一般程序办" in _answer(tmp_path, _with_seal())


def test_on_shared_ground_what_is_merged_is_named_after_what_it_is_merged_into(tmp_path: Path) -> None:
    told = _answer(tmp_path, _with_seal(), night=True)

    assert told.index("执照按一般程序办") < told.index("公章并到执照里一起办")


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh-CN", "所有手续走完至少3个工作日；许可证（20日）不按工作日算，没有加进去。"),
        (
            "en",
            "All of it takes at least 3 working days, not counting what is not given in working days: licence, 20 days",
        ),
    ],
)
def test_days_of_another_kind_are_said_to_be_left_out(tmp_path: Path, lang: str, said: str) -> None:
    files = with_change(_LICENCE, "unit: working_day", "unit: day_unspecified", files=_with_seal())

    assert said in _answer(tmp_path, files, lang=lang)


def test_many_procedures_of_another_kind_are_counted(tmp_path: Path) -> None:
    more = "".join(
        f"""  - code: {code}
    name: {{zh: {code}, en: {code}}}
    everyday_name: {{zh: {code}, en: {code}}}
    kind: approval
    item_type: licensing
    authority: office
    level: city
    limits: [{{statutory: {{value: 30, unit: calendar_day}}, promised: null, basis: [law#1]}}]
    basis: [law#1]
"""
        for code in ("sewage", "noise", "waste")
    )
    files = with_more(_PREMISES, more, files=_with_seal())

    assert "等3项不按工作日算，没有加进去。" in _answer(tmp_path, files)
