"""The rulebook as a whole: no finding, and every topic has examples on both sides of what it is about."""

from datetime import UTC, datetime
from pathlib import Path

from app.rulebook import ledger, schema_texts, verify
from tests.rules.real import RULES, books, report


def test_checks_find_nothing() -> None:
    assert [str(finding) for finding in report().findings] == []


def test_the_whole_proof_finds_nothing_and_certifies_every_topic() -> None:
    rulebook = report().rulebook
    assert rulebook is not None

    verification = verify(rulebook, made_at=datetime(2026, 11, 22, tzinfo=UTC), workers=1)

    assert [str(finding) for finding in verification.findings] == []
    assert verification.certificate is not None
    assert [topic.topic for topic in verification.certificate.topics] == list(books())


def test_every_folder_of_topics_is_served() -> None:
    folders = {path.name for path in (RULES / "topics").iterdir() if path.is_dir()}

    assert set(books()) == folders


def test_every_topic_has_worked_examples() -> None:
    without = [code for code, book in books().items() if not book.cases]

    assert without == []


def test_every_sentence_of_the_plan_has_a_status() -> None:
    rulebook = report().rulebook
    assert rulebook is not None
    clauses = [clause for book in rulebook.policies.values() for clause in book.clauses]

    entries = ledger(rulebook)

    assert len(entries) == sum(len(clause.measures) for clause in clauses)


def test_schemas_beside_the_rules_are_those_of_the_models() -> None:
    """`approval-guide rules schema --write rules/schemas` makes them again."""
    kept = {path.name: path.read_text("utf-8") for path in Path(RULES / "schemas").glob("*.json")}

    assert kept == dict(schema_texts())
