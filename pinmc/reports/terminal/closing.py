"""The end of the report: what never happened, what was skipped, numbers, how to reproduce."""

from __future__ import annotations

from pinmc.reports.base import RenderOptions
from pinmc.reports.canvas import Canvas, Piece, column, counted
from pinmc.reports.terminal.places import place
from pinmc.results.exploration import Statistics
from pinmc.results.result import Result

_WIDEST_KIND = 24


def add_closing(canvas: Canvas, result: Result, options: RenderOptions) -> None:
    _vacuity(canvas, result)
    canvas.gap()
    if result.interrupted:
        canvas.add(Piece("interrupted: what follows is what was seen until then", "yellow"))
    if result.skipped:
        skipped = counted(result.skipped, "expectation")
        canvas.add(Piece(f"{skipped} skipped: what is expected cannot be checked yet", "yellow"))
    canvas.add(statistics_line(total(result)))
    if options.command:
        canvas.add(Piece("reproduce with: ", "dim"), options.command)


def _vacuity(canvas: Canvas, result: Result) -> None:
    if not result.vacuity:
        return
    canvas.gap()
    canvas.add(Piece("never happened in any design", "yellow"))
    kinds = column((never.kind for never in result.vacuity), _WIDEST_KIND)
    for never in result.vacuity:
        of = f" ({never.property})" if never.property else ""
        lead = [f"  {never.kind:<{kinds}}  "]
        canvas.wrapped(lead, f"{never.text}{of}   {place(never.source)}")


def total(result: Result) -> Statistics:
    """The statistics of all designs together: sums, and the greatest of depths and memory."""
    found = [design.statistics for design in result.designs] or [result.statistics]
    return Statistics(
        sum(s.states for s in found),
        sum(s.transitions for s in found),
        max(s.depth for s in found),
        sum(s.seconds for s in found),
        all(s.complete for s in found),
        max(s.peak_memory_bytes for s in found),
    )


def statistics_line(statistics: Statistics) -> str:
    """``47,211 states, 190,233 transitions, depth 31, 0.42 s, 96 MiB``."""
    parts = [
        counted(statistics.states, "state"),
        counted(statistics.transitions, "transition"),
        f"depth {statistics.depth}",
        seconds(statistics.seconds),
        f"{statistics.peak_memory_bytes / 2**20:,.0f} MiB at most",
    ]
    return ", ".join(parts) + ("" if statistics.complete else " (not complete)")


def seconds(time: float) -> str:
    return f"{time:.2f} s" if time < 100 else f"{time:,.0f} s"
