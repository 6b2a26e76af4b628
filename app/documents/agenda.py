"""The path as a calendar file (RFC 5545): steps as all-day events, what falls due later, what has no day yet."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from icalendar import Alarm, Calendar, Event, vText

from app.documents.reading import Reader, length_of
from app.documents.records import ICS, Entry, File, Original
from app.documents.schedule import OpenEnd, Placed, end_of, months_after, place_steps, step_of
from app.documents.sheets import file_name
from app.documents.workdays import Workdays
from app.engine import MaterialStatus, Unit
from app.errors import Fault, FaultCode, InvalidRequest
from app.guides import spoken_groups
from app.wording import date_text

_PRODUCT: Final = "-//approval-path-guide//calendar 1//ZH"
_HOST: Final = "approval-path-guide"
_ZONE: Final = "Asia/Shanghai"
_ONE_DAY: Final = timedelta(days=1)
_MONTHS: Final = {Unit.YEAR: 12, Unit.MONTH: 1}
# All-day events begin at midnight: nine in the morning of the day before, and a month ahead of what expires.
_BEFORE_A_STEP: Final = timedelta(hours=-15)
_BEFORE_IT_EXPIRES: Final = timedelta(days=-30)
_BEFORE_IT_IS_DUE: Final = timedelta(days=-7)
_WANTED: Final = frozenset({MaterialStatus.REQUIRED, MaterialStatus.DEFERRED})


def calendar_file(original: Original, start: date, workdays: Workdays) -> File:
    """Return the calendar of a kept guide's path, begun on a day.

    Unknown: in a year whose days off are not held yet what can be begun at once stands on the start, and all that
        would need working days of that year has no day and says so.
    Raises: InvalidRequest where the start lies before every year held, or years beyond the last.
    """
    first, last = workdays.start_bounds or (start, start)
    if not first <= start <= last:
        raise InvalidRequest([_no_start(start, first, last)])
    topic = original.guide["topic"]
    body = _Agenda(original, start, workdays).as_calendar().to_ical()
    reader = Reader(original.guide)
    name = file_name(reader.say("calendar.file"), str(topic["name"]), original.reference, "ics")
    return File(name, f"calendar-{topic['code']}-{original.reference}.ics", ICS, body)


def _no_start(start: date, first: date, last: date) -> Fault:
    code, word, bound = (
        (FaultCode.BELOW_MINIMUM, "minimum", first) if start < first else (FaultCode.ABOVE_MAXIMUM, "maximum", last)
    )
    said = f"start: a calendar begins from {first} to {last}"
    params = {"name": "start", "variant": "calendar", "year": str(start.year), word: bound}
    return Fault("/start", code, said, allowed=bound.isoformat(), params=params)


class _Agenda:
    """Writes the events, one kind after the other."""

    def __init__(self, original: Original, start: date, workdays: Workdays) -> None:
        self.original = original
        self.reader = Reader(original.guide)
        self.start = start
        self.workdays = workdays
        self.steps: list[Entry] = original.guide["path"]["steps"]
        self.placed = place_steps(self.steps, start, workdays)
        self.without_day: list[str] = []

    def as_calendar(self) -> Calendar:
        guide, reference = self.original.guide, spoken_groups(self.original.reference)
        calendar = Calendar()
        calendar.add("version", "2.0")
        calendar.add("prodid", _PRODUCT)
        calendar.add("calscale", "GREGORIAN")
        calendar.add("method", "PUBLISH")
        calendar.add("x-wr-calname", vText(self._say("name", topic=guide["topic"]["name"], reference=reference)))
        calendar.add("x-wr-timezone", _ZONE)
        calendar.add("x-wr-caldesc", vText(self._about(reference)))
        for event in self._events():
            calendar.add_component(event)
        return calendar

    def _say(self, key: str, **values: object) -> str:
        return self.reader.say(f"calendar.{key}", **values)

    def _day(self, day: date) -> str:
        return date_text(day, self.reader.phrases)

    def _about(self, reference: str) -> str:
        aid = self.reader.say("document.aid")
        lines = [self._say("about", start=self._day(self.start), law=self.reader.law(), aid=aid, reference=reference)]
        if not self.workdays.is_known(self.start):
            lines.append(self._say("start_unknown", start=self._day(self.start), year=self.start.year))
        elif not self.workdays.is_workday(self.start):
            lines.append(self._say("moved_start", start=self._day(self.start)))
        undecided = [item["everyday_name"] for item in self.reader.undecided() if item["code"] not in self._in_steps()]
        if undecided:
            lines.append(self._say("open", names=self.reader.phrases.listed(undecided)))
        return "\n".join(lines)

    def _in_steps(self) -> frozenset[str]:
        return frozenset(step_of(self.steps))

    def _events(self) -> Iterator[Event]:
        for step in self.steps:
            placed = self.placed[int(step["number"])]
            if placed.begins is not None:
                yield self._step(step, placed, placed.begins)
        yield from self._valid_until()
        yield from self._owed()
        yield from self._undated()
        yield from self._reminders()
        if not self.steps:
            yield self._empty()

    def _event(
        self, key: str, summary: str, description: list[str], first: date, last: date | None, alarm: timedelta
    ) -> Event:
        """An all-day event; its id stays the same whatever the start, so that a new calendar replaces the old one."""
        event = Event()
        event.add("uid", f"{self.original.reference}-{key}@{_HOST}")
        event.add("dtstamp", _whole_seconds(self.original.kept_at))
        event.add("dtstart", first)
        if last is not None:
            event.add("dtend", last + _ONE_DAY)
        event.add("summary", summary)
        event.add("description", "\n".join(description))
        event.add("transp", "TRANSPARENT")
        if self.original.address is not None:
            event.add("url", self.original.address)
        event.add_component(_alarm(summary, alarm))
        return event

    # ---- steps ---------------------------------------------------------------------------------------------

    def _step(self, step: Entry, placed: Placed, begins: date) -> Event:
        first, *others = [self.reader.procedures[code] for code in step["procedures"]]
        summary = self._say("step", number=step["number"], names=first["everyday_name"])
        if placed.is_earliest:
            summary = self._say("earliest", text=summary)
        description = [*self._what(step, first, others), *self._when(step, placed)]
        event = self._event(f"step-{first['code']}", summary, description, begins, placed.ends, _BEFORE_A_STEP)
        event.add("location", first["authority"])
        event.add("categories", [self.reader.treatment(first)])
        return event

    def _what(self, step: Entry, first: Entry, others: list[Entry]) -> Iterator[str]:
        reader = self.reader
        yield reader.full_name(first)
        yield self._say("treatment", text=reader.treatment(first))
        if others:
            yield self._say("together", names=reader.names(item["code"] for item in others))
        where = [first["authority"], reader.channel(first)]
        yield self._say("where", text=reader.phrases.listed([str(part) for part in where if part]))
        papers = [
            one["name"] for item in (first, *others) for one in item["materials"] or () if one["status"] in _WANTED
        ]
        if papers:
            yield self._say("bring", names=reader.phrases.listed(list(dict.fromkeys(papers))))
        if step["starts_after"]:
            numbers = reader.phrases.listed([str(number) for number in step["starts_after"]])
            yield self._say("after", numbers=numbers)
        before = first.get("apply_before")
        if before is not None:
            yield self._say("apply_before", event=before["event"], span=reader.span(before))
        yield from reader.confirm(first)

    def _when(self, step: Entry, placed: Placed) -> Iterator[str]:
        days = step["days"]
        if placed.why_open is OpenEnd.NO_FIGURE:
            yield self._say("no_figure")
        elif placed.why_open is OpenEnd.YEAR_UNKNOWN:
            yield self._say("year_unknown", span=self.reader.span(days))
        elif placed.readings is not None:
            plain, work = placed.readings
            worked = self._say("kind_work_unknown") if work is None else self._say("kind_work", day=self._day(work))
            yield self._say("kind_unknown", span=self.reader.span(days), plain=self._day(plain), work=worked)
            if placed.may_move:
                yield self._say("may_move", day=self._day(plain))
        elif placed.ends is not None:
            leader = self.reader.procedures[step["procedures"][0]]
            yield self._say("days", text=self.reader.limit(leader))
            yield self._say("ends", day=self._day(placed.ends))
            if placed.may_move:
                yield self._say("may_move", day=self._day(placed.ends))
        if placed.is_earliest:
            yield self._say("is_earliest")

    # ---- what falls due later --------------------------------------------------------------------------------

    def _obtained(self, code: str) -> tuple[date, bool] | None:
        """The day a procedure of the path is done, and whether that is only the earliest; None where it has none."""
        number = step_of(self.steps).get(code)
        placed = None if number is None else self.placed[number]
        if placed is None or placed.begins is None or placed.why_open is OpenEnd.YEAR_UNKNOWN:
            return None
        counted = placed.readings[0] if placed.readings is not None else placed.begins
        return placed.ends or counted, not placed.is_sure or placed.may_move

    def _valid_until(self) -> Iterator[Event]:
        """When what was obtained expires; what no source or no day is known for is told without one."""
        for item in self.reader.to_do():
            result, obtained = item.get("result"), self._obtained(item["code"])
            if result is None:
                continue
            if result["validity"] is None:
                self.without_day.append(self._say("validity_unknown", name=result["name"]))
                continue
            length = length_of(result["validity"])
            months = _MONTHS.get(length.unit)
            if obtained is None or months is None:
                span = self.reader.span(result["validity"])
                self.without_day.append(self._say("validity_undated", name=result["name"], span=span))
                continue
            day, is_earliest = obtained
            last = months_after(day, int(length.value * months)) - _ONE_DAY
            summary = self._marked(self._say("valid_until", name=result["name"]), is_earliest)
            more = [self._say("valid_until_more", span=self.reader.span(result["validity"]))]
            more += [self._say("is_earliest")] if is_earliest else []
            yield self._event(f"valid-{item['code']}", summary, more, last, last, _BEFORE_IT_EXPIRES)

    def _owed(self) -> Iterator[Event]:
        """Obligations whose time runs from a procedure of the path."""
        for item in self.original.guide["obligations"]:
            due = item.get("due")
            if due is None or not item["applies"]:
                continue
            obtained = self._obtained(due["after_procedure"]) if due.get("after_procedure") else None
            day, is_earliest = obtained or (self.start, True)
            last, may_move = end_of(day, length_of(due), self.workdays)
            if obtained is None or last is None:
                self.without_day.append(self._say("owed_undated", text=self.reader.owed(item), after=due["after"]))
                continue
            summary = self._marked(str(item["name"]), is_earliest)
            more = [self.reader.owed(item)]
            more += [self._say("may_move", day=self._day(last))] if may_move else []
            more += [self._say("is_earliest")] if is_earliest else []
            yield self._event(f"due-{item['code']}", summary, more, last, last, _BEFORE_IT_IS_DUE)

    def _reminders(self) -> Iterator[Event]:
        """One event, on the last day of the path that is known, for what falls due on a day that is not."""
        if not self.without_day or not self.steps:
            return
        days = [day for one in self.placed.values() for day in (one.begins, one.ends) if day is not None]
        on = max(days, default=self.start)
        lines = [self._say("reminders_more"), *(f"• {text}" for text in self.without_day)]
        yield self._event("reminders", self._say("reminders"), lines, on, on, _BEFORE_A_STEP)

    def _marked(self, text: str, is_earliest: bool) -> str:
        return self._say("earliest", text=text) if is_earliest else text

    def _empty(self) -> Event:
        """Why there are no steps: a calendar without any event is none (RFC 5545, 3.4)."""
        reasons = [str(item["reason"]) for item in self.original.guide["barriers"] if item["applies"]]
        joined = self.reader.phrases.sentences(reasons)
        more = self._say("empty_barred", reasons=joined) if reasons else self._say("empty_nothing")
        return self._event("empty", self._say("empty"), [more], self.start, self.start, _BEFORE_A_STEP)

    # ---- what has no day ---------------------------------------------------------------------------------------

    def _undated(self) -> Iterator[Event]:
        """One event that says which steps could not be placed, on the last day that could."""
        bounds = self.workdays.bounds
        waiting = [one for one in self.placed.values() if one.why_open is OpenEnd.YEAR_UNKNOWN]
        if not waiting or bounds is None:
            return
        leaders = {int(step["number"]): step["procedures"][0] for step in self.steps}
        begun, unbegun = (
            [leaders[one.number] for one in waiting if (one.begins is not None) is has_begun]
            for has_begun in (True, False)
        )
        days = [day for one in self.placed.values() for day in (one.begins, one.ends) if day is not None]
        last = bounds[1]
        more = [self._say("undated_more", year=max(last + _ONE_DAY, self.start).year, last=self._day(last))]
        more += [self._say("undated_end", names=self.reader.names(begun))] if begun else []
        more += [self._say("undated_begin", names=self.reader.names(unbegun))] if unbegun else []
        # A start beyond the years held is the company's own day.
        on = min(max(days, default=self.start), max(last, self.start))
        yield self._event("undated", self._say("undated"), more, on, on, _BEFORE_A_STEP)


def _alarm(text: str, before: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", text)
    alarm.add("trigger", before)
    return alarm


def _whole_seconds(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
