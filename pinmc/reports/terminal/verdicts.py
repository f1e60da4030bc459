"""The block of a design: one line a property, aligned, the default design in full."""

from __future__ import annotations

from collections.abc import Sequence

from pinmc.ir.property import PropertyKind, Verdict
from pinmc.reports.base import RenderOptions, is_broken, wanted
from pinmc.reports.canvas import Canvas, Piece, Style, column, counted
from pinmc.results.exploration import Statistics
from pinmc.results.result import DesignResult, PropertyResult

_WIDEST_NAME = 40
_ON_STEPS = (PropertyKind.STEP_INVARIANT,)


def add_design(
    canvas: Canvas, design: DesignResult, default: DesignResult, options: RenderOptions
) -> None:
    """Heading and verdicts of ``design``: of the default all, of another what sets it apart."""
    canvas.gap()
    properties = wanted(design.properties, options)
    if design is default:
        add_default_heading(canvas, design)
        shown = properties
    else:
        states = counted(design.statistics.states, "state")
        canvas.wrapped([Piece("design  ", "dim"), Piece(design.label, "bold")], f"   {states}")
        shown = [p for p in properties if options.traces == "all" or _tells(p, default)]
    add_verdicts(canvas, shown, design.statistics)
    same = len(properties) - len(shown)
    if same:
        what = counted(same, "other") if shown else f"all {same}"
        canvas.wrapped([Piece("  ✓ ", "green")], f"{what} as in the default design", "dim")
    if design.stopped:
        canvas.wrapped([Piece("  stopped  ", "yellow")], design.stopped)


def _tells(found: PropertyResult, default: DesignResult) -> bool:
    """Whether a verdict is more than the default design's good one again."""
    usual = {p.name: p.verdict for p in default.properties}.get(found.name)
    bad = found.verdict in (Verdict.VIOLATED, Verdict.UNKNOWN, Verdict.VACUOUS)
    return bad or found.as_expected is False or found.verdict is not usual


def add_default_heading(canvas: Canvas, design: DesignResult) -> None:
    values = (f"{name} = {value}" for name, value in design.constants)
    canvas.listed([Piece("default design", "bold"), "  "], values, "dim")


def add_verdicts(
    canvas: Canvas, properties: Sequence[PropertyResult], statistics: Statistics
) -> None:
    words = column((p.verdict.value for p in properties), 20)
    names = column((p.name for p in properties), _WIDEST_NAME)
    for found in properties:
        mark, style = _mark(found)
        lead: list[Piece | str] = [
            Piece(f"  {mark} {found.verdict.value:<{words}}", style),
            f"  {found.name:<{names}}  ",
        ]
        canvas.wrapped(lead, detail(found, statistics), "dim")


def _mark(found: PropertyResult) -> tuple[str, Style]:
    """Good, bad as expected, bad, or undecided."""
    if found.as_expected is False:
        return "✗", "red"
    match found.verdict:
        case Verdict.UNKNOWN | Verdict.VACUOUS:
            return "?", "yellow"
        case Verdict.SKIPPED:
            return "-", "dim"
        case Verdict.VIOLATED:
            return "!", "yellow"
        case _:
            return "✓", "green"


def detail(found: PropertyResult, statistics: Statistics) -> str:
    """What stands behind a verdict, and how it compares with what was expected."""
    return ", ".join(part for part in (_basis(found, statistics), _compared(found)) if part)


def _basis(found: PropertyResult, statistics: Statistics) -> str:
    match found.verdict:
        case Verdict.HOLDS:
            return found.reason or _all(found, statistics)
        case Verdict.VIOLATED | Verdict.REACHED:
            return f"{_way(found)}{_stuck(found)}"
        case Verdict.UNREACHABLE:
            return found.reason or f"in none of {counted(statistics.states, 'state')}"
        case Verdict.SKIPPED:
            return found.reason or "not checked yet"
        case _:
            return found.reason


def _all(found: PropertyResult, statistics: Statistics) -> str:
    if found.kind in _ON_STEPS:
        return f"all {counted(statistics.transitions, 'step')}"
    return f"all {counted(statistics.states, 'state')}"


def _way(found: PropertyResult) -> str:
    """``in 9 steps by device_write``."""
    if found.trace is None or not found.trace.steps:
        at_once = found.trace is not None and found.trace.error
        return "during initialisation" if at_once else "in an initial state"
    last = found.trace.steps[-1]
    way = f"in {counted(len(found.trace.steps), 'step')}"
    if found.kind in (PropertyKind.DEADLOCK, PropertyKind.STUCK):
        return way
    by = last.calls[0].name if last.calls else last.actor
    return f"{way} by {by}"


def _stuck(found: PropertyResult) -> str:
    if found.explanation is None or not found.explanation.blocked:
        return ""
    return ": " + ", ".join(blocked.actor for blocked in found.explanation.blocked)


def _compared(found: PropertyResult) -> str:
    if found.mismatch:
        return found.mismatch
    if found.expected is None:
        return ""
    if found.as_expected is False:
        return f"expected: {found.expected}"
    return "as expected" if found.as_expected and _surprises(found) else ""


def _surprises(found: PropertyResult) -> bool:
    """Whether the verdict would be a failure if nothing were expected."""
    return is_broken(found) or found.verdict is Verdict.UNREACHABLE
