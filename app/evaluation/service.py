"""The use case: a request, a day and a rulebook make an answer. Safe to share between threads."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Final, TypeAlias

import orjson

from app.engine import CompiledTopic, FactCode, Value, compile_topic, work_out
from app.errors import AsOfOutOfRange, Fault, FaultCode, InvalidRequest, UnknownRelease, UnknownTopic
from app.evaluation.blocks import Blocks, Json
from app.evaluation.freshness import Overdue
from app.evaluation.guide import guide
from app.evaluation.pieces import Pieces
from app.evaluation.request import Answer, EvaluateRequest
from app.evaluation.scenario import Scenario, read_scenario
from app.evaluation.values import facts_from_text, json_number
from app.rulebook import Rulebook, TopicBook
from app.wording import LANGUAGES, Language, phrases_in

# Of all topics and languages together; a worker stays under 200 MB.
_MOST_PIECES: Final = 6 * 1024 * 1024

_Key: TypeAlias = tuple[str, tuple[tuple[FactCode, Value], ...], date, Language, frozenset[str]]


@dataclass(frozen=True, slots=True)
class _Ready:
    """An answer's bytes and their tag."""

    body: bytes
    etag: str


class Evaluator:
    """Answers requests from one release.

    Shape: `cache_entries` answers are kept ready, the least recently asked ones given up first; 0 keeps none; topics
        whose law is the same in the release of `like` are compiled once for both.
    Cost: a topic is compiled when first asked about, its words are made when first said.
    """

    def __init__(self, rulebook: Rulebook, *, cache_entries: int = 2048, like: "Evaluator | None" = None) -> None:
        self.rulebook = rulebook
        self._cache: OrderedDict[_Key, _Ready] = OrderedDict()
        self._cache_entries = cache_entries
        self._compiled: dict[str, CompiledTopic] = {} if like is None else _same_topics(rulebook, like._compiled)
        self._shared = compile_topic(rulebook.shared_topic)
        self._blocks: dict[tuple[str, Language], Blocks] = {}
        self._pieces = Pieces(_MOST_PIECES)
        self._overdue = Overdue(rulebook)
        self._lock = threading.Lock()

    def evaluate(self, request: EvaluateRequest, today: date) -> Answer:
        """The guide for the request; `today` is the day it is asked on, taken where the request names none.

        Raises: UnknownTopic, UnknownRelease, InvalidRequest, AsOfOutOfRange, InvalidFact with every fault.
        """
        lang = self._language(request.lang)
        self._check_release(request.release)
        book, compiled = self._topic(request.topic)
        day = request.as_of or today
        if day < book.topic.covers_from:
            raise AsOfOutOfRange(day, book.topic.covers_from)
        scenario = read_scenario(self.rulebook, book, compiled, self._shared, request.facts)
        ready = self._ready(book, compiled, scenario, day, lang, self._overdue.for_answer(today, day))
        fixed = request.as_of is not None and request.release is not None and request.lang_is_given
        return Answer(ready.body, ready.etag, self.rulebook.version, day, lang, fixed)

    def facts_from_text(self, topic: str, pairs: Sequence[tuple[str, str]]) -> dict[str, object]:
        """Raw facts from the `fact=text` pairs of a query or command line.

        Raises: UnknownTopic.
        """
        book, _ = self._topic(topic)
        known = {**self.rulebook.shared_facts, **book.facts}
        return facts_from_text({str(code): entry for code, entry in known.items()}, pairs)

    def compiled(self, topic: str) -> CompiledTopic:
        """The topic as the engine walks it.

        Raises: UnknownTopic.
        """
        return self._topic(topic)[1]

    # Parts --------------------------------------------------------------------------------------

    def _language(self, lang: str) -> Language:
        for known in LANGUAGES:
            if known == lang:
                return known
        params = {"name": "lang", "value": lang[:40]}
        raise InvalidRequest([Fault("/lang", FaultCode.NOT_ALLOWED, allowed=list(LANGUAGES), params=params)])

    def _check_release(self, release: str | None) -> None:
        if release is not None and release not in (self.rulebook.version, self.rulebook.content_hash):
            raise UnknownRelease(release)

    def _topic(self, code: str) -> tuple[TopicBook, CompiledTopic]:
        book = self.rulebook.topics.get(code)
        if book is None:
            near = get_close_matches(code, self.rulebook.topics, n=3)
            raise UnknownTopic(code, list(dict.fromkeys([*near, *self.rulebook.topics])))
        compiled = self._compiled.get(code)
        if compiled is None:
            with self._lock:
                compiled = self._compiled.setdefault(code, compile_topic(book.topic))
        return book, compiled

    def _words(self, book: TopicBook, lang: Language) -> Blocks:
        found = self._blocks.get((book.code, lang))
        if found is None:
            with self._lock:
                found = self._blocks.setdefault(
                    (book.code, lang), Blocks(self.rulebook, book, phrases_in(lang), self._pieces)
                )
        return found

    def _ready(
        self,
        book: TopicBook,
        compiled: CompiledTopic,
        scenario: Scenario,
        day: date,
        lang: Language,
        overdue: frozenset[str],
    ) -> _Ready:
        key = (book.code, scenario.key, day, lang, overdue)
        with self._lock:
            found = self._cache.get(key)
            if found is not None:
                self._cache.move_to_end(key)
                return found
        worked = work_out(compiled, scenario.answers, day)
        content: Json = guide(self._words(book, lang), compiled, scenario, worked, overdue)
        body = orjson.dumps(content, default=json_number)
        ready = _Ready(body, f'"{hashlib.sha256(body).hexdigest()[:32]}"')
        if self._cache_entries:
            with self._lock:
                self._cache[key] = ready
                while len(self._cache) > self._cache_entries:
                    self._cache.popitem(last=False)
        return ready


def _same_topics(rulebook: Rulebook, compiled: Mapping[str, CompiledTopic]) -> dict[str, CompiledTopic]:
    """The compiled topics whose law is the rulebook's own; a release mostly changes one topic of many."""
    known = [(code, rulebook.topics.get(code), topic) for code, topic in compiled.items()]
    return {code: topic for code, book, topic in known if book is not None and book.topic == topic.topic}
