"""An evaluate request out of a JSON body or a query: read whole, every fault of it gathered before any is told."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from app.api.bodies import escaped, expected, read_json
from app.api.faults import unknown_field, unsupported_language
from app.engine import FactType
from app.errors import Fault, FaultCode, InvalidRequest
from app.evaluation import EvaluateRequest, Evaluator, read_query
from app.wording import LANGUAGES, Language, preferred_language

FIELDS: Final = ("topic", "facts", "as_of", "lang", "release")
"""What a request may hold."""
RESERVED: Final = ("topic", "as_of", "lang", "release")
"""Names of a query that are no facts; every other one is."""
# More than any topic asks; it bounds what an answer full of faults may weigh.
MOST_FACTS: Final = 200
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(slots=True)
class Reading:
    """A request as far as it could be read.

    Shape: `faults` are those of the request itself; its facts are judged by the evaluation.
    """

    language: Language
    topic: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    as_of: date | None = None
    release: str | None = None
    language_is_given: bool = False
    faults: list[Fault] = field(default_factory=list)

    def request(self) -> EvaluateRequest:
        """Return what the evaluation takes.

        Unknown: a topic that could not be read is "", which no topic is called.
        """
        return EvaluateRequest(
            topic=self.topic or "",
            facts=self.facts,
            as_of=self.as_of,
            lang=self.language,
            release=self.release,
            lang_is_given=self.language_is_given,
        )


def read_body_request(body: bytes, accepted: str) -> Reading:
    """Return the request that a JSON body holds.

    Raises: InvalidRequest when it is no JSON object at all.
    """
    content = read_json(body)
    if not isinstance(content, dict):
        raise InvalidRequest([expected("", "the body", "object")])
    reading = Reading(preferred_language(accepted))
    _read_fields(reading, content)
    facts = content.get("facts")
    if isinstance(facts, dict):
        reading.facts = facts
    elif facts is not None:
        reading.faults.append(expected("/facts", "facts", "object"))
    _bound("/facts", len(reading.facts))
    unknown = [name for name in content if name not in FIELDS]
    _bound("", len(unknown))
    reading.faults += [unknown_field(f"/{escaped(name)}", name, FIELDS) for name in unknown[:MOST_FACTS]]
    return reading


def read_query_request(query: bytes, accepted: str, evaluator: Evaluator) -> Reading:
    """Return the request that a query holds: its facts turned into the JSON values a body would have.

    Raises: InvalidRequest when it is no proper query at all.
    """
    pairs = read_query(query)
    reading = Reading(preferred_language(accepted))
    given: dict[str, object] = {}
    for name in RESERVED:
        values = pairs.pop(name, [])
        if len(values) > 1:
            reading.faults.append(_twice(f"/{name}", name))
        elif values:
            given[name] = values[0]
    _read_fields(reading, given)
    book = evaluator.rulebook.topics.get(reading.topic or "")
    if book is None:
        return reading
    known = {**evaluator.rulebook.shared_facts, **book.facts}
    several = {code for code, fact in known.items() if fact.type is FactType.CHOICES}
    twice = [name for name, values in pairs.items() if len(values) > 1 and name not in several]
    reading.faults += [_twice(f"/facts/{escaped(name)}", name) for name in twice]
    single = [(name, value) for name, values in pairs.items() if name not in twice for value in values]
    reading.facts = evaluator.facts_from_text(book.code, single)
    return reading


def _read_fields(reading: Reading, content: Mapping[str, object]) -> None:
    """Read all but the facts; null is the same as not there."""
    topic, lang, release, as_of = (content.get(name) for name in ("topic", "lang", "release", "as_of"))
    if isinstance(topic, str) and topic:
        reading.topic = topic
    elif topic is None or topic == "":
        reading.faults.append(Fault("/topic", FaultCode.MISSING, "topic is missing", params={"name": "topic"}))
    else:
        reading.faults.append(expected("/topic", "topic", "string"))
    for language in LANGUAGES:
        if lang == language:
            reading.language, reading.language_is_given = language, True
    if lang is not None and not reading.language_is_given:
        reading.faults.append(unsupported_language(lang))
    if isinstance(release, str):
        reading.release = release
    elif release is not None:
        reading.faults.append(expected("/release", "release", "string"))
    if as_of is not None:
        reading.as_of = _day(as_of)
        if reading.as_of is None:
            reading.faults.append(expected("/as_of", "as_of", "date"))


def _day(value: object) -> date | None:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _twice(pointer: str, name: str) -> Fault:
    return Fault(pointer, "duplicate", f"{name} is given twice", params={"name": name})


def _bound(pointer: str, count: int) -> None:
    if count > MOST_FACTS:
        # Judging each of so many would make an answer many times the size of the request.
        raise InvalidRequest(
            [
                Fault(
                    pointer,
                    FaultCode.ABOVE_MAXIMUM,
                    f"at most {MOST_FACTS} fields are read",
                    allowed=MOST_FACTS,
                    params={"name": pointer.removeprefix("/") or "the body", "maximum": MOST_FACTS},
                )
            ]
        )
