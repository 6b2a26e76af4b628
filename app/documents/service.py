"""What documents need of the edition that answers."""

from app.documents.workdays import Workdays
from app.releases import Edition


def workdays_of(edition: Edition) -> Workdays:
    """Return the working days of the edition's rulebook, made once for it."""
    return edition.beside(_made)


def _made(edition: Edition) -> Workdays:
    return Workdays(edition.rulebook.calendar.values())
