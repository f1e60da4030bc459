"""The table that ends a run over several specifications."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pinmc.ir.property import Verdict
from pinmc.reports.terminal.closing import seconds, total
from pinmc.results.result import Result

_HEADINGS = ("spec", "designs", "states", "verdicts", "exit", "time")
_RIGHT = {1, 2, 4, 5}


def summary(results: Sequence[Result]) -> str:
    """One row a specification, then their sum; plain text."""
    rows = [_HEADINGS, *(_row(result) for result in results)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(_HEADINGS))]
    return "\n".join(_line(row, widths) for row in rows)


def _row(result: Result) -> tuple[str, ...]:
    statistics = total(result)
    return (
        result.spec,
        str(len(result.designs)),
        f"{statistics.states:,}" + ("" if statistics.complete else "+"),
        verdict_counts(result),
        str(result.exit_code),
        seconds(statistics.seconds),
    )


def verdict_counts(result: Result) -> str:
    """``12 holds, 3 violated (1 unexpected)``, over all designs."""
    found = [p for design in result.designs for p in design.properties]
    counts = Counter(p.verdict for p in found)
    parts = [f"{counts[verdict]} {verdict.value}" for verdict in Verdict if counts[verdict]]
    surprises = sum(p.as_expected is False for p in found)
    return ", ".join(parts) + (f" ({surprises} unexpected)" if surprises else "")


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    cells = [
        f"{text:>{width}}" if number in _RIGHT else f"{text:<{width}}"
        for number, (text, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()
