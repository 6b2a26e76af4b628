"""What answers `/v1/evaluate`: a scenario in, a guide out, as bytes.

Plain ASGI, for FastAPI's own handling costs more than deciding does. A request answered lately is found by its very
bytes and not read again.
"""

import asyncio
from dataclasses import replace
from datetime import date
from typing import Final

from starlette.types import Receive, Scope, Send

from app.api.bodies import expect_json, read_body
from app.api.exchange import REVALIDATE, Header, Prepared, header, send_prepared
from app.api.parts import Parts, language_header
from app.api.problems import send_problem
from app.api.recent import LONGEST_KEY
from app.api.scenarios import Reading, read_body_request, read_query_request
from app.errors import AppError, Fault, InvalidFact, InvalidRequest, UnknownRelease
from app.evaluation import Answer, Evaluator
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
        reading, edition = Reading(preferred_language(accepted)), edition_of(scope)
        try:
            raw = await self._raw(scope, receive)
            key = (raw, scope["method"], reading.language, today, edition.key)
            prepared = self.parts.recent.get(key)
            self.parts.figures.count_guide(ready=prepared is not None)
            if prepared is None:
                reading = self._read(raw, scope, accepted, edition)
                asked_of = await asked_edition(self.parts.editions, reading, edition)
                if asked_of is not edition:
                    take_edition(scope, asked_of)
                    reading = self._read(raw, scope, accepted, asked_of)
                prepared = await self._prepared(asked_of, reading, today)
                if len(raw) <= LONGEST_KEY and asked_of is edition:
                    self.parts.recent.put(key, prepared)
        except AppError as error:
            await send_problem(error, reading.language, scope, send, [_day_header(reading.as_of or today)])
        else:
            await send_prepared(prepared, scope, send)

    async def _prepared(self, edition: Edition, reading: Reading, today: date) -> Prepared:
        """Evaluate, aside from the event loop where it takes time.

        Raises: InvalidRequest with all faults at once, the request's own and those of its facts.
        """
        evaluator = edition.evaluator
        if reading.faults:
            raise InvalidRequest([*reading.faults, *fact_faults(evaluator, reading, today)])
        asked = evaluator.asked(reading.request(), today)
        answer = evaluator.answer_at_hand(asked)
        if answer is None:
            loop = asyncio.get_running_loop()
            answer = await loop.run_in_executor(self.parts.evaluating, evaluator.answer, asked)
        return prepared_guide(answer)

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
