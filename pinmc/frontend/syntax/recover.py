"""Parsing a file that has mistakes."""

from __future__ import annotations

from pinmc.base.source import Span
from pinmc.frontend.syntax import ast
from pinmc.frontend.syntax.tokens import Run, Token


def recover(run: Run, tokens: list[Token]) -> tuple[ast.Decl, ...]:
    """Report the mistakes and return what declarations can be read."""
    span = tokens[-1].span if tokens else Span(run.file, 0, 0, 1, 1)
    run.report("PIN010", span, "syntax error")
    return ()
