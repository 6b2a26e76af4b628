"""What the handlers are given: the parts of the application, and a desk that answers reading requests from memory."""

from collections.abc import Callable, Hashable
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel

from app.api.catalogue import Catalogue, catalogues
from app.api.exchange import JSON, Prepared, PreparedResponse, header
from app.api.parts import Parts, language_header
from app.errors import Fault, InvalidRequest
from app.evaluation import read_query
from app.releases import edition_of
from app.wording import Language, preferred_language


class Desk:
    """Answers one request to read the rulebook; what was made once is kept ready."""

    def __init__(self, request: Request) -> None:
        self.parts = parts_of(request)
        self.edition = edition_of(request.scope)
        self.accepted = header(request.scope, b"accept-language")

    def language(self, given: Language | None) -> Language:
        """Return the language asked for, else the one the caller's browser likes best."""
        return given or preferred_language(self.accepted)

    def answer(self, given: Language | None, key: Hashable, make: Callable[[Catalogue], BaseModel]) -> PreparedResponse:
        """Return the answer under the key, made by `make` where it does not lie ready in this language."""
        return self.document(
            given, key, lambda catalogue: make(catalogue).model_dump_json(by_alias=True).encode(), JSON
        )

    def document(
        self, given: Language | None, key: Hashable, make: Callable[[Catalogue], bytes], media_type: bytes
    ) -> PreparedResponse:
        """Return the document under the key, made by `make` where it does not lie ready in this language."""
        language = self.language(given)
        kept_under = (self.edition.key, key, language)
        prepared = self.parts.read.get(kept_under)
        if prepared is None:
            body = make(self.edition.beside(catalogues)[language])
            prepared = Prepared.of(body, media_type=media_type, headers=(language_header(language),))
            self.parts.read.put(kept_under, prepared)
        return PreparedResponse(prepared)


def parts_of(request: Request) -> Parts:
    """Return the application's parts."""
    parts: Parts = request.app.state.parts
    return parts


async def refuse_repeats(request: Request) -> None:
    """Pass when every name of the query stands in it once.

    Raises: InvalidRequest otherwise, for which of two values was meant cannot be known.
    """
    faults = [
        Fault(f"/{name}", "duplicate", f"{name} stands twice", params={"name": name})
        for name, values in read_query(request.scope["query_string"]).items()
        if len(values) > 1
    ]
    if faults:
        raise InvalidRequest(faults)


def reading_router(tag: str) -> APIRouter:
    """Return a router for routes that read under /v1; each refuses a query that says one thing twice."""
    return APIRouter(prefix="/v1", tags=[tag], dependencies=[Depends(refuse_repeats)])


async def at_desk(request: Request) -> Desk:
    """Return the desk for a request; async, for FastAPI would send a plain function through a thread."""
    return Desk(request)


AtDesk = Annotated[Desk, Depends(at_desk)]
