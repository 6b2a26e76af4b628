"""Names of procedures, treatments, authorities and sources, as they are said and shown."""

from collections.abc import Iterable, Mapping

from app.engine import FactCode, Outcome, ProcedureCode, Purpose, Treatment, Value
from app.rulebook import ArticleBook, Rulebook, TopicBook
from app.wording.phrases import Phrases

#: How the wire writes that a procedure does not exist in a scenario.
NOT_REQUIRED = "not_required"


class Names:
    """What things are called in one topic and language."""

    def __init__(self, rulebook: Rulebook, book: TopicBook, phrases: Phrases) -> None:
        self.rulebook = rulebook
        self.book = book
        self.phrases = phrases
        self._cites: dict[str, str] = {}
        self._district_fact = next(
            (code for code, fact in book.topic.facts.items() if fact.purpose is Purpose.WHERE), None
        )

    def procedure(self, code: ProcedureCode) -> str:
        """事项名称, the official name."""
        return self.phrases.pick(self.book.procedures[code].name)

    def everyday(self, code: ProcedureCode) -> str:
        """What people call the procedure."""
        return self.phrases.pick(self.book.procedures[code].everyday_name)

    def treatment(self, treatment: Treatment | None) -> str:
        """The treatment's name; None is that there is nothing to do because it does not exist here."""
        return self.phrases.say(f"treatment.{treatment or NOT_REQUIRED}")

    def done(self, code: ProcedureCode, outcome: Outcome) -> str:
        """What is done about the procedure, as a short statement."""
        name = self.everyday(code)
        if outcome.treatment is Treatment.FILING and outcome.filing_timing is not None:
            return self.phrases.say(f"done.filing_{outcome.filing_timing}", name=name)
        target = self.everyday(outcome.merged_into) if outcome.merged_into is not None else ""
        key = "done.not_required" if outcome.treatment is None else f"done.{outcome.treatment}"
        return self.phrases.say(key, name=name, target=target)

    def undecided(self, code: ProcedureCode, possible: Iterable[Outcome]) -> str:
        """That the procedure is open, and between which treatments."""
        treatments = dict.fromkeys(self.treatment(outcome.treatment) for outcome in possible)
        return self.phrases.say(
            "done.undecided", name=self.everyday(code), possible=self.phrases.joined(list(treatments), "or")
        )

    def district_in(self, answers: Mapping[FactCode, Value]) -> str | None:
        """The district the answers name, None where they name none."""
        value = None if self._district_fact is None else answers.get(self._district_fact)
        return value if isinstance(value, str) and value in self.rulebook.districts else None

    def authority(self, code: str, district: str | None = None) -> str:
        """实施主体. The authority's name, the district's own where the district is known and each has one."""
        entry = self.rulebook.authorities[code]
        if district is None or entry.district_name is None:
            return self.phrases.pick(entry.name)
        name = self.phrases.pick(self.rulebook.districts[district].name)
        return self.phrases.pick(entry.district_name).format(district=name)

    def article(self, reference: str) -> ArticleBook:
        """The citable piece behind `policy#article`."""
        return self.rulebook.article(reference)

    def document_number(self, reference: str) -> str | None:
        """文号 of the document, None where it has none or none was found."""
        return self.phrases.pick_or_none(self.article(reference).policy.number)

    def cite(self, reference: str) -> str:
        """The source as it is read aloud: the document's number, else its title, and the article."""
        found = self._cites.get(reference)
        if found is None:
            article = self.article(reference)
            number = self.document_number(reference)
            act = number or self.phrases.say("cite.titled", title=self.phrases.pick(article.title))
            found = self.phrases.say("cite.article", act=act, article=self.phrases.pick(article.cite))
            self._cites[reference] = found
        return found
