"""Diagnostics: what is wrong with a specification, where, and what would mend it.

Front-end passes collect them in a ``Reporter`` and return normally; nothing raises for a
user's mistake. ``render`` gives the plain text with the line and a caret.
"""

from __future__ import annotations

import difflib
import enum
from collections.abc import Iterable

from pinmc.base.records import dataclass
from pinmc.base.source import NOWHERE, Span


class Severity(enum.Enum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Note:
    """A second place that matters for a diagnostic."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem. ``code`` is a stable ``PINnnn`` registered in ``pinmc.base.codes``."""

    code: str
    span: Span
    message: str
    remedy: str = ""
    notes: tuple[Note, ...] = ()
    severity: Severity = Severity.ERROR


class Reporter:
    """Collects diagnostics; the same code at the same place is kept once."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, int, str], Diagnostic] = {}

    def error(
        self, code: str, span: Span, message: str, remedy: str = "", notes: Iterable[Note] = ()
    ) -> None:
        self.add(Diagnostic(code, span, message, remedy, tuple(notes)))

    def warning(
        self, code: str, span: Span, message: str, remedy: str = "", notes: Iterable[Note] = ()
    ) -> None:
        self.add(Diagnostic(code, span, message, remedy, tuple(notes), Severity.WARNING))

    def add(self, diagnostic: Diagnostic) -> None:
        span = diagnostic.span
        key = (diagnostic.code, span.path, span.start, diagnostic.message)
        self._found.setdefault(key, diagnostic)

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        for diagnostic in diagnostics:
            self.add(diagnostic)

    @property
    def has_errors(self) -> bool:
        return any(d.severity is Severity.ERROR for d in self._found.values())

    def sorted(self) -> tuple[Diagnostic, ...]:
        """All diagnostics in order of file, position and code."""
        return tuple(
            sorted(
                self._found.values(),
                key=lambda d: (d.span.path, d.span.start, d.code, d.message),
            )
        )


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like ``name``, or None when nothing is near."""
    found = difflib.get_close_matches(name, sorted(set(known)), n=1, cutoff=0.6)
    return found[0] if found else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A remedy naming the nearest known name, or the empty string."""
    near = nearest(name, known)
    return f"did you mean '{near}'?" if near else ""


def render(diagnostic: Diagnostic) -> str:
    """The diagnostic as plain text: heading, place, line, caret, remedy, notes."""
    parts = [
        f"{diagnostic.severity.value}[{diagnostic.code}]: {diagnostic.message}",
        *_excerpt(diagnostic.span),
    ]
    if diagnostic.remedy:
        parts.append(f"   = help: {diagnostic.remedy}")
    for note in diagnostic.notes:
        parts.append(f"   = note: {note.message} ({note.span.path}:{note.span.line})")
    return "\n".join(parts)


_WIDEST_LINE = 160


def _excerpt(span: Span) -> list[str]:
    if span.file is NOWHERE.file:
        return []
    place = f"  --> {span.path}:{span.line}:{span.column}"
    line = span.file.line(span.line)
    if not line.strip():
        return [place]
    before = line[: span.column - 1]
    line, lead = _window(line, span.column - 1)
    width = max(1, min(span.end - span.start, len(line) - lead))
    pad = "".join("\t" if c == "\t" else " " for c in before[len(before) - lead :])
    gutter = " " * len(str(span.line))
    return [place, f" {gutter} |", f" {span.line} | {line}", f" {gutter} | {pad}{'^' * width}"]


def _window(line: str, column: int) -> tuple[str, int]:
    """A readable piece of an over-long line around ``column``, and the column within it."""
    if len(line) <= _WIDEST_LINE:
        return line, column
    start = max(0, min(column - _WIDEST_LINE // 2, len(line) - _WIDEST_LINE))
    return line[start : start + _WIDEST_LINE], column - start
