"""The law as data: YAML in, one typed, checked, immutable rulebook out."""

from app.rulebook.books import ArticleBook, PolicyBook, Rulebook, TopicBook, WordBook, citations
from app.rulebook.cases import CaseResult, Difference, answers_of, run_case, run_cases
from app.rulebook.certificate import Certificate, TopicCertificate
from app.rulebook.checking import CheckReport, check, load
from app.rulebook.conditions import condition_of
from app.rulebook.coverage import LedgerEntry, LedgerStatus, counts, ledger
from app.rulebook.files.base import Citation, DatePrecision, Effective, Entry, Figure, Text
from app.rulebook.files.cases import CaseEntry
from app.rulebook.files.changelog import ChangelogEntry
from app.rulebook.files.conditions import ConditionEntry
from app.rulebook.files.facts import AskWhom, FactEntry, FactUnit, FactUse, Option
from app.rulebook.files.policies import (
    Article,
    Certainty,
    Clause,
    ClauseKind,
    ClausePart,
    PolicyFile,
    PolicyStatus,
    Rank,
)
from app.rulebook.files.procedures import (
    AcceptanceConditionEntry,
    ApplyBefore,
    Fee,
    Limit,
    LimitEntry,
    LimitPart,
    Materials,
    MaterialUse,
    ProcedureEntry,
    Result,
)
from app.rulebook.files.rules import (
    ConfirmWith,
    Due,
    EffectLimit,
    EntitlementEntry,
    ExtraEntry,
    ForceEntry,
    NoteEntry,
    ObligationEntry,
    ProcedureEffectEntry,
    RuleEntry,
)
from app.rulebook.files.shared import (
    AuthorityEntry,
    CalendarYear,
    ConstraintEntry,
    DistrictEntry,
    ItemTypeEntry,
    LevelEntry,
    MaterialEntry,
    ZoneEntry,
)
from app.rulebook.files.topics import DefinitionEntry, DefinitionVersionEntry, ModuleFile, TopicFile
from app.rulebook.files.words import BenchmarkEntry
from app.rulebook.findings import CODES, did_you_mean
from app.rulebook.lookup import Found, codes, find, plain
from app.rulebook.schemas import schema_texts, schemas, write_schemas
from app.rulebook.verification import Counterexample, Verification, verify

__all__ = [
    "CODES",
    "AcceptanceConditionEntry",
    "ApplyBefore",
    "Article",
    "ArticleBook",
    "AskWhom",
    "AuthorityEntry",
    "BenchmarkEntry",
    "CalendarYear",
    "CaseEntry",
    "CaseResult",
    "Certainty",
    "Certificate",
    "ChangelogEntry",
    "CheckReport",
    "Citation",
    "Clause",
    "ClauseKind",
    "ClausePart",
    "ConditionEntry",
    "ConfirmWith",
    "ConstraintEntry",
    "Counterexample",
    "DatePrecision",
    "DefinitionEntry",
    "DefinitionVersionEntry",
    "Difference",
    "DistrictEntry",
    "Due",
    "EffectLimit",
    "Effective",
    "EntitlementEntry",
    "Entry",
    "ExtraEntry",
    "FactEntry",
    "FactUnit",
    "FactUse",
    "Fee",
    "Figure",
    "ForceEntry",
    "Found",
    "ItemTypeEntry",
    "LedgerEntry",
    "LedgerStatus",
    "LevelEntry",
    "Limit",
    "LimitEntry",
    "LimitPart",
    "MaterialEntry",
    "MaterialUse",
    "Materials",
    "ModuleFile",
    "NoteEntry",
    "ObligationEntry",
    "Option",
    "PolicyBook",
    "PolicyFile",
    "PolicyStatus",
    "ProcedureEffectEntry",
    "ProcedureEntry",
    "Rank",
    "Result",
    "RuleEntry",
    "Rulebook",
    "Text",
    "TopicBook",
    "TopicCertificate",
    "TopicFile",
    "Verification",
    "WordBook",
    "ZoneEntry",
    "answers_of",
    "check",
    "citations",
    "codes",
    "condition_of",
    "counts",
    "did_you_mean",
    "find",
    "ledger",
    "load",
    "plain",
    "run_case",
    "run_cases",
    "schema_texts",
    "schemas",
    "verify",
    "write_schemas",
]
