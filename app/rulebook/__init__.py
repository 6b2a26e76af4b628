"""The law as data: YAML in, one typed, checked, immutable rulebook out."""

from typing import TYPE_CHECKING

from app.late import late_names
from app.rulebook.books import ArticleBook, PolicyBook, Rulebook, TopicBook, WordBook, citations
from app.rulebook.conditions import condition_of
from app.rulebook.files.base import Citation, DatePrecision, Effective, Entry, Figure, Text
from app.rulebook.files.cases import CaseEntry
from app.rulebook.files.changelog import ChangelogEntry
from app.rulebook.files.conditions import AllOf, AnyOf, ConditionEntry
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
from app.rulebook.kept import find_kept, keep_lean_bytes, load_kept, reading_software
from app.rulebook.lean import NotLean, as_lean_bytes, from_lean_bytes

if TYPE_CHECKING:
    from app.rulebook.cases import CaseResult, Difference, answers_of, run_case, run_cases
    from app.rulebook.certificate import Certificate, TopicCertificate
    from app.rulebook.checking import CheckReport, check, load
    from app.rulebook.coverage import LedgerEntry, LedgerStatus, counts, ledger
    from app.rulebook.diff import CONDITIONS, EntryChange, FieldChange, What, canonical, compare_rulebooks
    from app.rulebook.findings import CODES, did_you_mean
    from app.rulebook.freshness import (
        AuthorityFact,
        DueReport,
        OverdueSource,
        UnverifiedFigure,
        due,
        overdue_policies,
    )
    from app.rulebook.json_schemas import schema_texts, schemas, write_schemas
    from app.rulebook.lookup import Found, codes, find, plain
    from app.rulebook.saving import SavedCase, save_cases
    from app.rulebook.uses import Uses, plan_articles
    from app.rulebook.verification import Counterexample, Verification, verify
else:
    # What reads and checks files, and looks things up in them: loaded when first asked for, which a server seldom does.
    __getattr__ = late_names(
        __name__,
        {
            "cases": ("CaseResult", "Difference", "answers_of", "run_case", "run_cases"),
            "certificate": ("Certificate", "TopicCertificate"),
            "checking": ("CheckReport", "check", "load"),
            "coverage": ("LedgerEntry", "LedgerStatus", "counts", "ledger"),
            "diff": ("CONDITIONS", "EntryChange", "FieldChange", "What", "canonical", "compare_rulebooks"),
            "findings": ("CODES", "did_you_mean"),
            "freshness": ("AuthorityFact", "DueReport", "OverdueSource", "UnverifiedFigure", "due", "overdue_policies"),
            "lookup": ("Found", "codes", "find", "plain"),
            "saving": ("SavedCase", "save_cases"),
            "json_schemas": ("schema_texts", "schemas", "write_schemas"),
            "uses": ("Uses", "plan_articles"),
            "verification": ("Counterexample", "Verification", "verify"),
        },
    )

__all__ = [
    "CODES",
    "CONDITIONS",
    "AcceptanceConditionEntry",
    "AllOf",
    "AnyOf",
    "ApplyBefore",
    "Article",
    "ArticleBook",
    "AskWhom",
    "AuthorityEntry",
    "AuthorityFact",
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
    "DueReport",
    "EffectLimit",
    "Effective",
    "EntitlementEntry",
    "Entry",
    "EntryChange",
    "ExtraEntry",
    "FactEntry",
    "FactUnit",
    "FactUse",
    "Fee",
    "FieldChange",
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
    "NotLean",
    "NoteEntry",
    "ObligationEntry",
    "Option",
    "OverdueSource",
    "PolicyBook",
    "PolicyFile",
    "PolicyStatus",
    "ProcedureEffectEntry",
    "ProcedureEntry",
    "Rank",
    "Result",
    "RuleEntry",
    "Rulebook",
    "SavedCase",
    "Text",
    "TopicBook",
    "TopicCertificate",
    "TopicFile",
    "UnverifiedFigure",
    "Uses",
    "Verification",
    "What",
    "WordBook",
    "ZoneEntry",
    "answers_of",
    "as_lean_bytes",
    "canonical",
    "check",
    "citations",
    "codes",
    "compare_rulebooks",
    "condition_of",
    "counts",
    "did_you_mean",
    "due",
    "find",
    "find_kept",
    "from_lean_bytes",
    "keep_lean_bytes",
    "ledger",
    "load",
    "load_kept",
    "overdue_policies",
    "plain",
    "plan_articles",
    "reading_software",
    "run_case",
    "run_cases",
    "save_cases",
    "schema_texts",
    "schemas",
    "verify",
    "write_schemas",
]
