"""Why a property fails: the failing conjunct, who wrote its variables, who waits for whom."""

from __future__ import annotations

from pinmc.reports.canvas import Canvas, Piece, column
from pinmc.reports.terminal.places import place
from pinmc.results.result import Blocked, Explanation, FailedClause, LastWrite

_WIDEST = 40


def add_explanation(canvas: Canvas, explanation: Explanation) -> None:
    if explanation.clause is not None:
        canvas.gap()
        _clause(canvas, explanation.clause)
    if explanation.last_writes:
        canvas.gap()
        _writes(canvas, explanation.last_writes)
    if explanation.blocked:
        canvas.gap()
        _blocked(canvas, explanation.blocked)
    if explanation.cycle:
        canvas.gap()
        canvas.wrapped([Piece("  cycle  ", "red")], " → ".join(explanation.cycle), "bold")


def _clause(canvas: Canvas, clause: FailedClause) -> None:
    """The conjunct, for which values it fails, and what its terms are then."""
    values = ", ".join(f"{name} = {value}" for name, value in clause.binders)
    canvas.wrapped([Piece("  fails  ", "red")], clause.text, "bold")
    given = f"with {values}   " if values else ""
    canvas.add("         ", given, Piece(place(clause.source), "dim"))
    names = column((text for text, _ in clause.terms), _WIDEST)
    for text, value in clause.terms:
        canvas.wrapped([f"         {text:<{names}} ", Piece("= ", "dim")], value)


def _writes(canvas: Canvas, writes: tuple[LastWrite, ...]) -> None:
    canvas.add(Piece("  last written", "dim"))
    values = [f"{write.variable} = {write.value}" for write in writes]
    width = column(values, _WIDEST)
    for write, value in zip(writes, values, strict=True):
        canvas.wrapped([f"         {value:<{width}}  "], _writer(write), "dim")


def _writer(write: LastWrite) -> str:
    if write.step == 0:
        return "since the beginning"
    return f"in step {write.step} by {write.actor}: {write.action}"


def _blocked(canvas: Canvas, blocked: tuple[Blocked, ...]) -> None:
    """Each actor, what it waits for, and who could end that."""
    actors = column((waiting.actor for waiting in blocked), _WIDEST)
    for waiting in blocked:
        lead: list[Piece | str] = [
            Piece(f"  {waiting.actor:<{actors}}", "cyan"),
            Piece("  waits for  ", "dim"),
        ]
        what = f"lock {waiting.waits_for}" if waiting.is_lock else waiting.waits_for
        canvas.wrapped(lead, f"{what}   {place(waiting.source)}")
        canvas.wrapped([" " * (actors + 4)], _ending(waiting), "dim")


def _ending(waiting: Blocked) -> str:
    """Who holds the lock, and who could still write what another wait hangs on."""
    parts = []
    if waiting.is_lock or waiting.holders:
        parts.append(f"held by {', '.join(waiting.holders) or 'nobody'}")
    if waiting.needs:
        able = ", ".join(waiting.writers)
        who = f"which {able} may still write" if able else "which nobody will write any more"
        parts.append(f"needs {', '.join(waiting.needs)}, {who}")
    return "; ".join(parts) or "nobody can end this"
