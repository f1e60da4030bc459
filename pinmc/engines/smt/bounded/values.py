"""Expressions as bit-vector terms, with the conditions under which evaluating them is an error."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from typing import Any, assert_never

import z3

from pinmc.base.records import dataclass
from pinmc.engines.intervals import interval
from pinmc.engines.smt.bounded.words import (
    Num,
    arithmetic,
    choose,
    compare,
    constant,
    inverted,
    negated,
    number,
    truth,
    wrapped,
)
from pinmc.ir.evaluate import slot
from pinmc.ir.execute import assignments
from pinmc.ir.expr import (
    COMPARISON,
    LOGICAL,
    AgentOf,
    Binary,
    BinOp,
    Bound,
    Check,
    Const,
    ErrorSite,
    Expr,
    Ite,
    Quant,
    QuantKind,
    Read,
    Require,
    Storage,
    Unary,
    UnOp,
    Var,
    Wrap,
)
from pinmc.ir.types import Scalar, bounds, size, values

Fail = Callable[[ErrorSite, Any], None]


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression reads: numbers for each slot. ``here``: the condition under which it is
    evaluated at all; ``fail(site, condition)`` is told when that is an error."""

    state: Sequence[Num]
    temps: Sequence[Num]
    primed: Sequence[Num]
    bound: Mapping[str, Num]
    fail: Fail
    here: Any = field(default_factory=lambda: z3.BoolVal(True))

    def under(self, condition: Any) -> Scope:
        return replace(self, here=z3.And(self.here, condition))

    def bind(self, name: str, value: Num) -> Scope:
        return replace(self, bound={**self.bound, name: value})


def value(expr: Expr, scope: Scope) -> Num:
    """The number that ``expr`` is. Raises Unsupported."""
    match expr:
        case Const(value=known):
            return constant(int(known))
        case Bound(name=name):
            return scope.bound[name]
        case Read():
            return _read(expr, scope)
        case Unary(op=UnOp.NOT, operand=operand):
            return number(z3.Not(truth(value(operand, scope))))
        case Unary(op=op, operand=operand):
            inner = value(operand, scope)
            return negated(inner) if op is UnOp.NEG else inverted(inner)
        case Binary(op=op) if op in LOGICAL:
            return number(condition(expr, scope))
        case Binary(op=op, left=left, right=right) if op in COMPARISON:
            return number(compare(op, value(left, scope), value(right, scope)))
        case Binary(op=op, left=left, right=right):
            return arithmetic(op, value(left, scope), value(right, scope), interval(expr))
        case Ite(cond=cond, then=then, orelse=orelse):
            test = condition(cond, scope)
            other = value(orelse, scope.under(z3.Not(test)))
            return choose(test, value(then, scope.under(test)), other)
        case Quant():
            return _quantified(expr, scope)
        case Check():
            return _checked(expr, scope)
        case Require(cond=cond, operand=operand, site=site):
            test = condition(cond, scope)
            scope.fail(site, z3.And(scope.here, z3.Not(test)))
            return value(operand, scope.under(test))
        case Wrap(operand=operand, width=width, signed=signed):
            return wrapped(value(operand, scope), width, signed)
        case AgentOf(base=base, args=args, domains=domains):
            return _agent(base, [value(arg, scope) for arg in args], domains)
        case _:
            assert_never(expr)


def condition(expr: Expr, scope: Scope) -> Any:
    """The truth of ``expr``."""
    if not isinstance(expr, Binary) or expr.op not in LOGICAL:
        return truth(value(expr, scope))
    left = condition(expr.left, scope)
    if expr.op is BinOp.OR:
        return z3.Or(left, condition(expr.right, scope.under(z3.Not(left))))
    right = condition(expr.right, scope.under(left))
    return z3.And(left, right) if expr.op is BinOp.AND else z3.Implies(left, right)


def _read(read: Read, scope: Scope) -> Num:
    vector = scope.primed if read.primed else scope.state
    if read.var.storage is Storage.TEMP:
        vector = scope.temps
    index = [value(each, scope) for each in read.index]
    found: Num | None = None
    for where, at in places(read.var, index):
        found = vector[at] if found is None else choose(where, vector[at], found)
    assert found is not None, "an index is within its bounds"
    return found


def places(var: Var, index: Sequence[Num]) -> list[tuple[Any, int]]:
    """The slots that ``var[index]`` may be, each with the condition that it is."""
    known = [each.known for each in index]
    if None not in known:
        return [(z3.BoolVal(True), slot(var, [k for k in known if k is not None]))]
    found = []
    for args in assignments(var.dims):
        tests = [compare(BinOp.EQ, at, constant(arg)) for at, arg in zip(index, args, strict=True)]
        if not any(z3.is_false(test) for test in tests):
            found.append((z3.And(tests), slot(var, args)))
    return found


def _quantified(quant: Quant, scope: Scope) -> Num:
    match quant.kind:
        case QuantKind.FORALL | QuantKind.EXISTS:
            return number(_all_or_any(quant, scope))
        case QuantKind.COUNT | QuantKind.SUM:
            total = constant(0)
            for each in values(quant.domain):
                term = value(quant.body, scope.bind(quant.name, constant(each)))
                both = (total.lo + term.lo, total.hi + term.hi)
                total = arithmetic(BinOp.ADD, total, term, both)
            return total
        case _:
            assert_never(quant.kind)


def _all_or_any(quant: Quant, scope: Scope) -> Any:
    """In ascending order, and no further than it needs: errors count only up to there."""
    forall = quant.kind is QuantKind.FORALL
    terms: list[Any] = []
    for each in values(quant.domain):
        so_far = z3.And(terms) if forall else z3.Not(z3.Or(terms))
        inner = scope.under(so_far).bind(quant.name, constant(each))
        terms.append(condition(quant.body, inner))
    return z3.And(terms) if forall else z3.Or(terms)


def _checked(check: Check, scope: Scope) -> Num:
    inner = value(check.operand, scope)
    if check.lo <= inner.lo and inner.hi <= check.hi:
        return inner
    fits = z3.And(
        compare(BinOp.GE, inner, constant(check.lo)), compare(BinOp.LE, inner, constant(check.hi))
    )
    scope.fail(check.site, z3.And(scope.here, z3.Not(fits)))
    lo, hi = max(check.lo, inner.lo), min(check.hi, inner.hi)
    if lo > hi:  # it always fails
        return constant(check.lo)
    if inner.known is not None or lo == hi:
        return constant(lo)
    from pinmc.engines.smt.bounded.words import fitted

    return fitted(lo, hi, inner.term)


def _agent(base: int, args: Sequence[Num], domains: Sequence[Scalar]) -> Num:
    total = constant(0)
    for arg, domain in zip(args, domains, strict=True):
        low, count = bounds(domain)[0], size(domain)
        scaled = arithmetic(BinOp.MUL, total, constant(count), (total.lo * count, total.hi * count))
        moved = arithmetic(BinOp.SUB, arg, constant(low), (arg.lo - low, arg.hi - low))
        both = (scaled.lo + moved.lo, scaled.hi + moved.hi)
        total = arithmetic(BinOp.ADD, scaled, moved, both)
    return arithmetic(BinOp.ADD, total, constant(base), (total.lo + base, total.hi + base))
