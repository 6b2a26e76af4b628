"""What is shown of a thing found: the words of the query that are in it, and the piece of its text around them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from app.search.documents import Document
from app.search.terms import folded, is_chinese, runs, terms
from app.wording import Language, phrases_in

# Characters; an English word takes about as many as two Chinese ones say.
_LONGEST: Final[Mapping[Language, int]] = {"zh-CN": 60, "en": 140}


def matched_words(text: str, held: frozenset[str]) -> tuple[str, ...]:
    """Return the stretches of the folded query whose terms were found, longest stretches whole, each once.

    >>> matched_words("想开个小药店", frozenset({"开个", "药店"}))
    ('开个', '药店')
    """
    return tuple(dict.fromkeys(_stretches(text, held)))


def _stretches(text: str, held: frozenset[str]) -> Iterator[str]:
    for run in runs(text):
        if not is_chinese(run):
            if not held.isdisjoint(terms(run)):
                yield run
            continue
        covered = [sign in held for sign in run]
        for at in range(len(run) - 1):
            if run[at : at + 2] in held:
                covered[at] = covered[at + 1] = True
        start: int | None = None
        for at, is_covered in enumerate([*covered, False]):
            if is_covered and start is None:
                start = at
            elif not is_covered and start is not None:
                yield run[start:at]
                start = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A document's words in one language.

    Shape: `texts` each text beside its folded form, the title alone where there is none.
    """

    title: str
    texts: tuple[tuple[str, str], ...]
    longest: int

    @classmethod
    def of(cls, document: Document, language: Language) -> "Shown":
        """Return the document's words in the language."""
        pick = phrases_in(language).pick
        title = pick(document.title)
        plain = [" ".join(pick(text).split()) for text in document.texts] or [title]
        return cls(title, tuple((text, folded(text)) for text in plain), _LONGEST[language])

    def snippet(self, held: frozenset[str]) -> str:
        """Return the piece of a text that holds most of the terms found."""
        text, low = max(self.texts, key=lambda pair: sum(term in pair[1] for term in held))
        if len(text) <= self.longest:
            return text
        start = max(0, _first_hit(low, held) - self.longest // 4)
        # Not in the middle of an English word.
        blank = text.find(" ", start, start + 20) if start else -1
        start = blank + 1 if blank >= 0 else start
        piece = text[start : start + self.longest]
        return f"{'…' if start else ''}{piece.strip()}{'…' if start + self.longest < len(text) else ''}"


def _first_hit(low: str, held: frozenset[str]) -> int:
    # Folding changes a text's length where it has full-width marks; close is good enough for a snippet.
    return min((at for at in (low.find(term) for term in held) if at >= 0), default=0)
