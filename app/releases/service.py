"""Publish a release, activate it now or at a time, take it back; each with its entry in the audit trail.

Nothing here commits: the caller opens one unit of work, so that a step and its entry are kept together or not at all.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.audit import Actor, append_entry
from app.errors import (
    AccessError,
    ConflictError,
    Fault,
    FaultCode,
    InvalidRequest,
    ProblemCode,
    StaleRelease,
    UnknownRelease,
)
from app.releases import repository
from app.releases.contents import pack, unpack
from app.releases.ready import DIGEST
from app.releases.records import (
    Examined,
    Published,
    ReadyForm,
    Release,
    RolledBack,
    Standing,
    Step,
    StepKind,
)
from app.releases.timeline import Timeline

# A release is named after the day in China it was published on.
_CHINA: Final = timedelta(hours=8)
_LONGEST_NOTES: Final = 4_000
#: Activations are set for the coming weeks; a longer time is more likely a slip of the year.
FURTHEST: Final = timedelta(days=366)


class SamePerson(AccessError):
    """Who published a release may not activate it: the setting asks for two."""

    def __init__(self, version: str, name: str) -> None:
        super().__init__(
            f"{name} published {version}; somebody else has to activate it",
            params={"variant": "two_persons", "version": version, "name": name},
        )


class AlreadyScheduled(ConflictError):
    """Another release is to become active later; what is activated before would be taken back by it in silence."""

    default_code = ProblemCode.STALE_RELEASE

    def __init__(self, version: str, scheduled: Step) -> None:
        super().__init__(
            f"{scheduled.version} is set to become active at {scheduled.effective_at.isoformat()}",
            hint="withdraw it first, then activate; or wait until it is active",
            params={
                "variant": "scheduled",
                "expected": version,
                "actual": scheduled.version,
                "at": scheduled.effective_at,
            },
        )


class NothingToTakeBack(ConflictError):
    """No release was active before this one, or none is set to become active."""

    default_code = ProblemCode.STALE_RELEASE

    def __init__(self, reason: str, version: str | None) -> None:
        said = {
            "nothing_active": "no release is active",
            "nothing_before": f"no release was active before {version}",
            "not_scheduled": f"{version} is not set to become active later",
        }
        super().__init__(said[reason], params={"variant": reason, "version": version or "-"})


async def find_same(session: AsyncSession, files: Mapping[str, str]) -> Release | None:
    """Return the release made of these very files, which need not be examined again."""
    return await repository.find_by_files(session, pack(files)[1])


async def publish(
    session: AsyncSession, examined: Examined, *, notes: str, base: str | None, actor: Actor, now: datetime
) -> Published:
    """Keep a rulebook that was examined as a release, or return the one that says the same already.

    Shape: `base` names the release its maker started from; without it, the one that is active.
    Raises: StaleRelease when another one is active by now · InvalidRequest for notes too long.
    """
    _check_notes(notes)
    await repository.take_turn(session)
    same = await repository.find_release(session, examined.content_hash)
    if same is not None:
        return Published(same, is_new=False)
    active = await _active_release(session, now)
    if base is not None and (active is None or base not in (active.version, active.content_hash)):
        raise StaleRelease(base, active.version if active else "-")
    version = await _next_version(session, now)
    named = {"version": version, "content_hash": examined.content_hash}
    release = Release(
        version=version,
        content_hash=examined.content_hash,
        based_on=active.version if active else None,
        notes=notes.strip(),
        author=_named(actor),
        # Whole seconds, which both databases keep alike.
        created_at=now.replace(microsecond=0),
        certificate={**examined.certificate, "release": named},
    )
    await repository.add_release(session, release, examined)
    ready = await _keep_ready(session, release, examined.ready)
    await _let_go(session, Timeline(await repository.all_steps(session)), now)
    details = {"content_hash": release.content_hash, "based_on": release.based_on, **ready}
    await append_entry(session, actor, "release.published", release.version, details, now)
    return Published(release, is_new=True)


async def activate(
    session: AsyncSession,
    name: str,
    *,
    actor: Actor,
    now: datetime,
    at: datetime | None = None,
    replaces: str | None = None,
    two_persons: bool = False,
    ready: ReadyForm | None = None,
) -> Step:
    """Make a release active, at once or from a later moment on; one that is active or so set already stays as it is.

    Shape: `replaces` names the active release, by somebody who knows that this one was not made from it; `ready` is
        its ready form, where `make_ready` gave one.
    Raises: UnknownRelease · StaleRelease when the release was made from another one than is active then ·
        AlreadyScheduled · SamePerson · InvalidRequest for a moment that is past or too far off.
    """
    await repository.take_turn(session)
    release = await _release(session, name)
    timeline = Timeline(await repository.all_steps(session))
    active, coming = timeline.active(now), timeline.coming(now)
    if at is not None:
        _check_moment(at, now)
    if at is None and active is not None and active.version == release.version and not coming:
        return active
    for step in coming:
        if step.version == release.version and step.effective_at == at:
            return step
        raise AlreadyScheduled(release.version, step)
    current = active.version if active else None
    # The first one replaces the rulebook of the files, whatever it was made from.
    if current is not None and current not in (release.based_on, replaces):
        raise StaleRelease(replaces or release.based_on or "-", current)
    if two_persons and release.author == _named(actor):
        raise SamePerson(release.version, actor.name)
    step = _step(timeline, StepKind.SCHEDULED if at else StepKind.ACTIVATED, release.version, actor, now, at)
    await repository.add_step(session, step)
    said = await _keep_ready(session, release, ready)
    await _let_go(session, Timeline((*timeline.steps, step)), now)
    details = {"content_hash": release.content_hash, "replaces": current, "at": step.effective_at.isoformat()}
    details |= said
    await append_entry(session, actor, f"release.{step.kind}", release.version, details, now)
    return step


async def roll_back(
    session: AsyncSession, *, actor: Actor, now: datetime, active: str | None = None, ready: ReadyForm | None = None
) -> RolledBack:
    """Make the release active again that was before; what was set for later is withdrawn, for it builds on this one.

    Shape: `active` is what the caller takes to be active, so that two who act at once go back one release, not two;
        `ready` as `make_ready_before` gives it.
    Raises: NothingToTakeBack · StaleRelease when another one is active.
    """
    await repository.take_turn(session)
    timeline = Timeline(await repository.all_steps(session))
    current, target = timeline.active(now), timeline.before(now)
    if active is not None and (current is None or current.version != active):
        raise StaleRelease(active, current.version if current else "-")
    if current is None or target is None:
        raise NothingToTakeBack("nothing_before" if current else "nothing_active", current.version if current else None)
    withdrawn = await _withdraw(session, timeline, timeline.coming(now), actor, now)
    timeline = Timeline((*timeline.steps, *withdrawn))
    step = _step(timeline, StepKind.ROLLED_BACK, target.version, actor, now, refers_to=target.number)
    await repository.add_step(session, step)
    said = await _keep_ready(session, await _release(session, target.version), ready)
    await _let_go(session, Timeline((*timeline.steps, step)), now)
    details = {"from": current.version, "withdrawn": [one.version for one in withdrawn], **said}
    await append_entry(session, actor, "release.rolled_back", target.version, details, now)
    return RolledBack(step, current.version, tuple(one.version for one in withdrawn))


async def withdraw(session: AsyncSession, name: str, *, actor: Actor, now: datetime) -> Step:
    """Take back what was set for later, before it is active.

    Raises: UnknownRelease · NothingToTakeBack.
    """
    await repository.take_turn(session)
    release = await _release(session, name)
    timeline = Timeline(await repository.all_steps(session))
    coming = [step for step in timeline.coming(now) if step.version == release.version]
    if not coming:
        raise NothingToTakeBack("not_scheduled", release.version)
    steps = await _withdraw(session, timeline, coming, actor, now)
    details = {"at": coming[0].effective_at.isoformat()}
    await append_entry(session, actor, "release.withdrawn", release.version, details, now)
    return steps[0]


async def releases(session: AsyncSession, now: datetime) -> list[Standing]:
    """Return every release and how it stands, newest first."""
    timeline = Timeline(await repository.all_steps(session))
    return [_standing(release, timeline, now) for release in await repository.all_releases(session)]


async def find_standing(session: AsyncSession, name: str, now: datetime) -> Standing:
    """Return the release of this version or content hash, and how it stands.

    Raises: UnknownRelease.
    """
    return _standing(await _release(session, name), Timeline(await repository.all_steps(session)), now)


async def find_files(session: AsyncSession, name: str) -> dict[str, str]:
    """Return every file of the release of this version or content hash, path to text.

    Raises: UnknownRelease · DamagedRelease.
    """
    stored = await repository.find_stored(session, name)
    if stored is None:
        raise UnknownRelease(name)
    return unpack(stored)


def _standing(release: Release, timeline: Timeline, now: datetime) -> Standing:
    version = release.version
    counting = (step for step in (timeline.active(now), *timeline.coming(now)) if step is not None)
    active_from = next((step.effective_at for step in counting if step.version == version), None)
    steps = tuple(step for step in timeline.steps if step.version == version)
    return Standing(release, timeline.state(version, now), active_from, steps)


async def _release(session: AsyncSession, name: str) -> Release:
    found = await repository.find_release(session, name)
    if found is None:
        raise UnknownRelease(name)
    return found


async def _active_release(session: AsyncSession, now: datetime) -> Release | None:
    active = Timeline(await repository.all_steps(session)).active(now)
    return None if active is None else await _release(session, active.version)


async def _keep_ready(session: AsyncSession, release: Release, ready: ReadyForm | None) -> dict[str, str]:
    """Keep the release's ready form; what the trail then says of it, so that no other is taken for it.

    One that turns out to be of another release, because somebody else acted in between, is left aside.
    """
    if ready is None or ready.content_hash != release.content_hash:
        return {}
    await repository.add_ready(session, ready)
    return {DIGEST: ready.digest}


async def _let_go(session: AsyncSession, timeline: Timeline, now: datetime) -> None:
    """Keep ready what may be active next: what is, was before, will be, and was published last."""
    newest = await repository.newest(session)
    steps = (timeline.active(now), timeline.before(now), *timeline.coming(now))
    versions = {step.version for step in steps if step is not None}
    await repository.keep_ready_of(session, versions | ({newest[0]} if newest else set()))


async def _next_version(session: AsyncSession, now: datetime) -> str:
    day = (now + _CHINA).date().isoformat()
    numbers = [int(version.rpartition(".")[2]) for version in await repository.versions_of_day(session, day)]
    return f"{day}.{max(numbers, default=0) + 1}"


async def _withdraw(
    session: AsyncSession, timeline: Timeline, coming: tuple[Step, ...] | list[Step], actor: Actor, now: datetime
) -> tuple[Step, ...]:
    steps: list[Step] = []
    for scheduled in coming:
        known = Timeline((*timeline.steps, *steps))
        step = _step(known, StepKind.WITHDRAWN, scheduled.version, actor, now, refers_to=scheduled.number)
        await repository.add_step(session, step)
        steps.append(step)
    return tuple(steps)


def _step(
    timeline: Timeline,
    kind: StepKind,
    version: str,
    actor: Actor,
    now: datetime,
    at: datetime | None = None,
    refers_to: int | None = None,
) -> Step:
    """The next step; it never counts from before the last one that counts, whatever this machine's clock says."""
    counted = [step.effective_at for step in timeline.steps if step.kind is not StepKind.SCHEDULED]
    effective = at or max([now, *counted])
    number = timeline.steps[-1].number + 1 if timeline.steps else 1
    return Step(number, kind, version, effective, now, _named(actor), refers_to)


def _named(actor: Actor) -> str:
    """Who acted, without the key: the same client stays the same person while its keys rotate."""
    return f"{actor.kind}:{actor.name}"


def _check_notes(notes: str) -> None:
    if len(notes) > _LONGEST_NOTES:
        params = {"name": "notes", "variant": "length", "maximum": _LONGEST_NOTES}
        said = f"notes: at most {_LONGEST_NOTES} characters"
        raise InvalidRequest([Fault("/notes", FaultCode.ABOVE_MAXIMUM, said, _LONGEST_NOTES, params)])


def _check_moment(at: datetime, now: datetime) -> None:
    if now < at <= now + FURTHEST:
        return
    early = at <= now
    limit = now if early else now + FURTHEST
    bound = limit.isoformat(timespec="seconds")
    code = FaultCode.BELOW_MINIMUM if early else FaultCode.ABOVE_MAXIMUM
    params = {"name": "at", "variant": "moment", "minimum" if early else "maximum": limit}
    said = f"the moment {'has to be' if early else 'cannot be'} later than {bound}"
    raise InvalidRequest([Fault("/at", code, said, bound, params)])
