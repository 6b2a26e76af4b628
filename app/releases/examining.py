"""Before a rulebook is published: check, test and verify it, in a process of its own, and write its certificate."""

import asyncio
import os
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from app.engine import compile_topic
from app.errors import Finding, RulebookError
from app.releases.contents import ready_form, write_files
from app.releases.records import Examined
from app.rulebook import CaseResult, TopicBook, check, run_cases, verify

# Answering comes first: who asks must not notice that somebody publishes.
_NICENESS: Final = 10
#: Code of the finding that a worked example comes out otherwise.
FAILED_CASE: Final = "failed_case"


async def examine_apart(files: Mapping[str, str], made_at: datetime) -> Examined:
    """Return what `examine` does, worked out in a process of its own while questions go on being answered.

    Raises: as `examine`.
    """
    # A fresh process each time: publishing is rare, a forked one would take this one's threads for its own, and one
    # that waits for more would wait for ever should this one be killed.
    with ProcessPoolExecutor(
        1, get_context("spawn"), initializer=os.nice, initargs=(_NICENESS,), max_tasks_per_child=1
    ) as process:
        return await asyncio.get_running_loop().run_in_executor(process, examine, dict(files), made_at)


def examine(files: Mapping[str, str], made_at: datetime) -> Examined:
    """Return the rulebook of these files as one that may be published.

    Raises: RulebookError with every finding where check, test or verify has one.
    Cost: half a minute of two processors for the whole rulebook.
    """
    with TemporaryDirectory(prefix="approval-guide-examined-") as place:
        report = check(write_files(files, Path(place) / "rules"), prove=False)
        if report.draft is None:
            raise RulebookError(report.errors)
        # What can be read is tried and proved too, so that everything is told at once; the proof has processes of its
        # own, and the examples are tried meanwhile.
        with ThreadPoolExecutor(1) as proving:
            proof = proving.submit(verify, report.draft, made_at=made_at)
            results = [result for book in report.draft.topics.values() for result in _tried(book)]
            verification = proof.result()
    failed = [_failed(result) for result in results if not result.passed]
    findings = dict.fromkeys([*report.errors, *failed, *verification.errors])
    certificate = verification.certificate
    if findings or certificate is None or report.rulebook is None:
        raise RulebookError(list(findings), hint="`approval-guide rules check`, `test` and `verify` list these too")
    return Examined(
        files=dict(files),
        content_hash=report.rulebook.content_hash,
        certificate={**certificate.as_json(), "cases": len(results)},
        ready=ready_form(report.rulebook),
    )


def _tried(book: TopicBook) -> list[CaseResult]:
    compiled = compile_topic(book.topic)
    return list(run_cases(book, lambda _: compiled))


def _failed(result: CaseResult) -> Finding:
    place = result.case.place
    said = "; ".join(str(difference) for difference in result.differences)
    message = f"the case {result.code} ({result.case.clause.ref}, {result.case.as_of}) comes out otherwise: {said}"
    return Finding(place.file, place.mark.line, place.mark.column, FAILED_CASE, message)
