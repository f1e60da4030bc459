"""Statements and blocks as lines of text."""

from __future__ import annotations

from typing import TypeAlias, assert_never

from pinmc.frontend.syntax import ast
from pinmc.frontend.syntax.pretty_exprs import (
    STEP,
    folded,
    show,
    show_binders,
    show_type,
    show_where,
)

WIDTH = 100
INLINE_WIDTH = 80
"""A block of one simple statement stands on the line of its head up to this width."""

_CONTINUED = STEP * 2

_Simple: TypeAlias = (
    ast.AssignStmt
    | ast.CallStmt
    | ast.VarStmt
    | ast.AwaitStmt
    | ast.SkipStmt
    | ast.BreakStmt
    | ast.ContinueStmt
    | ast.ReturnStmt
    | ast.AssertStmt
    | ast.StartStmt
)


def clause(head: str, expr: ast.Expr, tail: str, indent: int) -> list[str]:
    """``head expr tail``, continued on further lines where it is too long for one."""
    line = f"{head} {show(expr)}{tail}"
    if indent + len(line) <= WIDTH:
        return [line]
    room = WIDTH - indent - max(len(head) + 1, len(_CONTINUED)) - len(tail)
    first, *rest = folded(expr, room)
    lines = [f"{head} {first}", *(_CONTINUED + each for each in rest)]
    return [*lines[:-1], lines[-1] + tail]


def headed(head: list[str], block: ast.Block, indent: int) -> list[str]:
    """A head and its block: on one line when that is short and simple."""
    one = head[0] if len(head) == 1 else ""
    inline = _inline(block)
    if one and inline is not None and indent + len(one) + len(inline) + 1 <= INLINE_WIDTH:
        return [f"{one} {inline}"]
    body = body_lines(block, indent + len(STEP))
    return [*head[:-1], f"{head[-1]} {{", *(STEP + line for line in body), "}"]


def _inline(block: ast.Block) -> str | None:
    """A block of at most one simple statement, in its braces."""
    if not block.stmts:
        return "{ }"
    if len(block.stmts) > 1 or not isinstance(block.stmts[0], _Simple):
        return None
    lines = simple(block.stmts[0], 0)
    return f"{{ {lines[0]} }}" if len(lines) == 1 else None


def body_lines(block: ast.Block, indent: int) -> list[str]:
    return [line for stmt in block.stmts for line in stmt_lines(stmt, indent)]


def stmt_lines(stmt: ast.Stmt, indent: int) -> list[str]:
    """The statement, its lines relative to ``indent``, which is for judging widths only."""
    match stmt:
        case ast.IfStmt():
            return _if_lines(stmt, indent)
        case ast.ChooseStmt():
            return _choose_lines(stmt, indent)
        case ast.WhileStmt(cond, body):
            return headed(clause("while", cond, "", indent + 2), body, indent)
        case ast.LoopStmt(body):
            return headed(["loop"], body, indent)
        case ast.ForStmt(binder, where, body):
            return headed([f"for {show_binders((binder,))}{show_where(where)}"], body, indent)
        case ast.EitherStmt(branches):
            return _either_lines(branches, indent)
        case ast.AtomicStmt(body):
            return headed(["atomic"], body, indent)
        case ast.MarkedStmt(label, end, fair, inner):
            marks = [f"{label.name}:"] if label else []
            marks += ["end"] * end + [fair.value] * bool(fair.value)
            first, *rest = stmt_lines(inner, indent)
            return [" ".join([*marks, first]), *rest]
        case _:
            return simple(stmt, indent)


def simple(stmt: _Simple, indent: int) -> list[str]:
    """A statement without blocks."""
    match stmt:
        case ast.AssignStmt(target, op, value):
            return clause(f"{show(target)} {op}", value, "", indent)
        case ast.CallStmt(call):
            return [show(call)]
        case ast.VarStmt(name, type_, value):
            head = f"var {name.name}: {show_type(type_)}"
            return [head] if value is None else clause(f"{head} =", value, "", indent)
        case ast.AwaitStmt(cond):
            return clause("await", cond, "", indent)
        case ast.SkipStmt():
            return ["skip"]
        case ast.BreakStmt():
            return ["break"]
        case ast.ContinueStmt():
            return ["continue"]
        case ast.ReturnStmt(value):
            return ["return"] if value is None else clause("return", value, "", indent)
        case ast.AssertStmt(label, cond):
            head = "assert" if label is None else f"assert {label.name}:"
            return clause(head, cond, "", indent)
        case ast.StartStmt(actor, args):
            indices = f"[{', '.join(map(show, args))}]" if args else ""
            return [f"start {actor.name}{indices}"]
        case _:
            assert_never(stmt)


def _if_lines(stmt: ast.IfStmt, indent: int) -> list[str]:
    """``if … else if … else``; with an ``else``, every block on lines of its own."""
    if stmt.orelse is None:
        return headed(clause("if", stmt.cond, "", indent + 2), stmt.then, indent)
    lines: list[str] = []
    head = "if"
    rest: ast.Block | None = ast.Block((stmt,))
    while rest is not None and len(rest.stmts) == 1 and isinstance(rest.stmts[0], ast.IfStmt):
        link = rest.stmts[0]
        lines = _with(lines, _spread(clause(head, link.cond, "", indent + 4), link.then, indent))
        head, rest = "else if", link.orelse
    return lines if rest is None else _with(lines, _spread(["else"], rest, indent))


def _spread(head: list[str], block: ast.Block, indent: int) -> list[str]:
    """A head and its block, never on one line."""
    body = body_lines(block, indent + len(STEP))
    return [*head[:-1], f"{head[-1]} {{", *(STEP + line for line in body), "}"]


def _with(lines: list[str], more: list[str]) -> list[str]:
    """``}`` and what follows it on one line."""
    if not lines:
        return more
    return [*lines[:-1], f"{lines[-1]} {more[0]}", *more[1:]]


def _choose_lines(stmt: ast.ChooseStmt, indent: int) -> list[str]:
    head = f"choose {show_binders(stmt.binders)}"
    heads = [head] if stmt.where is None else clause(f"{head} where", stmt.where, "", indent + 2)
    if stmt.body is None:
        return heads
    if stmt.orelse is None:
        return headed(heads, stmt.body, indent)
    return _with(_spread(heads, stmt.body, indent), _spread(["else"], stmt.orelse, indent))


def _either_lines(branches: tuple[ast.Block, ...], indent: int) -> list[str]:
    """``either { … } or { … }``, each branch on lines of its own."""
    lines: list[str] = []
    for branch in branches:
        lines = _with(lines, _spread(["or" if lines else "either"], branch, indent))
    return lines
