"""All queries on releases and on the history of which is active."""

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import ColumnElement, delete, func, insert, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.releases.contents import pack
from app.releases.records import Examined, ReadyForm, Release, Step, StepKind, Stored
from app.releases.tables import ReadyFormRow, ReleaseRow, StepRow
from app.storage import DatabaseKind

# Any fixed number does; whoever publishes or activates on PostgreSQL takes turns until the transaction ends.
_RELEASE_LOCK: Final = 4_118_200_328
_RELEASE: Final = tuple(getattr(ReleaseRow, field.name) for field in fields(Release))
_READY: Final = tuple(getattr(ReadyFormRow, field.name) for field in fields(ReadyForm))
_STEP: Final = tuple(getattr(StepRow, field.name) for field in fields(Step))


async def take_turn(session: AsyncSession) -> None:
    """Wait until no other transaction publishes or activates; held until this one ends.

    SQLite has one writer, and a unit of work that writes is the one from its beginning.
    """
    if session.get_bind().dialect.name == DatabaseKind.POSTGRESQL:
        await session.execute(text(f"SELECT pg_advisory_xact_lock({_RELEASE_LOCK})"))


async def add_release(session: AsyncSession, release: Release, examined: Examined) -> None:
    """Keep a release with its content."""
    packed, files_hash = pack(examined.files)
    values = {field.name: getattr(release, field.name) for field in fields(Release)}
    values |= {
        "number": await _count(session) + 1,
        "files": packed,
        "files_hash": files_hash,
        "certificate": orjson.dumps(release.certificate).decode(),
    }
    await session.execute(insert(ReleaseRow).values(values))


async def all_releases(session: AsyncSession) -> list[Release]:
    """Return every release, newest first."""
    found = await session.execute(select(*_RELEASE).order_by(ReleaseRow.number.desc()))
    return [_release(row) for row in found]


async def find_release(session: AsyncSession, name: str) -> Release | None:
    """Return the release of this version or content hash."""
    row = (await session.execute(select(*_RELEASE).where(_is_called(name)))).first()
    return None if row is None else _release(row)


async def find_by_files(session: AsyncSession, files_hash: str) -> Release | None:
    """Return the release whose packed files have this hash."""
    wanted = select(*_RELEASE).where(ReleaseRow.files_hash == files_hash)
    row = (await session.execute(wanted)).first()
    return None if row is None else _release(row)


async def versions_of_day(session: AsyncSession, day: str) -> list[str]:
    """Return the versions published on a day."""
    found = await session.scalars(select(ReleaseRow.version).where(ReleaseRow.version.like(f"{day}.%")))
    return list(found)


async def find_stored(session: AsyncSession, name: str) -> Stored | None:
    """Return the content of the release of this version or content hash."""
    columns = (ReleaseRow.version, ReleaseRow.content_hash, ReleaseRow.files, ReleaseRow.files_hash)
    row = (await session.execute(select(*columns).where(_is_called(name)))).first()
    return None if row is None else Stored(*row)


async def add_ready(session: AsyncSession, ready: ReadyForm) -> None:
    """Keep a release's ready form, in place of any by the same software."""
    await session.execute(delete(ReadyFormRow).where(*_is_ready(ready.content_hash, ready.software)))
    await session.execute(insert(ReadyFormRow).values({name: getattr(ready, name) for name in ReadyForm.__slots__}))


async def find_ready(session: AsyncSession, content_hash: str, software: str) -> ReadyForm | None:
    """Return a release's ready form by the software."""
    row = (await session.execute(select(*_READY).where(*_is_ready(content_hash, software)))).first()
    return None if row is None else ReadyForm(*row)


async def keep_ready_of(session: AsyncSession, versions: Collection[str]) -> None:
    """Let go of every ready form but those of these releases."""
    kept = select(ReleaseRow.content_hash).where(ReleaseRow.version.in_(versions))
    await session.execute(delete(ReadyFormRow).where(ReadyFormRow.content_hash.not_in(kept)))


async def newest(session: AsyncSession) -> tuple[str, datetime] | None:
    """Return the version published last, and when."""
    last = select(ReleaseRow.version, ReleaseRow.created_at).order_by(ReleaseRow.number.desc()).limit(1)
    row = (await session.execute(last)).first()
    return None if row is None else (row.version, row.created_at)


async def add_step(session: AsyncSession, step: Step) -> None:
    """Append a step to the history."""
    values = {field.name: getattr(step, field.name) for field in fields(Step)}
    await session.execute(insert(StepRow).values({**values, "kind": step.kind.value}))


async def all_steps(session: AsyncSession) -> tuple[Step, ...]:
    """Return the whole history, oldest first."""
    found = await session.execute(select(*_STEP).order_by(StepRow.number))
    return tuple(Step(number, StepKind(kind), *rest) for number, kind, *rest in found)


async def contents(session: AsyncSession) -> dict[str, str]:
    """Return version -> content hash of every release."""
    found = await session.execute(select(ReleaseRow.version, ReleaseRow.content_hash))
    return dict(found.all())


async def _count(session: AsyncSession) -> int:
    return await session.scalar(select(func.coalesce(func.max(ReleaseRow.number), 0))) or 0


def _is_ready(content_hash: str, software: str) -> tuple[ColumnElement[bool], ...]:
    return ReadyFormRow.content_hash == content_hash, ReadyFormRow.software == software


def _is_called(name: str) -> ColumnElement[bool]:
    return or_(ReleaseRow.version == name, ReleaseRow.content_hash == name)


def _release(row: Sequence[Any]) -> Release:
    values = dict(zip(Release.__slots__, row, strict=True))
    return Release(**{**values, "certificate": orjson.loads(values["certificate"])})
