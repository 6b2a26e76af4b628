"""What a line of YAML means here, and where each thing stands."""

from datetime import date
from decimal import Decimal

import pytest

from app.rulebook.places import keys_of, without_places
from app.rulebook.reader import read, scalar


@pytest.mark.parametrize(
    "word", ["no", "yes", "on", "off", "No", "1:30", "0x1F", "1e3", "01", "1_000", "2021-9-1", "+1"]
)
def test_words_that_yaml_1_1_would_turn_are_text(word: str) -> None:
    assert scalar(word) == word


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("20", 20),
        ("-3", -3),
        ("0.50", Decimal("0.50")),
        ("2021-09-01", date(2021, 9, 1)),
    ],
)
def test_constants_numbers_and_days_are_read(word: str, value: object) -> None:
    assert scalar(word) == value


def test_quoted_words_are_text() -> None:
    document = read("a: '1'\nb: \"true\"\nc: |\n  2021-09-01\n", "f")

    assert without_places(document.data) == {"a": "1", "b": "true", "c": "2021-09-01\n"}


def test_keys_are_their_own_letters() -> None:
    document = read("true: 1\n01: 2\nnull: 3\n", "f")

    assert isinstance(document.data, dict)
    assert list(keys_of(document.data)) == ["true", "01", "null"]


def test_every_value_has_its_line_and_column() -> None:
    place = read("a:\n  - {b: 1}\n  - {b: [2, 3]}\n", "f").place

    assert repr(place.at("a", 1, "b", 1)) == "f:3:13"


def test_steps_that_lead_nowhere_are_passed_over() -> None:
    """Pydantic's paths name unions' members beside real keys."""
    place = read("when: {all: [{fact: a}]}\n", "f").place

    assert repr(place.at("when", "<all>", "all", 0, "<fact>", "fact")) == "f:1:21"


def test_faults_are_all_said_and_reading_goes_on() -> None:
    document = read("a: &x 1\nb: *x\nc: 1\nc: 2\nd: 2021-02-30\n", "f")

    assert [(finding.line, finding.code) for finding in document.findings] == [
        (1, "anchor"),
        (2, "anchor"),
        (4, "duplicate_key"),
        (5, "invalid_value"),
    ]


@pytest.mark.parametrize("text", ["a: 1\nb: '\ue001'\n", 'a: 1\nb: "x\\uE001"\n'])
def test_private_signs_which_no_font_shows_are_refused(text: str) -> None:
    (finding,) = read(text, "f").findings

    assert (finding.line, finding.code) == (2, "invalid_value")
    assert "U+E001" in finding.message


def test_open_bracket_is_found_where_it_opens() -> None:
    (finding,) = read("a: 1\nb: [1,\nc: 2\n", "f").findings

    assert (finding.line, finding.code) == (2, "syntax")


@pytest.mark.parametrize(
    "text", ["a: " + "[" * 9_000 + "]" * 9_000, "{a: " * 9_000, "\n".join(f"{' ' * n}a:" for n in range(900))]
)
def test_nesting_without_end_is_told_and_not_followed(text: str) -> None:
    document = read(text, "f")

    assert document.data is None
    assert "more than 50 lists and mappings" in document.findings[0].message


def test_nesting_that_a_rule_may_need_is_read() -> None:
    assert read("[" * 50 + "]" * 50, "f").findings == ()
