"""What all our documents have in common: how they open, the answers they rest on, how they end."""

import re
from typing import Final

from app.documents.paper import TEXT_WIDTH, Paper
from app.documents.reading import Reader
from app.documents.records import Original
from app.guides import Reference, spoken_groups

# What some file system refuses in a name.
_UNWELCOME: Final = re.compile(r'[\x00-\x1f\\/:*?"<>|]+')
# In UTF-8 a Chinese character takes three bytes, and many systems take 255 of them.
_LONGEST_NAME: Final = 60


def file_name(what: str, of: str, reference: Reference, ending: str = "docx") -> str:
    """Return the name of a file as every system takes it; a long one is cut, its reference never.

    >>> file_name("承诺书", "a/b", Reference("ACDEFGHJKM"))
    '承诺书 a b ACDEFGHJKM.docx'
    """
    name = _UNWELCOME.sub(" ", f"{what} {of}").strip()[:_LONGEST_NAME].strip()
    return f"{name} {reference}.{ending}"


def open_paper(original: Original, reader: Reader, title: str, below: str) -> Paper:
    """Return a sheet with its title, and at its foot the reference and what it is not."""
    paper = Paper(
        lang=reader.phrases.lang,
        title=f"{title} {original.reference}",
        subject=below,
        made_at=original.kept_at,
    )
    paper.title(title, below)
    foot = reader.say(
        "document.footer",
        reference=spoken_groups(original.reference),
        law=reader.law(),
        aid=reader.say("document.aid"),
    )
    before, between, after = (reader.say(f"document.page_{place}") for place in ("before", "between", "after"))
    paper.footer(foot, (before, between, after))
    return paper


def answers_table(paper: Paper, reader: Reader) -> None:
    """Write what was answered, and what was taken by default."""
    rows = [
        (one["name"], reader.say("document.answers.assumed", answer=one["answer"]) if one["assumed"] else one["answer"])
        for one in reader.guide["answers"]
    ]
    if not rows:
        paper.text(reader.say("document.answers.none"))
        return
    headings = (reader.say("document.answers.name"), reader.say("document.answers.answer"))
    paper.table(headings, rows, (70, TEXT_WIDTH - 70))


def close(paper: Paper, original: Original, reader: Reader) -> None:
    """Write where the sheet comes from, so that anybody can find the guide again."""
    guide = original.guide
    rows = [
        ("reference", spoken_groups(original.reference)),
        ("law", reader.day(guide["as_of"])),
        ("reviewed", reader.day(guide["reviewed_until"])),
        ("release", guide["release"]["version"]),
        ("address", original.address),
    ]
    paper.heading(reader.say("document.record.heading"))
    paper.fields([(reader.say(f"document.record.{key}"), str(value)) for key, value in rows if value is not None])
    paper.small(reader.say("document.aid"))
