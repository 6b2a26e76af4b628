"""Days and lengths of time of a guide in words."""

from datetime import date
from decimal import Decimal

from app.engine import Duration, Unit
from app.web.views.marks import Part
from app.wording import Phrases, date_text, duration_text


def day_words(day: str, phrases: Phrases) -> str:
    """Return a day of a guide as it is said."""
    return date_text(date.fromisoformat(day), phrases)


def length_of(span: Part) -> Duration:
    """Return a length of time of a guide as a record."""
    return Duration(Decimal(str(span["value"])), Unit(span["unit"]))


def length_words(span: Part, phrases: Phrases) -> str:
    """Return a length of time of a guide in its own unit."""
    return duration_text(length_of(span), phrases)
