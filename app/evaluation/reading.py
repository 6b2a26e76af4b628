"""A guide as readers in this house take it: what it leaves to be looked up by code stands in it again.

The guide is kept small for those it is sent to: names, titles and sources that the rulebook tells under their code are
not repeated in it. Pages, documents and the command line show them, so they read every guide through `in_full`. A
guide kept by older software has more in it; what it has is shown as it was told then.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

from app.engine import FactCode, ProcedureCode, RuleCode, Verification, weakest
from app.rulebook import DatePrecision, Effective, Rulebook, TopicBook
from app.wording import Phrases, language_of, phrases_in

Guide: TypeAlias = Mapping[str, Any]
Entry: TypeAlias = dict[str, Any]
_FIGURES: Final = ("statutory", "promised", "applicable")


def in_full(guide: Guide, rulebook: Rulebook) -> Guide:
    """The guide with what it leaves out filled in: as the rulebook has it, or as goes without saying.

    Shape: the guide itself stays as it is. `answers` a list with names; procedures with summary, result, fields of the
        form, and in `basis` the sources of details too; rules with titles; figures with sources as in any `basis`.
    Unknown: what the rulebook does not know any more is called by its code, or left out where it is no name.
    """
    return _Reading(guide, rulebook).in_full()


def limit_sources(item: Guide) -> tuple[Guide, ...]:
    """The sources of the limit that applies to a procedure of a guide in full, () where none applies."""
    limit = item["time_limit"]
    applicable = limit["applicable"]
    if applicable is None:
        return ()
    taken = applicable if applicable["from"] == "rule" else limit[applicable["from"]]
    return tuple(taken["basis"])


class _Reading:
    def __init__(self, guide: Guide, rulebook: Rulebook) -> None:
        self.guide = guide
        self.rulebook = rulebook
        self.phrases: Phrases = phrases_in(language_of(str(guide["lang"])))
        self.book: TopicBook | None = rulebook.topics.get(guide["topic"]["code"])
        self.sources: dict[str, Entry] = {}

    def in_full(self) -> Guide:
        answers = self.guide["answers"]
        return {
            **self.guide,
            "answers": list(self._answers(answers)) if isinstance(answers, Mapping) else answers,
            "procedures": [self._procedure(item) for item in self.guide["procedures"]],
            "notes": [self._note(item) for item in self.guide["notes"]],
        }

    def _note(self, item: Guide) -> Entry:
        """The note with how well it was seen: as its weakest source."""
        marks = [Verification(entry["verification"]) for entry in item["basis"] if entry["verification"]]
        return {"verification": weakest(marks), **item}

    def _answers(self, answers: Mapping[str, str]) -> Iterator[Entry]:
        facts = self.rulebook.facts if self.book is None else self.book.facts
        for code, answer in answers.items():
            entry = facts.get(FactCode(code))
            name = code if entry is None else self.phrases.pick(entry.name)
            yield {"fact": code, "name": name, "answer": answer, "assumed": code in self.guide["assumed"]}

    # ---- procedures --------------------------------------------------------------------------------------

    def _procedure(self, item: Guide) -> Entry:
        confirm, because = item["confirm_with"], item["because"]
        return {
            **self._catalogued(item["code"]),
            "optional": False,
            "detail_facts": [],
            "voluntary": None,
            "date_precision": "day",
            **item,
            "confirm_with": None if confirm is None else {"others": [], **confirm},
            "conditions": [{"unmet_means": None, **one} for one in item["conditions"]],
            "time_limit": self._limit(item["time_limit"]),
            "basis": [*item["basis"], *self._of_details(item, because)],
            "because": [self._rule(one, item["treatment"]) for one in because],
        }

    def _of_details(self, item: Guide, because: list[Guide]) -> Iterator[Entry]:
        """The sources of rules that move details alone; what carries the outcome is not told again for a detail."""
        told = {f"{entry['policy']}#{entry['clause']}" for entry in item["basis"]}
        own = {} if item["decided"] else {"treatment": None}
        for reference in dict.fromkeys(reference for rule in because for reference in rule.get("sources", ())):
            if reference not in told:
                yield {**self._source(reference), **own}

    def _catalogued(self, code: str) -> Entry:
        """What the catalogue says of the procedure, wherever it is handled."""
        entry, pick = self.rulebook.procedures.get(ProcedureCode(code)), self.phrases.pick
        if entry is None:
            return {"summary": None}
        told: Entry = {"summary": self.phrases.pick_or_none(entry.summary)}
        if entry.result is not None:
            validity = entry.result.validity
            span = None if validity is None else {"value": validity.value, "unit": validity.unit}
            told["result"] = {"name": pick(entry.result.name), "validity": span}
        if entry.form_fields:
            told["form_fields"] = [pick(field) for field in entry.form_fields]
        if entry.notes:
            told["notes"] = [pick(note) for note in entry.notes]
        return told

    def _rule(self, told: Guide, treatment: str | None) -> Entry:
        entry = self.rulebook.rules.get(RuleCode(told["rule"]))
        title = told["rule"] if entry is None else self.phrases.pick(entry.title)
        return {"title": title, "treatment": treatment, "certain": True, **told}

    # ---- figures -----------------------------------------------------------------------------------------

    def _limit(self, limit: Guide) -> Entry:
        told = {name: None if limit[name] is None else self._figure(limit[name]) for name in _FIGURES}
        applicable = told["applicable"]
        if applicable is not None:
            otherwise = "statutory" if told["promised"] is None else "promised"
            applicable.setdefault("rule", None)
            applicable.setdefault("from", otherwise if applicable["rule"] is None else "rule")
        return told

    def _figure(self, figure: Guide) -> Entry:
        """The figure with its sources; what is taken from another one has them there."""
        return {"basis": [self._source(reference) for reference in figure.get("sources", ())], **figure}

    def _source(self, reference: str) -> Entry:
        found = self.sources.get(reference)
        if found is None:
            found = self.sources[reference] = self._cited(reference)
        return found

    def _cited(self, reference: str) -> Entry:
        """`policy#article` as any `basis` has it; both codes where the rulebook does not know it any more."""
        policy, _, clause = reference.partition("#")
        book = self.rulebook.policies.get(policy)
        article = None if book is None else book.articles.get(clause)
        told: Entry = {"policy": policy, "clause": clause, "cite": clause, "document_number": None, "title": policy}
        if article is None:
            return {**told, "quote": None, "summary": None, "verification": None}
        pick, effective = self.phrases.pick, article.effective
        rough = {} if effective.precision is DatePrecision.DAY else {"date_precision": effective.precision}
        return {
            **told,
            "cite": pick(article.cite),
            "title": pick(article.title),
            "document_number": self.phrases.pick_or_none(article.policy.number),
            "quote": article.quote,
            "summary": self.phrases.pick_or_none(article.summary),
            **_span(effective),
            "url": article.policy.url,
            "verification": article.verification,
            **rough,
        }


def _span(effective: Effective) -> Entry:
    start, end = effective.start, effective.end
    return {
        "effective_from": None if start is None else start.isoformat(),
        "effective_to": None if end is None else end.isoformat(),
    }
