"""The image and its compose file, as far as they can be held to their word without an engine to build them."""

import json
import re
import shlex
import subprocess
import sys
import threading
import tomllib
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import yaml

from app.cli.serve import _GRACE_SECONDS
from app.settings import SETTINGS

_REPOSITORY = Path(__file__).parents[1]
_TOOLS = Path(sys.executable).parent
_DOCKERFILE = (_REPOSITORY / "Dockerfile").read_text("utf-8")
_COMPOSE = yaml.safe_load((_REPOSITORY / "compose.yaml").read_text("utf-8"))


def _instructions(text: str) -> list[tuple[str, str]]:
    """The Dockerfile's instructions, continued lines joined, comments left out."""
    bare = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    lines = [line.strip() for line in re.sub(r"\\\n\s*", "", bare).splitlines() if line.strip()]
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines)]


def _linted(tool: str, *words: str, given: str | None = None) -> int:
    command = [str(_TOOLS / tool), *words]
    return subprocess.run(command, input=given, cwd=_REPOSITORY, capture_output=True, text=True, check=False).returncode


def test_the_linters_find_nothing() -> None:
    assert _linted("hadolint", "Dockerfile") == 0
    assert _linted("check-jsonschema", "--builtin-schema", "vendor.compose-spec", "compose.yaml") == 0


def test_the_linters_would_find_something(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text("services: {guide: {imagine: x}}\n")
    schema = ("--builtin-schema", "vendor.compose-spec")

    assert _linted("hadolint", "-", given="FROM python\nRUN cd /tmp && apt-get install curl\n") != 0
    assert _linted("check-jsonschema", *schema, str(tmp_path / "compose.yaml")) != 0


def test_it_installs_by_the_commands_of_make() -> None:
    """Each `install …` of the Makefile's set-up for running stands in the Dockerfile, word for word."""
    recipe = re.search(r"^\$\(RUN_SET\):.*\n((?:\t.*\n)+)", (_REPOSITORY / "Makefile").read_text("utf-8"), re.M)
    assert recipe is not None
    wanted = re.findall(r"\$\(PIP\) (install .*)", recipe[1])

    done = " ".join(rest for word, rest in _instructions(_DOCKERFILE) if word == "RUN")

    assert len(wanted) == 2
    assert [command for command in wanted if f".venv/bin/python -m pip {command}" not in done] == []


def test_what_it_copies_is_there_and_whole() -> None:
    project = tomllib.loads((_REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    copied = {
        name
        for word, rest in _instructions(_DOCKERFILE)
        if word == "COPY" and "--from" not in rest
        for name in shlex.split(rest)[:-1]
    }
    ignored = set((_REPOSITORY / ".dockerignore").read_text("utf-8").split())

    assert [name for name in copied if not (_REPOSITORY / name).exists()] == []
    assert copied & ignored == set()
    assert copied >= {"app", "rules", "migrations", "requirements.txt", "pyproject.toml"}
    assert copied >= {project["readme"], *project["license-files"]}


def test_it_is_made_in_stages_and_does_not_run_as_root() -> None:
    words = [word for word, _ in _instructions(_DOCKERFILE)]
    users = [rest for word, rest in _instructions(_DOCKERFILE) if word == "USER"]

    assert words.count("FROM") == 2
    assert len(users) == 1
    assert int(users[0].partition(":")[0]) > 0
    assert words.index("USER") > len(words) - words[::-1].index("FROM") - 1


def test_it_migrates_then_serves_and_is_asked_how_it_is() -> None:
    by_word = dict(_instructions(_DOCKERFILE))

    assert re.search(r"db upgrade.*exec approval-guide serve", by_word["CMD"])
    assert "/livez" in by_word["HEALTHCHECK"]


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_its_health_is_asked_of_itself_whatever_proxy_the_machine_has(status: int, code: int) -> None:
    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/livez" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing is to be said."""

    command = json.loads(dict(_instructions(_DOCKERFILE))["HEALTHCHECK"].partition("CMD ")[2])
    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        environment = {"APG_PORT": str(server.server_port), "http_proxy": "http://127.0.0.1:1"}
        asked = subprocess.run([sys.executable, *command[1:]], env=environment, check=False)
        server.shutdown()

    assert command[0] == "python"
    assert asked.returncode == code


def test_a_container_is_given_longer_to_end_than_the_server_waits_for_requests() -> None:
    assert int(_COMPOSE["services"]["guide"]["stop_grace_period"].removesuffix("s")) > _GRACE_SECONDS


def test_every_setting_named_exists() -> None:
    named = set(re.findall(r"\bAPG_[A-Z_]+", _DOCKERFILE)) | set(_COMPOSE["services"]["guide"]["environment"])

    assert named <= {setting.name for setting in SETTINGS}


@pytest.mark.parametrize("service", ["guide", "database"])
def test_services_come_back_by_themselves(service: str) -> None:
    assert _COMPOSE["services"][service]["restart"] == "unless-stopped"


def test_compose_waits_for_postgresql_and_writes_no_password_down() -> None:
    guide = _COMPOSE["services"]["guide"]

    assert guide["depends_on"]["database"]["condition"] == "service_healthy"
    assert guide["environment"]["APG_DATABASE_URL"].startswith("postgresql://guide:${APG_DB_PASSWORD:?")
    assert all(port.startswith("127.0.0.1:") for port in guide["ports"])
