"""The certificate of a rulebook that was proved: what was gone through, under which assumptions, by which software."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.engine import FactCode, Value

if TYPE_CHECKING:
    from app.engine import Proof

#: The packages whose code is the proof; their files make the software's hash.
_PROVING: Final = ("engine", "rulebook")
_DISTRIBUTION: Final = "approval-path-guide"


@dataclass(frozen=True, slots=True)
class TopicCertificate:
    """What was gone through for one topic.

    Shape: `days` the first day of each period swept, between two of them the law stands still; `cells` the parts that
        conditions cut the facts' values into; `scenarios` the admissible combinations of these, each of which has
        exactly one outcome for every procedure on every day; `decisions` the different diagrams read for it;
        `defaults` answers taken where none is given, proved for these and for any other; `constraints` what no
        scenario was taken to break, with the facts' own bounds.
    """

    topic: str
    covers_from: date
    reviewed_until: date
    days: tuple[date, ...]
    procedures: int
    rules: int
    definitions: int
    facts: int
    cells: int
    scenarios: int
    decisions: int
    situations: int
    nodes: int
    defaults: Mapping[FactCode, Value]
    constraints: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """The certificate in plain JSON values; numbers that may be huge as text."""
        return {
            "topic": self.topic,
            "covers_from": self.covers_from.isoformat(),
            "reviewed_until": self.reviewed_until.isoformat(),
            "days": [day.isoformat() for day in self.days],
            "periods": len(self.days),
            "procedures": self.procedures,
            "rules": self.rules,
            "definitions": self.definitions,
            "facts": self.facts,
            "cells": self.cells,
            "scenarios": str(self.scenarios),
            "decisions": self.decisions,
            "situations": str(self.situations),
            "nodes": self.nodes,
            "assumptions": {"defaults": dict(self.defaults), "constraints": list(self.constraints)},
        }


@dataclass(frozen=True, slots=True)
class Certificate:
    """That a rulebook was proved without a fault.

    Shape: `complete` where every topic of the rulebook is among `topics`; `claims` the codes of the faults there are
        none of; `software` is `sha256:<hex>` over the code that proved it. Moments are UTC.
    """

    content_hash: str
    version: str
    made_at: datetime
    software_version: str
    software: str
    complete: bool
    claims: tuple[str, ...]
    topics: tuple[TopicCertificate, ...]

    def as_json(self) -> dict[str, object]:
        """The certificate in plain JSON values, as it is kept and served with a release."""
        return {
            "release": {"version": self.version, "content_hash": self.content_hash},
            "made_at": self.made_at.isoformat(),
            "software": {"version": self.software_version, "hash": self.software},
            "complete": self.complete,
            "claims": list(self.claims),
            "topics": [topic.as_json() for topic in self.topics],
        }


def certify(code: str, covers_from: date, reviewed_until: date, proof: "Proof") -> TopicCertificate:
    """The certificate of a topic whose proof found nothing."""
    return TopicCertificate(
        topic=code,
        covers_from=covers_from,
        reviewed_until=reviewed_until,
        days=proof.days,
        procedures=proof.procedures,
        rules=proof.rules,
        definitions=proof.definitions,
        facts=proof.facts,
        cells=proof.cells,
        scenarios=proof.scenarios,
        decisions=proof.decisions,
        situations=proof.situations,
        nodes=proof.nodes,
        defaults=proof.defaults,
        constraints=proof.constraints,
    )


def software_version() -> str:
    """The version of the installed package."""
    return version(_DISTRIBUTION)


@cache
def software_hash() -> str:
    """`sha256:<hex>` over the code that proves: every Python file of the engine and the rulebook, by name."""
    home = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for package in _PROVING:
        for path in sorted((home / package).rglob("*.py")):
            digest.update(f"{path.relative_to(home).as_posix()}\0".encode())
            digest.update(path.read_bytes())
    return f"sha256:{digest.hexdigest()}"
