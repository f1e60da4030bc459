"""The usual layout of a file: indentation by nesting, no stray blanks; comments stay.

Where lines break and how columns are aligned within a line is the author's: only the white space
at the beginnings and ends of lines and runs of blank lines change, so the tree cannot.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import get_args

from pinmc.base.diagnostics import Diagnostic
from pinmc.base.records import dataclass
from pinmc.base.source import SourceFile
from pinmc.frontend.syntax import ast
from pinmc.frontend.syntax.parse import parse, vocabulary
from pinmc.frontend.syntax.scan import scan
from pinmc.frontend.syntax.tokens import Run

STEP = 2
_OPENING = frozenset("([{")
_CLOSING = frozenset(")]}")


def tidy(source: SourceFile) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """The text of ``source`` laid out anew, or None with its syntax errors."""
    tree, found = parse(source)
    if found:
        return None, found
    pieces = _pieces(source, tree)
    lines = _Layout(source.text, pieces).lines()
    return "".join(f"{line}\n" for line in _few_blank(lines)), ()


@dataclass(frozen=True, slots=True)
class _Piece:
    """A token or comment. ``head``: something begins with it that deserves its own line."""

    start: int
    end: int
    text: str
    head: bool
    comment: bool


def _pieces(source: SourceFile, tree: ast.Module) -> list[_Piece]:
    scanned = scan(Run(source), vocabulary())
    heads = set(_heads(tree))
    pieces = [
        _Piece(t.span.start, t.span.end, t.text, t.span.start in heads, False)
        for t in scanned.tokens
    ]
    pieces += [
        _Piece(c.span.start, c.span.end, source.text[c.span.start : c.span.end], False, True)
        for c in scanned.comments
    ]
    return sorted(pieces, key=lambda piece: piece.start)


_HEADS = (*get_args(ast.Decl), *get_args(ast.Stmt), ast.FieldDecl)


def _heads(tree: ast.Module) -> Iterator[int]:
    """Where declarations, statements and fields begin."""
    pending: list[object] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, _HEADS):
            yield node.span.start
        if isinstance(node, tuple):
            pending += node
        elif is_dataclass(node):
            pending += [getattr(node, f.name) for f in fields(node) if f.name != "span"]


class _Layout:
    def __init__(self, text: str, pieces: list[_Piece]) -> None:
        self.text = text
        self.pieces = pieces
        self.open: list[int] = []
        """For each open bracket, how deep what it holds is indented."""
        self.indent = 0
        """Of the line that is being laid out."""

    def lines(self) -> Iterator[str]:
        done = 0
        for number, piece in enumerate(self.pieces):
            gap = self.text[done : piece.start]
            if number == 0 or "\n" in gap or "\r" in gap:
                yield from [""] * (_breaks(gap) - 1 if number else 0)
                self.indent = self._indent(number)
                first = piece.start
                last = self._last_on_line(number)
                yield from self._shifted(first, last)
            self._track(piece)
            done = piece.end

    def _shifted(self, first: int, last: int) -> Iterator[str]:
        """The line from ``first`` to ``last``; it has several when it ends in a block comment."""
        head, *rest = self.text[first:last].splitlines() or [""]
        yield " " * self.indent + head.rstrip()
        yield from (line.rstrip() for line in rest)

    def _last_on_line(self, number: int) -> int:
        end = self.pieces[number].end
        for piece in self.pieces[number + 1 :]:
            if _breaks(self.text[end : piece.start]):
                break
            end = piece.end
        return end

    def _track(self, piece: _Piece) -> None:
        if piece.comment:
            return
        if piece.text in _OPENING:
            self.open.append(self.indent + STEP)
        elif piece.text in _CLOSING and self.open:
            self.open.pop()

    def _indent(self, number: int) -> int:
        index = number
        while index < len(self.pieces) and self.pieces[index].comment:
            index += 1
        inside = self.open[-1] if self.open else 0
        if index == len(self.pieces):
            return inside
        piece = self.pieces[index]
        if piece.text in _CLOSING and self.open:
            return inside - STEP if index == number else inside
        return inside + (STEP if self._continues(index) else 0)

    def _continues(self, index: int) -> bool:
        """Whether the line that ``pieces[index]`` begins goes on with what was begun before."""
        piece = self.pieces[index]
        earlier = (self.pieces[i] for i in range(index - 1, -1, -1))
        before = next((p for p in earlier if not p.comment), None)
        if before is None or piece.head or before.text in _OPENING or before.text == ",":
            return False
        if piece.text == "else":
            return before.text != "}"
        return not (piece.text == "or" and self._next(index) == "{")

    def _next(self, index: int) -> str:
        return self.pieces[index + 1].text if index + 1 < len(self.pieces) else ""


def _breaks(gap: str) -> int:
    return len(re.findall(r"\r\n|\n|\r", gap))


def _few_blank(lines: Iterator[str]) -> Iterator[str]:
    """No blank line at the beginning, one at most elsewhere."""
    previous = ""
    for line in lines:
        if line or previous:
            yield line
        previous = line
