"""What is asked and what comes back, as the doors hand it over."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import cast

import orjson

from app.wording import Language


@dataclass(frozen=True, slots=True)
class EvaluateRequest:
    """One question: a topic, what is known, a day.

    Shape: `facts` as JSON has them; numbers with a point come as Decimal. `lang_is_given` False where the language was
        taken from a header and not from the request itself.
    Unknown: a fact of None is not answered; `as_of` None is today; `release` None is the one that is served.
    """

    topic: str
    facts: Mapping[str, object] = field(default_factory=dict)
    as_of: date | None = None
    lang: str = "zh-CN"
    release: str | None = None
    lang_is_given: bool = True


@dataclass(frozen=True)
class Answer:
    """A guide, ready to be sent.

    Shape: `body` UTF-8 JSON in the contract's order; `etag` strong and quoted; `release` the version's name;
        `is_fixed` where day, release and language were all given, so that the answer can never change.
    """

    body: bytes
    etag: str
    release: str
    as_of: date
    lang: Language
    is_fixed: bool

    @cached_property
    def guide(self) -> Mapping[str, object]:
        """The body, read."""
        return cast("Mapping[str, object]", orjson.loads(self.body))
