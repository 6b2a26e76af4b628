"""好差评: a grade for a kept guide, as it is sent and as it is kept."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from app.api.schemas.base import Wire
from app.feedback import LONGEST_COMMENT, Grade, Reason


class FeedbackBody(BaseModel):
    """An opinion on a guide. Documents the body; reading it is `app/feedback/opinions.py`."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    grade: Grade
    """非常满意, 满意, 基本满意, 不满意, 非常不满意."""
    reasons: list[Reason] | None = None
    """Only with one of the two low grades."""
    comment: str | None = Field(default=None, max_length=LONGEST_COMMENT)
    """No personal data: what looks like a telephone or identity number or an e-mail address is covered, not kept."""


class NamedGrade(Wire):
    """A grade with its name."""

    code: Grade
    name: str


class NamedReason(Wire):
    """A reason with its name."""

    code: Reason
    name: str


class FeedbackRelease(Wire):
    """The release the guide came from."""

    version: str
    content_hash: str


class KeptFeedback(Wire):
    """Feedback as it is kept."""

    reference: str
    topic: str
    release: FeedbackRelease
    rules: list[str]
    """The rules of the guide, which the grade counts for."""
    grade: NamedGrade
    reasons: list[NamedReason]
    comment: str | None
    """As it is kept."""
    masked: bool
    """Whether something was covered in the comment."""
    notice: str | None
    """That something was covered, in words."""
    given_at: datetime
    """UTC."""
