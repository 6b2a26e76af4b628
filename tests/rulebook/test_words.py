"""Chinese in English texts: allowed in brackets, quotes, titles and document numbers, nowhere else."""

from pathlib import Path

import pytest

from app.rulebook import check
from tests.support.make_rulebook import with_change, write_rulebook


def warnings(folder: Path, english: str) -> list[str]:
    """What is said of the English words."""
    files = with_change("topics/shop/rules.yaml", "en: Keep your word", f"en: '{english}'")
    return [finding.code for finding in check(write_rulebook(folder, files=files), prove=False).findings]


@pytest.mark.parametrize(
    "english",
    [
        "the office (区局) decides",
        'the form says "承诺书"',
        "under 京政办发〔2020〕26号",
        "the Measures 《食品经营许可和备案管理办法》",
        "the window (大厅 (二层)) is open",
    ],
)
def test_official_names_may_stand_in_english(tmp_path: Path, english: str) -> None:
    assert warnings(tmp_path, english) == []


@pytest.mark.parametrize("english", ["ask the 区局", "sign the 承诺书 first (form)"])
def test_bare_chinese_in_english_is_a_warning(tmp_path: Path, english: str) -> None:
    assert warnings(tmp_path, english) == ["chinese_in_english"]
