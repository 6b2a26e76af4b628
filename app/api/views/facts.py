"""Facts as the reading routes give them."""

from app.api.catalogue import Catalogue
from app.api.schemas.rulebook import AskWhom, Fact, FactList, Option
from app.engine import FactCode
from app.errors import NotFound
from app.rulebook import FactEntry


def fact_list(catalogue: Catalogue, topic: str | None) -> FactList:
    """Return all facts, or a topic's in the order it asks them.

    Raises: UnknownTopic.
    """
    known = catalogue.topic_book(topic).facts if topic is not None else catalogue.rulebook.facts
    facts = [fact_view(catalogue, fact) for fact in known.values()]
    return FactList(total=len(facts), facts=facts)


def fact_by_code(catalogue: Catalogue, code: str) -> Fact:
    """Return one fact, with every option any topic takes.

    Raises: NotFound.
    """
    fact = catalogue.rulebook.facts.get(FactCode(code))
    if fact is None:
        raise NotFound("fact", code)
    return fact_view(catalogue, fact)


def fact_view(catalogue: Catalogue, fact: FactEntry) -> Fact:
    """Return a fact with its question, and who uses it."""
    code = FactCode(fact.code)
    return Fact(
        code=fact.code,
        name=catalogue.text(fact.name),
        type=fact.type,
        asked_of=fact.asked_of,
        question=catalogue.text(fact.question),
        help=catalogue.text_or_none(fact.help),
        statement=catalogue.text_or_none(fact.statement),
        negation=catalogue.text_or_none(fact.negation),
        options=[
            Option(value=option.value, label=catalogue.text(option.label), help=catalogue.text_or_none(option.help))
            for option in fact.options
        ],
        minimum=fact.minimum,
        maximum=fact.maximum,
        unit=fact.unit,
        default=fact.default,
        group=fact.group,
        ask=fact.ask,
        purpose=fact.purpose,
        empty_allowed=fact.empty_allowed,
        ask_whom=_ask_whom(catalogue, fact),
        topics=catalogue.topics(catalogue.rulebook.topics_of_fact.get(code, ())),
        rules=catalogue.rules(catalogue.uses.rules_of_fact.get(code, ())),
    )


def _ask_whom(catalogue: Catalogue, fact: FactEntry) -> AskWhom | None:
    if fact.ask_whom is None:
        return None
    return AskWhom(
        authority=fact.ask_whom.authority,
        authority_name=catalogue.authority(fact.ask_whom.authority),
        ask=catalogue.text(fact.ask_whom.ask),
    )
