"""A rulebook's mutants, or some of them, tried side by side: who noticed, who did not, the score of each part."""

import multiprocessing
import random
from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.rulebook.books import Rulebook, TopicBook
from app.rulebook.checking import load
from app.rulebook.files.base import Entry
from app.rulebook.mutation.entries import EntryChecks
from app.rulebook.mutation.lab import Fate, Lab, Verdict
from app.rulebook.mutation.mutants import Mutant, Owner, mutants_of

#: The least share of a part's mutants that somebody has to notice.
FLOOR: Final = 0.9
#: Mutants a process is handed at once; a topic is compiled anew for each such share.
_SHARE: Final = 400


@dataclass(frozen=True, slots=True)
class Tried:
    """One mutant and what became of it."""

    mutant: Mutant
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Part:
    """A topic's or module's own mutants, in the order of its files."""

    code: str
    tried: tuple[Tried, ...]

    def count(self, *fates: Fate) -> int:
        """How many came to one of these ends."""
        return sum(item.verdict.fate in fates for item in self.tried)

    @property
    def survivors(self) -> tuple[Mutant, ...]:
        """Those that nobody noticed."""
        return tuple(item.mutant for item in self.tried if item.verdict.fate is Fate.SURVIVED)

    @property
    def score(self) -> float:
        """The share that somebody noticed, equivalent ones left aside; 1 where there are no others."""
        real = len(self.tried) - self.count(Fate.EQUIVALENT)
        return self.count(Fate.CASE, Fate.PROOF, Fate.CHECK) / real if real else 1.0


def parts_of(rulebook: Rulebook) -> Mapping[str, tuple[Mutant, ...]]:
    """Return every topic and module with the mutants of its own entries, in the order of its files."""
    found: dict[str, dict[int, Entry]] = {}
    for book in rulebook.topics.values():
        for entries in (book.definitions, book.procedures, book.rules):
            for entry in entries.values():
                found.setdefault(_home(entry), {})[id(entry)] = entry
    ordered = {home: sorted(entries.values(), key=_line) for home, entries in sorted(found.items())}
    return {
        home: tuple(mutant for entry in entries for mutant in mutants_of(entry))  # type: ignore[arg-type]
        for home, entries in ordered.items()
    }


def _home(entry: Entry) -> str:
    """The topic or module whose folder the entry stands in: `rules/topics/<code>/…`, `rules/shared/<code>/…`."""
    return entry.place.file.split("/")[2]


def _line(entry: Entry) -> tuple[str, int]:
    return entry.place.file, entry.place.mark.line


def try_mutants(
    path: Path,
    *,
    parts: Collection[str] | None = None,
    sample: int | None = None,
    seed: int = 0,
    workers: int = 2,
) -> tuple[Part, ...]:
    """Return what became of the mutants of the rulebook in the folder, part by part.

    Shape: `parts` codes of topics and modules, all without them; `sample` so many of each part, chosen by `seed`.
    Raises: RulebookError where the rulebook itself has findings; KeyError for a part that is not there.
    Cost: some tenths of a second a mutant.
    """
    known = parts_of(load(path))
    chosen = {code: _sampled(known[code], sample, seed) for code in (known if parts is None else parts)}
    shares = [(code, share) for code, places in chosen.items() for share in _shares(places, workers)]
    verdicts: dict[tuple[str, int], Verdict] = {}
    if workers < 2:
        for code, share in shares:
            verdicts.update(_Bench(path).verdicts(code, share))
    else:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(path,)) as pool:
            for found in pool.map(_verdicts, *zip(*shares, strict=True)):
                verdicts.update(found)
    return tuple(
        Part(code, tuple(Tried(known[code][place], verdicts[code, place]) for place in places))
        for code, places in chosen.items()
    )


def _sampled(mutants: tuple[Mutant, ...], sample: int | None, seed: int) -> list[int]:
    """The places of the mutants chosen, in order."""
    places = range(len(mutants))
    if sample is None or sample >= len(mutants):
        return list(places)
    return sorted(random.Random(seed).sample(places, sample))  # a choice, no secret


def _shares(places: list[int], workers: int) -> Iterator[tuple[int, ...]]:
    size = min(_SHARE, -(-len(places) // max(workers, 1)) or 1)
    yield from (tuple(places[start : start + size]) for start in range(0, len(places), size))


class _Bench:
    """One process's rulebook and tools."""

    def __init__(self, path: Path) -> None:
        self.rulebook = load(path)
        self.parts = parts_of(self.rulebook)
        self.checks = EntryChecks(path)

    def verdicts(self, code: str, places: Iterable[int]) -> dict[tuple[str, int], Verdict]:
        """What becomes of these mutants of the part."""
        mutants = {place: self.parts[code][place] for place in places}
        found: dict[int, Verdict] = {}
        for book in self.rulebook.topics.values():
            open_ones = {
                place: mutant
                for place, mutant in mutants.items()
                if _is_part(book, mutant) and found.get(place, _UNTRIED).fate in (Fate.EQUIVALENT, Fate.SURVIVED)
            }
            if open_ones:
                lab = Lab(self.rulebook, book, open_ones.values())
                for place, mutant in open_ones.items():
                    found[place] = _stronger(found.get(place), lab.verdict(mutant))
        return {(code, place): self._checked(mutants[place], verdict) for place, verdict in found.items()}

    def _checked(self, mutant: Mutant, verdict: Verdict) -> Verdict:
        finding = self.checks.finding(mutant) if verdict.fate is Fate.SURVIVED else ""
        return Verdict(Fate.CHECK, finding) if finding else verdict


_UNTRIED: Final = Verdict(Fate.EQUIVALENT)


def _stronger(known: Verdict | None, found: Verdict) -> Verdict:
    """What is to be said of a mutant tried in several topics: noticed in one is noticed."""
    return known if known is not None and found.fate is Fate.EQUIVALENT else found


def _is_part(book: TopicBook, mutant: Mutant) -> bool:
    entries: Mapping[Owner, Iterable[Entry]] = {
        Owner.RULE: book.rules.values(),
        Owner.DEFINITION: book.definitions.values(),
        Owner.PROCEDURE: book.procedures.values(),
    }
    codes = {(getattr(entry, "code", ""), entry.place.file) for entry in entries[mutant.owner]}
    return (mutant.code, mutant.place.file) in codes


_bench: _Bench | None = None


def _begin(path: Path) -> None:
    global _bench  # noqa: PLW0603  # one to a process
    _bench = _Bench(path)


def _verdicts(code: str, places: tuple[int, ...]) -> dict[tuple[str, int], Verdict]:
    assert _bench is not None
    return _bench.verdicts(code, places)
