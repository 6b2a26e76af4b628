"""What stands around every page: language, size of type, promises to the browser, errors in the same look."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

import app.web
from app.wording import LANGUAGES, phrases_in
from tests.support.asking import Make, Service

TEMPLATES = sorted((Path(app.web.__file__).parent / "templates").rglob("*.html"))
SAID = re.compile(r"""say\(\s*["']([\w.]+)["']""")
INLINE = re.compile(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE)
PAGE = {"accept": "text/html,application/xhtml+xml"}


def links(text: str) -> list[str]:
    return [address.replace("&amp;", "&") for address in re.findall(r'(?:href|src)="([^"]+)"', text)]


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.stem)
def test_templates_say_only_phrases_there_are_and_hold_nothing_inline(file: Path) -> None:
    text = file.read_text("utf-8")

    assert [key for key in SAID.findall(text) for lang in LANGUAGES if not phrases_in(lang).has(key)] == []
    assert INLINE.findall(text) == []


def test_a_page_promises_the_browser_that_nothing_comes_from_elsewhere(small_service: Service) -> None:
    page = small_service.get("/", **PAGE)

    assert page.status_code == 200
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "private, no-cache"
    assert {urlsplit(address).netloc for address in links(page.text)} == {""}


def test_static_files_are_kept_for_good_under_the_hash_of_what_they_hold(small_service: Service) -> None:
    named = [address for address in links(small_service.get("/", **PAGE).text) if address.startswith("/static/")]

    files = [small_service.get(address) for address in named]

    assert {file.status_code for file in files} == {200}
    assert {file.headers["cache-control"] for file in files} == {"public, max-age=31536000, immutable"}
    assert small_service.get("/static/style.000000000000.css").status_code == 404


@pytest.mark.parametrize(
    ("target", "headers", "language"),
    [
        ("/", {"accept_language": "en-GB"}, "en"),
        ("/", {"accept_language": "en", "cookie": "lang=zh-CN"}, "zh-CN"),
        ("/?lang=en", {"accept_language": "zh", "cookie": "lang=zh-CN"}, "en"),
        ("/?lang=xx", {"accept_language": "en"}, "en"),
    ],
)
def test_the_address_says_the_language_before_the_cookie_and_that_before_the_browser(
    small_service: Service, target: str, headers: dict[str, str], language: str
) -> None:
    page = small_service.get(target, **PAGE, **headers)

    assert f'<html lang="{language}"' in page.text
    assert page.headers["content-language"] == language


def test_the_language_switch_keeps_the_address(small_service: Service) -> None:
    page = small_service.get("/nowhere?a=1&a=2&none=&lang=en", **PAGE)

    other = next(address for address in links(page.text) if "lang=zh-CN" in address)

    assert parse_qsl(urlsplit(other).query, keep_blank_values=True) == [
        ("a", "1"),
        ("a", "2"),
        ("none", ""),
        ("lang", "zh-CN"),
    ]


def test_a_preference_stays_in_the_links_until_the_browser_keeps_it(small_service: Service) -> None:
    first = small_service.get("/?text=large", **PAGE)
    second = small_service.get("/?text=large", **PAGE, cookie="text=large")

    assert "text=large" in first.headers["set-cookie"]
    assert "/kept?text=large" in links(first.text)
    assert "/kept" in links(second.text)
    assert 'class="large"' in first.text
    assert 'class="large"' in second.text


def test_an_error_is_a_page_for_a_browser_and_problem_data_for_others(small_service: Service) -> None:
    page = small_service.get("/nowhere", **PAGE, accept_language="en")
    data = small_service.get("/nowhere", accept="*/*", accept_language="en")

    assert page.status_code == data.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    assert data.headers["content-type"] == "application/problem+json"
    assert data.json()["detail"].replace("“", "").replace("”", "") in re.sub("[“”]", "", page.text)


def test_a_wrong_method_is_told_with_those_that_are_taken(small_service: Service) -> None:
    page = small_service.ask("POST", "/", headers=PAGE)

    assert page.status_code == 405
    assert page.headers["allow"] == "GET, HEAD"
    assert page.headers["cache-control"] == "no-store"
    assert small_service.ask("PUT", "/g/x/feedback", headers=PAGE).headers["allow"] == "GET, HEAD, POST"


def addresses_of(service: Service) -> list[str]:
    """Every path of the pages, with something that there is not in each place of its own."""
    routes = service.app.pages.routes  # type: ignore[attr-defined]
    return sorted({re.sub(r"\{[^}]*\}", "zz", route.path) for route in routes})


def test_every_path_tells_a_wrong_method_and_an_unreadable_query_alike(small_service: Service) -> None:
    asked = [
        small_service.ask(method, address, headers=headers)
        for address in addresses_of(small_service)
        for method, headers in (("DELETE", PAGE), ("DELETE", {"accept": "application/json"}))
    ]

    assert {answer.status_code for answer in asked} == {405}
    assert {answer.headers["content-type"].split(";")[0] for answer in asked} == {
        "text/html",
        "application/problem+json",
    }
    assert [answer.url for answer in asked if "allow" not in answer.headers] == []


def test_what_there_is_not_is_told_on_every_path(small_service: Service) -> None:
    asked = [small_service.get(address, **PAGE) for address in addresses_of(small_service) if "zz" in address]

    assert {answer.status_code for answer in asked} <= {404, 405}
    assert {answer.headers["content-type"] for answer in asked} == {"text/html; charset=utf-8"}
    assert [answer.url for answer in asked if "<h1>" not in answer.text] == []


def test_what_nobody_foresaw_is_a_page_with_a_number_and_nothing_else(make_service: Make) -> None:
    service, gone = make_service(), ThreadPoolExecutor(1)
    gone.shutdown()
    state = service.app.pages.state  # type: ignore[attr-defined]
    state.parts = replace(state.parts, evaluating=gone)

    page = service.get("/ask/shop", **PAGE)

    assert page.status_code == 500
    assert page.headers["x-request-id"] in page.text
    assert 'href="/"' in page.text
    assert "shutdown" not in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'")


def test_what_came_in_is_never_markup(small_service: Service) -> None:
    page = small_service.get("/%3Cscript%3Ealert(1)%3C/script%3E?%22%3E%3Cb%3E=1", **PAGE)

    assert page.status_code == 404
    assert "<script>alert" not in page.text
    assert '"><b>' not in page.text


def test_no_path_leads_a_page_to_link_to_another_server(small_service: Service) -> None:
    """`//elsewhere.example` at the head of a link would name a server."""
    page = small_service.get("http://test//elsewhere.example/x", **PAGE)

    assert page.status_code == 404
    assert {urlsplit(address).netloc for address in links(page.text)} == {""}
