"""Releases as the routes give them."""

import app.api.schemas.releases as wire
from app.releases import Editions, RolledBack, Standing


def release_list(found: list[Standing], editions: Editions) -> wire.ReleaseList:
    """Return every release, beside what this server answers from."""
    active = editions.active()
    served = wire.ServedNow(version=active.version, content_hash=active.content_hash, source=editions.source)
    return wire.ReleaseList(served=served, total=len(found), releases=[_line(one) for one in found])


def release_view(one: Standing) -> wire.Release:
    """Return one release with its history and certificate."""
    history = [
        wire.ReleaseStep(kind=step.kind, effective_at=step.effective_at, recorded_at=step.recorded_at, actor=step.actor)
        for step in one.steps
    ]
    return wire.Release(**dict(_line(one)), history=history, certificate=dict(one.release.certificate))


def taken_back(done: RolledBack, one: Standing) -> wire.TakenBack:
    """Return what a rollback did."""
    return wire.TakenBack(release=release_view(one), taken_back=done.from_version, withdrawn=list(done.withdrawn))


def _line(one: Standing) -> wire.ReleaseLine:
    release = one.release
    return wire.ReleaseLine(
        version=release.version,
        content_hash=release.content_hash,
        state=one.state,
        active_from=one.active_from,
        based_on=release.based_on,
        notes=release.notes,
        author=release.author,
        created_at=release.created_at,
    )
