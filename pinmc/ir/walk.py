"""Walks over expressions and statements: what is read, what is written, substitution."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import assert_never

from pinmc.ir.expr import Bound, Expr, Quant, Read, Var, children, with_children
from pinmc.ir.stmt import Assert, Assign, Assume, For, If, Mark, Stmt, Unused


def subexpressions(expr: Expr) -> Iterator[Expr]:
    """``expr`` and everything in it, parents first."""
    waiting = [expr]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(children(node)))


def statements(body: Iterable[Stmt]) -> Iterator[Stmt]:
    """Every statement of ``body``, nested ones after the one they are in."""
    for stmt in body:
        yield stmt
        match stmt:
            case If(then=then, orelse=orelse):
                yield from statements(then)
                yield from statements(orelse)
            case For(body=inner):
                yield from statements(inner)


def expressions(stmt: Stmt) -> tuple[Expr, ...]:
    """The expressions of this statement itself, not of those nested in it, as evaluated."""
    match stmt:
        case Assign(index=index, value=value):
            return (*index, value)
        case If(cond=cond) | Assume(cond=cond) | Assert(cond=cond):
            return (cond,)
        case Mark(args=args):
            return args
        case For() | Unused():
            return ()
        case _:
            assert_never(stmt)


def reads(expr: Expr) -> frozenset[Var]:
    """The variables whose cells ``expr`` may look at."""
    return frozenset(node.var for node in subexpressions(expr) if isinstance(node, Read))


def body_reads(body: Iterable[Stmt], marks: bool = False) -> frozenset[Var]:
    """The variables a body may look at; those that only marks show are left out unless asked."""
    found: set[Var] = set()
    for stmt in statements(body):
        if marks or not isinstance(stmt, Mark):
            for expr in expressions(stmt):
                found |= reads(expr)
    return frozenset(found)


def writes(body: Iterable[Stmt]) -> frozenset[Var]:
    """The variables a body may assign to, temporaries included."""
    return frozenset(stmt.var for stmt in statements(body) if isinstance(stmt, Assign))


def free_bounds(expr: Expr) -> frozenset[str]:
    """The names of the Bounds in ``expr`` that no quantifier within it binds."""
    names = {node.name for node in subexpressions(expr) if isinstance(node, Bound)}
    own = {node.name for node in subexpressions(expr) if isinstance(node, Quant)}
    return frozenset(names - own)


def substitute(expr: Expr, by: Mapping[str, Expr]) -> Expr:
    """``expr`` with Bounds replaced; names are unique, so nothing is captured."""
    if isinstance(expr, Bound):
        return by.get(expr.name, expr)
    old = children(expr)
    if not old:
        return expr
    new = tuple(substitute(child, by) for child in old)
    return expr if _same(old, new) else with_children(expr, new)


def substitute_body(body: Sequence[Stmt], by: Mapping[str, Expr]) -> tuple[Stmt, ...]:
    """The statements with Bounds replaced in their expressions (``Unused`` keeps its name)."""
    return tuple(_substitute_stmt(stmt, by) for stmt in body)


def _substitute_stmt(stmt: Stmt, by: Mapping[str, Expr]) -> Stmt:
    match stmt:
        case Assign(var=var, index=index, value=value):
            return Assign(var, tuple(substitute(i, by) for i in index), substitute(value, by))
        case If(cond=cond, then=then, orelse=orelse):
            return If(substitute(cond, by), substitute_body(then, by), substitute_body(orelse, by))
        case For(name=name, domain=domain, body=body):
            return For(name, domain, substitute_body(body, by))
        case Assume(cond=cond):
            return Assume(substitute(cond, by))
        case Assert(cond=cond, site=site):
            return Assert(substitute(cond, by), site)
        case Mark(mark=mark, args=args):
            return Mark(mark, tuple(substitute(arg, by) for arg in args))
        case Unused():
            return stmt
        case _:
            assert_never(stmt)


def _same(old: tuple[Expr, ...], new: tuple[Expr, ...]) -> bool:
    return all(a is b for a, b in zip(old, new, strict=True))
