"""The parser: ``parse`` turns a source file into a syntax tree and diagnostics, whatever it holds.

A file without mistakes is parsed in one go. At the first mistake the file is parsed again,
declaration by declaration, by ``recover``, which finds the others too.
"""

from __future__ import annotations

import functools
from dataclasses import replace

from pinmc.base.diagnostics import Diagnostic, Reporter
from pinmc.base.source import SourceFile, Span
from pinmc.frontend.syntax import ast
from pinmc.frontend.syntax.driver import Driver
from pinmc.frontend.syntax.limits import MAX_REPORTS
from pinmc.frontend.syntax.recover import recover
from pinmc.frontend.syntax.scan import Scanned, Vocabulary, scan
from pinmc.frontend.syntax.tables import tables
from pinmc.frontend.syntax.tokens import RUN, Run, Token


def parse(source: SourceFile) -> tuple[ast.Module, tuple[Diagnostic, ...]]:
    """The tree of ``source`` and its syntax errors, at most ten, in order of position.

    Never raises. After an error the tree holds the declarations that could be read.
    """
    run = Run(source)
    token = RUN.set(run)
    try:
        scanned = scan(run, vocabulary())
        decls = () if scanned.fatal else _declarations(run, scanned)
    finally:
        RUN.reset(token)
    reporter = Reporter()
    reporter.extend(run.problems)
    span = Span(source, 0, len(source.text), 1, 1)
    return ast.Module(decls, span, scanned.doc), reporter.sorted()[:MAX_REPORTS]


def parse_expression(source: SourceFile) -> tuple[ast.Expr | None, tuple[Diagnostic, ...]]:
    """The expression that is all of ``source``, or None and why it is not one. Never raises.

    It is read as the body of a claim, so that it can be no more and no less than one could be.
    """
    run = Run(source)
    token = RUN.set(run)
    try:
        scanned = scan(run, vocabulary())
        tokens = [*_claim_head(source), *scanned.tokens]
        empty = scanned.fatal or not scanned.tokens
        decls = () if empty else _declarations(run, replace(scanned, tokens=tokens))
    finally:
        RUN.reset(token)
    if not run.problems:
        _refuse_more(run, decls)
    found = [decl.body for decl in decls if isinstance(decl, ast.ClaimDecl)]
    reporter = Reporter()
    reporter.extend(run.problems)
    problems = reporter.sorted()[:MAX_REPORTS]
    return (found[0] if found and not problems else None), problems


def _claim_head(source: SourceFile) -> list[Token]:
    """``invariant _:``, of which nothing stands in the text."""
    begin = Span(source, 0, 0, 1, 1)
    return [
        Token("INVARIANT", "invariant", begin),
        Token("NAME", "_", begin),
        Token("COLON", ":", begin),
    ]


def _refuse_more(run: Run, decls: tuple[ast.Decl, ...]) -> None:
    remedy = "write one expression, as after the colon of an 'invariant'"
    if len(decls) > 1:
        span = decls[1].span
        run.report("PIN407", span, "a declaration is no part of an expression", remedy)
    elif not decls:
        run.report("PIN407", Span(run.file, 0, 0, 1, 1), "there is no expression here", remedy)


@functools.cache
def vocabulary() -> Vocabulary:
    """The scanner's view of the grammar."""
    return Vocabulary(tables().terminals)


def _declarations(run: Run, scanned: Scanned) -> tuple[ast.Decl, ...]:
    lexical = list(run.problems)
    decls = _straight(scanned)
    if decls is not None:
        return decls
    run.problems = lexical
    run.depths.clear()
    return recover(run, scanned.tokens)


def _straight(scanned: Scanned) -> tuple[ast.Decl, ...] | None:
    """All declarations, or None at the first syntax error."""
    driver = Driver()
    for token in scanned.tokens:
        if not driver.feed(token) or driver.overflows:
            return None
    return driver.finish()
