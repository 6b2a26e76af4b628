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
    basis: Basis
    note: Text | None = None


class DefinitionEntry(Entry):
    """认定标准. A named, dated condition; where no version is in force it is false."""

    code: Code
    title: Text
    versions: Annotated[tuple[DefinitionVersionEntry, ...], Field(min_length=1)]
    doubt: Text | None = None


class ModuleFile(Entry):
    """module.yaml. What several topics meet, named in their `uses`."""

    code: Code
    name: Text
    needs: tuple[DefinitionName, ...] = ()
    """Definitions that each topic that uses it writes itself."""
    facts: tuple[FactEntry, ...] = ()
    definitions: tuple[DefinitionEntry, ...] = ()
    constraints: tuple[ConstraintEntry, ...] = ()


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
    constraints: tuple[ConstraintEntry, ...] = ()
    doubt: Text | None = None
