"""What a kept guide is taken along as: forms and notice for Word, the calendar of its path.

A document is made anew each time it is fetched, out of the bytes that were kept and the names that the rulebook has for
what they hold by code: the same guide, the same document.
"""

import asyncio
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import Query, Request
from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError
from starlette.responses import Response

from app.api.deps import parts_of, reading_router
from app.api.documented import answers
from app.api.exchange import Header, Prepared, PreparedResponse
from app.api.schemas.requests import InLanguage
from app.documents import (
    DOCX,
    ICS,
    File,
    Original,
    calendar_file,
    form_file,
    kept_address,
    notice_file,
    public_base,
    workdays_of,
)
from app.errors import ProblemCode
from app.evaluation import in_full
from app.guides import KeptGuide, read_reference, reopen
from app.releases import edition_of

router = reading_router("guides")

_PROBLEMS: Final = (ProblemCode.UNKNOWN_REFERENCE, ProblemCode.STORAGE_UNAVAILABLE)


def _plain_day(given: object) -> object:
    """A day as the contract writes it, nothing where a form left it empty; pydantic alone would take seconds too."""
    if not isinstance(given, str) or not given:
        return None
    try:
        return date.fromisoformat(given) if len(given) == len("YYYY-MM-DD") else _no_day()
    except ValueError:
        return _no_day()


def _no_day() -> object:
    raise PydanticCustomError("date_parsing", "takes a day as YYYY-MM-DD")


class CalendarQuery(InLanguage):
    """From when the path is begun."""

    start: Annotated[
        date | None,
        BeforeValidator(_plain_day),
        Field(description="The day the company begins; today in China without it."),
    ] = None


def _file_answers(media_type: str, *codes: ProblemCode) -> dict[int | str, dict[str, Any]]:
    content = {media_type: {"schema": {"type": "string", "format": "binary"}}}
    return {200: {"description": "The file.", "content": content}, **answers(*_PROBLEMS, *codes)}


@router.get(
    "/guides/{reference}/documents/{procedure}.docx",
    response_class=Response,
    responses=_file_answers(DOCX, ProblemCode.NO_DOCUMENT),
)
async def get_form(reference: str, procedure: str, asked: Annotated[InLanguage, Query()], request: Request) -> Response:
    """The letter of commitment (告知承诺书), or the filing form (备案表), of one procedure of a kept guide, filled in.

    Only where the guide has the procedure decided as a commitment or a filing. Applicant, signatures and dates are
    blank. It is in the language of its guide; `lang` is for problems.
    """
    return await _file(request, reference, lambda original: form_file(original, procedure))


@router.get("/guides/{reference}/notice.docx", response_class=Response, responses=_file_answers(DOCX))
async def get_notice(reference: str, asked: Annotated[InLanguage, Query()], request: Request) -> Response:
    """The notice of all requirements (一次性告知书) of a kept guide: what to do in order, what to bring, on what law.

    It is in the language of its guide; `lang` is for problems.
    """
    return await _file(request, reference, notice_file)


@router.get("/guides/{reference}/calendar.ics", response_class=Response, responses=_file_answers(ICS))
async def get_calendar(reference: str, asked: Annotated[CalendarQuery, Query()], request: Request) -> Response:
    """The path of a kept guide as a calendar, from a start day, on the official working days.

    A step whose length no source gives has no end and says so; what needs working days of a year whose days off are
    not held yet has no day and says so, also where the path begins in such a year. The ids of the events do not
    depend on the start, so that a new calendar replaces the old one.
    """
    start = asked.start or parts_of(request).today()
    workdays = workdays_of(edition_of(request.scope))
    return await _file(request, reference, lambda original: calendar_file(original, start, workdays))


async def _file(request: Request, reference: str, make: Callable[[Original], File]) -> Response:
    """One unit of work to reopen the guide; the file is made after it, in the thread for such work."""
    parts, wanted = parts_of(request), read_reference(reference)
    async with parts.database.reading() as session:
        kept = await reopen(session, wanted)
    guide = in_full(kept.guide, edition_of(request.scope).rulebook)
    original = Original(guide, kept.reference, kept.kept_at, _address(request, kept))
    file = await asyncio.get_running_loop().run_in_executor(parts.evaluating, make, original)
    return PreparedResponse(
        Prepared.of(file.body, media_type=file.media_type.encode(), headers=_headers(file, kept)),
    )


def _address(request: Request, kept: KeptGuide) -> str | None:
    configured = parts_of(request).settings.public_url
    base = public_base(configured, request.url.scheme, request.headers.get("host", ""))
    return None if base is None else kept_address(base, kept.reference)


def _headers(file: File, kept: KeptGuide) -> tuple[Header, ...]:
    """Which file it is, named for old programs in ASCII and for others as it should be (RFC 6266)."""
    named = f"attachment; filename=\"{file.plain_name}\"; filename*=UTF-8''{quote(file.name, safe='')}"
    return (
        (b"content-disposition", named.encode("ascii")),
        (b"x-as-of", kept.as_of.isoformat().encode()),
        (b"content-language", kept.asked.lang.encode()),
    )
