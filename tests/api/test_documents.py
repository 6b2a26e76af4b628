"""Documents of a kept guide over the API: the right file under the right name, every fault in the contract's shape."""

import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from urllib.parse import unquote

import docx
import pytest
from icalendar import Calendar

from app.main import create_app
from app.rulebook import Rulebook, load
from app.settings import Settings
from tests.support.in_process import InProcess, in_process
from tests.support.make_rulebook import rulebook_files, write_rulebook

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_AWAY = "postgresql://apg@127.0.0.1:1/apg"
_TODAY = date(2021, 7, 1)
_ASKED = {"topic": "shop", "facts": {"open_by_night": False, "goods": ["tea"], "area_m2": 50}, "lang": "en"}
_CALENDAR = """years:
- {year: 2021, basis: [plan#1], holidays: [2021-09-20, 2021-10-01], workdays: [2021-09-18]}
"""
_FILES = ["notice.docx", "documents/licence.docx", "calendar.ics"]

Open = Callable[..., InProcess]


@pytest.fixture(scope="module")
def rulebook(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """The small rulebook, with a year of official days off."""
    files = rulebook_files(files={"shared/calendar.yaml": _CALENDAR})
    return load(write_rulebook(tmp_path_factory.mktemp("rulebook"), files=files))


@pytest.fixture
def opened(rulebook: Rulebook) -> Iterator[Open]:
    with ExitStack() as stack:

        def on(url: str, **settings: object) -> InProcess:
            given = Settings(database_url=url, log_level="error", **settings)  # type: ignore[arg-type]
            return stack.enter_context(in_process(create_app(given, rulebook=rulebook, today=lambda: _TODAY)))

        yield on


@pytest.fixture
def kept(database_url: str, opened: Open) -> tuple[InProcess, str]:
    """A service, and the place of a guide kept in it."""
    client = opened(database_url)
    return client, client.post("/v1/guides", json=_ASKED).headers["location"]


def test_the_form_of_a_commitment_is_fetched(kept: tuple[InProcess, str]) -> None:
    client, place = kept

    answer = client.get(f"{place}/documents/licence.docx")

    assert (answer.status_code, answer.headers["content-type"]) == (200, _DOCX)
    assert docx.Document(io.BytesIO(answer.content)).paragraphs[0].text == "Letter of commitment"
    assert (answer.headers["x-as-of"], answer.headers["content-language"]) == ("2021-07-01", "en")


def test_the_file_has_a_name_for_old_and_new_programs(kept: tuple[InProcess, str]) -> None:
    client, place = kept
    reference = place.rpartition("/")[2]

    given = client.get(f"{place}/documents/licence.docx").headers["content-disposition"]

    plain, _, extended = given.partition("; filename*=UTF-8''")
    assert plain == f'attachment; filename="commitment-licence-{reference}.docx"'
    assert unquote(extended).startswith("Letter of commitment")
    assert unquote(extended).endswith(f"{reference}.docx")


@pytest.mark.parametrize("file", _FILES)
def test_a_file_is_the_same_each_time_and_need_not_be_sent_again(kept: tuple[InProcess, str], file: str) -> None:
    client, place = kept

    first, again = client.get(f"{place}/{file}"), client.get(f"{place}/{file}")
    unchanged = client.get(f"{place}/{file}", headers={"if-none-match": first.headers["etag"]})

    assert first.content == again.content
    assert (unchanged.status_code, unchanged.content) == (304, b"")


def test_the_calendar_begins_on_the_day_that_was_chosen(kept: tuple[InProcess, str]) -> None:
    client, place = kept

    answer = client.get(f"{place}/calendar.ics?start=2021-09-17")

    assert answer.headers["content-type"].startswith("text/calendar")
    begins = [event["dtstart"].dt for event in Calendar.from_ical(answer.content).walk("VEVENT")]
    assert begins[0] == date(2021, 9, 17)


@pytest.mark.parametrize("query", ["", "?start=", "?start=2021-07-01"])
def test_without_a_day_the_calendar_begins_today(kept: tuple[InProcess, str], query: str) -> None:
    client, place = kept

    begins = [
        one["dtstart"].dt
        for one in Calendar.from_ical(client.get(f"{place}/calendar.ics{query}").content).walk("VEVENT")
    ]

    assert begins[0] == _TODAY


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("start=soon", "wrong_type"), ("start=2021-13-01", "wrong_type"), ("start=20210901", "wrong_type"),
        ("start=1630454400", "wrong_type"), ("start=2020-12-31", "below_minimum"),
        ("start=2040-01-01", "above_maximum"), ("start=2021-09-01&start=2021-09-02", "duplicate"),
        ("end=2021-09-01", "unknown_field"),
    ],
)  # fmt: skip
def test_a_day_that_is_none_is_an_invalid_request(kept: tuple[InProcess, str], query: str, code: str) -> None:
    client, place = kept

    answer = client.get(f"{place}/calendar.ics?{query}")

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-request")
    assert [fault["code"] for fault in answer.json()["errors"]] == [code]
    assert answer.json()["errors"][0]["message"]


