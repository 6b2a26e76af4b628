"""The whole proof: what it finds with a scenario, and the certificate of a rulebook that is sound."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import pytest

from app.rulebook import Verification, verify
from tests.support.make_rulebook import make_rulebook, with_change

RULES: Final = "topics/shop/rules.yaml"
NOW: Final = datetime(2026, 11, 22, 12, tzinfo=UTC)


def verified(folder: Path, *, files: dict[str, str] | None = None) -> Verification:
    """The proof of the small rulebook, or of one with other files."""
    return verify(make_rulebook(folder, files=files), made_at=NOW, workers=1)


def contradictory() -> dict[str, str]:
    """The small rulebook without the override that keeps two rules apart."""
    return with_change(RULES, "    overrides: [commitment_for_small]\n", "")


def test_sound_rulebook_gets_a_certificate(tmp_path: Path) -> None:
    verification = verified(tmp_path)

    assert verification.findings == ()
    assert verification.certificate is not None
    assert verification.certificate.complete


def test_certificate_says_what_was_gone_through(tmp_path: Path) -> None:
    certificate = verified(tmp_path).certificate
    assert certificate is not None

    (topic,) = certificate.topics

    assert topic.days == (date(2019, 1, 1), date(2020, 12, 30), date(2021, 6, 1))
    assert (topic.procedures, topic.rules, topic.facts) == (2, 2, 6)
    # Night or not, goods or none, fit-out or not, commitment or not; no area, small, large: never none by night.
    assert topic.scenarios == 2 * 2 * 2 * (2 * 3 - 1)
    assert topic.constraints == ("no_shop_without_area",)
    assert topic.defaults == {"choose_commitment": True}


def test_certificate_names_release_day_and_software_and_is_plain_json(tmp_path: Path) -> None:
    rulebook = make_rulebook(tmp_path)
    certificate = verify(rulebook, made_at=NOW, workers=1).certificate
    assert certificate is not None

    record = json.loads(json.dumps(certificate.as_json()))

    assert record["release"] == {"version": rulebook.version, "content_hash": rulebook.content_hash}
    assert record["made_at"] == "2026-11-22T12:00:00+00:00"
    assert record["software"]["hash"].startswith("sha256:")
    assert record["topics"][0]["scenarios"] == "40"


def test_contradiction_comes_with_a_scenario_and_leaves_no_certificate(tmp_path: Path) -> None:
    verification = verified(tmp_path, files=contradictory())

    (finding,) = verification.errors
    example = verification.counterexamples[finding]

    assert verification.certificate is None
    assert finding.code == "contradiction"
    assert (example.topic, example.day) == ("shop", date(2021, 6, 1))
    assert example.facts["open_by_night"] is True
    assert example.codes == ("commitment_for_small", "waived_by_night", "licence")


def test_topics_proved_side_by_side_come_to_the_same(tmp_path: Path) -> None:
    rulebook = make_rulebook(tmp_path, files=contradictory())

    assert verify(rulebook, made_at=NOW, workers=2) == verify(rulebook, made_at=NOW, workers=1)


def test_unknown_topic_is_refused(tmp_path: Path) -> None:
    rulebook = make_rulebook(tmp_path)

    with pytest.raises(KeyError):
        verify(rulebook, made_at=NOW, topics=["bar"])
