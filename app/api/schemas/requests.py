"""What the reading routes take in their query, and an evaluate request; unknown names are refused."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Language = Annotated[
    Literal["zh-CN", "en"] | None,
    Field(description="Language of the answer; without it Accept-Language decides, then zh-CN."),
]


class InLanguage(BaseModel):
    """Every reading route takes a language."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    lang: Language = None


class OfTopic(InLanguage):
    """A list that may be narrowed to one topic."""

    topic: Annotated[str | None, Field(description="Code of a topic: only what belongs to it.")] = None


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