def test_all_faults_of_a_query_are_told_at_once(kept: tuple[InProcess, str]) -> None:
    client, place = kept

    answer = client.get(f"{place}/calendar.ics?start=soon&lang=fr&end=x")

    assert {fault["pointer"] for fault in answer.json()["errors"]} == {"/start", "/lang", "/end"}


@pytest.mark.parametrize("code", ["stall", "night_permit", "no_such_code"])
def test_what_is_no_decided_commitment_or_filing_has_no_document(kept: tuple[InProcess, str], code: str) -> None:
    client, place = kept

    answer = client.get(f"{place}/documents/{code}.docx", params={"lang": "en"})

    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/no-document")


@pytest.mark.parametrize("file", _FILES)
def test_a_reference_under_which_nothing_is_kept(kept: tuple[InProcess, str], file: str) -> None:
    answers = [kept[0].get(f"/v1/guides/{reference}/{file}") for reference in ("ACD-EFG-HJKM", "ACD-EFG-HJKL")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert {answer.json()["type"] for answer in answers} == {"/problems/unknown-reference"}


@pytest.mark.parametrize("file", _FILES)
def test_with_the_database_away_there_is_no_file(opened: Open, file: str) -> None:
    answer = opened(_AWAY).get(f"/v1/guides/ACD-EFG-HJKM/{file}")

    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/storage-unavailable")
    assert int(answer.headers["retry-after"]) > 0


def test_the_address_in_a_document_is_the_public_one(database_url: str, opened: Open) -> None:
    client = opened(database_url, public_url="https://guide.example/apg")
    place = client.post("/v1/guides", json=_ASKED).headers["location"]

    event = Calendar.from_ical(client.get(f"{place}/calendar.ics").content).walk("VEVENT")[0]

    assert str(event["url"]) == f"https://guide.example/apg/g/{place.rpartition('/')[2]}"


def test_without_a_public_address_it_is_the_requests_own(kept: tuple[InProcess, str]) -> None:
    client, place = kept

    answers = [client.get(f"{place}/calendar.ics", headers={"host": host}) for host in ("hall.example:8000", "a<b>")]

    urls = [Calendar.from_ical(answer.content).walk("VEVENT")[0].get("url") for answer in answers]
    assert [str(urls[0]), urls[1]] == [f"http://hall.example:8000/g/{place.rpartition('/')[2]}", None]


def test_the_document_of_the_api_names_the_files(opened: Open) -> None:
    paths = opened(_AWAY).get("/openapi.json").json()["paths"]

    described = {path: list(item["get"]["responses"]["200"]["content"]) for path, item in paths.items() if "." in path}
    assert described["/v1/guides/{reference}/notice.docx"] == [_DOCX]
    assert described["/v1/guides/{reference}/documents/{procedure}.docx"] == [_DOCX]
    assert described["/v1/guides/{reference}/calendar.ics"] == ["text/calendar; charset=utf-8"]
