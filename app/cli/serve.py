"""`approval-guide serve`: pages and API on one port."""

import gc
import os
import socket
import tempfile
from dataclasses import replace
from typing import Annotated, Final

import typer
import uvicorn
from uvicorn.importer import import_from_string
from uvicorn.supervisors import Multiprocess

from app.cli.answering import FINDING, finding_line, refuse, refuse_error, settings_or_exit
from app.cli.speaking import spoken
from app.collector import collector_at_rest
from app.errors import AppError, RulebookError
from app.releases import Start
from app.rulebook import Rulebook
from app.settings import Settings
from app.storage import migrate_embedded
from app.wording import problem_text, system_text

# Found by name, as a worker process finds it: one door does not import what puts the others together.
_CREATE_APP: Final = "app.main:create_app"
_START: Final = "app.main:start_of"
_APP_OF_WORKER: Final = "app.main:app_from_environment"
# What prometheus-client reads to keep the figures of several processes together.
_SHARED_FIGURES: Final = "PROMETHEUS_MULTIPROC_DIR"
_BACKLOG: Final = 2_048
_GRACE_SECONDS: Final = 10
# A worker that only loads slowly, on a machine that is busy, is not killed for it and begun anew for ever.
_HUNG_SECONDS: Final = 60


def serve(
    host: Annotated[str | None, typer.Option()] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65_535)] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=64)] = None,
) -> None:
    """Serve pages and API until stopped."""
    settings = settings_or_exit()
    settings = replace(
        settings,
        host=settings.host if host is None else host,
        port=settings.port if port is None else port,
        workers=settings.workers if workers is None else workers,
    )
    with _listen(settings.host, settings.port) as listening:
        warning = migrate_embedded(settings.database_url)
        if warning is not None:
            reason = problem_text(warning, spoken().lang, at_console=True).detail
            typer.echo(spoken().say("told.without_database", reason=reason), err=True)
        with collector_at_rest():
            start = _start(settings)
        said = _announcement(settings, listening, start.rulebook)
        if settings.workers == 1:
            with collector_at_rest():
                app = import_from_string(_CREATE_APP)(settings, start=start, owns_process=True)
                # All this lives as long as the process.
                gc.freeze()
            _Announcing(said, _config(app)).run(sockets=[listening])
        else:
            _serve_with_workers(settings, said, listening)


def _announcement(settings: Settings, listening: socket.socket, rulebook: Rulebook) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = f"http://{host}:{listening.getsockname()[1]}"
    return spoken().say("told.serving", address=address, version=rulebook.version, topics=len(rulebook.topics))


class _Announcing(uvicorn.Server):
    """Says where it can be reached once it can be."""

    def __init__(self, said: str, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.said = said

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        typer.echo(self.said)


def _serve_with_workers(settings: Settings, said: str, listening: socket.socket) -> None:
    """Each worker finds out for itself what to answer from; the parent has only seen that it can be served."""
    with tempfile.TemporaryDirectory(prefix="approval-guide-figures-") as folder:
        os.environ[_SHARED_FIGURES] = folder
        config = _config(_APP_OF_WORKER, workers=settings.workers)
        typer.echo(spoken().say("told.with_workers", said=said, count=settings.workers))
        Multiprocess(config, sockets=[listening]).run()


def _config(app: object, workers: int = 1) -> uvicorn.Config:
    """How uvicorn runs: its fast parts where they are installed, our own log in place of its lines."""
    return uvicorn.Config(
        app,  # type: ignore[arg-type]  # an application, or where to find one
        factory=isinstance(app, str),
        workers=workers,
        loop="auto",
        http="auto",
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        backlog=_BACKLOG,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        timeout_worker_healthcheck=_HUNG_SECONDS,
    )


def _listen(host: str, port: int) -> socket.socket:
    """Return a socket bound to the address; says why and ends the command where it cannot be had."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[
            0
        ]
        listening = socket.socket(family, kind)
        try:
            # A port just left by our own last run may be taken again at once.
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
        except OSError:
            listening.close()
            raise
    except OSError as error:
        reason = system_text(error, spoken())
        refuse(spoken().say("told.cannot_listen", address=f"{host}:{port}", reason=reason), FINDING)
    listening.set_inheritable(True)
    return listening


def _start(settings: Settings) -> Start:
    """Return what to answer from; says what is wrong and ends the command where nothing can be served."""
    try:
        start: Start = import_from_string(_START)(settings)
    except RulebookError as error:
        phrases = spoken()
        for finding in error.findings:
            typer.echo(finding_line(finding, phrases), err=True)
        refuse(phrases.say("told.cannot_serve", folder=settings.rules_dir), FINDING)
    except AppError as error:
        refuse_error(error, FINDING)
    return start
