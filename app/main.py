"""The one place where the parts are put together: settings in, application out."""

from typing import TYPE_CHECKING

from app.api import (
    Clock,
    Front,
    Parts,
    as_app_error,
    headers_of,
    make_api,
    make_parts,
    request_id,
    send_problem,
    status_of,
    today_in_china,
)
from app.releases import LastServed, Source, Start, starting_point
from app.rulebook import Rulebook, load_kept
from app.settings import Settings

if TYPE_CHECKING:
    from starlette.types import ASGIApp


def create_app(
    settings: Settings,
    *,
    rulebook: Rulebook | None = None,
    start: Start | None = None,
    today: Clock = today_in_china,
    owns_process: bool = False,
) -> Front:
    """Return the application, ready to answer.

    Shape: `start` is what to answer from at first, found out here without it; `rulebook` stands for that of the
        settings' folder and is begun with at once; `today` is asked with every request that names no day;
        `owns_process` where nothing else lives in this process, so that it may be tuned for serving.
    Raises: RulebookError with every finding when the rulebook cannot be served · DamagedRelease.
    """
    if start is None:
        start = start_of(settings) if rulebook is None else Start(rulebook, Source.FILES)

    def files() -> Rulebook:
        return load_kept(settings.rules_dir, settings.state_dir) if rulebook is None else rulebook

    parts = make_parts(settings, start, files, today, owns_process=owns_process)
    return make_api(parts, pages=lambda: _pages(parts), owns_process=owns_process)


def start_of(settings: Settings) -> Start:
    """Return what a process with these settings answers from at its start.

    Raises: as `create_app`.
    """
    last_served = LastServed(settings.state_dir, settings.database_url)
    return starting_point(settings.database_url, lambda: load_kept(settings.rules_dir, settings.state_dir), last_served)


def app_from_environment() -> Front:
    """Return the application as the environment sets it; what a server with several workers calls in each."""
    return create_app(Settings.from_environment(), owns_process=True)


def _pages(parts: Parts) -> "ASGIApp":
    """The pages, which share with the API the same rules, database, thread and ways to tell an error."""
    # Here, for a process is ready before they are loaded.
    from app.web import PageParts, Problems, make_pages

    return make_pages(
        PageParts(
            settings=parts.settings,
            editions=parts.editions,
            database=parts.database,
            today=parts.today,
            evaluating=parts.evaluating,
            problems=Problems(
                translate=as_app_error,
                status_of=status_of,
                headers_of=headers_of,
                send=send_problem,
                request_id=request_id,
            ),
        )
    )
