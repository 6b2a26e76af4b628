"""What operators see: figures for Prometheus, and one line a request that never holds what was asked."""

import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import BinaryIO

import orjson
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
    values,
)
from prometheus_client.multiprocess import MultiProcessCollector

from app.plain_log import EventDict, FilteringBoundLogger, structlog

# Our answers take from a tenth of a millisecond to some tens; the library's own steps begin at 5 ms.
_STEPS = (0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0)
# True in a worker that `serve` started beside others: the library then keeps its figures in a folder they share.
_SHARED = values.ValueClass is not values.MutexValue

# A second series beside each counter, which nobody asked for.
disable_created_metrics()  # type: ignore[no-untyped-call]


class Figures:
    """The counters of one application."""

    def __init__(self, *, version: str, content_hash: str) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "apg_requests", "Requests answered.", ("method", "route", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "apg_request_seconds", "Time to answer.", ("route",), buckets=_STEPS, registry=self.registry
        )
        self._answers = Counter(
            "apg_guides", "Guides given, by whether the answer lay ready.", ("ready",), registry=self.registry
        )
        self._failures = Counter("apg_unforeseen_errors", "Errors nobody foresaw.", registry=self.registry)
        self._release = Gauge(
            "apg_release", "1 for the release served, 0 for one that was.", ("version", "content_hash"),
            registry=self.registry, multiprocess_mode="mostrecent",
        )  # fmt: skip
        self._served = self._release.labels(version, content_hash)
        self._served.set(1)
        self._counted: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self._ready = {ready: self._answers.labels("yes" if ready else "no") for ready in (True, False)}
        if not _SHARED:
            for collector in (ProcessCollector, PlatformCollector, GCCollector):
                collector(registry=self.registry)

    def count_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request; the children are kept, for finding them anew costs more than counting."""
        key = (method, route, status)
        counted = self._counted.get(key)
        if counted is None:
            counted = self._requests.labels(method, route, str(status)), self._seconds.labels(route)
            self._counted[key] = counted
        counted[0].inc()
        counted[1].observe(seconds)

    def count_guide(self, *, ready: bool) -> None:
        """Count one guide given."""
        self._ready[ready].inc()

    def count_failure(self) -> None:
        """Count one error nobody foresaw."""
        self._failures.inc()

    def show_release(self, version: str, content_hash: str) -> None:
        """Show another release as the one served."""
        self._served.set(0)
        self._served = self._release.labels(version, content_hash)
        self._served.set(1)

    def exposition(self) -> bytes:
        """Return all figures in Prometheus' text form, those of sibling processes included where there are some."""
        if not _SHARED:
            return generate_latest(self.registry)
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return generate_latest(together)


def make_log(level: str, stream: BinaryIO | None = None) -> FilteringBoundLogger:
    """Return the log of the service: one JSON object a line, on standard error."""
    out = stream if stream is not None else sys.stderr.buffer
    log: FilteringBoundLogger = structlog.wrap_logger(
        _Lines(out),
        processors=[_as_line],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        cache_logger_on_first_use=True,
    )
    return log


def take_over_standard_log(log: FilteringBoundLogger) -> None:
    """Send what libraries say by `logging` into the same log, from warnings on; for a process that is ours alone."""
    root = logging.getLogger()
    root.handlers[:] = [_Forwarding(log)]
    root.setLevel(logging.WARNING)


class _Forwarding(logging.Handler):
    def __init__(self, log: FilteringBoundLogger) -> None:
        super().__init__()
        self.log = log

    def emit(self, record: logging.LogRecord) -> None:
        self.log.log(record.levelno, record.getMessage(), logger=record.name, exc_info=record.exc_info)


class _Lines:
    """Writes whole lines at once, each flushed, so that none is lost with the process.

    One step in place of structlog's usual five: the log of a request costs a tenth of answering it as it is.
    """

    def __init__(self, out: BinaryIO) -> None:
        self.out = out

    def msg(self, line: bytes) -> None:
        """Write one line."""
        self.out.write(line)
        self.out.flush()

    debug = info = warning = error = critical = exception = msg


def _as_line(_: object, level: str, event: EventDict) -> bytes:
    """Return the line for an event: its words, its level, the moment, and what was raised if anything was."""
    trouble = event.pop("exc_info", None)
    event["level"] = level
    # orjson writes the moment itself, in a fraction of the time isoformat takes.
    event["at"] = datetime.now(UTC)
    if trouble:
        raised = trouble[1] if isinstance(trouble, tuple) else sys.exception()
        event["exception"] = "".join(traceback.format_exception(raised))
    return orjson.dumps(event, default=str, option=orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE)
