"""Tokens, and the run of the parser they belong to."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import field

from pinmc.base.diagnostics import Diagnostic, Note
from pinmc.base.records import dataclass
from pinmc.base.source import SourceFile, Span


@dataclass(slots=True)
class Run:
    """One parse: where problems are reported, and how deep the trees built so far are.

    The tree builder is made once for all files and finds its run in ``RUN``.
    """

    file: SourceFile
    problems: list[Diagnostic] = field(default_factory=list)
    depths: dict[int, tuple[int, object]] = field(default_factory=dict)
    """Height of a node by ``id``, with the node so that the id stays its own; leaves are absent."""

    def report(
        self, code: str, span: Span, message: str, remedy: str = "", notes: tuple[Note, ...] = ()
    ) -> None:
        self.problems.append(Diagnostic(code, span, message, remedy, notes))


RUN: ContextVar[Run] = ContextVar("RUN")
"""The run of the parse that is going on in this context; ``parse`` sets and resets it."""


class Token:
    """A token as the parser sees it: lark asks for ``type`` only.

    ``type`` is the terminal's name in grammar.lark, ``doc`` the text of the /// comments before
    the token.
    """

    __slots__ = ("doc", "span", "text", "type")

    def __init__(self, type: str, text: str, span: Span, doc: str = "") -> None:
        self.type = type
        self.text = text
        self.span = span
        self.doc = doc

    def __repr__(self) -> str:
        return f"Token({self.type}, {self.text!r}, line {self.span.line})"

    def become(self, type: str, text: str) -> Token:
        """Another token in the place of this one."""
        return Token(type, text, self.span, self.doc)

    def after(self, type: str, text: str) -> Token:
        """An invented token, empty, just behind this one."""
        return Token(type, text, behind(self.span))


def behind(span: Span) -> Span:
    """The last character of ``span``: where something missing after it is reported."""
    start = max(span.start, span.end - 1)
    before = span.file.text[span.start : start]
    if "\n" in before:
        line = span.line + before.count("\n")
        return Span(span.file, start, span.end, line, start - span.file.text.rfind("\n", 0, start))
    return Span(span.file, start, span.end, span.line, span.column + start - span.start)


def token_types(names: str) -> frozenset[str]:
    """A set of terminals, from their names with blanks between."""
    return frozenset(names.split())
