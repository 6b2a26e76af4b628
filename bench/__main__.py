"""Runs every benchmark and prints what each figure is beside its peer and its target."""

import os
import platform
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from app.rulebook import load
from app.settings import Settings
from bench import alike, http_load, inprocess
from bench.scenario import broadest, largest
from bench.servers import LOAD_CORE, PEERS, SERVER_CORE, free_port, ours, peer, server
from bench.table import Row, print_figures, print_rows

_STARTS = 5


def main() -> None:
    """Run everything, on a database of its own."""
    with TemporaryDirectory(prefix="approval-guide-bench-") as folder:
        os.environ["APG_DATABASE_URL"] = f"sqlite:///{folder}/guides.db"
        run()


def run() -> None:
    """Run every benchmark and print its figures."""
    begun = perf_counter()
    settings = Settings.from_environment()
    rulebook = load(settings.rules_dir)
    measured = broadest(rulebook)
    print(
        f"Python {platform.python_version()}, server on core {SERVER_CORE}, generator on core {LOAD_CORE}; "
        f"{rulebook.version}: {len(rulebook.topics)} topics, {len(rulebook.procedures)} procedures, "
        f"{len(rulebook.rules)} rules; over the wire: {measured.book.code}, {len(measured.facts)} answers.\n"
        "Medians of rounds that take turns. Compare ratios within one run; the machine itself drifts.\n"
        "Cold: areas, heights and sums were never asked before. All new: every answer is at random.\n"
    )
    topics = {one.book.code: one for one in (largest(rulebook), measured)}
    costs = {code: inprocess.evaluation(rulebook, one) for code, one in topics.items()}
    figures, megabytes = http_load.measure(measured)
    ready, bare = _starts()
    print_figures(figures, http_load.CONNECTIONS)
    for code, cost in costs.items():
        print(f"{code}, {len(topics[code].facts)} answers:")
        print_rows(_engine_rows(cost))
    print_rows([*_route_rows(figures), *_process_rows(ready, bare, megabytes)])
    print_rows([_search_row(inprocess.search(rulebook)), *_peer_rows(figures)])
    print(f"{perf_counter() - begun:.0f} s in all")


def _engine_rows(costs: dict[str, float]) -> list[Row]:
    size = f"{costs['bytes'] / 1024:.0f} KiB"
    return [
        Row("decide a full scenario, no reasons", f"{costs['outcomes']:.0f} µs", "≤ 100 µs", costs["outcomes"] <= 100),
        Row("decide it with reasons", f"{costs['decide']:.0f} µs"),
        Row("path, before and after", f"{costs['path']:.0f} µs"),
        Row("what-if", f"{costs['what_if']:.0f} µs"),
        Row(f"the whole guide to bytes ({size})", f"{costs['to_bytes']:.0f} µs", "≤ 1 ms", costs["to_bytes"] <= 1000),
        Row("guides of scenarios never asked before", f"{costs['new']:.0f} µs", "≤ 1 ms", costs["new"] <= 1000),
        Row("orjson of the same guide", f"{costs['orjson']:.0f} µs, ours {costs['to_bytes'] / costs['orjson']:.1f} ×"),
        Row("json.dumps of the same guide", f"{costs['json']:.0f} µs, ours {costs['to_bytes'] / costs['json']:.1f} ×"),
        Row("part of the answers, cold", f"{costs['partial'] / 1e3:.1f} ms", "≤ 15 ms", costs["partial"] <= 15_000),
        Row("nothing known", f"{costs['empty'] / 1e3:.1f} ms"),
        Row("answer kept by the evaluator", f"{costs['cached']:.0f} µs"),
    ]


def _route_rows(figures: dict[tuple[str, int], http_load.Figures]) -> list[Row]:
    rows = []
    for name, connections, target in (
        ("POST, cached", 1, 0.95),
        ("POST, cached", 32, 0.95),
        (http_load.COLD, 1, 0.5),
        (http_load.COLD, 16, 0.5),
        ("GET, 304", 1, 1.0),
        ("GET, 304", 32, 1.0),
    ):
        ratio = figures[name, connections].per_second / figures["ready bytes", connections].per_second
        words = f"{name}, {connections} connections: requests a second"
        rows.append(Row(words, f"{ratio:.2f} × ready bytes", f"≥ {target:.2f} ×", ratio >= target))
    for name in ("POST, cached", http_load.COLD, "POST, all new", "GET, 304"):
        ratio = figures[name, 16].cpu_us / figures["ready bytes", 16].cpu_us
        rows.append(Row(f"{name}: processor time a request", f"{ratio:.2f} × ready bytes"))
    return rows


def _process_rows(ready: float, bare: float, megabytes: float) -> list[Row]:
    ratio = ready / bare
    start = f"{ready:.2f} s = {ratio:.1f} × a bare FastAPI app's {bare:.2f} s"
    return [
        Row("start to ready, whole rulebook", start, "≤ 3 ×", ratio <= 3),
        Row("resident memory of one worker", f"{megabytes:.0f} MB", "≤ 200 MB", megabytes <= 200),
    ]


def _search_row(microseconds: float) -> Row:
    return Row("one hotline search", f"{microseconds:.0f} µs", "0.2 ms class", microseconds <= 300)


def _peer_rows(figures: dict[tuple[str, int], http_load.Figures]) -> list[Row]:
    """Beside peers with dependencies of their own; where these are missing it is said, lest silence pass for one."""
    if not PEERS.exists():
        return [Row("against OpenFisca and zen-engine", "not measured: `make bench` installs them")]
    table = alike.measure(PEERS)
    shared = table.ours / table.zen
    many = figures[http_load.COLD, 16].per_second / figures[http_load.OPEN_FISCA, 16].per_second
    alone = figures[http_load.COLD, 1].p50_us / figures[http_load.OPEN_FISCA, 1].p50_us
    words = f"{table.ours:.0f} µs = {shared:.2f} × zen-engine's table, {table.zen:.0f} µs"
    return [
        Row("20 rules of 4 conditions", words, "≤ 0.05 ×", shared <= 1 / 20),
        Row("POST, cold, 16 connections: requests a second", f"{many:.1f} × OpenFisca /calculate", "≥ 5 ×", many >= 5),
        Row("POST, cold, 1 connection: p50", f"{alone:.2f} × OpenFisca /calculate", "≤ 0.33 ×", alone <= 1 / 3),
    ]


def _starts() -> tuple[float, float]:
    """Return the median seconds from start to ready, ours and a bare FastAPI application's, taking turns."""
    taken: dict[str, list[float]] = {"ours": [], "bare": []}
    for _ in range(_STARTS):
        for name, command in (("ours", ours), ("bare", peer)):
            port = free_port()
            with server(command(port), port) as (_, seconds):
                taken[name].append(seconds)
    return median(taken["ours"]), median(taken["bare"])


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    main()
