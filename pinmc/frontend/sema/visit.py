"""The parts of syntax trees, for what must be known before anything is typed."""

from __future__ import annotations

from collections.abc import Iterator

from pinmc.frontend.syntax import ast


def blocks_of(stmt: ast.Stmt) -> tuple[ast.Block, ...]:
    """The blocks directly inside a statement."""
    match stmt:
        case ast.ChooseStmt(body=first, orelse=second) | ast.IfStmt(then=first, orelse=second):
            return tuple(b for b in (first, second) if b is not None)
        case ast.WhileStmt(body=body) | ast.LoopStmt(body=body) | ast.ForStmt(body=body):
            return (body,)
        case ast.AtomicStmt(body=body):
            return (body,)
        case ast.EitherStmt(branches=branches):
            return branches
        case _:
            return ()


def calls_in(stmt: ast.Stmt) -> Iterator[ast.CallExpr]:
    """The calls that can be calls of procs: statements, right-hand sides, fronts of conditions."""
    match stmt:
        case ast.CallStmt(call=call):
            yield call
        case ast.AssignStmt(value=value) | ast.ReturnStmt(value=value) | ast.VarStmt(value=value):
            yield from _front(value)
        case ast.IfStmt(cond=cond) | ast.WhileStmt(cond=cond):
            yield from _front(cond)


def _front(expr: ast.Expr | None) -> Iterator[ast.CallExpr]:
    match expr:
        case ast.CallExpr():
            yield expr
        case ast.UnaryExpr(operand=inner) | ast.BinaryExpr(left=inner):
            yield from _front(inner)


def children(expr: ast.Expr) -> tuple[ast.Expr, ...]:
    """The expressions directly inside an expression."""
    match expr:
        case ast.IndexExpr(base=base, indices=indices):
            return (base, *indices)
        case ast.FieldExpr(base=base):
            return (base,)
        case ast.CallExpr(args=args):
            return tuple(a.value for a in args)
        case ast.UnaryExpr(operand=operand):
            return (operand,)
        case ast.BinaryExpr(left=left, right=right):
            return (left, right)
        case ast.CondExpr(cond=cond, then=then, orelse=orelse):
            return (cond, then, orelse)
        case ast.QuantExpr(where=where, body=body):
            return (body,) if where is None else (where, body)
        case ast.SetLit(elements=elements):
            return elements
        case ast.AtExpr(actor=actor):
            return (actor,)
        case _:
            return ()


def walk(expr: ast.Expr) -> Iterator[ast.Expr]:
    """The expression and everything inside it."""
    yield expr
    for child in children(expr):
        yield from walk(child)
