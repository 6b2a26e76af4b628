"""`.ci/patiently`: a step of the set-up that asks the network is tried again, and a failure says which step it was."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
_COUNTED = 'echo x >> "$0"; test "$(wc -l < "$0")" -ge "$1"'


def patiently(*command: str) -> subprocess.CompletedProcess[str]:
    """A step run, without its pauses."""
    environment = {**os.environ, "PAUSES": "0 0"}
    words = [str(ROOT / ".ci" / "patiently"), "Installing the tools", *command]
    return subprocess.run(words, env=environment, capture_output=True, text=True, check=False)


def test_a_step_that_goes_well_is_done_once_and_nothing_is_said(tmp_path: Path) -> None:
    done = patiently("sh", "-c", _COUNTED, str(tmp_path / "done"), "1")

    assert (done.returncode, done.stderr, (tmp_path / "done").read_text()) == (0, "", "x\n")


def test_a_step_that_fails_by_chance_is_tried_again(tmp_path: Path) -> None:
    done = patiently("sh", "-c", _COUNTED, str(tmp_path / "done"), "3")

    assert done.returncode == 0
    assert done.stderr == "Installing the tools failed; trying again in 0 seconds ...\n" * 2


def test_a_step_that_cannot_be_done_says_which_it_was_and_fails_as_it_did() -> None:
    done = patiently("sh", "-c", "printf '%s\\n' no-index >&2; exit 7")

    assert done.returncode == 7
    assert done.stderr.splitlines().count("no-index") == 3
    assert "Installing the tools failed 3 times" in done.stderr
    assert "The command was: sh -c" in done.stderr


def test_every_download_of_the_set_up_is_patient() -> None:
    words = (ROOT / "Makefile").read_text("utf-8") + (ROOT / ".ci" / "make-venv").read_text("utf-8")
    steps = words.replace("\\\n", " ").splitlines()
    asking = [line for line in steps if "--require-hashes -r" in line or "apt-get -qq" in line]

    assert len(asking) >= 5
    assert [line for line in asking if "patiently" not in line] == []
