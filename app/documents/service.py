"""What the doors ask for: the files of a kept guide, and what they need of the edition that answers.

What writes Word and calendar files is loaded with the first file that is made: most workers never make one, and it
would cost each a quarter of a second at its start and a good part of its memory.
"""

from datetime import date

from app.documents.records import File, Original
from app.documents.workdays import Workdays
from app.releases import Edition


def form_file(original: Original, code: str) -> File:
    """Return the letter of commitment, or the filing form, of one procedure.

    Raises: NoDocument where the procedure is not a decided commitment or filing of the guide (semantics 43).
    """
    from app.documents.form import form_file as make

    return make(original, code)


def notice_file(original: Original) -> File:
    """Return the notice of a kept guide."""
    from app.documents.notice import notice_file as make

    return make(original)


def calendar_file(original: Original, start: date, workdays: Workdays) -> File:
    """Return the calendar of a kept guide's path, begun on a day.

    Raises: InvalidRequest where the start lies before every year held, or years beyond the last.
    """
    from app.documents.agenda import calendar_file as make

    return make(original, start, workdays)


def workdays_of(edition: Edition) -> Workdays:
    """Return the working days of the edition's rulebook, made once for it."""
    return edition.beside(_made)


def _made(edition: Edition) -> Workdays:
    return Workdays(edition.rulebook.calendar.values())
