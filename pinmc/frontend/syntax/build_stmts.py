"""Building statements: one method a rule of the grammar, see build.py."""

from __future__ import annotations

import dataclasses

from pinmc.base.source import Span
from pinmc.frontend.syntax import ast
from pinmc.frontend.syntax.parts import (
    Children,
    dotted_name,
    fair,
    ident,
    optional_ident,
    report,
    too_deep,
    torn,
    whole,
)
from pinmc.frontend.syntax.tokens import Token


class BuildStmts:
    """Statements."""

    def block(self, c: Children) -> ast.Block:
        return ast.Block(tuple(x for x in c[1:-1] if x is not None), whole(c))

    def bare_return(self, c: Children) -> ast.Stmt:
        if isinstance(c[0], Token):
            return ast.ReturnStmt(None, c[0].span)
        stmt: ast.Stmt = c[0]
        return stmt

    def assign(self, c: Children) -> ast.AssignStmt:
        target, op, value = c
        if not _is_place(target):
            report(
                "PIN032",
                target.span,
                "only a variable, an element or a field can be assigned to",
                torn(target),
            )
        return ast.AssignStmt(target, op.text, value, whole(c))

    def call_stmt(self, c: Children) -> ast.CallStmt:
        (call,) = c
        return ast.CallStmt(call, call.span)

    def var_stmt(self, c: Children) -> ast.VarStmt:
        _, name, _, type_, _, value = c
        return ast.VarStmt(ident(name), type_, value, whole(c))

    def choose(self, c: Children) -> ast.ChooseStmt:
        _, binders, _, where, body, _, orelse = c
        return ast.ChooseStmt(tuple(binders), where, body, orelse, whole(c))

    def while_stmt(self, c: Children) -> ast.WhileStmt:
        return ast.WhileStmt(c[1], c[2], whole(c))

    def loop(self, c: Children) -> ast.LoopStmt:
        return ast.LoopStmt(c[1], whole(c))

    def for_stmt(self, c: Children) -> ast.ForStmt:
        _, binder, _, where, body = c
        return ast.ForStmt(binder, where, body, whole(c))

    def either(self, c: Children) -> ast.EitherStmt:
        return ast.EitherStmt(tuple(x for x in c if isinstance(x, ast.Block)), whole(c))

    def atomic(self, c: Children) -> ast.AtomicStmt:
        return ast.AtomicStmt(c[1], whole(c))

    def await_stmt(self, c: Children) -> ast.AwaitStmt:
        return ast.AwaitStmt(c[1], whole(c))

    def skip(self, c: Children) -> ast.SkipStmt:
        return ast.SkipStmt(c[0].span)

    def break_stmt(self, c: Children) -> ast.BreakStmt:
        return ast.BreakStmt(c[0].span)

    def continue_stmt(self, c: Children) -> ast.ContinueStmt:
        return ast.ContinueStmt(c[0].span)

    def return_stmt(self, c: Children) -> ast.ReturnStmt:
        return ast.ReturnStmt(c[1], whole(c))

    def assert_stmt(self, c: Children) -> ast.AssertStmt:
        _, label, _, cond = c
        return ast.AssertStmt(optional_ident(label), cond, whole(c))

    def start_stmt(self, c: Children) -> ast.StartStmt:
        _, path = c
        args: tuple[ast.Expr, ...] = ()
        actor = path
        if isinstance(path, ast.IndexExpr):
            actor, args = path.base, path.indices
        name = dotted_name(actor)
        if name is None:
            report("PIN029", path.span, "'start' needs an actor", "write 'start child[u]'")
            name = ast.Ident("", path.span)
        return ast.StartStmt(name, args, whole(c))

    def prefix(self, c: Children) -> Token:
        """A token of type NAME, END or FAIR that spans the prefix."""
        token: Token = c[0]
        return Token(token.type, token.text, whole(c)) if len(c) > 1 else token

    def marked(self, c: Children) -> ast.MarkedStmt:
        prefix, stmt = c
        new = ast.MarkedStmt(
            _label(prefix) if prefix.type == "NAME" else None,
            prefix.type == "END",
            fair(prefix) if prefix.type == "FAIR" else ast.Fair.NONE,
            stmt,
            whole(c),
        )
        return _merged(prefix, new, stmt) if isinstance(stmt, ast.MarkedStmt) else new

    def if_stmt(self, c: Children) -> ast.IfStmt:
        keyword, cond, then, _, orelse = c
        if isinstance(orelse, ast.IfStmt):
            orelse = ast.Block((orelse,), orelse.span)
        stmt = ast.IfStmt(cond, then, orelse, whole(c))
        if orelse is None or not too_deep(keyword, stmt, orelse.stmts[-1:] or (orelse,)):
            return stmt
        return dataclasses.replace(stmt, orelse=None)


def _label(prefix: Token) -> ast.Ident:
    """The name of a label, without the colon its prefix spans."""
    span = prefix.span
    end = span.start + len(prefix.text)
    return ast.Ident(prefix.text, Span(span.file, span.start, end, span.line, span.column))


def _merged(prefix: Token, new: ast.MarkedStmt, inner: ast.MarkedStmt) -> ast.MarkedStmt:
    """One statement marked by ``prefix`` and by the marks behind it."""
    twice = (
        (new.label is not None and inner.label is not None)
        or (new.end and inner.end)
        or (new.fair is not ast.Fair.NONE and inner.fair is not ast.Fair.NONE)
    )
    if twice:
        report("PIN033", prefix.span, "a statement has one label, one 'end' and one fairness")
    return ast.MarkedStmt(
        new.label or inner.label,
        new.end or inner.end,
        new.fair if new.fair is not ast.Fair.NONE else inner.fair,
        inner.stmt,
        new.span,
    )


def _is_place(target: ast.Expr) -> bool:
    match target:
        case ast.NameExpr():
            return True
        case ast.IndexExpr() | ast.FieldExpr():
            return _is_place(target.base)
        case _:
            return False
