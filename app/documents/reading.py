"""A guide as sentences for paper and calendar: what it says, nothing that it does not."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from app.documents.records import Entry, Guide
from app.engine import HANDED_IN, Duration, Treatment, Unit, Verification
from app.evaluation import limit_sources
from app.wording import Phrases, date_text, duration_text, language_of, number_text, phrases_in

#: What the company files or signs itself, so that a form can be filled in for it.
_WITH_FORM: Final = frozenset({Treatment.COMMITMENT, Treatment.FILING})
_NOTHING_TO_DO: Final = frozenset({Treatment.WAIVED, Treatment.PROACTIVE, Treatment.MERGED})
_CHECK: Final = "check"


def has_form(procedure: Entry) -> bool:
    """Return whether a letter of commitment or a filing form is made for the procedure (semantics 43)."""
    return bool(procedure["decided"]) and procedure["treatment"] in _WITH_FORM


def length_of(record: Entry) -> Duration:
    """Return a length of time of a guide."""
    return Duration(Decimal(str(record["value"])), Unit(record["unit"]))


class Reader:
    """Reads one guide in its own language."""

    def __init__(self, guide: Guide) -> None:
        self.guide = guide
        self.phrases: Phrases = phrases_in(language_of(str(guide["lang"])))
        self.procedures: dict[str, Entry] = {item["code"]: item for item in guide["procedures"]}

    def say(self, key: str, **values: object) -> str:
        """Return a phrase of the documents."""
        return self.phrases.say(key, **values)

    # ---- names, days, lengths ----------------------------------------------------------------------------

    def name(self, code: str) -> str:
        """Return what people call the procedure."""
        item = self.procedures.get(code)
        return code if item is None else str(item["everyday_name"])

    def names(self, codes: Iterable[str]) -> str:
        """Return the procedures one after the other."""
        return self.phrases.listed([self.name(code) for code in codes])

    def full_name(self, item: Entry) -> str:
        """Return the everyday name, and the official one where it is another."""
        everyday, official = item["everyday_name"], item["name"]
        same = everyday == official
        return str(official) if same else self.say("document.official", everyday=everyday, name=official)

    def day(self, iso: str) -> str:
        """Return a day of the guide as it is said."""
        return date_text(date.fromisoformat(iso), self.phrases)

    def law(self) -> str:
        """Return which day's law the guide follows."""
        return self.say("document.law", day=self.day(self.guide["as_of"]))

    def span(self, record: Entry) -> str:
        """Return a length of time in its own unit."""
        return duration_text(length_of(record), self.phrases)

    def with_doubt(self, text: str, verification: str | None) -> str:
        """Return the text, marked where nobody verified it."""
        doubtful = verification == Verification.UNVERIFIED
        return self.say("document.unverified", text=text) if doubtful else text

    def limit(self, item: Entry) -> str:
        """Return how long the procedure takes, or that it was not found."""
        if item["treatment"] == Treatment.MERGED:
            return self.say("notice.merged_days")
        applicable = item["time_limit"]["applicable"]
        if applicable is None:
            return self.say("document.not_found")
        return self.with_doubt(self.span(applicable), applicable["verification"])

    def fee(self, item: Entry) -> str:
        """Return what it costs, or that it was not found."""
        fee = item["fee"]
        if fee is None:
            return self.say("document.not_found")
        if fee["text"]:
            said = str(fee["text"])
        elif not fee["charged"]:
            said = self.say("document.item.free")
        elif fee["amount_yuan"] is None:
            said = self.say("document.item.charged")
        else:
            amount = number_text(Decimal(str(fee["amount_yuan"])), self.phrases)
            said = self.say("document.item.charged_yuan", amount=amount)
        return self.with_doubt(said, fee["verification"])

    def channel(self, item: Entry) -> str | None:
        """Return where one applies, None where it was not found."""
        return None if item["channel"] is None else self.say(f"channel.{item['channel']}")

    def treatment(self, item: Entry) -> str:
        """Return the way of handling, or the possible ones."""
        if item["decided"]:
            return str(item["treatment_name"])
        possible = [self.say(f"treatment.{code}") for code in item["possible_treatments"]]
        return self.phrases.joined(possible, "or")

    def fallback(self, item: Entry) -> str | None:
        """Return what applies where the company declines the voluntary way, None where there is no other."""
        if item["fallback"] is None:
            return None
        if item["fallback_merged_into"] is not None:
            return self.say("document.option.merged", target=self.name(item["fallback_merged_into"]))
        return self.say("document.option.fallback", name=self.say(f"treatment.{item['fallback']}"))

    # ---- sources -----------------------------------------------------------------------------------------

    def cite(self, basis: Entry) -> str:
        """Return a source by title, number and article."""
        act = basis.get("title")
        number = basis["document_number"]
        if act is None:
            act = number
        else:
            act = self.say("document.titled", title=act)
            if number is not None:
                act = self.say("document.numbered", title=act, number=number)
        return self.say("document.cite", act=act, article=basis["cite"])

    def source(self, basis: Entry) -> tuple[str, str]:
        """Return a source, and what it says with how well it was seen."""
        quote = basis.get("quote")
        words = str(basis.get("summary") or "") if quote is None else self.say("document.quoted", quote=quote)
        mark = basis["verification"]
        sure = self.say("document.sure", mark=self.say(f"verification.{mark}")) if mark else ""
        return self.cite(basis), "\n".join(part for part in (words, sure) if part)

    def sources(self) -> list[tuple[str, str]]:
        """Return every source that the barriers, the procedures and their time limits rest on, each once, in order."""
        procedures = self.guide["procedures"]
        bases = (item["basis"] for item in (*self.guide["barriers"], *procedures))
        return self._once(entry for basis in (*bases, *map(limit_sources, procedures)) for entry in basis)

    def sources_of(self, item: Entry) -> list[tuple[str, str]]:
        """Return what a procedure rests on, then what its time limit does, each once."""
        return self._once((*item["basis"], *limit_sources(item)))

    def _once(self, entries: Iterable[Entry]) -> list[tuple[str, str]]:
        found: dict[tuple[str, str], tuple[str, str]] = {}
        for entry in entries:
            found.setdefault((entry["policy"], entry["clause"]), self.source(entry))
        return list(found.values())

    # ---- who is asked, what is owed ------------------------------------------------------------------------

    def confirm(self, item: Entry) -> list[str]:
        """Return whom to ask before relying on the procedure, and about what."""
        first = item["confirm_with"]
        if first is None:
            return []
        return [
            self.say("document.ask", authority=one["authority"], why=one["why"]) for one in (first, *first["others"])
        ]

    def obligations(self, procedure: str, *, checks: bool) -> list[str]:
        """Return what the company owes because of the procedure: the checks on it, or all the rest.

        Unknown: a guide kept before obligations named their procedures gives all of them.
        """
        return [
            self.owed(item)
            for item in self.guide["obligations"]
            if (procedure in item.get("procedures", [procedure])) and (item.get("kind") == _CHECK) is checks
        ]

    def owed(self, item: Entry) -> str:
        """Return one obligation with its time, marked where it is open or nobody verified it."""
        text = str(item["text"])
        due = item.get("due")
        if due is not None:
            text = self.say("document.consequences.due", text=text, after=due["after"], span=self.span(due))
        return self.applies(self.with_doubt(text, item.get("verification")), item)

    def applies(self, text: str, item: Entry) -> str:
        """Return the text, marked where it is open whether it applies."""
        return text if item["applies"] else self.say("notice.may_apply", text=text)

    # ---- what there is to do, and what not ------------------------------------------------------------------

    def nothing_to_do(self) -> Iterator[str]:
        """Yield what the company need not apply for, each with the reason in a word."""
        for item in self.guide["procedures"]:
            if item["decided"] and item["treatment"] in _NOTHING_TO_DO:
                target = item["merged_into"]
                if target is not None:
                    yield self.say("notice.gone_merged", name=self.full_name(item), target=self.name(target))
                else:
                    yield self.say("notice.gone_item", name=self.full_name(item), treatment=item["treatment_name"])

    def undecided(self) -> list[Entry]:
        """Return the procedures that are open."""
        return [item for item in self.guide["procedures"] if not item["decided"]]

    def to_do(self) -> list[Entry]:
        """Return the procedures that the path goes through, in its order."""
        codes = [code for step in self.guide["path"]["steps"] for code in step["procedures"]]
        return [self.procedures[code] for code in codes]

    def beside_the_path(self) -> list[Entry]:
        """Return what there is to do outside the path's order: optional procedures, and what an office does itself."""
        in_path = {code for step in self.guide["path"]["steps"] for code in step["procedures"]}
        return [
            item
            for item in self.guide["procedures"]
            if item["decided"] and item["treatment"] in HANDED_IN and item["code"] not in in_path
        ]

    def possible(self, item: Entry) -> str:
        """Return that a procedure is open, and between what."""
        return self.say("notice.open_item", name=self.full_name(item), possible=self.treatment(item))
