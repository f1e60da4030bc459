"""Costs for people: a table with a line for each design, and the runs behind the numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from pinmc.base.records import dataclass
from pinmc.reports.canvas import Canvas, Piece, counted
from pinmc.reports.terminal.traces import add_steps
from pinmc.results.costs import CostReport, Extreme, GoalCost, LoopCost, bill
from pinmc.results.replay import replay

UNBOUNDED = "unbounded"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A design's costs; ``label`` is what sets it apart, empty for the default design."""

    label: str
    report: CostReport

    @property
    def shown(self) -> str:
        return self.label or "default design"


def render(reports: Sequence[Labelled], runs: bool, colour: bool, width: int) -> str:
    """The tables; with ``runs`` also how each least and greatest comes about."""
    canvas = Canvas(colour, width)
    goals = dict.fromkeys(found.goal for each in reports for found in each.report.goals)
    for goal in goals:
        rows = [(each, [f for f in each.report.goals if f.goal == goal]) for each in reports]
        _table(canvas, f"until {goal} is first reached", rows)
    for per in dict.fromkeys(found.per for each in reports for found in each.report.loops):
        ratios = [(each, [f for f in each.report.loops if f.per == per]) for each in reports]
        _table(canvas, f"for each of {per}, over loops", ratios)
    for each in reports:
        if each.report.unknown:
            canvas.add(Piece(each.shown, "bold"), f": unknown: {each.report.unknown}")
    if runs:
        for each in reports:
            every: list[GoalCost | LoopCost] = [*each.report.goals, *each.report.loops]
            for found in every:
                _runs(canvas, each, found)
    return canvas.text()


# --- tables ------------------------------------------------------------------------------------


def _table(
    canvas: Canvas,
    title: str,
    rows: Iterable[tuple[Labelled, Sequence[GoalCost] | Sequence[LoopCost]]],
) -> None:
    known = [(each, found) for each, found in rows if found]
    head = ["", *(found.cost for found in known[0][1])]
    body = [[each.shown, *map(span_text, found)] for each, found in known]
    widths = [max(len(line[n]) for line in (head, *body)) for n in range(len(head))]
    canvas.gap()
    canvas.add(Piece(title, "bold"))
    for number, line in enumerate((head, *body)):
        cells = [f"{text:<{width}}" for text, width in zip(line, widths, strict=True)]
        canvas.add("  ", Piece("  ".join(cells), "" if number else "dim"))


def span_text(found: GoalCost | LoopCost) -> str:
    """``0 to 3``, ``2`` where least and greatest agree, ``never`` without any."""
    if found.least is None and found.greatest is None:
        return "never" if isinstance(found, GoalCost) else "no such loop"
    if found.least is None:
        return UNBOUNDED
    assert found.greatest is not None
    least, greatest = value_text(found.least.value), value_text(found.greatest.value)
    return least if least == greatest else f"{least} to {greatest}"


def value_text(value: Fraction | None) -> str:
    return UNBOUNDED if value is None else str(value)


# --- runs --------------------------------------------------------------------------------------


def _runs(canvas: Canvas, design: Labelled, found: GoalCost | LoopCost) -> None:
    least, greatest = found.least, found.greatest
    same = least is not None and greatest is not None and least.value == greatest.value
    for name, extreme in (("least", least), ("greatest", None if same else greatest)):
        if extreme is not None:
            _run(canvas, design, found, "" if same else name, extreme)


def _run(
    canvas: Canvas, design: Labelled, found: GoalCost | LoopCost, name: str, extreme: Extreme
) -> None:
    system = design.report.system
    paid = bill(system, extreme.schedule)
    names = [found.cost] if isinstance(found, GoalCost) else [found.cost, found.per]
    prices = [
        ", ".join(f"{cost} +{spent[cost]}" for cost in names if spent.get(cost))
        for spent in paid.spent
    ]
    canvas.gap()
    what = f"{name} {found.cost}".strip()
    if isinstance(found, GoalCost):
        what += f" until {found.goal}"
    else:
        what += f" for each of {found.per}"
    where = f" with {design.label}" if design.label else ""
    canvas.wrapped([Piece(what, "bold")], f": {_summary(extreme)}{where}")
    trace = replay(system, extreme.schedule)
    add_steps(canvas, trace, prices, extreme.loop)


def _summary(extreme: Extreme) -> str:
    steps = len(extreme.schedule.moves)
    value = value_text(extreme.value)
    if extreme.loop is None:
        return f"{value}, in {counted(steps, 'step')}"
    return f"{value}, by a loop of {counted(steps - extreme.loop, 'step')}"
