"""The use case: a request, a day and a rulebook make an answer. Safe to share between threads."""

import threading
from collections import OrderedDict
from collections.abc import Hashable, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Final

from app.engine import CompiledTopic, compile_topic, placed, work_out
from app.errors import AsOfOutOfRange, Fault, FaultCode, InvalidRequest, UnknownRelease, UnknownTopic
from app.evaluation.asked import Again, Asked, Key
from app.evaluation.blanks import Form
from app.evaluation.blocks import Blocks, Json
from app.evaluation.freshness import Overdue
from app.evaluation.guide import guide
from app.evaluation.pieces import Pieces, written
from app.evaluation.request import Answer, EvaluateRequest
from app.evaluation.scenario import ScenarioReader
from app.evaluation.values import facts_from_text
from app.rulebook import Rulebook, TopicBook
from app.wording import LANGUAGES, Language, phrases_in

# Of all topics and languages together; a worker stays under 200 MB.
_MOST_PIECES: Final = 6 * 1024 * 1024
_MOST_FORM_BYTES: Final = 6 * 1024 * 1024


class Evaluator:
    """Answers requests from one release.

    Shape: guides are kept with their numbers left blank, `cache_entries` of them, the least recently asked ones given
        up first; 0 keeps none; topics whose law is the same in the release of `like` are compiled once for both.
    Cost: a topic is compiled when first asked about, its words are made when first said.
    """

    def __init__(self, rulebook: Rulebook, *, cache_entries: int = 64, like: "Evaluator | None" = None) -> None:
        self.rulebook = rulebook
        self._forms: OrderedDict[Hashable, Form] = OrderedDict()
        self._cache_entries = cache_entries
        self._forms_bytes = 0
        self._compiled: dict[str, CompiledTopic] = {} if like is None else _same_topics(rulebook, like._compiled)
        self._shared = compile_topic(rulebook.shared_topic)
        self._readers: dict[str, ScenarioReader] = {}
        self._blocks: dict[tuple[str, Language], Blocks] = {}
        self._pieces = Pieces(_MOST_PIECES)
        self._overdue = Overdue(rulebook)
        self._lock = threading.Lock()

    def evaluate(self, request: EvaluateRequest, today: date) -> Answer:
        """The guide for the request; `today` is the day it is asked on, taken where the request names none.

        Raises: UnknownTopic, UnknownRelease, InvalidRequest, AsOfOutOfRange, InvalidFact with every fault.
        """
        return self.answer(self.asked(request, today))

    def asked(self, request: EvaluateRequest, today: date) -> Asked:
        """The request, read; it raises what `evaluate` does, and takes a small part of the time."""
        lang = self._language(request.lang)
        self._check_release(request.release)
        book, compiled = self._topic(request.topic)
        day = request.as_of or today
        if day < book.topic.covers_from:
            raise AsOfOutOfRange(day, book.topic.covers_from)
        scenario = self._reader(book, compiled).read(request.facts)
        blocks, place = self._words(book, lang), placed(compiled, scenario.answers, scenario.cells)
        overdue = self._overdue.for_answer(today, day)
        blank = blocks.blanks.places
        said = tuple([value for code, value in place.full.items() if code not in blank])
        key = Key((book.code, lang, day, overdue, place.alike, said, tuple(scenario.aside.items())))
        fixed = request.as_of is not None and request.release is not None and request.lang_is_given
        fillings = blocks.blanks.fillings(place.full)
        return Asked(blocks, compiled, scenario, place, day, lang, overdue, fixed, key, fillings)

    def answer(self, asked: Asked) -> Answer:
        """The guide for a request that was read."""
        return self._filled(self._form(asked) or self._made(asked), asked, asked.fillings)

    def answer_at_hand(self, asked: Asked | Again) -> Answer | None:
        """The same where it takes next to no time: a guide for a scenario like this one was given lately."""
        like = asked.like if isinstance(asked, Again) else asked
        form = self._form(like)
        return None if form is None else self._filled(form, like, asked.fillings)

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

    def _filled(self, form: Form, asked: Asked, fillings: Mapping[int, bytes]) -> Answer:
        body, tag = form.filled(fillings)
        return Answer(body, f'"{tag}"', self.rulebook.version, asked.day, asked.lang, asked.is_fixed)

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

    def _reader(self, book: TopicBook, compiled: CompiledTopic) -> ScenarioReader:
        found = self._readers.get(book.code)
        if found is None:
            made = ScenarioReader(self.rulebook, book, compiled, self._shared)
            found = self._readers.setdefault(book.code, made)
        return found

    def _words(self, book: TopicBook, lang: Language) -> Blocks:
        found = self._blocks.get((book.code, lang))
        if found is None:
            with self._lock:
                found = self._blocks.setdefault(
                    (book.code, lang), Blocks(self.rulebook, book, phrases_in(lang), self._pieces)
                )
        return found

    def _form(self, asked: Asked) -> Form | None:
        """The form of a guide that was given lately to a scenario like this one."""
        with self._lock:
            found = self._forms.get(asked.key)
            if found is not None:
                self._forms.move_to_end(asked.key)
            return found

    def _made(self, asked: Asked) -> Form:
        worked = work_out(asked.compiled, asked.placed, asked.day)
        content: Json = guide(asked.blocks, asked.compiled, asked.scenario, worked, asked.overdue)
        form = Form(written(content))
        if self._cache_entries:
            with self._lock:
                # Another thread may have made the same one meanwhile; it is counted once.
                before = self._forms.pop(asked.key, None)
                self._forms_bytes += form.size - (0 if before is None else before.size)
                self._forms[asked.key] = form
                while len(self._forms) > self._cache_entries or self._forms_bytes > _MOST_FORM_BYTES:
                    _, gone = self._forms.popitem(last=False)
                    self._forms_bytes -= gone.size
        return form


def _same_topics(rulebook: Rulebook, compiled: Mapping[str, CompiledTopic]) -> dict[str, CompiledTopic]:
    """The compiled topics whose law is the rulebook's own; a release mostly changes one topic of many."""
    known = [(code, rulebook.topics.get(code), topic) for code, topic in compiled.items()]
    return {code: topic for code, book, topic in known if book is not None and book.topic == topic.topic}
