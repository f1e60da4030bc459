"""Counterexamples as kernel developers draw a race in a commit message.

One column an actor, time runs down, one event a row; blanks only, so that it survives the indent
of ``git log``; 72 columns (Documentation/process/submitting-patches.rst allows 75). With more
than three actors, a numbered list. A deadlock is laid out as lockdep does.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from pinmc.base.records import dataclass
from pinmc.ir.property import PropertyKind
from pinmc.reports.base import (
    ON_WAITING,
    RenderOptions,
    Shown,
    is_broken,
    nested_calls,
    repeated,
    traces,
)
from pinmc.reports.canvas import visible
from pinmc.results.result import Blocked, Result
from pinmc.results.trace import Step

WIDTH = 72

_COLUMNS = {1: (2,), 2: (2, 36), 3: (2, 25, 48)}
_LOCKDEP_INDENT = "     "
_GLUE, _SPLIT = "\0", "\1"  # a blank that does not break, a break that is no blank


@dataclass(frozen=True, slots=True)
class _Event:
    """What ``actor`` does, and the remarks below it."""

    actor: str
    text: str
    below: tuple[str, ...] = ()


def render(result: Result, options: RenderOptions) -> str:
    """Every counterexample that the text report would show, or a line that there is none."""
    shown = [one for one in traces(result, options) if one.trace.steps or one.trace.error]
    new = [one for number, one in enumerate(shown) if repeated(shown[:number], one) is None]
    blocks = ["\n".join(diagram(one)) for one in new]
    text = "\n\n".join(blocks) or f"  {result.spec}: nothing is violated in any design"
    if not options.comment:
        return text
    return "\n".join(f" * {line}".rstrip() for line in text.split("\n"))


def diagram(shown: Shown) -> list[str]:
    """The lines of one diagram."""
    events = list(_events(shown))
    actors = list(dict.fromkeys(event.actor for event in events))
    lockdep = shown.property.kind in ON_WAITING
    lines: Iterable[str] = ()
    if len(actors) in _COLUMNS:
        lines = _drawn(events, actors, lockdep)
    elif actors:
        lines = _listed(events, actors)
    return [line.rstrip() for line in [*lines, *_verdict(shown)]]


# --- events ------------------------------------------------------------------------------------


def _events(shown: Shown) -> Iterator[_Event]:
    telling = _telling(shown)
    lockdep = shown.property.kind in ON_WAITING
    for step in shown.trace.steps:
        yield _event(step, telling.get(step.number, ()), ";" if lockdep else "")
    explanation = shown.property.explanation
    if lockdep and explanation is not None:
        yield from (_waiting(blocked) for blocked in explanation.blocked)


def _telling(shown: Shown) -> dict[int, tuple[str, ...]]:
    """By step, the values that the failing claim looks at."""
    explanation = shown.property.explanation
    found: dict[int, tuple[str, ...]] = {}
    for write in explanation.last_writes if explanation is not None else ():
        found[write.step] = (*found.get(write.step, ()), f"{write.variable} = {write.value}")
    return found


def _event(step: Step, values: Sequence[str], end: str) -> _Event:
    nested = [f"{text}{end}" for text in nested_calls(step)]
    said = [f"/* {value} */" for value in values if value != step.shown]
    error = [f"[error: {step.error}]"] if step.error else []
    return _Event(step.actor, f"{visible(step.shown)}{end}", (*nested, *said, *error))


def _waiting(blocked: Blocked) -> _Event:
    """What an actor waits for at the end: the row that never happens."""
    if blocked.is_lock:
        return _Event(blocked.actor, f"lock({blocked.waits_for});")
    return _Event(blocked.actor, f"{blocked.waits_for};", ("/* for ever */",))


# --- layout ------------------------------------------------------------------------------------


def _drawn(events: Sequence[_Event], actors: list[str], lockdep: bool) -> Iterator[str]:
    """Up to three actors side by side."""
    starts = _COLUMNS[len(actors)]
    ends = (*(start - 1 for start in starts[1:]), WIDTH)
    widths = [end - start for start, end in zip(starts, ends, strict=True)]
    heads = actors
    if any(len(a) > w - len(_LOCKDEP_INDENT) for a, w in zip(actors, widths, strict=True)):
        heads = [f"CPU{number}" for number in range(len(actors))]
        yield from _legend(zip(heads, actors, strict=True))
        yield ""
    yield from _heads(heads, starts, lockdep)
    for event in events:
        column = actors.index(event.actor)
        for row in _rows(event, widths[column]):
            yield " " * starts[column] + row


def _heads(heads: list[str], starts: tuple[int, ...], lockdep: bool) -> Iterator[str]:
    """Names over dashes; lockdep moves the first a little to the right."""
    first = _LOCKDEP_INDENT if lockdep else ""
    for row in (heads, ["-" * len(head) for head in heads]):
        line = ""
        for start, text in zip(starts, row, strict=True):
            line = line.ljust(start) + (first if start == starts[0] else "") + text
        yield line


def _listed(events: Sequence[_Event], actors: list[str]) -> Iterator[str]:
    """Too many actors for columns: a legend and a numbered list."""
    names = {actor: _letter(number) for number, actor in enumerate(actors)}
    yield from _legend((name, actor) for actor, name in names.items())
    yield ""
    digits = len(str(len(events)))
    for number, event in enumerate(events, 1):
        lead = f"  {number:>{digits}}. {names[event.actor]}: "
        for row in _rows(event, WIDTH - len(lead)):
            yield lead + row
            lead = " " * len(lead)


def _letter(number: int) -> str:
    """A, B, …, Z, A1, B1, …"""
    round_, letter = divmod(number, 26)
    return chr(ord("A") + letter) + (str(round_) if round_ else "")


def _legend(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, actor in pairs:
        yield from _wrapped(f"{name}: {visible(actor)}", WIDTH - 2, "  ")


def _rows(event: _Event, width: int) -> Iterator[str]:
    yield from _wrapped(event.text, width)
    for text in event.below:
        yield from _wrapped(text, width - 2, "  ")


def _wrapped(text: str, width: int, indent: str = "") -> Iterator[str]:
    """``text`` in rows of at most ``width``, behind ``indent``; those after the first two more.

    The end of a comment is never alone in a row, and a call that is too long for one is broken
    at its bracket rather than within a name.
    """
    text = visible(text).replace(" */", f"{_GLUE}*/")
    first, *others = map(len, text.split() or [""])
    if first > width or max(others, default=0) > width - 2:
        text = text.replace("(", f"({_SPLIT} ")
    rows = textwrap.wrap(text, width, subsequent_indent="  ", break_on_hyphens=False)
    for row in rows:
        yield indent + row.replace(f"{_SPLIT} ", "").replace(_SPLIT, "").replace(_GLUE, " ")


# --- the end -----------------------------------------------------------------------------------


def _verdict(shown: Shown) -> Iterator[str]:
    """Why it is wrong, and as the last line the name of what is broken."""
    explanation = shown.property.explanation
    if shown.trace.steps:
        yield ""
    else:
        yield from _wrapped(f"initialisation: [error: {shown.trace.error}]", WIDTH - 2, "  ")
    if shown.property.kind is PropertyKind.DEADLOCK:
        yield " *** DEADLOCK ***"
        yield ""
    if explanation is not None and explanation.clause is not None:
        values = ", ".join(f"{name} = {value}" for name, value in explanation.clause.binders)
        given = f", for {values}" if values else ""
        yield from _wrapped(f"fails: {explanation.clause.text}{given}", WIDTH - 2, "  ")
    what = "violates" if is_broken(shown.property) else "reaches"
    design = f" with {shown.design.label}" if shown.design.label else ""
    yield from _wrapped(f"--> {what} {shown.property.name}{design}", WIDTH - 2, "  ")
