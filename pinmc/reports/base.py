"""What every report is given: the result, and how the reader wants to see it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, TypeAlias

from pinmc.base.records import dataclass
from pinmc.ir.property import PropertyKind, Verdict
from pinmc.results.result import DesignResult, PropertyResult, Result
from pinmc.results.trace import Step, Trace, call_text

Traces: TypeAlias = Literal["default", "all", "none"]

ON_WAITING = frozenset({PropertyKind.DEADLOCK, PropertyKind.STUCK})
"""The properties that are violated by actors who wait."""


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """``width`` in columns. ``traces``: "all" adds the witnesses of what is reachable and the
    expected counterexamples of designs other than the default. ``command`` is what reproduces
    the result; ``properties`` are those to report, all when empty. ``comment``: a race diagram
    begins each line with `` * ``."""

    colour: bool = False
    width: int = 100
    traces: Traces = "default"
    command: str = ""
    properties: tuple[str, ...] = ()
    comment: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A trace to be shown, and what it is the trace of."""

    design: DesignResult
    property: PropertyResult
    trace: Trace


def wanted(properties: tuple[PropertyResult, ...], options: RenderOptions) -> list[PropertyResult]:
    """Those of ``properties`` that ``options`` ask for, in order."""
    return [p for p in properties if not options.properties or p.name in options.properties]


def traces(result: Result, options: RenderOptions) -> Iterator[Shown]:
    """The traces that ``options`` ask for: design by design, properties in order."""
    if options.traces == "none":
        return
    for number, design in enumerate(result.designs):
        for found in wanted(design.properties, options):
            if found.trace is not None and _is_shown(found, number == 0, options):
                yield Shown(design, found, found.trace)


def _is_shown(found: PropertyResult, is_default: bool, options: RenderOptions) -> bool:
    if options.traces == "all" or found.as_expected is False:
        return True
    return is_default and is_broken(found)


def is_broken(found: PropertyResult) -> bool:
    """Whether the property's trace is a counterexample, not a witness."""
    return found.verdict is Verdict.VIOLATED and found.kind is not PropertyKind.REACHABLE


def repeated(earlier: Iterable[Shown], later: Shown) -> Shown | None:
    """The one of ``earlier`` that shows the same run for the same reasons: a deadlock is usually
    also what makes actors stuck for ever."""
    return next((one for one in earlier if _is_same(one, later)), None)


def _is_same(earlier: Shown, later: Shown) -> bool:
    about_waiting = {earlier.property.kind, later.property.kind} <= ON_WAITING
    same_run = earlier.trace.steps == later.trace.steps and earlier.design is later.design
    return about_waiting and same_run and earlier.property.explanation == later.property.explanation


def nested_calls(step: Step) -> list[str]:
    """The actions that ran within the first one; not those that only repeat its text."""
    texts = [call_text(call.shown, call.arguments) for call in step.calls[1:]]
    return [text for text in texts if text != step.shown]
