"""A comparison worked out in a process of its own, so that whoever asks something else does not notice."""

import asyncio
import os
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from typing import Any, Final, TypeAlias

from app.impact.brief import brief_report
from app.impact.report import impact_report
from app.rulebook import Rulebook
from app.wording import Language, phrases_in

Json: TypeAlias = dict[str, Any]
_NICENESS: Final = 10


async def compare_apart(before: Rulebook, after: Rulebook, lang: Language, today: date) -> Json:
    """Return the brief report on two rulebooks in one language.

    Cost: seconds in another process; none where both have the same content.
    """
    if before.content_hash == after.content_hash:
        return _compared(before, after, lang, today)
    # A fresh process each time: comparing is rare, and a forked one would take this one's threads for its own.
    with ProcessPoolExecutor(1, get_context("spawn"), initializer=os.nice, initargs=(_NICENESS,)) as process:
        return await asyncio.get_running_loop().run_in_executor(process, _compared, before, after, lang, today)


def _compared(before: Rulebook, after: Rulebook, lang: Language, today: date) -> Json:
    if before.content_hash == after.content_hash:
        after = before
    return brief_report(impact_report(before, after, phrases_in(lang), today))
