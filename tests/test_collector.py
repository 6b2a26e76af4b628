"""Memory is given back where it can be: what a process of ours keeps is what it needs."""

import ctypes
from pathlib import Path

import pytest

from app.collector import give_memory_back
from app.storage import Database
from tests.support.make_rulebook import make_rulebook
from tests.support.release_process import Process, with_process

pytestmark = pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="only glibc can be asked")

_PIECES = 2_000
_PIECE_BYTES = 50_000


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4_096


def test_what_is_no_longer_needed_is_given_back() -> None:
    pieces = [bytes([number % 251]) * _PIECE_BYTES for number in range(_PIECES)]
    last = pieces[-1]
    del pieces
    before = _resident_bytes()

    give_memory_back()

    assert before - _resident_bytes() > _PIECES * _PIECE_BYTES // 2
    assert last


@pytest.mark.parametrize(("owns_process", "times"), [(True, 1), (False, 0)])
def test_what_making_a_release_ready_took_is_given_back_where_the_process_is_ours(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, owns_process: bool, times: int
) -> None:
    given_back: list[bool] = []
    monkeypatch.setattr("app.releases.watching.give_memory_back", lambda: given_back.append(True))

    async def work(process: Process, database: Database) -> None:
        process.watch.owns_process = owns_process
        await process.watch._warm(process.editions.active())

    with_process(f"sqlite:///{tmp_path / 'x.db'}", make_rulebook(tmp_path / "rules"), tmp_path, work)

    assert len(given_back) == times
