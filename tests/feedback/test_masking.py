"""What may name somebody is covered; figures of law and days are left as they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.feedback import mask_personal_data


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("电话13800138000，请回", "电话***，请回"),
        ("138-0013-8000", "***"),
        ("138 0013 8000", "***"),
        ("+86 138 0013 8000", "***"),
        ("１３８００１３８０００", "***"),
        ("010-65123456", "***"),
        ("身份证11010519491231002X。", "身份证***。"),
        ("卡号6222 0000 1111 2222 333", "卡号***"),
        ("写信到 zhang.san@example.com.cn 吧", "写信到 *** 吧"),
        ("20240301", "***"),
    ],
)
def test_numbers_and_addresses_are_covered(said: str, kept: str) -> None:
    assert mask_personal_data(said) == (kept, True)


@pytest.mark.parametrize(
    "said",
    [
        "面积5000平方米，投资100万元，20个工作日",
        "京政办发〔2020〕26号第12条，2024-03-01 起，2024/3/1，2024.12.31",
        "2024-03-01 2024-03-02 都去过",
        "12345 也说不清",
        "",
    ],
)
def test_figures_of_law_and_days_stay(said: str) -> None:
    assert mask_personal_data(said) == (said, False)


@given(
    st.text(alphabet="办事a ", max_size=5),
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.text("好。b", max_size=5),
)
def test_a_telephone_number_is_covered_wherever_it_stands(before: str, number: str, after: str) -> None:
    kept, is_masked = mask_personal_data(f"{before}{number}{after}")

    assert number not in kept
    assert is_masked
