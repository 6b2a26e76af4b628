"""Figures as tables a terminal shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from bench.http_load import Figures

_CONSOLE = Console(width=160)


@dataclass(frozen=True, slots=True)
class Row:
    """One figure beside its target; `met` None where there is none."""

    what: str
    figure: str
    target: str = ""
    met: bool | None = None


def print_rows(rows: Sequence[Row]) -> None:
    """Print figures, targets, and whether they are met."""
    table = Table("what", "figure", "target", "", box=None, pad_edge=False)
    for row in rows:
        verdict = "" if row.met is None else "met" if row.met else "MISSED"
        table.add_row(row.what, row.figure, row.target, verdict)
    _CONSOLE.print(table)
    print()


def print_figures(figures: Mapping[tuple[str, int], Figures], connections: Sequence[int]) -> None:
    """Print requests a second and latencies of every route."""
    heads = [f"{count} conn: req/s, p50/p99 µs, server CPU" for count in connections]
    table = Table("route", *heads, box=None, pad_edge=False)
    for name in dict.fromkeys(name for name, _ in figures):
        cells = []
        for count in connections:
            one = figures[name, count]
            cells.append(f"{one.per_second:,.0f}  {one.p50_us:,.0f}/{one.p99_us:,.0f}  {one.cpu_us:,.0f} µs")
        table.add_row(name, *cells)
    _CONSOLE.print(table)
    print()
