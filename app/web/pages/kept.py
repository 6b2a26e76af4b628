"""/g/{reference}: a kept result as it was, and what has moved since."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta, timezone
from typing import Final

from markupsafe import Markup
from starlette.responses import Response

from app.documents import has_form, kept_address, public_base, qr_svg, workdays_of
from app.errors import ScenarioError, StorageUnavailable, UnknownError, UnknownReference
from app.guides import (
    Comparison,
    KeptGuide,
    OtherChange,
    TreatmentChange,
    compare_kept,
    read_reference,
    reopen,
    spoken_groups,
    why_outdated,
)
from app.web.pages.feedback import FeedbackForm, feedback_form
from app.web.pages.result import before_reform, fact_names, is_whole, other_view
from app.web.routing import PageRoute
from app.web.views.links import Scene, scenario_of_facts
from app.web.views.marks import Part
from app.web.views.sheet import Sheet, sheet_of
from app.web.visit import Visit
from app.wording import Phrases, date_text, language_of, phrases_in

# China has one time zone and no summer time.
_CHINA: Final = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Standing:
    """How the kept result stands to the rules and the law of today.

    Shape: `code` is stands, outdated or not_comparable; `why` None where it stands; `changes` whole sentences.
    """

    code: str
    heading: str
    why: str | None
    changes: tuple[str, ...]
    see_now: str


@dataclass(frozen=True, slots=True)
class FileLink:
    """A file to take along."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class KeptView:
    """A kept result.

    Shape: `first_day` and `last_day` bound the days its calendar may begin on, `known_until` those whose days off are
        held; `other_language` is this scenario's
        result now in the reader's language, None where it is kept in that language.
    """

    sheet: Sheet
    reference: str
    kept_on: str
    qr: Markup | None
    standing: Standing
    files: tuple[FileLink, ...]
    calendar: str
    first_day: str | None
    last_day: str | None
    known_until: str | None
    other_language: str | None
    feedback: FeedbackForm
    is_whole: bool
    other_view: str


@dataclass(frozen=True, slots=True)
class UnknownView:
    """A reference under which nothing is kept, or whose opening failed."""

    heading: str
    text: str
    given: str
    action: str
    retry: str | None
    home: str
    carried: tuple[tuple[str, str], ...]


async def kept_result(visit: Visit) -> Response:
    """A kept result; a reference that is mistyped or unknown is told with what to do about it."""
    given = visit.request.path_params["reference"]
    try:
        reference = read_reference(given)
        async with visit.parts.database.reading() as session:
            kept = await reopen(session, reference)
    except UnknownReference as error:
        return _not_opened(visit, "misread" if error.params["misread"] else "unknown", given[:40], 404)
    except StorageUnavailable as error:
        response = _not_opened(visit, "away_open", given[:40], 503)
        response.headers["Retry-After"] = str(error.retry_after)
        return response
    comparison = await visit.work(compare_kept, visit.served.evaluator, kept, visit.today)
    view = _view(visit, kept, comparison, await _before_reform(visit, kept))
    title = visit.phrases.say("kept.title", topic=view.sheet.topic)
    response = visit.page("kept.html", view, title=title, law_day=kept.as_of, is_private=True)
    response.headers["X-As-Of"] = kept.as_of.isoformat()
    return response


def _not_opened(visit: Visit, kind: str, given: str, status: int) -> Response:
    say = visit.phrases.say
    view = UnknownView(
        heading=say(f"kept.{kind}_title"),
        text=say(f"kept.{kind}_text", reference=given),
        given=given,
        action="/kept",
        retry=str(visit.here) if status == 503 else None,
        home=str(visit.link("/")),
        carried=visit.link("/").pairs,
    )
    return visit.page("kept_unknown.html", view, title=view.heading, status=status, is_private=True)


async def _before_reform(visit: Visit, kept: KeptGuide) -> Part | None:
    """The path before the reform as the rules of today draw it, None where it is not the one that was kept."""
    try:
        then = await before_reform(visit, kept.asked.again(release=None, as_of=kept.as_of), kept.guide)
    except (ScenarioError, UnknownError):
        # The active release no longer knows the topic or takes these facts.
        return None
    kept_path: Part = kept.guide["path"]  # type: ignore[assignment]  # JSON of our own making
    return then if then is not None and then["path"]["after"] == kept_path["before"] else None


