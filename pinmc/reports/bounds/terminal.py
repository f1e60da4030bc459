"""Bounds for people: what is proved, whether it is attained, and the run that attains it."""

from __future__ import annotations

from collections.abc import Mapping

from pinmc.reports.base import RenderOptions, traces
from pinmc.reports.bounds.words import bound_text, condition_text, interval_text, power_text
from pinmc.reports.canvas import Canvas, Piece, Style, counted
from pinmc.reports.terminal.report import add_traces
from pinmc.results.bounds import (
    Attained,
    Basis,
    BoundReport,
    End,
    Extreme,
    Interval,
    Seen,
    Side,
)


def render(report: BoundReport, colour: bool, width: int, runs: bool = True) -> str:
    """The whole report, without a newline at the end; ``runs``: with those that show it."""
    canvas = Canvas(colour, width)
    canvas.add(Piece(report.spec, "bold"))
    values = [f"{name} = {value}" for name, value in report.constants]
    if values:
        canvas.listed([Piece("  with ", "dim")], values, "dim")
    if isinstance(report.answer, Extreme):
        _extreme(canvas, report, report.answer)
        shown = [report.answer.attained]
    else:
        _interval(canvas, report.answer)
        sides = (report.answer.below, report.answer.above)
        shown = [report.answer.shown, *(side.shown for side in sides if side is not None)]
    for run in shown if runs else ():
        if run is not None:
            add_traces(canvas, list(traces(run.result, RenderOptions(traces="all"))))
    return canvas.text()


def _line(canvas: Canvas, mark: str, style: Style, word: str, text: str) -> None:
    canvas.wrapped([Piece(f"  {mark} {word:<9}", style), "  "], text)


# --- extremes ----------------------------------------------------------------------------------


def _extreme(canvas: Canvas, report: BoundReport, found: Extreme) -> None:
    every = f", for every {' and '.join(found.free)}" if found.free else ""
    where = f" where {condition_text(report.conditions)}" if report.conditions else ""
    if found.basis is Basis.NONE:
        why = found.reason
        if found.unbounded and found.value is not None:
            beyond = "above" if found.greatest else "below"
            why += f": it has states with {report.objective} {beyond} {power_text(found.value)}"
        _line(canvas, "?", "yellow", "no bound", why)
        _looks(canvas, found)
        return
    basis = _basis(found) + every
    if found.empty:
        _line(canvas, "✓", "green", found.basis.value, f"never{where}{basis}")
        return
    _line(canvas, "✓", "green", found.basis.value, f"{bound_text(report, found)}{where}{basis}")
    if found.law and found.value is not None and found.law != str(found.value):
        over = f"{'at most' if found.greatest else 'at least'} {found.value:,}"
        _line(canvas, " ", "", "", f"over all of them: {over}")
    if found.attained is None:
        _line(canvas, "?", "yellow", "attained", "not known to be")
        _looks(canvas, found)
    else:
        _attained(canvas, found.attained)


def _basis(found: Extreme) -> str:
    if found.basis is Basis.EXPLORED:
        return f", in all {counted(found.seen[0].states, 'state')}"
    return ""


def _looks(canvas: Canvas, found: Extreme) -> None:
    for seen in found.seen:
        _line(canvas, " ", "", "seen", _look(seen))


def _look(seen: Seen) -> str:
    value = "none" if seen.value is None else f"{seen.value:,}"
    which = "all" if seen.complete else "the first"
    return f"{value}{_with(seen.constants)}, in {which} {counted(seen.states, 'state')}"


def _with(constants: Mapping[str, int]) -> str:
    values = " and ".join(f"{name} = {value}" for name, value in constants.items())
    return f" with {values}" if values else ""


def _attained(canvas: Canvas, found: Attained) -> None:
    steps = counted(found.result.properties[0].depth or 0, "step")
    _line(canvas, "✓", "green", "attained", f"{found.value:,} in {steps}{_with(found.constants)}")


# --- intervals ---------------------------------------------------------------------------------


def _interval(canvas: Canvas, found: Interval) -> None:
    if found.below is None or found.above is None:
        _line(canvas, "?", "yellow", "not safe", f"{found.name} = {found.around}: {found.reason}")
        return
    claims = ", ".join(found.properties)
    _line(canvas, "✓", "green", "proved", f"{claims} where {interval_text(found)}")
    for side, beside in ((found.below, -1), (found.above, 1)):
        _beside(canvas, found, side, beside)


def _beside(canvas: Canvas, found: Interval, side: Side, beside: int) -> None:
    if side.end is End.OPEN or side.last is None:
        word = "above" if beside > 0 else "below"
        _line(canvas, " ", "", "open", f"no value {word} is unsafe")
        return
    value = f"{found.name} = {side.last + beside}"
    if side.end is End.LIMIT:
        _line(canvas, " ", "", "limit", f"{value} is not allowed by the specification")
        return
    claims = ", ".join(side.properties)
    if side.shown is None:
        text = f"{value}: {claims} not proved; not known whether a run violates it"
        _line(canvas, "?", "yellow", "beside", text)
        return
    steps = counted(side.shown.result.properties[0].depth or 0, "step")
    name = side.shown.result.properties[0].name
    _line(canvas, "✗", "yellow", "beside", f"{value}: {name} is violated in {steps}")
