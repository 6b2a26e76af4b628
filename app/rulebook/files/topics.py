"""topic.yaml and module.yaml: what belongs to a wish, and what several wishes share."""

from datetime import date
from typing import Annotated, TypeAlias

from pydantic import BeforeValidator, Discriminator, Field, Tag

from app.rulebook.files.base import (
    ArticleCode,
    Basis,
    Code,
    Dated,
    DefinitionName,
    Entry,
    FactName,
    ModuleName,
    Text,
)
from app.rulebook.files.conditions import ConditionEntry
from app.rulebook.files.facts import FactEntry, FactUse
from app.rulebook.files.shared import ConstraintEntry


class DefinitionVersionEntry(Dated):
    """A definition's wording for a period."""

    when: ConditionEntry
    """What has to be so."""
    basis: Basis
    """The sources it rests on, each as `policy#article`; on every day it holds at least one of them does."""
    note: Text | None = None
    """A remark that is shown with it."""


class DefinitionEntry(Entry):
    """认定标准. A named, dated condition; where no version is in force it is false."""

    code: Code
    """The word that other files and programs name it by; it stays once it is published."""
    title: Text
    versions: Annotated[tuple[DefinitionVersionEntry, ...], Field(min_length=1)]
    """Its wordings, each for its period; no two overlap."""
    doubt: Text | None = None
    """What is uncertain; shown to policy staff."""


class ModuleFile(Entry):
    """module.yaml. What several topics meet, named in their `uses`."""

    code: Code
    """The module's code, which is the name of its folder too."""
    name: Text
    needs: tuple[DefinitionName, ...] = ()
    """Definitions that each topic that uses it writes itself."""
    facts: tuple[FactEntry, ...] = ()
    """Facts that only topics using it ask about."""
    definitions: tuple[DefinitionEntry, ...] = ()
    """Its definitions."""
    constraints: tuple[ConstraintEntry, ...] = ()
    """What cannot be true together, beyond what all topics share."""


def _fact_form(value: object) -> str:
    writes = "code" in value if isinstance(value, dict) else isinstance(value, FactEntry)
    return "<fact>" if writes else "<use>"


def _fact(value: object) -> object:
    return {"use": value} if isinstance(value, str) else value


TopicFact: TypeAlias = Annotated[
    Annotated[FactEntry, Tag("<fact>")] | Annotated[FactUse, Tag("<use>")],
    Discriminator(_fact_form),
    BeforeValidator(_fact, json_schema_input_type=FactName | FactUse | FactEntry),
]


class TopicFile(Entry):
    """topic.yaml. 一件事 (CPSV-AP: BusinessEvent), a wish as the company would say it."""

    code: Code
    """The topic's code, which is the name of its folder too."""
    name: Text
    group: Code
    """The group of topics it is listed under."""
    summary: Text
    """What it covers and what not, in one sentence."""
    before_day: date
    """The day whose law stands for "before"."""
    covers_from: date
    """The first day that is answered; never later than `before_day`."""
    reviewed_until: date
    """The day up to which the law was read."""
    clauses: tuple[ArticleCode, ...] = ()
    """The plan's clauses it rests on."""
    uses: tuple[ModuleName, ...] = ()
    """Modules, in the order their procedures are listed."""
    facts: tuple[TopicFact, ...] = ()
    """In the order to ask."""
    definitions: tuple[DefinitionEntry, ...] = ()
    """Its definitions."""
    constraints: tuple[ConstraintEntry, ...] = ()
    """What cannot be true together, beyond what all topics share."""
    doubt: Text | None = None
    """What is uncertain; shown to policy staff."""
