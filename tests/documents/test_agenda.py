"""The calendar file, parsed again: events on the right days, said so where there is none, the same id each time."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from icalendar import Calendar, Event

from app.documents import ICS, Original, Workdays, calendar_file
from app.documents.schedule import place_steps
from app.errors import InvalidRequest
from app.wording import problem_text
from tests.documents.real import ADDRESS, KEPT_AT, cases, day, original, workdays
from tests.evaluation.real import rulebook

TWO_STEPS = ("open_pharmacy", "class_b_on_20_august_2021")
WAREHOUSE = ("build_project", "plain_private_warehouse_3000")
START = day("2024-03-01")


def parsed(kept: Original, start: date = START, known: Workdays | None = None) -> Calendar:
    read = Calendar.from_ical(calendar_file(kept, start, known or workdays()).body)
    assert isinstance(read, Calendar)
    return read


def events(kept: Original, start: date = START, known: Workdays | None = None) -> dict[str, Event]:
    """The events by the part of their id that says what they are."""
    found = [event for event in parsed(kept, start, known).walk("VEVENT") if isinstance(event, Event)]
    return {str(event["uid"]).removeprefix("ACDEFGHJKM-").partition("@")[0]: event for event in found}


def span(event: Event) -> tuple[date, date | None]:
    """First and last day; None where the event has no end."""
    last = event.get("dtend")
    return event["dtstart"].dt, None if last is None else last.dt - timedelta(days=1)


def with_path(steps: list[dict[str, Any]], **more: Any) -> Original:
    """A real guide whose path is another."""
    kept = original(*TWO_STEPS)
    return replace(kept, guide={**kept.guide, "path": {**kept.guide["path"], "steps": steps}, **more})


def of_no_stated_kind(days: int) -> dict[str, Any]:
    """A step of so many days, of which the source does not say which."""
    length = {"value": days, "unit": "day_unspecified"}
    return {"number": 1, "procedures": ["pharmacy_acceptance"], "starts_after": [], "days": length}


def with_obligations(*obligations: dict[str, Any]) -> Original:
    kept = original(*TWO_STEPS)
    return replace(kept, guide={**kept.guide, "obligations": list(obligations)})


def owed(**given: Any) -> dict[str, Any]:
    """An obligation as the guide has it."""
    return {
        "code": "check",
        "name": "现场检查",
        "text": "发证后来检查。",
        "applies": True,
        "verification": "excerpt",
        "due": None,
    } | given


def test_each_step_stands_on_its_working_days() -> None:
    found = events(original(*TWO_STEPS))

    assert span(found["step-pharmacy_preparation_approval"]) == (START, day("2024-04-15"))
    assert span(found["step-pharmacy_acceptance"]) == (day("2024-04-15"), day("2024-05-08"))


def test_an_event_says_what_to_do_where_and_what_to_bring() -> None:
    kept = original(*TWO_STEPS)
    (item,) = [one for one in kept.guide["procedures"] if one["code"] == "pharmacy_preparation_approval"]
    event = events(kept)["step-pharmacy_preparation_approval"]
    said = str(event["description"])

    assert str(event["summary"]) == "第1步 药店筹建批准"
    assert str(event["location"]) == item["authority"]
    assert item["name"] in said
    assert "30个工作日" in said
    assert all(paper["name"] in said for paper in item["materials"])
    assert str(event["url"]) == ADDRESS
    assert event["transp"] == "TRANSPARENT"


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_a_step_of_unknown_length_has_no_end_and_says_so(lang: str) -> None:
    found = events(original(*WAREHOUSE, lang))
    phrases = {"zh-CN": "没有写结束的日子", "en": "no end is given"}

    assert span(found["step-land_transfer_contract"]) == (START, None)
    assert phrases[lang] in str(found["step-land_transfer_contract"]["description"])
    assert span(found["step-low_risk_one_form"]) == (START, day("2024-03-08"))


def test_what_follows_an_unknown_length_is_marked_as_the_earliest() -> None:
    found = events(original(*WAREHOUSE))

    assert "最早" not in str(found["step-land_transfer_contract"]["summary"])
    assert "最早" in str(found["step-low_risk_one_form"]["summary"])


def test_days_of_no_stated_kind_are_told_in_both_readings() -> None:
    event = events(with_path([of_no_stated_kind(7)]))["step-pharmacy_acceptance"]

    assert span(event)[1] is None
    assert "按自然日到2024年3月8日；按工作日到2024年3月12日" in str(event["description"])


def test_days_of_no_stated_kind_whose_readings_agree_have_an_end() -> None:
    """A day from a Friday: the Saturday gives way to the Monday, which is the next working day too."""
    event = events(original(*WAREHOUSE))["step-joint_acceptance"]

    assert span(event) == (day("2024-03-08"), day("2024-03-11"))
    assert "没有写结束的日子" not in str(event["description"])


def test_a_start_on_a_day_off_is_said_to_wait() -> None:
    calendar = parsed(original(*TWO_STEPS), day("2024-10-01"))

    assert "不是工作日" in str(calendar["x-wr-caldesc"])
    assert span(events(original(*TWO_STEPS), day("2024-10-01"))["step-pharmacy_preparation_approval"])[0] == day(
        "2024-10-08"
    )


def test_beyond_the_years_published_nothing_is_dated_and_one_event_says_so() -> None:
    known = Workdays([rulebook().calendar[2024]])
    found = events(original(*TWO_STEPS), day("2024-12-20"), known)

    assert span(found["step-pharmacy_preparation_approval"]) == (day("2024-12-20"), None)
    assert "step-pharmacy_acceptance" not in found
    said = str(found["undated"]["description"])
    assert "2025年的放假安排这里还没有收录" in said
    assert "哪天结束还算不出的：药店筹建批准。" in said
    assert "还没有日子的：药店验收发证。" in said
    assert span(found["undated"]) == (day("2024-12-20"), day("2024-12-20"))


def first_unpublished() -> date:
    """The first working-looking Monday of the first year that is not published."""
    bounds = workdays().bounds
    assert bounds is not None
    first = bounds[1] + timedelta(days=1)
    return first + timedelta(days=7 - first.weekday())


@pytest.mark.parametrize(("lang", "said"), [("zh-CN", "放假安排这里还没有收录，不猜"), ("en", "are not held here yet")])
def test_begun_in_a_year_not_published_yet_the_path_is_given_as_far_as_it_is_known(lang: str, said: str) -> None:
    """On 1 January 2027, or whenever the list of the year is late, the calendar of a start today is still made."""
    start = first_unpublished()
    calendar, found = parsed(original(*TWO_STEPS, lang), start), events(original(*TWO_STEPS, lang), start)

    assert said in str(calendar["x-wr-caldesc"])
    assert span(found["step-pharmacy_preparation_approval"]) == (start, None)
    assert "step-pharmacy_acceptance" not in found
    assert span(found["undated"]) == (start, start)
    assert {key for key in found if key.startswith("valid-")} == set()
    assert "reminders" in found


def test_a_start_years_ahead_names_its_own_year() -> None:
    found = events(original(*TWO_STEPS), day("2026-03-02"), Workdays([rulebook().calendar[2024]]))

    assert "2026年的放假安排这里还没有收录（收录到2024年12月31日）" in str(found["undated"]["description"])


def test_days_of_no_stated_kind_over_the_new_year_may_move() -> None:
    """1 day from 31 December, whichever kind it is, lies in a year that is not held."""
    known = Workdays([rulebook().calendar[2024]])

    event = events(with_path([of_no_stated_kind(1)]), day("2024-12-31"), known)["step-pharmacy_acceptance"]

    assert span(event) == (day("2024-12-31"), None)
    assert "按自然日到2025年1月1日；按工作日要算到放假安排还没有收录的年份，算不出" in str(event["description"])
    assert "2025年1月1日放假的，顺延到下一个工作日" in str(event["description"])


@pytest.mark.parametrize("begun", ["2026-12-01", "2026-12-24", "2026-12-31", "2027-01-04"])
def test_no_day_of_a_year_not_held_is_taken_for_a_working_day(begun: str) -> None:
    """Over worked examples of every topic: beyond the years held a step begins on the chosen day or on none."""
    known = Workdays(year for number, year in rulebook().calendar.items() if number <= 2026)
    start = day(begun)
    placed = [
        one
        for topic, case in cases(60)
        for one in place_steps(original(topic, case).guide["path"]["steps"], start, known).values()
    ]

    beyond = [one for one in placed if one.begins is not None and not known.is_known(one.begins)]
    ending = [one for one in placed if one.ends is not None and not known.is_known(one.ends)]

    assert len(placed) > 100
    assert {one.begins for one in beyond} <= {start}
    assert [one for one in ending if not one.may_move or one.carries is not None] == []


@pytest.mark.parametrize(("start", "code", "bound"), [
    ("2018-12-31", "below_minimum", 0), ("2999-01-01", "above_maximum", 1)
])  # fmt: skip
def test_a_start_that_cannot_be_meant_is_refused_with_the_days_there_are(start: str, code: str, bound: int) -> None:
    with pytest.raises(InvalidRequest) as caught:
        calendar_file(original(*TWO_STEPS), day(start), workdays())

    (fault,) = caught.value.faults
    bounds = workdays().start_bounds
    assert bounds is not None
    assert (fault.pointer, fault.code, fault.allowed) == ("/start", code, bounds[bound].isoformat())
    assert start[:4] in problem_text(caught.value, "zh-CN").messages[0]
    assert start[:4] in problem_text(caught.value, "en").messages[0]


# ---- what falls due later --------------------------------------------------------------------------------------


def test_what_was_obtained_expires_so_long_after_it_was() -> None:
    event = events(original(*TWO_STEPS))["valid-pharmacy_acceptance"]

    assert span(event) == (day("2029-05-07"), day("2029-05-07"))
    assert "药品经营许可证" in str(event["summary"])
    assert "以证件上写的日期为准" in str(event["description"])


def test_an_obligation_that_runs_from_a_step_falls_due_by_its_own_unit() -> None:
    due = {"value": 1, "unit": "month", "after": "发证", "after_procedure": "pharmacy_acceptance"}

    event = events(with_obligations(owed(due=due)))["due-check"]

    # A month after 8 May is a Saturday, and the Monday after it a day off.
    assert span(event) == (day("2024-06-11"), day("2024-06-11"))
    assert "发证后来检查" in str(event["description"])


def test_the_check_that_follows_a_licence_by_commitment_is_on_the_calendar() -> None:
    found = events(original("open_pharmacy", "class_b_on_15_september_2021"))

    # Three months after 1 March; how long the licence takes is not known, so it is the earliest day.
    assert span(found["due-pharmacy_check_after_commitment"]) == (day("2024-06-03"), day("2024-06-03"))
    assert "最早" in str(found["due-pharmacy_check_after_commitment"]["summary"])


@pytest.mark.parametrize(
    ("obligation", "is_reminded"),
    [
        (owed(), False),
        (owed(due={"value": 10, "unit": "working_day", "after": "变更"}), True),
        (owed(due={"value": 10, "unit": "working_day", "after": "变更", "after_procedure": None}), True),
        (owed(due={"value": 1, "unit": "month", "after": "发证", "after_procedure": "no_step"}), True),
        (
            owed(
                due={"value": 1, "unit": "month", "after": "发证", "after_procedure": "pharmacy_acceptance"},
                applies=None,
            ),
            False,
        ),
    ],
)
def test_an_obligation_without_a_day_of_its_own_is_no_event_but_a_reminder_where_it_falls_due(
    obligation: dict[str, Any], is_reminded: bool
) -> None:
    found = events(with_obligations(obligation))

    assert [key for key in found if key.startswith("due-")] == []
    assert ("发证后来检查" in str(found.get("reminders", {}).get("description", ""))) == is_reminded


@pytest.mark.parametrize(
    ("length", "reason"), [(None, "有效期没有查到"), ({"value": 400, "unit": "calendar_day"}, "从办成那天起算")]
)
def test_a_renewal_without_a_day_is_reminded_of_with_the_reason(length: dict[str, Any] | None, reason: str) -> None:
    kept = original(*TWO_STEPS)
    procedures = [
        {**item, "result": {"name": "药品经营许可证", "validity": length}} for item in kept.guide["procedures"]
    ]
    found = events(replace(kept, guide={**kept.guide, "procedures": procedures}))

    assert "valid-pharmacy_acceptance" not in found
    assert reason in str(found["reminders"]["description"])
    assert "药品经营许可证：" in str(found["reminders"]["description"])
    assert span(found["reminders"]) == (day("2024-05-08"), day("2024-05-08"))


def test_what_has_to_be_applied_for_before_something_is_said_with_its_step() -> None:
    kept = original(*TWO_STEPS)
    procedures = [
        {**item, "apply_before": {"value": 3, "unit": "month", "event": "期满"}} for item in kept.guide["procedures"]
    ]

    found = events(replace(kept, guide={**kept.guide, "procedures": procedures}))

    assert "要在期满前3个月申请。" in str(found["step-pharmacy_acceptance"]["description"])


# ---- the file --------------------------------------------------------------------------------------------------


def test_ids_stay_whatever_the_start_and_stamps_are_the_guides() -> None:
    first, later = events(original(*TWO_STEPS)), events(original(*TWO_STEPS), day("2024-06-03"))

    assert list(first) == list(later)
    assert {event["dtstamp"].dt for event in later.values()} == {KEPT_AT}
    assert len({str(event["uid"]) for event in first.values()}) == len(first)


def test_the_same_start_gives_the_same_bytes() -> None:
    kept = original(*WAREHOUSE)

    assert calendar_file(kept, START, workdays()) == calendar_file(kept, START, workdays())


def test_each_event_reminds_once_and_modestly() -> None:
    found = events(original(*TWO_STEPS))

    alarms = {key: [one["trigger"].dt for one in event.walk("VALARM")] for key, event in found.items()}
    assert alarms["step-pharmacy_acceptance"] == [timedelta(hours=-15)]
    assert alarms["valid-pharmacy_acceptance"] == [timedelta(days=-30)]
    assert {len(each) for each in alarms.values()} == {1}


def test_lines_are_folded_and_commas_escaped() -> None:
    body = calendar_file(original(*WAREHOUSE, "en"), START, workdays()).body
    lines = body.split(b"\r\n")

    assert max(map(len, lines)) <= 75
    assert b"\n" not in body.replace(b"\r\n", b"")
    assert b"\\," in body
    assert body.decode("utf-8")


def test_the_calendar_names_the_matter_and_the_reference() -> None:
    calendar = parsed(original(*TWO_STEPS))
    file = calendar_file(original(*TWO_STEPS), START, workdays())

    assert str(calendar["x-wr-calname"]) == "我要开药店 ACD-EFG-HJKM"
    assert (calendar["version"], calendar["method"]) == ("2.0", "PUBLISH")
    assert file.media_type == ICS
    assert (file.name, file.plain_name) == (
        "办事日历 我要开药店 ACDEFGHJKM.ics", "calendar-open_pharmacy-ACDEFGHJKM.ics"
    )  # fmt: skip


def test_a_guide_without_steps_says_why_in_one_event() -> None:
    """A calendar without any event is none, and some programs refuse it."""
    kept = original("open_clinic", "tcm_practice_2_99")
    (reason,) = [item["reason"] for item in kept.guide["barriers"] if item["applies"]]
    barred, nothing = events(kept), events(with_path([], barriers=[]))

    assert list(barred) == list(nothing) == ["empty"]
    assert reason in str(barred["empty"]["description"])
    assert "没有要去办的手续" in str(nothing["empty"]["description"])


def test_what_is_undecided_and_no_step_is_named() -> None:
    kept = original("open_pharmacy", "nothing_answered_before")

    assert "还没有定、不在日历里的" in str(parsed(kept)["x-wr-caldesc"])


@pytest.mark.slow
def test_every_kind_of_path_can_be_put_on_a_calendar() -> None:
    calendars = [parsed(original(topic, case, lang)) for topic, case in cases(14)[::3] for lang in ("zh-CN", "en")]

    assert all(calendar["prodid"] for calendar in calendars)
    assert sum(len(calendar.walk("VEVENT")) for calendar in calendars) > 50
