"""A trace for people: who did what where, and only what that changed."""

from __future__ import annotations

from collections.abc import Sequence

from pinmc.reports.base import Shown, is_broken, nested_calls
from pinmc.reports.canvas import Canvas, Piece, Style, column, counted, folded
from pinmc.reports.terminal.explanation import add_explanation
from pinmc.reports.terminal.places import place
from pinmc.results.changes import agent_name
from pinmc.results.trace import Change, Step, Trace

_WIDEST_ACTOR = 24
_WIDEST_CELL = 32


def add_trace(canvas: Canvas, shown: Shown) -> None:
    """Title, initial values, steps, and why the property fails at the end."""
    canvas.gap()
    _title(canvas, shown, f"in {_way(shown.trace)}")
    _claim(canvas, shown)
    add_steps(canvas, shown.trace)
    _error(canvas, shown.trace)
    if shown.property.explanation is not None:
        add_explanation(canvas, shown.property.explanation)


def add_same(canvas: Canvas, shown: Shown, as_: Shown) -> None:
    """What is violated by the trace that has just been shown for ``as_``, for the same reasons."""
    canvas.gap()
    _title(canvas, shown, f"by the same {_way(shown.trace)} as {as_.property.name}")


def _title(canvas: Canvas, shown: Shown, way: str) -> None:
    found = shown.property
    what = "violated" if is_broken(found) else "reached"
    tail = ", as expected" if found.expected is not None and found.as_expected else ""
    design = f" with {shown.design.label}" if shown.design.label else ""
    canvas.wrapped([Piece(found.name, "bold")], f" is {what} {way}{design}{tail}")


def _way(trace: Trace) -> str:
    if trace.steps:
        return counted(len(trace), "step")
    return "initialisation" if trace.error else "an initial state"


def _claim(canvas: Canvas, shown: Shown) -> None:
    """Where the property is, and what is said about it there."""
    found = shown.property
    if found.source is not None:
        text = found.source.text
        claim = "" if text.endswith(":") else text  # what it claims stands on the next lines
        canvas.wrapped([Piece(f"  {place(found.source)}  ", "dim")], claim, "dim")
    if found.doc:
        canvas.wrapped(["  "], " ".join(found.doc.split()), "dim")


def _error(canvas: Canvas, trace: Trace) -> None:
    if trace.error:
        canvas.gap()
        canvas.wrapped([Piece("  error  ", "red")], trace.error, "bold")
    if trace.error and trace.error_source is not None:
        source = trace.error_source
        canvas.wrapped([Piece(f"         {place(source)}  ", "dim")], source.text, "dim")


def _initial(canvas: Canvas, trace: Trace) -> None:
    """The initial values of what the trace changes, in the order in which it changes them;
    locals that have no value yet say nothing."""
    owners = tuple(f"{agent_name(trace.system, a.number)}." for a in trace.system.agents)
    before: dict[str, Change] = {}
    for step in trace.steps:
        for change in step.changes:
            if change.before != "none" or not change.name.startswith(owners):
                before.setdefault(change.name, change)
    if before:
        values = (f"{change.name} = {change.before}" for change in before.values())
        canvas.gap()
        canvas.listed([Piece("  initially  ", "dim")], values)


def add_steps(
    canvas: Canvas, trace: Trace, notes: Sequence[str] = (), loop: int | None = None
) -> None:
    """Initial values and steps, each with its note; ``loop``: so many steps before a loop."""
    _initial(canvas, trace)
    if not trace.steps:
        return
    canvas.gap()
    digits = max(2, len(str(len(trace.steps))))
    actors = column((step.actor for step in trace.steps), _WIDEST_ACTOR)
    for number, step in enumerate(trace.steps):
        if number == loop:
            canvas.add(Piece(f"  {'':>{digits}}  again and again", "yellow"))
        _step(canvas, step, digits, actors)
        if notes and notes[number]:
            canvas.add(" " * (digits + 6), Piece(notes[number], "yellow"))


def _step(canvas: Canvas, step: Step, digits: int, actors: int) -> None:
    """``  4  rdma[User0]  unpin(Page0)          lease.pin:41``, then what changed."""
    lead = f"  {step.number:>{digits}}  {step.actor:<{actors}}  "
    where = place(step.source)
    room = max(20, canvas.width - len(lead) - len(where) - 2)
    action = step.shown
    if len(action) <= room:
        pad = " " * (canvas.width - len(lead) - len(action) - len(where))
        _first_row(canvas, step, lead, action, pad + where)
    else:
        hang = min(len(lead), 24)
        rows = folded(action, room, canvas.width - hang)
        pad = " " * (canvas.width - len(lead) - len(rows[0]) - len(where))
        _first_row(canvas, step, lead, rows[0], pad + where)
        for row in rows[1:]:
            canvas.add(" " * hang, Piece(row, "bold"))
    for text in nested_calls(step):
        canvas.wrapped([f"  {'':>{digits}}    ", Piece("with  ", "dim")], text, "dim")
    _changes(canvas, step, " " * (digits + 6))


def _first_row(canvas: Canvas, step: Step, lead: str, action: str, tail: str) -> None:
    number = lead[: len(lead) - len(lead.lstrip()) + len(str(step.number))]
    actor = Piece(lead[len(number) :], "cyan")
    canvas.add(Piece(number, "dim"), actor, Piece(action, "bold"), Piece(tail, "dim"))


def _changes(canvas: Canvas, step: Step, indent: str) -> None:
    names = column((change.name for change in step.changes), _WIDEST_CELL)
    for change in step.changes:
        style: Style = "dim" if change.ghost else ""
        ghost = "  (ghost)" if change.ghost else ""
        text = f"{change.before} → {change.after}{ghost}"
        canvas.wrapped(
            [Piece(f"{indent}{change.name:<{names}}  ", "dim" if change.ghost else "green")],
            text,
            style,
        )
    if step.error:
        canvas.add(indent, Piece("no state is reached: found error", "red"))
