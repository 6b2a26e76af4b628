"""Every fault planted in a copy of the real rulebook is caught, with its file, its line and what to do about it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import pytest

from app.engine import compile_topic
from app.errors import Finding
from app.rulebook import check, folder, run_cases, verify
from tests.planted.faults import ALL
from tests.planted.planting import TOPIC, Copy, Plant

#: What a message has to say: not only what is wrong, but what to do.
CURE = re.compile(
    r"\b(did you mean|takes?|take out|write|give|narrow|mend|let one|bring|spell|name|look at|fill|put|here belong|keep"
    r"|comes after|say it|add it|copy it|make it|date|cover|find|read|cite)\b"
)


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    """One copy for all faults, each taken back after its test; what stands in files without a fault is parsed once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(folder, "read", lru_cache(maxsize=None)(folder.read))
        yield Copy(tmp_path_factory.mktemp("planted"))


@pytest.fixture
def copy(copied: Copy) -> Iterator[Copy]:
    yield copied
    copied.mend()


def found(plant: Plant, root: Path) -> list[Finding]:
    """What the first who can find it says."""
    report = check(root, prove=False)
    if plant.by == "check" or report.draft is None:
        return list(report.findings)
    assert report.errors == (), report.errors
    if plant.by == "verify":
        moment = datetime(2026, 11, 22, tzinfo=UTC)
        return list(verify(report.draft, made_at=moment, topics=[TOPIC], workers=1).findings)
    book = report.draft.topics[TOPIC]
    compiled = compile_topic(book.topic)
    failed = next(result for result in run_cases(book, lambda _: compiled) if not result.passed)
    place = failed.case.place
    said = "; ".join([*map(str, failed.differences), failed.cure])
    return [Finding(place.file, place.mark.line, place.mark.column, plant.code, said)]


@pytest.mark.parametrize("plant", ALL, ids=lambda plant: plant.name)
def test_planted_fault_is_caught_with_its_place_and_a_cure(plant: Plant, copy: Copy) -> None:
    plant.plant(copy)

    caught = [finding for finding in found(plant, copy.root) if finding.code == plant.code]

    here = [finding for finding in caught if finding.file.endswith(plant.file)]
    assert here, caught
    assert [finding.message for finding in here if not CURE.search(finding.message)] == []
    assert all(finding.line > 0 or plant.code == "unknown_file" for finding in here), here


def test_forty_faults_and_more_are_planted_each_in_another_way() -> None:
    assert len({plant.name for plant in ALL}) == len(ALL) >= 40
    assert len({plant.code for plant in ALL if plant.by != "test"}) >= 35
