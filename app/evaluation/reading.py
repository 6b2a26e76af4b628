"""A guide as readers in this house take it: what it leaves to be looked up by code stands in it again.

The guide is kept small for those it is sent to: names, titles and sources that the rulebook tells under their code are
not repeated in it. Pages, documents and the command line show them, so they read every guide through `in_full`. A
guide kept by older software has more in it; what it has is shown as it was told then.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

from app.engine import FactCode, ProcedureCode, RuleCode, Value, Verification, weakest
from app.evaluation.values import WrongValue, typed
from app.rulebook import DatePrecision, Effective, FactEntry, Rulebook, TopicBook
from app.wording import Phrases, Sentences, answer_text, language_of, phrases_in

Guide: TypeAlias = Mapping[str, Any]
Entry: TypeAlias = dict[str, Any]
_FIGURES: Final = ("statutory", "promised", "applicable")
_EXTRAS: Final = ("entitlements", "obligations", "notes")


def in_full(guide: Guide, rulebook: Rulebook) -> Guide:
    """The guide with what it leaves out filled in: as the rulebook has it, or as goes without saying.

    Shape: the guide itself stays as it is. `answers` a list with names; procedures with summary, result, fields of the
        form, notes, and in `basis` the sources of details too; rules with titles; what-if said whole; figures with
        sources as in any `basis`; whatever cites in short with the titles of documents that have no number.
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
        self.facts: Mapping[FactCode, FactEntry] = rulebook.facts if self.book is None else self.book.facts
        self.sentences = None if self.book is None else Sentences(self.book, self.phrases)
        # Older guides tell every answer in words, and what-if whole.
        self.is_older = "answers" in guide
        self.sources: dict[str, Entry] = {}

    def in_full(self) -> Guide:
        guide = self.guide
        answers = guide["answers"] if self.is_older else dict(self._answered())
        return {
            **guide,
            "answers": list(self._answers(answers)) if isinstance(answers, Mapping) else answers,
            "definition_details": [self._citing(item) for item in guide["definition_details"]],
            "procedures": [self._procedure(item) for item in guide["procedures"]],
            **{kind: [self._extra(item) for item in guide[kind]] for kind in _EXTRAS},
            "path": {**guide["path"], "benchmarks": [self._citing(item) for item in guide["path"]["benchmarks"]]},
        }

    def _extra(self, item: Guide) -> Entry:
        """The entitlement, obligation or note with how well it was seen: as its weakest source, unless it says so."""
        marks = [Verification(entry["verification"]) for entry in item["basis"] if entry["verification"]]
        return {"verification": weakest(marks), **self._citing(item)}

    def _citing(self, item: Guide) -> Entry:
        """What cites in short: with its titles where a document has no number to be called by."""
        return {**item, "basis": [self._cited_in_short(entry) for entry in item["basis"]]}

    def _cited_in_short(self, entry: Guide) -> Guide:
        if entry["document_number"] is not None or "title" in entry:
            return entry
        return {**entry, "title": self._source(f"{entry['policy']}#{entry['clause']}")["title"]}

    # ---- answers -----------------------------------------------------------------------------------------

    def _answered(self) -> Iterator[tuple[str, str]]:
        """Every answer in words, in the topic's order; shared facts that the topic has no use for are left out."""
        given: dict[str, Any] = {**self.guide["facts"], **self.guide["assumed"]}
        unused = {} if self.book is None else self.rulebook.shared_facts
        for code in (
            *(fact for fact in self.facts if fact in given),
            *(fact for fact in given if fact not in self.facts),
        ):
            if code in self.facts or code not in unused:
                yield code, self._words(code, given[code])

    def _words(self, code: str, raw: object) -> str:
        """The answer in words, as it was sent where the rulebook does not take it any more."""
        value = self._value(code, raw)
        if value is None:
            return self.phrases.listed(list(map(str, raw))) if isinstance(raw, list) else str(raw)
        return answer_text(self.facts[FactCode(code)], value, self.phrases)

    def _value(self, code: str, raw: object) -> Value | None:
        entry = self.facts.get(FactCode(code))
        try:
            return None if entry is None else typed(entry, raw)
        except WrongValue:
            return None

    def _answers(self, answers: Mapping[str, str]) -> Iterator[Entry]:
        for code, answer in answers.items():
            entry = self.facts.get(FactCode(code))
            name = code if entry is None else self.phrases.pick(entry.name)
            yield {"fact": code, "name": name, "answer": answer, "assumed": code in self.guide["assumed"]}

    def _changed(self, item: Guide) -> Guide:
        """The changed answer with what was asked, where the rulebook still knows that."""
        value = self._value(item["fact"], item["answer"])
        if self.is_older or self.sentences is None or value is None or item["fact"] not in self.sentences.book.facts:
            return item
        return {**item, "text": self.sentences.changed(FactCode(item["fact"]), value, item["text"])}

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
            "conditions": [{"unmet_means": None, **self._citing(one)} for one in item["conditions"]],
            "time_limit": self._limit(item["time_limit"]),
            "basis": [*item["basis"], *self._of_details(item, because)],
            "because": [self._rule(one, item["treatment"]) for one in because],
            "what_if": [self._changed(one) for one in item["what_if"]],
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
        return {"title": title, "treatment": None if "sources" in told else treatment, "certain": True, **told}

    # ---- figures -----------------------------------------------------------------------------------------

    def _limit(self, limit: Guide) -> Entry:
        told = {name: None if limit[name] is None else self._figure(limit[name]) for name in _FIGURES}
        if told["promised"] is not None and told["statutory"] is not None and not told["promised"]["basis"]:
            told["promised"]["basis"] = told["statutory"]["basis"]
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
