"""The tables, as text for a terminal or as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tests.benchmarks.peers.goals import Goal
from tests.benchmarks.peers.rows import Row

ROWS = (
    "tool",
    "states",
    "transitions",
    "states/s",
    "search s",
    "total s",
    "peak MiB",
    "bytes/state",
    "note",
)
GOALS = ("size", "what", "goal", "measured", "", "compared with")


def rows_table(rows: Iterable[Row], markdown: bool) -> str:
    return _table(ROWS, [_cells(row) for row in rows], markdown, left={0, len(ROWS) - 1})


def goals_table(goals: Iterable[Goal], markdown: bool) -> str:
    return _table(GOALS, [_goal_cells(goal) for goal in goals], markdown, left={0, 1, 4, 5})


def _cells(row: Row) -> list[str]:
    return [
        row.tool,
        _number(row.states),
        _number(row.transitions),
        _number(row.rate),
        _number(row.search, 2),
        _number(row.total, 2),
        _number(None if row.peak is None else row.peak / 2**20),
        _number(row.bytes_a_state, 1),
        row.why or ("" if row.exact else "not exact"),
    ]


def _goal_cells(goal: Goal) -> list[str]:
    sign = "at least" if goal.least else "at most"
    measured = _number(goal.measured, 2)
    wanted = f"{sign} {goal.goal:g} {goal.unit}"
    return [goal.size, goal.what, wanted, measured, goal.verdict, goal.by]


def _number(value: float | None, digits: int = 0) -> str:
    return "–" if value is None else f"{value:,.{digits}f}"


def _table(
    head: Sequence[str], lines: Sequence[Sequence[str]], markdown: bool, left: set[int]
) -> str:
    if markdown:
        rule = ["---" if column in left else "---:" for column in range(len(head))]
        return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *lines))
    widths = [max(len(line[column]) for line in (head, *lines)) for column in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column in left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in (head, *lines)
    )
