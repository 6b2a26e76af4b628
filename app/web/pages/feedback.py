"""好差评: grade a kept guide, on a page of its own or at the end of the guide's page; without JavaScript."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_urlsafe
from typing import Any, Final

from starlette.responses import Response

from app.errors import IdempotencyConflict, InvalidRequest
from app.feedback import LONGEST_COMMENT, Grade, Reason, as_opinion, give
from app.guides import KeptGuide, Reference, read_key, read_reference, reopen, spoken_groups
from app.web.forms import read_form
from app.web.routing import PageRoute
from app.web.visit import Visit
from app.wording import problem_text

_MASKED: Final = "masked"
_KEY: Final = "key"
_ONE_VALUE: Final = ("grade", "comment")


@dataclass(frozen=True, slots=True)
class Choice:
    """One grade or reason to choose."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class FeedbackForm:
    """The form, empty or as it came back.

    Shape: `errors` what is wrong with it, [] where nothing is; `key` makes pressing the button twice harmless.
    """

    action: str
    key: str
    grades: tuple[Choice, ...]
    reasons: tuple[Choice, ...]
    comment: str
    most: int
    errors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FeedbackView:
    """The form on a page of its own."""

    reference: str
    topic: str
    guide: str
    form: FeedbackForm


@dataclass(frozen=True, slots=True)
class ThanksView:
    """What is said after a grade was given."""

    reference: str
    is_masked: bool
    guide: str
    home: str


def feedback_form(
    visit: Visit,
    reference: Reference,
    sent: Mapping[str, Sequence[str]] | None = None,
    errors: Sequence[str] = (),
) -> FeedbackForm:
    """Return the form for a kept guide, filled with what was sent before."""
    given = sent or {}
    say = visit.phrases.say
    return FeedbackForm(
        action=str(visit.link(_path(reference))),
        key=_last(given, _KEY) or token_urlsafe(16),
        grades=tuple(Choice(one, say(f"grade.{one}"), one in given.get("grade", ())) for one in Grade),
        reasons=tuple(Choice(one, say(f"reason.{one}"), one in given.get("reasons", ())) for one in Reason),
        comment=_last(given, "comment"),
        most=LONGEST_COMMENT,
        errors=tuple(errors),
    )


async def feedback_page(visit: Visit) -> Response:
    """The form on a page of its own."""
    kept = await _reopened(visit)
    return _form_page(visit, kept, feedback_form(visit, kept.reference))


async def send_feedback(visit: Visit) -> Response:
    """Keep a grade and say thanks, or show the form again with what is wrong."""
    reference = read_reference(visit.request.path_params["reference"])
    sent = await read_form(visit.request)
    try:
        opinion, key = as_opinion(_as_json(sent)), read_key(_last(sent, _KEY) or token_urlsafe(16))
    except InvalidRequest as error:
        kept = await _reopened(visit)
        messages = problem_text(error, visit.language).messages
        return _form_page(visit, kept, feedback_form(visit, reference, sent, messages), status=422)
    async with visit.parts.database.writing() as session:
        kept = await reopen(session, reference)
        try:
            given = await give(session, kept, opinion, key, visit.language, datetime.now(UTC))
        except IdempotencyConflict:
            # Back in the browser, changed and sent again: an opinion of its own.
            given = await give(session, kept, opinion, None, visit.language, datetime.now(UTC))
    pairs = ((_MASKED, "1"),) if given.feedback.is_masked else ()
    return visit.redirect(visit.link(f"{_path(reference)}/thanks", *pairs))


async def thanks_page(visit: Visit) -> Response:
    """Thanks for a grade."""
    reference = read_reference(visit.request.path_params["reference"])
    view = ThanksView(
        reference=spoken_groups(reference),
        is_masked=visit.value(_MASKED) == "1",
        guide=str(visit.link(f"/g/{reference}")),
        home=str(visit.link("/")),
    )
    return visit.page("thanks.html", view, title=visit.phrases.say("feedback.thanks_title"), is_private=True)


def _form_page(visit: Visit, kept: KeptGuide, form: FeedbackForm, *, status: int = 200) -> Response:
    view = FeedbackView(
        reference=spoken_groups(kept.reference),
        topic=_topic(visit, kept),
        guide=str(visit.link(f"/g/{kept.reference}")),
        form=form,
    )
    return visit.page("feedback.html", view, title=visit.phrases.say("feedback.title"), is_private=True, status=status)


def _topic(visit: Visit, kept: KeptGuide) -> str:
    """The topic in the page's language, as the guide called it where the rules no longer have it."""
    book = visit.served.rulebook.topics.get(kept.asked.topic)
    named: Any = kept.guide["topic"]
    return str(named["name"]) if book is None else visit.phrases.pick(book.entry.name)


async def _reopened(visit: Visit) -> KeptGuide:
    reference = read_reference(visit.request.path_params["reference"])
    async with visit.parts.database.reading() as session:
        return await reopen(session, reference)


def _path(reference: Reference) -> str:
    return f"/g/{reference}/feedback"


def _as_json(sent: Mapping[str, Sequence[str]]) -> dict[str, object]:
    """What a form sent, as the API would be sent it; a reason left ticked beside a good grade is no fault here."""
    opinion: dict[str, object] = {name: _last(sent, name) for name in _ONE_VALUE if name in sent}
    is_low = _last(sent, "grade") in (Grade.DISSATISFIED, Grade.VERY_DISSATISFIED)
    return {**opinion, "reasons": list(sent.get("reasons", ()))} if is_low else opinion


def _last(sent: Mapping[str, Sequence[str]], name: str) -> str:
    return sent.get(name, [""])[-1]


ROUTES: Final = (
    PageRoute("/g/{reference}/feedback", feedback_page),
    PageRoute("/g/{reference}/feedback", send_feedback, methods=("POST",)),
    PageRoute("/g/{reference}/feedback/thanks", thanks_page),
)
