"""Source files and the spans that point into them."""

from __future__ import annotations

from dataclasses import field

from pinmc.base.records import dataclass


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One specification file as read: ``path`` is how the user names it, ``text`` its contents."""

    path: str
    text: str = field(repr=False)

    def line(self, number: int) -> str:
        """The text of line ``number`` (1-based) without its newline; empty when out of range."""
        lines = self.text.splitlines()
        return lines[number - 1] if 1 <= number <= len(lines) else ""


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open piece of a file: offsets count characters, ``line`` and ``column`` from 1."""

    file: SourceFile = field(repr=False)
    start: int
    end: int
    line: int
    column: int

    @property
    def path(self) -> str:
        return self.file.path

    @property
    def text(self) -> str:
        """The source text the span covers."""
        return self.file.text[self.start : self.end]

    def to(self, other: Span) -> Span:
        """The span from the start of this one to the end of ``other``."""
        return Span(self.file, self.start, max(self.end, other.end), self.line, self.column)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


NOWHERE = Span(SourceFile("<none>", ""), 0, 0, 1, 1)
"""The span of things that no source text stands for."""
