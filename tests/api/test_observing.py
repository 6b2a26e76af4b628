"""What operators see of a service: readiness, figures, and a log that never holds what a company answered."""

import io
import json
import logging

import pytest

from app.api.observing import _Forwarding, make_log
from app.rulebook import Rulebook
from tests.support.asking import Make, Service


class Captured(io.BytesIO):
    """A stream that is read as a log."""

    def lines(self) -> list[dict[str, object]]:
        """What was logged, line by line."""
        return [json.loads(line) for line in self.getvalue().splitlines()]


@pytest.fixture
def logged(make_service: Make) -> tuple[Service, Captured]:
    """A service, and what it logs from now on."""
    service, stream = make_service(), Captured()
    service.app.log = make_log("info", stream)
    return service, stream


def figures(service: Service) -> dict[str, float]:
    """Each figure of /metrics by its name and labels."""
    lines = service.get("/metrics").text.splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[:1] != "#")}


def test_a_living_process_says_so(small_service: Service) -> None:
    assert small_service.get("/livez").json() == {"status": "alive"}


def test_a_ready_service_names_its_release(small_service: Service, small_rulebook: Rulebook) -> None:
    ready = small_service.get("/readyz").json()

    named = {"version": small_rulebook.version, "content_hash": small_rulebook.content_hash}
    assert ready["release"] == {**named, "source": "files"}
    assert ready["topics"] == 1


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics"])
def test_what_operators_ask_is_never_kept_and_is_theirs_alone(small_service: Service, path: str) -> None:
    answer = small_service.get(path)

    assert answer.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in answer.headers


def test_requests_are_counted_by_route_not_by_what_was_asked(make_service: Make) -> None:
    service = make_service()
    before = figures(service)

    service.get("/v1/topics/shop")
    service.get("/v1/topics/nothing")
    service.get("/nobody/knows")
    service.ask("BREW", "/v1/topics/shop")

    after = figures(service)
    assert {name: after[name] - before.get(name, 0) for name in after if name.startswith("apg_requests_total")} == {
        'apg_requests_total{method="GET",route="/metrics",status="200"}': 1,
        'apg_requests_total{method="GET",route="/v1/topics/{code}",status="200"}': 1,
        'apg_requests_total{method="GET",route="/v1/topics/{code}",status="404"}': 1,
        'apg_requests_total{method="GET",route="none",status="404"}': 1,
        'apg_requests_total{method="other",route="/v1/topics/{code}",status="405"}': 1,
    }


def test_ready_answers_are_told_from_those_made_anew(make_service: Make) -> None:
    service = make_service()
    # Not what a process makes ready by itself at its start, meanwhile.
    asked = {"topic": "shop", "facts": {"area_m2": 77}}

    service.post(asked)
    service.post(asked)

    after = figures(service)
    assert (after['apg_guides_total{ready="no"}'], after['apg_guides_total{ready="yes"}']) == (1, 1)


def test_time_is_measured_by_route(make_service: Make) -> None:
    service = make_service()

    service.post({"topic": "shop"})

    assert figures(service)['apg_request_seconds_count{route="/v1/evaluate"}'] == 1


def test_figures_name_the_release(small_service: Service, small_rulebook: Rulebook) -> None:
    name = f'apg_release{{content_hash="{small_rulebook.content_hash}",version="{small_rulebook.version}"}}'

    assert figures(small_service)[name] == 1


def test_a_request_is_one_line_of_the_log(logged: tuple[Service, Captured]) -> None:
    service, stream = logged

    answer = service.get("/v1/topics/shop")

    (line,) = stream.lines()
    assert line.keys() == {"event", "level", "at", "id", "method", "route", "status", "ms"}
    assert (line["method"], line["route"], line["status"]) == ("GET", "/v1/topics/{code}", 200)
    assert line["id"] == answer.headers["x-request-id"]


def test_the_log_never_holds_what_was_asked(logged: tuple[Service, Captured]) -> None:
    service, stream = logged

    service.post({"topic": "shop", "facts": {"area_m2": 4711, "colour": "turquoise"}})
    service.get("/v1/evaluate?topic=shop&area_m2=4711&district=east")
    service.get("/v1/search?q=turquoise")
    service.get("/turquoise?area_m2=4711")

    said = stream.getvalue()
    assert len(stream.lines()) == 4
    assert not any(word in said for word in (b"4711", b"turquoise", b"east", b"area_m2"))


def test_a_log_level_silences_what_lies_below(make_service: Make) -> None:
    service, stream = make_service(), Captured()
    service.app.log = make_log("warning", stream)

    service.get("/livez")

    assert stream.lines() == []


def test_what_libraries_say_goes_into_the_same_log() -> None:
    stream = Captured()
    forwarding = _Forwarding(make_log("info", stream))
    library = logging.Logger("library")
    library.addHandler(forwarding)

    try:
        raise OSError("the disk is full")
    except OSError:
        library.exception("cannot write %s", "it")

    (line,) = stream.lines()
    assert (line["event"], line["level"], line["logger"]) == ("cannot write it", "error", "library")
    assert "the disk is full" in str(line["exception"])
