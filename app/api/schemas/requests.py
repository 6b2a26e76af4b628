"""What the reading routes take in their query, and an evaluate request; unknown names are refused."""

import re
from datetime import date
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

Language = Annotated[
    Literal["zh-CN", "en"] | None,
    Field(description="Language of the answer; without it Accept-Language decides, then zh-CN."),
]


_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _day(value: object) -> object:
    """A day as it is written here; Pydantic alone would take a bare number as seconds."""
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise PydanticCustomError("date_parsing", "takes a date such as 2024-03-01")


#: A day in a query.
Day: TypeAlias = Annotated[date, BeforeValidator(_day)]


class InLanguage(BaseModel):
    """Every reading route takes a language."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    lang: Language = None


class OfTopic(InLanguage):
    """A list that may be narrowed to one topic."""

    topic: Annotated[str | None, Field(description="Code of a topic: only what belongs to it.")] = None


class ChangesQuery(OfTopic):
    """What changed in the law; each narrows the list further."""

    since: Annotated[Day | None, Field(description="Only what holds from this day on or from a later one.")] = None
    recorded_since: Annotated[
        Day | None, Field(description="Only what the rules took in on this day or later: for who asks again and again.")
    ] = None


class SearchQuery(InLanguage):
    """The hotline search."""

    q: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
        Field(description="What the caller says, in Chinese or English."),
    ]
    limit: Annotated[int, Field(ge=1, le=50, description="How many results at most.")] = 10


class EvaluateBody(BaseModel):
    """A scenario to evaluate. Documents the body; reading it is `app/api/scenarios.py`."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    topic: Annotated[str, Field(min_length=1, description="Code of the topic, as in GET /v1/topics.")]
    facts: Annotated[
        dict[str, bool | float | str | list[str] | None] | None,
        Field(description="Fact code to answer; may be partial or empty. null is not answered, [] is none of these."),
    ] = None
    as_of: Annotated[
        str | None,
        Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", description="The day whose law is asked for; today in China."),
    ] = None
    lang: Language = None
    release: Annotated[
        str | None, Field(description="Version or content hash of a release; the one that is served.")
    ] = None
