"""The end of a run over several specifications."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pinmc.base.diagnostics import Severity
from pinmc.cli.checking import Outcome
from pinmc.cli.exits import Exit
from pinmc.reports.terminal.summary import summary as table

_MEANING = {
    Exit.OK: "as expected",
    Exit.VIOLATED: "not as expected",
    Exit.BAD_INPUT: "with mistakes",
    Exit.UNDETERMINED: "undetermined",
    Exit.VACUOUS: "vacuous",
    Exit.INTERNAL: "with internal errors",
}


def summary(outcomes: Sequence[Outcome], unchecked: int) -> str:
    """A row for each result, a line for each specification without one, and the sum."""
    lines = []
    results = [outcome.result for outcome in outcomes if outcome.result is not None]
    if results:
        lines.append(table(results))
    lines += [_without_result(outcome) for outcome in outcomes if outcome.result is None]
    return "\n".join([*lines, "", _sum(outcomes, unchecked)])


def _without_result(outcome: Outcome) -> str:
    if outcome.crash is not None:
        return f"{outcome.path}: internal error of pinmc"
    if outcome.interrupted:
        return f"{outcome.path}: interrupted"
    errors = sum(d.severity is Severity.ERROR for d in outcome.mistakes)
    return f"{outcome.path}: {errors} mistake{'s' * (errors != 1)}"


def _sum(outcomes: Sequence[Outcome], unchecked: int) -> str:
    """``14 specifications: 13 as expected, 1 vacuous; 2 expectations skipped``."""
    counts = Counter(outcome.code for outcome in outcomes)
    parts = [f"{counts[code]} {meaning}" for code, meaning in _MEANING.items() if counts[code]]
    if unchecked:
        parts.append(f"{unchecked} not reached")
    number = len(outcomes) + unchecked
    text = f"{number} specification{'s' * (number != 1)}: {', '.join(parts)}"
    skipped = sum(outcome.result.skipped for outcome in outcomes if outcome.result is not None)
    return text + (f"; {skipped} expectation{'s' * (skipped != 1)} skipped" if skipped else "")
