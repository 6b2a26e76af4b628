"""What a document is made from, and what comes out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias

from app.guides import Reference

Guide: TypeAlias = Mapping[str, Any]
"""A guide of the contract, read from JSON."""
Entry: TypeAlias = Mapping[str, Any]
"""One record inside a guide: a procedure, a step, an obligation …"""

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ICS: Final = "text/calendar; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Original:
    """The kept guide that a document is made from.

    Shape: `address` is the page of the kept guide, None where nobody knows under which address we are reached.
    """

    guide: Guide
    reference: Reference
    kept_at: datetime
    address: str | None


@dataclass(frozen=True, slots=True)
class File:
    """A file to take along.

    Shape: `name` as a person would call it, in the language of its guide; `plain_name` the same in ASCII.
    """

    name: str
    plain_name: str
    media_type: str
    body: bytes
