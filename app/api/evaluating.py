"""What answers `/v1/evaluate`: a scenario in, a guide out, as bytes.

Plain ASGI, for FastAPI's own handling costs more than deciding does. A request answered lately is found by its very
bytes and not read again, and of one that differs from an earlier one in its numbers alone only these are read.
"""

import asyncio
from dataclasses import replace
from datetime import date
from typing import Final

from starlette.types import Receive, Scope, Send

from app.api.bodies import expect_json, read_body
from app.api.exchange import REVALIDATE, Header, Prepared, header, send_prepared
from app.api.layouts import Layout
from app.api.parts import Parts, language_header
from app.api.problems import send_problem
from app.api.recent import LONGEST_KEY
from app.api.scenarios import Reading, read_body_request, read_query_request
from app.errors import AppError, Fault, InvalidFact, InvalidRequest, UnknownRelease
from app.evaluation import Again, Answer, Asked, Evaluator
from app.releases import Edition, Editions, edition_of, take_edition
from app.wording import preferred_language

EVALUATE: Final = "/v1/evaluate"
_FOR_A_DAY: Final = b"public, max-age=86400"


class Evaluate:
    """`POST /v1/evaluate` with a body, `GET /v1/evaluate` with a query: the same answer, byte for byte."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        accepted, today = header(scope, b"accept-language"), self.parts.today()
        language, edition = preferred_language(accepted), edition_of(scope)
        context = (scope["method"], language, today, edition.key)
        reading: Reading | None = None
        try:
            raw = await self._raw(scope, receive)
            prepared = self.parts.recent.get((raw, context))
            if prepared is not None:
                self.parts.figures.count_guide(ready=True)
            else:
                layout = Layout.of(raw) if scope["method"] == "POST" else None
                asked: Asked | Again | None = None if layout is None else self.parts.layouts.again(layout, context)
                if asked is None:
                    reading = self._read(raw, scope, accepted, edition)
                    named = await asked_edition(self.parts.editions, reading, edition)
                    if named is not edition:
                        edition = named
                        take_edition(scope, edition)
                        reading = self._read(raw, scope, accepted, edition)
                    asked = read = _asked(edition.evaluator, reading, today)
                    if layout is not None and edition.key == context[-1]:
                        self.parts.layouts.learn(layout, context, reading.facts, read)
                prepared = prepared_guide(await self._answer(edition.evaluator, asked))
                if len(raw) <= LONGEST_KEY and edition.key == context[-1]:
                    self.parts.recent.put((raw, context), prepared)
        except AppError as error:
            day = today
            if reading is not None:
                language, day = reading.language, reading.as_of or today
            await send_problem(error, language, scope, send, [_day_header(day)])
        else:
            await send_prepared(prepared, scope, send)

    async def _answer(self, evaluator: Evaluator, asked: Asked | Again) -> Answer:
        """Answer what was read, aside from the event loop where it takes time."""
        answer = evaluator.answer_at_hand(asked)
        self.parts.figures.count_guide(ready=answer is not None)
        if answer is None:
            whole = asked.asked() if isinstance(asked, Again) else asked
            loop = asyncio.get_running_loop()
            answer = await loop.run_in_executor(self.parts.evaluating, evaluator.answer, whole)
        return answer

    async def _raw(self, scope: Scope, receive: Receive) -> bytes:
        """The bytes that say what is asked."""
        if scope["method"] != "POST":
            query: bytes = scope["query_string"]
            return query
        expect_json(scope)
        return await read_body(scope, receive, self.parts.settings.max_body_bytes)

    def _read(self, raw: bytes, scope: Scope, accepted: str, edition: Edition) -> Reading:
        if scope["method"] == "POST":
            return read_body_request(raw, accepted)
        return read_query_request(raw, accepted, edition.evaluator)


def _asked(evaluator: Evaluator, reading: Reading, today: date) -> Asked:
    """Return the request, found sound.

    Raises: InvalidRequest with all faults at once, the request's own and those of its facts.
    """
    if reading.faults:
        raise InvalidRequest([*reading.faults, *fact_faults(evaluator, reading, today)])
    return evaluator.asked(reading.request(), today)


async def asked_edition(editions: Editions, reading: Reading, edition: Edition) -> Edition:
    """Return the edition that a request is answered from: the one it names, else the one it took at its start.

    Raises: UnknownRelease, where nothing else is wrong with the request · StorageUnavailable.
    """
    if edition.is_called(reading.release):
        return edition
    try:
        return await editions.named(reading.release or "")
    except UnknownRelease:
        if not reading.faults:
            raise
        # Whatever else is wrong is told first, all of it at once.
        return edition


def fact_faults(evaluator: Evaluator, reading: Reading, today: date) -> tuple[Fault, ...]:
    """Return what is wrong with the facts, found by asking without the fields that could not be read."""
    if reading.topic is None:
        return ()
    try:
        evaluator.evaluate(replace(reading.request(), release=None), today)
    except InvalidFact as error:
        return error.faults
    except AppError:
        return ()
    return ()


def prepared_guide(answer: Answer) -> Prepared:
    """Return a guide ready to be sent, with the headers that every answer carries."""
    return Prepared(
        body=answer.body,
        tag=answer.etag.strip('"'),
        cache_control=_FOR_A_DAY if answer.is_fixed else REVALIDATE,
        headers=(_day_header(answer.as_of), language_header(answer.lang)),
    )


def _day_header(day: date) -> Header:
    return b"x-as-of", day.isoformat().encode()
