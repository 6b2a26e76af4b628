"""What both README pages show is what the product does: the answer, the commands, the topics."""

import asyncio
import json
import re
import shlex
from pathlib import Path

import httpx
import pytest

from app.main import create_app
from app.settings import Settings

ROOT = Path(__file__).parents[1]
PAGES = ["README.md", "README.zh-CN.md"]


def blocks(page: str, mark: str) -> list[str]:
    """The code blocks after the comments that begin with the mark."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(rf"<!-- {mark}[^>]*-->\n```\w*\n(.*?)```", text, re.DOTALL)


def ask(method: str, address: str, body: str | None = None) -> httpx.Response:
    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app=create_app(Settings.from_environment({})))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
            return await client.request(method, address, content=body, headers={"content-type": "application/json"})

    return asyncio.run(send())


@pytest.mark.parametrize("page", PAGES)
def test_the_answer_shown_is_the_answer_given(page: str) -> None:
    (block,) = blocks(page, "answer")
    request, _, shown = block.partition("\n\n")

    guide = ask("POST", "/v1/evaluate", request.removeprefix("POST /v1/evaluate ")).json()

    lines = [re.split(r"\s{2,}", line) for line in shown.strip().splitlines()]
    told = {item["code"]: item for item in guide["procedures"]}
    for code, treatment, source in (line for line in lines if len(line) == 3):
        basis = told[code]["basis"][0]
        assert told[code]["treatment"] == treatment
        assert f"{basis['document_number']} {basis['cite']}" == source
        assert f"“{basis['quote']}”" == shown.strip().splitlines()[-1]
    assert set(told) == {line[0] for line in lines if len(line) == 3}


@pytest.mark.parametrize("page", PAGES)
def test_every_curl_command_answers(page: str) -> None:
    for command in blocks(page, "curl"):
        words = shlex.split(command)
        address = next(word for word in words if word.startswith("localhost"))
        body = words[words.index("-d") + 1] if "-d" in words else None

        answer = ask("POST" if body else "GET", f"http://{address}", body)

        assert answer.status_code == 200
        assert json.loads(answer.content)


@pytest.mark.parametrize("page", PAGES)
def test_the_topics_named_are_the_topics_there_are(page: str) -> None:
    named = set(re.findall(r"^\| `(\w+)` \|", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE))

    assert named == {item["code"] for item in ask("GET", "/v1/topics").json()["topics"]}


@pytest.mark.parametrize("page", PAGES)
def test_every_make_command_named_is_a_target(page: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))

    assert set(re.findall(r"^make (\w+)", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE)) <= targets


def test_both_pages_show_the_same_commands() -> None:
    assert blocks(PAGES[0], "curl") == blocks(PAGES[1], "curl")
    assert blocks(PAGES[0], "answer") == blocks(PAGES[1], "answer")
