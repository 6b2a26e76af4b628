"""Okapi BM25 over characters, pairs and words, with a premium for a name or everyday phrase met whole.

Source: Robertson and Zaragoza, The Probabilistic Relevance Framework (2009), with term frequencies weighted by field as
in BM25F. Pairs of characters beside a table of everyday words found more of a caller's phrasings than a word cutter.
"""

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from threading import Lock
from typing import Final

from app.rulebook import Rulebook
from app.search.documents import Document, Kind, documents
from app.search.snippets import Shown, matched_words
from app.search.terms import asked_for, folded, is_chinese, is_telling, runs, terms
from app.wording import LANGUAGES, Language

_K1: Final = 1.2
_B: Final = 0.5
_NAME_WEIGHT: Final = 3.0
_HINT_WEIGHT: Final = 0.6
# A single character says little beside a pair, and a great deal of noise.
_SINGLE: Final = 0.15
# A whole name in the query is worth this much for each of its characters, up to a long name's worth.
_PHRASE: Final = 2.0
_LONGEST_PHRASE: Final = 12
_SHORTEST_PHRASE: Final = 2
# Where two fit alike, the wish comes before the procedure, and that before the rule and its source.
_BY_KIND: Final[Mapping[Kind, float]] = {"topic": 1.15, "procedure": 1.1, "rule": 0.95, "clause": 0.85}
# What scores less than this share of the best is not counted as found.
_WORTH_SHOWING: Final = 0.12


@dataclass(frozen=True, slots=True)
class Found:
    """One thing found, in the caller's language.

    Shape: `matched` the words found in it, as the caller wrote them; `score` higher is better, comparable within one
        query only.
    """

    kind: Kind
    code: str
    topic: str | None
    title: str
    snippet: str
    matched: tuple[str, ...]
    score: float


class SearchIndex:
    """A search over one rulebook, safe to share between threads; its tables are made at the first query or `prepare`.

    Cost: a query touches the postings of its terms only, some tenths of a millisecond for thousands of documents.
    """

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self._made: _Tables | None = None
        self._lock = Lock()

    def prepare(self) -> "_Tables":
        """Return the tables, made now if they were not yet."""
        with self._lock:
            if self._made is None:
                self._made = _Tables(self._rulebook)
            return self._made

    def search(self, query: str, limit: int, language: Language) -> tuple[int, tuple[Found, ...]]:
        """Return how many things were found in all, and the best of them, best first; whatever language was asked in.

        Shape: equal scores stand in the order of the rulebook, so that the same query gives the same list.
        """
        return self.prepare().search(query, limit, language)


class _Postings:
    """The documents that hold each term, in rising order, and its weight in each: numbers in a row, term after term.

    Two rows in all, not two for each term: there are very many terms, and most stand in a few documents.
    """

    __slots__ = ("_places", "_starts", "numbers", "weights")

    def __init__(self, holding: Mapping[str, Sequence[int]], weights: Mapping[str, Sequence[float]]) -> None:
        self.numbers = array("I")
        self.weights = array("d")
        self._places = {term: place for place, term in enumerate(holding)}
        self._starts = array("I", [0])
        for term, numbers in holding.items():
            self.numbers.extend(numbers)
            self.weights.extend(weights[term])
            self._starts.append(len(self.numbers))

    def span(self, term: str) -> tuple[int, int]:
        """Return where a term's documents begin and end in the rows; both alike where there are none."""
        place = self._places.get(term)
        return (0, 0) if place is None else (self._starts[place], self._starts[place + 1])


