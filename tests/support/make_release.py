"""Releases of the small rulebook: its files with one thing said otherwise, published and activated as a test wants."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from app.audit import Actor
from app.releases import Examined, Published, Release, Step, activate, publish
from app.releases.contents import ready_form
from app.rulebook import Rulebook, load
from app.storage import Database
from tests.support.make_rulebook import with_change, write_rulebook
from tests.support.make_trail import MOMENT, WANG

LI: Final = Actor.operator("li")
HOUR: Final = timedelta(hours=1)
#: The day in China of MOMENT.
DAY: Final = f"{MOMENT + timedelta(hours=8):%Y-%m-%d}"


def numbered_files(number: int) -> dict[str, str]:
    """Return the small rulebook whose topic is called after a number, so that an answer shows which one it is."""
    return with_change("topics/shop/topic.yaml", "Open a small shop", f"Open small shop {number}")


def as_examined(files: Mapping[str, str]) -> Examined:
    """Return files as they come out of an examination, which is spared: the tests of it examine."""
    rulebook = _read(tuple(sorted(files.items())))
    certificate = {"claims": ["contradiction"], "cases": 1}
    return Examined(dict(files), rulebook.content_hash, certificate, ready_form(rulebook))


def content_hash_of(files: tuple[tuple[str, str], ...]) -> str:
    """Return the hash of what the files say."""
    return _read(files).content_hash


@cache
def _read(files: tuple[tuple[str, str], ...]) -> Rulebook:
    with TemporaryDirectory() as folder:
        return load(write_rulebook(Path(folder), files=dict(files)))


async def publish_number(database: Database, number: int, now: datetime = MOMENT, **given: Any) -> Published:
    """Publish the rulebook of a number in a unit of work of its own."""
    examined = as_examined(numbered_files(number))
    said: dict[str, Any] = {"notes": f"number {number}", "base": None, "actor": WANG, **given}
    async with database.writing() as session:
        return await publish(session, examined, now=now, **said)


async def activate_version(database: Database, version: str, now: datetime = MOMENT, **given: Any) -> Step:
    """Activate a release in a unit of work of its own."""
    async with database.writing() as session:
        return await activate(session, version, **{"actor": LI, "now": now, **given})


async def make_active(database: Database, number: int, now: datetime = MOMENT, **given: Any) -> Release:
    """Publish the rulebook of a number and activate it."""
    release = (await publish_number(database, number, now)).release
    await activate_version(database, release.version, now, **given)
    return release


async def at_once(database: Database, work: Callable[..., Any], *given: Any, **named: Any) -> Any:
    """Return what a use case gives in a unit of work of its own."""
    async with database.writing() as session:
        return await work(session, *given, **named)
