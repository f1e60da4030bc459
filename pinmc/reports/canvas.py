"""Lines of styled text: colours where they are wanted, wrapping that knows the visible width."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import field
from typing import Literal, TypeAlias

from pinmc.base.records import dataclass

Style: TypeAlias = Literal["", "bold", "dim", "red", "green", "yellow", "cyan"]

_PAD, _GLUE = "\0", "\1"  # what fills a row, a blank that does not break
_CODES = {"bold": "1", "dim": "2", "red": "1;31", "green": "32", "yellow": "33", "cyan": "36"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text in one style."""

    text: str
    style: Style = ""


@dataclass(slots=True)
class Canvas:
    """Collects lines. Nothing but this puts escape sequences into a report: control characters
    in a specification's own texts are made visible."""

    colour: bool = False
    width: int = 100
    lines: list[str] = field(default_factory=list)

    def add(self, *pieces: Piece | str) -> None:
        """One line."""
        line = "".join(self._painted(_piece(piece)) for piece in pieces)
        self.lines.append(line if self.colour else line.rstrip())

    def gap(self) -> None:
        """An empty line, unless there is one already or nothing above."""
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def wrapped(self, lead: Iterable[Piece | str], text: str, style: Style = "") -> None:
        """``text`` after ``lead``; what does not fit goes on below its own beginning, or further
        left where the lead takes more than half of the line."""
        pieces = [_piece(piece) for piece in lead]
        used = sum(len(piece.text) for piece in pieces)
        hang = used if used <= self.width // 2 else 8
        rows = folded(text, self.width - used, self.width - hang)
        self.add(*pieces, Piece(rows[0], style))
        for row in rows[1:]:
            self.add(" " * hang, Piece(row, style))

    def listed(self, lead: Iterable[Piece | str], items: Iterable[str], style: Style = "") -> None:
        """``items`` with commas, ``wrapped`` between but not within them where that is possible."""
        self.wrapped(lead, ", ".join(item.replace(" ", _GLUE) for item in items), style)

    def text(self) -> str:
        while self.lines and not self.lines[-1]:
            self.lines.pop()
        return "\n".join(self.lines)

    def _painted(self, piece: Piece) -> str:
        text = visible(piece.text)
        if not self.colour or not piece.style or not text.strip():
            return text
        return f"\x1b[{_CODES[piece.style]}m{text}\x1b[0m"


def _piece(piece: Piece | str) -> Piece:
    return Piece(piece) if isinstance(piece, str) else piece


def folded(text: str, first: int, width: int) -> list[str]:
    """``text`` in rows, the first of at most ``first`` columns, the others of ``width``; at
    blanks, and within a word only when it is wider than a row. At least one row."""
    if len(text) <= first:
        return [text.replace(_GLUE, " ")]
    width = max(width, 16)
    if first < min(width, len(text.split(" ", 1)[0])):
        rows = ["", *textwrap.wrap(text, width, break_on_hyphens=False)]
    else:
        padded = _PAD * max(0, width - first) + text
        rows = textwrap.wrap(padded, width, break_on_hyphens=False)
    return [row.lstrip(_PAD).replace(_GLUE, " ") for row in rows]


def visible(text: str) -> str:
    """``text`` with its control characters replaced by a sign that shows them."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def column(texts: Iterable[str], most: int) -> int:
    """The width of a column for ``texts``: the widest of those that are not above ``most``."""
    return max((len(text) for text in texts if len(text) <= most), default=0)


def counted(number: int, what: str) -> str:
    """``1 step``, ``47,211 states``."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