def _view(visit: Visit, kept: KeptGuide, comparison: Comparison, then: Part | None) -> KeptView:
    phrases = phrases_in(language_of(kept.asked.lang))
    facts: Mapping[str, object] = kept.guide["facts"]  # type: ignore[assignment]  # JSON of our own making
    as_of = "" if kept.asked.as_of is None else kept.as_of.isoformat()
    scene = Scene(visit, scenario_of_facts(kept.asked.topic, facts, as_of), phrases)
    workdays = workdays_of(visit.served)
    bounds = workdays.start_bounds
    return KeptView(
        sheet=sheet_of(visit.told(kept.guide), scene, fact_names(visit, kept.asked.topic), then),
        reference=spoken_groups(kept.reference),
        kept_on=date_text(kept.kept_at.astimezone(_CHINA).date(), visit.phrases),
        qr=_qr(visit, kept),
        standing=_standing(comparison, kept, scene),
        files=tuple(_files(kept, phrases)),
        calendar=f"/v1/guides/{kept.reference}/calendar.ics",
        first_day=None if bounds is None else bounds[0].isoformat(),
        last_day=None if bounds is None else bounds[1].isoformat(),
        known_until=None if workdays.bounds is None else date_text(workdays.bounds[1], phrases),
        other_language=None if phrases.lang == visit.language else scene.guide(),
        feedback=feedback_form(visit, kept.reference),
        is_whole=is_whole(visit),
        other_view=other_view(visit),
    )


def _qr(visit: Visit, kept: KeptGuide) -> Markup | None:
    """The code of this page's address, None where we cannot tell under which address others reach us."""
    request = visit.request
    base = public_base(visit.parts.settings.public_url, request.url.scheme, request.headers.get("host", ""))
    if base is None:
        return None
    return Markup(qr_svg(kept_address(base, kept.reference), visit.phrases.say("kept.qr")))


def _files(kept: KeptGuide, phrases: Phrases) -> Iterator[FileLink]:
    place = f"/v1/guides/{kept.reference}"
    yield FileLink(phrases.say("kept.notice"), f"{place}/notice.docx")
    procedures: list[Mapping[str, object]] = kept.guide["procedures"]  # type: ignore[assignment]  # JSON of ours
    for item in procedures:
        if has_form(item):
            name = phrases.say(f"kept.form_{item['treatment']}", name=item["everyday_name"])
            yield FileLink(name, f"{place}/documents/{item['code']}.docx")


# ---- what has moved since ------------------------------------------------------------------------------


def _standing(comparison: Comparison, kept: KeptGuide, scene: Scene) -> Standing:
    say, procedures = scene.phrases.say, kept.guide["procedures"]
    names = {item["code"]: item["everyday_name"] for item in procedures}  # type: ignore[attr-defined]  # JSON of ours
    code = {True: "outdated", False: "stands", None: "not_comparable"}[comparison.outdated]
    return Standing(
        code=code,
        heading=say(f"kept.{code}") if code != "not_comparable" else say("kept.outdated"),
        why=why_outdated(kept, comparison),
        changes=(
            *(_changed(change, names, scene.phrases) for change in comparison.changes),
            *dict.fromkeys(_other(change, names, scene.phrases) for change in comparison.other_changes),
        ),
        see_now=scene.guide(),
    )


def _changed(change: TreatmentChange, names: Mapping[str, str], phrases: Phrases) -> str:
    return phrases.say(
        "kept.changed",
        name=names.get(change.procedure, change.name),
        before=change.before_name or _open(change.before_possible, phrases),
        after=change.after_name or _open(change.after_possible, phrases),
    )


def _open(possible: tuple[str, ...], phrases: Phrases) -> str:
    ways = [phrases.say(f"treatment.{code}") for code in possible]
    return phrases.say("kept.changed_open", ways=phrases.joined(ways, "or"))


def _other(change: OtherChange, names: Mapping[str, str], phrases: Phrases) -> str:
    part = phrases.say(f"part.{change.part}")
    if change.procedure is None:
        return phrases.say("kept.other_whole", part=part)
    return phrases.say("kept.other", name=names.get(change.procedure, change.procedure), part=part)


ROUTES: Final = (PageRoute("/g/{reference}", kept_result),)
