"""What is known of the processes a test has started."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.processes import Busy, begun_by

_SLEEPER = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'print(1, flush=True); input()'])"

_WORKER = "import os\nos.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\nwhile True: pass"


def test_children_of_children_are_found() -> None:
    with subprocess.Popen([sys.executable, "-c", _SLEEPER], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        found = begun_by(child.pid)
        child.communicate(b"\n")

    assert found[0] == child.pid
    assert len(found) == 2


def test_waiting_for_a_processor_is_counted() -> None:
    """Three that want to work at once share one processor: each stands waiting most of the time."""
    if not _counted():
        pytest.skip("this kernel does not count it")

    busy = Busy(os.getpid())
    together = [subprocess.Popen([sys.executable, "-c", _WORKER]) for _ in range(3)]
    time.sleep(1)
    waited = busy.seconds()
    for one in together:
        one.kill()
        one.wait()

    assert waited > 0.5


def _counted() -> bool:
    """Whether this kernel keeps count."""
    place = Path("/proc/self/schedstat")
    return place.exists() and any(map(int, place.read_text().split()))
