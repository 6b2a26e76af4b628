"""One request for a page: who reads it and how, what its address says, and the answer made for it."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property
from typing import Any, Final, TypeVar

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.errors import InvalidRequest
from app.evaluation import Answer, EvaluateRequest, in_full, read_query
from app.releases import Edition, edition_of, take_edition
from app.web.addresses import Address, Pair
from app.web.parts import PageParts
from app.web.rendering import Frame, LanguageLink, render
from app.wording import LANGUAGES, Language, Phrases, date_text, phrases_in, preferred_language

T = TypeVar("T")

LANG: Final = "lang"
TEXT: Final = "text"
RELEASE: Final = "release"
PREFERENCES: Final = (LANG, TEXT)
"""What an address may say about how a page is shown; kept in cookies of the same names."""
_LARGE: Final = "large"
_NORMAL: Final = "normal"
_A_YEAR: Final = 365 * 24 * 60 * 60

_HEADERS: Final[Mapping[str, str]] = {
    # The browser itself holds the promise: nothing comes from anywhere else, and nothing in a page runs.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    # An address holds a company's answers; nobody else is told it.
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cache-Control": "private, no-cache",
    "Vary": "Accept-Language, Cookie",
}


class Visit:
    """A request, read.

    Shape: `served` is the edition that answers this request to its end, whatever is activated meanwhile; `active` the
        evaluator of the one that was active at its start.
    """

    def __init__(self, request: Request) -> None:
        self.request = request
        self.parts: PageParts = request.app.state.parts
        self.served: Edition = edition_of(request.scope)
        self.active = self.served.evaluator
        self.today: date = self.parts.today()

    @cached_property
    def query(self) -> Mapping[str, list[str]]:
        """What the address says, name by name, in order.

        Raises: InvalidRequest where it cannot be read.
        """
        return read_query(self.request.scope["query_string"])

    def value(self, name: str) -> str:
        """The last value the address has under the name, "" where it has none."""
        return self.query.get(name, [""])[-1]

    # How it is shown ----------------------------------------------------------------------------

    @cached_property
    def language(self) -> Language:
        """The address's language, else the one chosen before, else the browser's."""
        named = self._said(LANG)
        for language in LANGUAGES:
            if language in (named, None if named in LANGUAGES else self.request.cookies.get(LANG)):
                return language
        return preferred_language(self.request.headers.get("accept-language", ""))

    @property
    def phrases(self) -> Phrases:
        """The phrases of the page's language."""
        return phrases_in(self.language)

    @cached_property
    def is_large(self) -> bool:
        """Whether large type is wanted."""
        named = self._said(TEXT)
        return (named if named in (_LARGE, _NORMAL) else self.request.cookies.get(TEXT)) == _LARGE

    def _said(self, name: str) -> str:
        """What the address says, "" where nothing or where it cannot be read; a problem page needs a language too."""
        try:
            return self.value(name)
        except InvalidRequest:
            return ""

    @cached_property
    def _carried(self) -> tuple[Pair, ...]:
        """Preferences that links have to carry on, for the browser did not keep them."""
        said = {name: self._said(name) for name in PREFERENCES}
        return tuple((name, value) for name, value in said.items() if value and self.request.cookies.get(name) != value)

    # Addresses ----------------------------------------------------------------------------------

    def link(self, path: str, *pairs: Pair) -> Address:
        """An address that other pages of this visit may link to; preferences the browser does not keep are in it."""
        return Address(path, (*pairs, *self._carried))

    @cached_property
    def here(self) -> Address:
        """This page's own address, preferences left out."""
        try:
            pairs = tuple((name, value) for name, values in self.query.items() for value in values)
        except InvalidRequest:
            pairs = ()
        return Address(self.request.url.path, pairs).without(*PREFERENCES)

    async def take_release(self) -> None:
        """Have the visit answered by the release that its address names, where it names one.

        Raises: UnknownRelease · StorageUnavailable · InvalidRequest where the query cannot be read.
        """
        release = self.value(RELEASE)
        if release and not self.served.is_called(release):
            self.served = await self.parts.editions.named(release)
            take_edition(self.request.scope, self.served)

    # Work ---------------------------------------------------------------------------------------

    async def work(self, make: Callable[..., T], *given: object) -> T:
        """What the function makes, worked out in the thread for it while other answers go on being given."""
        return await asyncio.get_running_loop().run_in_executor(self.parts.evaluating, make, *given)

    async def evaluate(self, request: EvaluateRequest) -> Answer:
        """The guide for the request, by what answers this visit.

        Raises: what `Evaluator.evaluate` raises.
        """
        return await self.work(self.served.evaluator.evaluate, request, self.today)

    def told(self, guide: Mapping[str, object]) -> Mapping[str, Any]:
        """The guide with the names, titles and sources that a page shows and the guide leaves to the rulebook."""
        return in_full(guide, self.served.rulebook)

    # Answers ------------------------------------------------------------------------------------

    def page(
        self,
        template: str,
        view: object,
        *,
        title: str = "",
        law_day: date | None = None,
        is_private: bool = False,
        status: int = 200,
    ) -> Response:
        """The page made from a template and its view record.

        Shape: `law_day` the day whose law it shows, today where none is given; `is_private` where the address holds
            answers, so that no search engine keeps it.
        """
        frame = self._frame(title, law_day or self.today, is_private)
        response = HTMLResponse(render(template, frame, view), status)
        response.headers.update(_HEADERS)
        response.headers["Content-Language"] = self.language
        self._remember(response)
        return response

    def redirect(self, address: Address) -> Response:
        """The way to another page of ours, asked for anew."""
        response = RedirectResponse(str(address), 303)
        response.headers.update(_HEADERS)
        response.headers["Cache-Control"] = "no-store"
        self._remember(response)
        return response

    def _remember(self, response: Response) -> None:
        """Have the browser keep the preferences that the address names; they say nothing about anybody."""
        known = {LANG: LANGUAGES, TEXT: (_LARGE, _NORMAL)}
        for name, value in self._carried:
            if value in known[name]:
                response.set_cookie(name, value, max_age=_A_YEAR, httponly=True, samesite="lax")

    def _frame(self, title: str, law_day: date, is_private: bool) -> Frame:
        # The other preference stays as it is; the switch itself names the one it changes.
        kept = [pair for pair in self._carried if pair[0] != LANG], [pair for pair in self._carried if pair[0] != TEXT]
        links = tuple(
            LanguageLink(
                code,
                phrases_in(code).say("pages.language"),
                str(self.here.adding(*kept[0], (LANG, code))),
                code == self.language,
            )
            for code in LANGUAGES
        )
        other_size = _NORMAL if self.is_large else _LARGE
        return Frame(
            lang=self.language,
            title=title,
            languages=links,
            is_large=self.is_large,
            text_class="large" if self.is_large else "",
            text_address=str(self.here.adding(*kept[1], (TEXT, other_size))),
            home=str(self.link("/")),
            kept=str(self.link("/kept")),
            law=str(self.link("/law")),
            law_day=date_text(law_day, self.phrases),
            release=self.served.version,
            is_private=is_private,
        )
