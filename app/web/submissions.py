"""What a page of questions sent, made into answers; what is missing or does not go together is told by fact."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.engine import FactType
from app.rulebook import FactEntry
from app.web.entered import entered_day, entered_number
from app.web.fields import NO, NOT_KNOWN, YES, Layout, layout_of, nothing_of
from app.web.scenarios import DO
from app.wording import Phrases


@dataclass(frozen=True, slots=True)
class Submission:
    """What was sent.

    Shape: `answers` fact -> its texts as the address writes them · `skipped` facts left open on purpose · `entered`
        fact -> what stood in its field, to be shown again · `errors` fact -> what is wrong, "" the page as a whole.
    """

    answers: dict[str, list[str]] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)
    entered: dict[str, list[str]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def read_submission(entries: Sequence[FactEntry], sent: Mapping[str, Sequence[str]], phrases: Phrases) -> Submission:
    """Return what was answered to these facts of one page."""
    # Without the name, the button that goes on was pressed, or the enter key.
    done = (sent.get(DO) or ["next"])[-1]
    given = {entry.code: list(sent.get(entry.code, ())) for entry in entries}
    found = Submission(entered=given)
    if done == "none":
        found.answers.update({entry.code: [nothing_of(entry) or ""] for entry in entries})
        return found
    if layout_of(entries) is Layout.TICKS:
        _read_ticks(found, given, done)
    else:
        for entry in entries:
            _read_field(found, entry, given[entry.code], phrases)
    if not found.errors and not found.answers and done != "open" and not _said_not_known(given):
        # On a page of one fact the message stands beside it, on any other above them all.
        found.errors[entries[0].code if len(entries) == 1 else ""] = phrases.say("pages.ask.nothing_chosen")
    return found


def _said_not_known(given: Mapping[str, Sequence[str]]) -> bool:
    return any(NOT_KNOWN in texts for texts in given.values())


def _read_ticks(found: Submission, given: Mapping[str, Sequence[str]], done: str) -> None:
    """A ticked fact is true; the others are false, or open where that was said."""
    any_ticked = any(YES in texts for texts in given.values())
    for fact, texts in given.items():
        if YES in texts:
            found.answers[fact] = [YES]
        elif done == "open":
            found.skipped.append(fact)
        elif any_ticked:
            found.answers[fact] = [NO]


def _read_field(found: Submission, entry: FactEntry, texts: Sequence[str], phrases: Phrases) -> None:
    filled = [text.strip() for text in texts if text.strip() and text != NOT_KNOWN]
    match entry.type:
        case FactType.CHOICES if "" in texts and filled:
            found.errors[entry.code] = phrases.say("pages.ask.none_and_some")
        case FactType.CHOICES if "" in texts:
            found.answers[entry.code] = [""]
        case FactType.INTEGER | FactType.DECIMAL if filled:
            found.answers[entry.code] = [entered_number(filled[-1])]
        case FactType.DATE if filled:
            found.answers[entry.code] = [entered_day(filled[-1])]
        case _ if filled:
            found.answers[entry.code] = filled
        case _:
            found.skipped.append(entry.code)
