"""A counterexample to induction for people: a state, a step from it, and what it breaks."""

from __future__ import annotations

from collections.abc import Sequence

from pinmc.reports.base import nested_calls
from pinmc.reports.canvas import Canvas, Piece, Style, column
from pinmc.reports.terminal.places import place
from pinmc.results.gap import InductionGap
from pinmc.results.trace import Change, Step

_WIDEST_CELL = 32
_DEEPER = "  "


def gap_lines(gap: InductionGap, width: int = 100, colour: bool = False) -> list[str]:
    """The lines that show ``gap``, in ``width`` columns."""
    canvas = Canvas(colour, width)
    _state(canvas, gap)
    if gap.step is not None:
        _step(canvas, gap.step)
    if gap.moved or gap.step is not None:
        changes = [*(gap.step.changes if gap.step is not None else ()), *gap.moved]
        _changes(canvas, changes)
    _broken(canvas, gap)
    return canvas.lines


def _state(canvas: Canvas, gap: InductionGap) -> None:
    known = "reachable" if gap.reachable else "not known to be reachable"
    if gap.where == "init":
        canvas.add("the induction fails in an initial state:")
    else:
        canvas.add("the induction fails in a state that is ", Piece(known, "yellow"), ":")
    if gap.state.values:
        canvas.listed([_DEEPER], (f"{name} = {value}" for name, value in gap.state.values))
    if gap.state.places:
        canvas.listed([_DEEPER], (f"{actor} at {where}" for actor, where in gap.state.places))


def _step(canvas: Canvas, step: Step) -> None:
    canvas.add("a step from there:")
    tail = Piece(f"  {place(step.source)}", "dim")
    canvas.add(_DEEPER, Piece(step.actor, "cyan"), "  ", Piece(step.shown, "bold"), tail)
    for text in nested_calls(step):
        canvas.wrapped([_DEEPER, _DEEPER, Piece("with  ", "dim")], text, "dim")
    if step.error:
        canvas.wrapped([_DEEPER, Piece("error  ", "red")], step.error, "bold")


def _changes(canvas: Canvas, changes: Sequence[Change]) -> None:
    names = column((change.name for change in changes), _WIDEST_CELL)
    for change in changes:
        style: Style = "dim" if change.ghost else ""
        ghost = "  (ghost)" if change.ghost else ""
        lead = Piece(f"{_DEEPER}{_DEEPER}{change.name:<{names}}  ", style or "green")
        canvas.wrapped([lead], f"{change.before} → {change.after}{ghost}", style)


def _broken(canvas: Canvas, gap: InductionGap) -> None:
    """What fails there, or after the step."""
    where = "after it" if gap.where == "step" else "there"
    if gap.claim:
        canvas.add(f"{where} the property fails")
    for lemma in gap.lost:
        canvas.wrapped([f"{where} this lemma fails: "], lemma)
    if not gap.claim and not gap.lost:
        canvas.add(f"{where} a cell holds no value of its type")
