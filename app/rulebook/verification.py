"""`rules verify`: the whole proof of a rulebook, every topic for itself, and the certificate that it holds."""

import multiprocessing
import os
from collections.abc import Collection, Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime

from app.engine import FactCode, FaultKind, Proof, Topic, Value, compile_topic, prove_topic
from app.errors import Finding
from app.rulebook.books import Rulebook
from app.rulebook.certificate import Certificate, certify, software_hash, software_version
from app.rulebook.checks.proofs import Told, tell


@dataclass(frozen=True, slots=True)
class Counterexample:
    """A scenario and a day on which a finding shows.

    Shape: `facts` those that matter; whatever the others are answered, it shows. `codes` the rules, procedures, facts
        or constraints concerned, the one to look at first in front; `about` the field that two rules set differently.
    """

    topic: str
    day: date | None
    facts: Mapping[FactCode, Value]
    codes: tuple[str, ...]
    about: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """What the proof came to.

    Shape: `findings` by place, warnings among them; `certificate` None while one of them is an error.
    """

    findings: tuple[Finding, ...]
    certificate: Certificate | None
    counterexamples: Mapping[Finding, Counterexample] = field(default_factory=dict)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that keep the rulebook from being published."""
        return tuple(finding for finding in self.findings if not finding.warning)


def verify(
    rulebook: Rulebook, *, made_at: datetime, topics: Collection[str] | None = None, workers: int | None = None
) -> Verification:
    """Prove that every admissible scenario of every period has exactly one outcome, and that nothing is idle.

    Shape: `topics` their codes, all without it. `workers` processes at most; without it one for each processor, and
        with 1 none beside this one. `made_at` is written into the certificate.
    Raises: KeyError for a topic that the rulebook does not have.
    Cost: seconds a topic. Modules are proved in the topics given, so that a rule may be called idle that a topic left
        out would reach.
    """
    chosen = {code: rulebook.topics[code] for code in (rulebook.topics if topics is None else topics)}
    proofs = _proofs({code: book.topic for code, book in chosen.items()}, workers)
    told = _once(tell(rulebook, {code: proof.faults for code, proof in proofs.items()}))
    findings = tuple(sorted(item.finding for item in told))
    sound = all(finding.warning for finding in findings)
    certificate = _certificate(rulebook, proofs, made_at) if sound else None
    return Verification(findings, certificate, {item.finding: _counterexample(item) for item in told})


def _once(told: Iterable[Told]) -> tuple[Told, ...]:
    """What a module's rules do wrong in several topics, once."""
    seen: dict[tuple[object, ...], Told] = {}
    for item in told:
        place = (item.finding.file, item.finding.line, item.finding.column)
        seen.setdefault((*place, item.finding.code, item.fault.codes, item.fault.about), item)
    return tuple(seen.values())


def _counterexample(told: Told) -> Counterexample:
    fault = told.fault
    return Counterexample(told.topic, fault.day, fault.answers, fault.codes, fault.about)


def _certificate(rulebook: Rulebook, proofs: Mapping[str, Proof], made_at: datetime) -> Certificate:
    records = {code: rulebook.topics[code].topic for code in proofs}
    return Certificate(
        content_hash=rulebook.content_hash,
        version=rulebook.version,
        made_at=made_at,
        software_version=software_version(),
        software=software_hash(),
        complete=set(proofs) == set(rulebook.topics),
        claims=tuple(kind.value for kind in FaultKind),
        topics=tuple(
            certify(code, records[code].covers_from, records[code].reviewed_until, proof)
            for code, proof in proofs.items()
        ),
    )


# ---- proving side by side ----------------------------------------------------------------------------


def _proofs(topics: Mapping[str, Topic], workers: int | None) -> dict[str, Proof]:
    """Each topic's proof; the largest are begun first, so that the processes end together."""
    side_by_side = min(len(topics), os.cpu_count() or 1 if workers is None else workers)
    if side_by_side < 2 or multiprocessing.current_process().daemon:
        return {code: _prove(topic) for code, topic in topics.items()}
    order = sorted(topics, key=lambda code: -len(topics[code].procedures) * len(topics[code].rules))
    # A server that publishes runs threads, and a fork would copy their locks as they happen to be.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(side_by_side, mp_context=context) as pool:
        waiting = {code: pool.submit(_prove, topics[code]) for code in order}
        return {code: waiting[code].result() for code in topics}


def _prove(topic: Topic) -> Proof:
    return prove_topic(compile_topic(topic))