class _Tables:
    """Postings, phrases and shown words of every document."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.documents: tuple[Document, ...] = tuple(documents(rulebook))
        self._phrases: dict[str, list[int]] = {}
        holding: dict[str, array[int]] = {}
        weights: dict[str, array[float]] = {}
        lengths: list[float] = []
        for number, document in enumerate(self.documents):
            found = _weights(document)
            lengths.append(sum(found.values()))
            for term, frequency in found.items():
                if term not in holding:
                    holding[term], weights[term] = array("I"), array("d")
                holding[term].append(number)
                weights[term].append(frequency)
        self._shown = {
            language: tuple(Shown.of(document, language) for document in self.documents) for language in LANGUAGES
        }
        average = sum(lengths) / max(1, len(lengths))
        norms = [_K1 * (1 - _B + _B * length / average) if average else _K1 for length in lengths]
        for term, frequencies in weights.items():
            pairs = zip(holding[term], frequencies, strict=True)
            weights[term] = array("d", [often * (_K1 + 1) / (often + norms[number]) for number, often in pairs])
        self._postings = _Postings(holding, weights)
        for number, document in enumerate(self.documents):
            for phrase in {joined(name) for name in document.names}:
                if len(phrase) >= _SHORTEST_PHRASE:
                    self._phrases.setdefault(phrase, []).append(number)
        self._longest = max(map(len, self._phrases), default=0)

    def search(self, query: str, limit: int, language: Language) -> tuple[int, tuple[Found, ...]]:
        """Return how many things were found, and the best of them."""
        text = asked_for(query)
        scores = self._scores(text)
        if not scores:
            return 0, ()
        floor = max(scores.values()) * _WORTH_SHOWING
        worthy = ((score, number) for number, score in scores.items() if score >= floor)
        ranked = sorted(worthy, key=lambda pair: (-pair[0], pair[1]))
        asked = frozenset(terms(text))
        telling = frozenset(filter(is_telling, asked)) or asked
        shown = self._shown[language]
        return len(ranked), tuple(
            self._found(text, telling, shown[number], number, score) for score, number in ranked[:limit]
        )

    def _scores(self, text: str) -> dict[int, float]:
        asked = dict.fromkeys(terms(text))
        # Single characters only lend weight to what a pair or word has found, unless there is nothing else.
        telling = [term for term in asked if is_telling(term)] or list(asked)
        scores: dict[int, float] = {}
        for term in telling:
            rarity, holding = self._holding(term)
            for number, saturated in holding:
                scores[number] = scores.get(number, 0.0) + rarity * saturated
        for phrase, numbers in self._whole_phrases(text):
            worth = _PHRASE * min(len(phrase), _LONGEST_PHRASE)
            for number in numbers:
                scores[number] = scores.get(number, 0.0) + worth
        for term in asked.keys() - set(telling):
            rarity, holding = self._holding(term)
            for number, saturated in holding:
                if number in scores:
                    scores[number] += rarity * _SINGLE * saturated
        return {number: score * _BY_KIND[self.documents[number].kind] for number, score in scores.items()}

    def _holding(self, term: str) -> tuple[float, Iterable[tuple[int, float]]]:
        """How rare the term is, and the documents that hold it, each with its weight there."""
        rows = self._postings
        start, end = rows.span(term)
        return self._idf(end - start), zip(rows.numbers[start:end], rows.weights[start:end], strict=True)

    def _holds(self, number: int, term: str) -> bool:
        """Whether the document holds the term; a term's documents stand in rising order."""
        numbers = self._postings.numbers
        start, end = self._postings.span(term)
        at = bisect_left(numbers, number, start, end)
        return at < end and numbers[at] == number

    def _whole_phrases(self, text: str) -> Iterable[tuple[str, list[int]]]:
        """The names and everyday phrases that stand whole in the query; of nested ones the longest."""
        for run in _phrase_runs(text):
            at = 0
            while at < len(run):
                for end in range(min(len(run), at + self._longest), at + _SHORTEST_PHRASE - 1, -1):
                    found = self._phrases.get(run[at:end])
                    if found is not None:
                        yield run[at:end], found
                        at = end - 1
                        break
                at += 1

    def _found(self, text: str, asked: frozenset[str], shown: Shown, number: int, score: float) -> Found:
        document = self.documents[number]
        held = frozenset(term for term in asked if self._holds(number, term))
        return Found(
            kind=document.kind,
            code=document.code,
            topic=document.topic,
            title=shown.title,
            snippet=shown.snippet(held),
            matched=matched_words(text, held),
            score=round(score, 3),
        )

    def _idf(self, holding: int) -> float:
        return log(1 + (len(self.documents) - holding + 0.5) / (holding + 0.5))


def joined(name: str) -> str:
    """Return a name as it is looked up whole: without the words of asking, Latin words singular, one blank apart.

    >>> joined("Open a Pharmacy"), joined("我要开药店！")
    ('open pharmacy', '开药店')
    """
    return " ".join(_phrase_runs(asked_for(name)))


def _phrase_runs(text: str) -> list[str]:
    """Chinese runs as they are; neighbouring Latin words together."""
    found: list[str] = []
    latin: list[str] = []
    for run in runs(text):
        if is_chinese(run):
            if latin:
                found.append(" ".join(latin))
                latin = []
            found.append(run)
        else:
            latin.extend(terms(run))
    if latin:
        found.append(" ".join(latin))
    return found


def _weights(document: Document) -> Mapping[str, float]:
    weights: Counter[str] = Counter()
    for texts, weight in (
        (document.names, _NAME_WEIGHT),
        ((words for text in document.texts for words in {text.zh, text.en}), 1.0),
        (document.hints, _HINT_WEIGHT),
    ):
        for text in texts:
            for term in terms(folded(text)):
                weights[term] += weight  # type: ignore[assignment]  # a Counter adds floats as well
    return weights
