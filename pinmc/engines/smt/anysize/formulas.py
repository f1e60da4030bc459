"""The value of an expression as a formula of Z3, with real quantifiers over open scalarsets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from itertools import count
from typing import Any, TypeAlias, assert_never

import z3

from pinmc.base.records import dataclass
from pinmc.engines.smt.anysize.erase import is_open
from pinmc.engines.smt.anysize.sorts import Sorts
from pinmc.engines.smt.script.terms import NotExpressible
from pinmc.ir.expr import (
    AgentOf,
    Binary,
    BinOp,
    Bound,
    Check,
    Const,
    Expr,
    Ite,
    Quant,
    QuantKind,
    Read,
    Require,
    Unary,
    UnOp,
    Wrap,
)
from pinmc.ir.types import Int, Scalar, bounds

Cells: TypeAlias = Callable[[Sequence[Any]], Any]
"""A variable's value at the indices."""

Values: TypeAlias = Mapping[str, Cells]


@dataclass(slots=True)
class Passed:
    """What is true wherever a step was possible. ``exact``: nothing was left out of it, which
    allows more steps than there are and is safe."""

    facts: list[Any] = field(default_factory=list)
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression sees. ``path``: under which condition it is looked at. ``passed``: where
    to put what its checks demand; None in claims, in which nothing may fail. ``inside`` tells of
    a quantifier around it: what is demanded there is left out."""

    values: Values
    bound: Mapping[str, Any]
    path: Any
    passed: Passed | None = None
    primed: Values | None = None
    inside: bool = False


class Formulas:
    """Expressions of one family. Raises NotExpressible."""

    def __init__(self, sorts: Sorts) -> None:
        self.sorts = sorts
        self._fresh = count()

    def fresh(self, name: str, type_: Scalar) -> Any:
        """A constant that nothing else speaks of."""
        return z3.Const(f"{name} #{next(self._fresh)}", self.sorts.of(type_))

    def truth(self, expr: Expr, scope: Scope) -> Any:
        return self.sorts.coerce(self.value(expr, scope), self.sorts.booleans)

    def number(self, expr: Expr, scope: Scope) -> Any:
        return self.sorts.coerce(self.value(expr, scope), self.sorts.numbers)

    def value(self, expr: Expr, scope: Scope) -> Any:
        match expr:
            case Const(value=value, type=type_):
                return self.sorts.constant(value, type_)
            case Bound(name=name):
                return scope.bound[name]
            case Read():
                return self._read(expr, scope)
            case Unary(op=op, operand=operand):
                return self._unary(op, operand, scope)
            case Binary():
                return self._binary(expr, scope)
            case Ite(cond=cond, then=then, orelse=orelse):
                test = self.truth(cond, scope)
                one = self.value(then, given(scope, test))
                other = self.value(orelse, given(scope, z3.Not(test)))
                return z3.If(test, *self.sorts.alike(one, other))
            case Quant():
                return self._quantified(expr, scope)
            case Check():
                return self._check(expr, scope)
            case Require(cond=cond, operand=operand):
                self.demand(self.truth(cond, scope), scope)
                return self.value(operand, scope)
            case Wrap(operand=operand, width=width, signed=signed):
                return self._wrap(self.number(operand, scope), width, signed)
            case AgentOf(actor=actor, args=args):
                return self.sorts.agent(actor, [self.value(arg, scope) for arg in args])
            case _:
                assert_never(expr)

    def demand(self, fact: Any, scope: Scope) -> None:
        """No step, or no claim, unless ``fact`` holds."""
        if scope.passed is None:
            raise NotExpressible("the claim itself could be an error")
        if scope.inside:
            scope.passed.exact = False
        else:
            scope.passed.facts.append(z3.Implies(scope.path, fact))

    def _read(self, read: Read, scope: Scope) -> Any:
        cells = scope.primed if read.primed else scope.values
        if cells is None:
            raise NotExpressible("the next state is read outside a step invariant")
        index = [
            self.sorts.coerce(self.value(at, scope), self.sorts.of(dim))
            for at, dim in zip(read.index, read.var.dims, strict=True)
        ]
        return cells[read.var.name](index)

    def _unary(self, op: UnOp, operand: Expr, scope: Scope) -> Any:
        match op:
            case UnOp.NOT:
                return z3.Not(self.truth(operand, scope))
            case UnOp.NEG:
                return -self.number(operand, scope)
            case UnOp.INVERT:
                return -self.number(operand, scope) - 1
            case _:
                assert_never(op)

    def _binary(self, expr: Binary, scope: Scope) -> Any:
        op = expr.op
        match op:
            case BinOp.AND:
                left = self.truth(expr.left, scope)
                return z3.And(left, self.truth(expr.right, given(scope, left)))
            case BinOp.OR:
                left = self.truth(expr.left, scope)
                return z3.Or(left, self.truth(expr.right, given(scope, z3.Not(left))))
            case BinOp.IMPLIES:
                left = self.truth(expr.left, scope)
                return z3.Implies(left, self.truth(expr.right, given(scope, left)))
            case BinOp.EQ | BinOp.NE:
                one = self.value(expr.left, scope)
                one, other = self.sorts.alike(one, self.value(expr.right, scope))
                return one == other if op is BinOp.EQ else one != other
            case _:
                left = self.number(expr.left, scope)
                return _arithmetic(op, left, self.number(expr.right, scope))

    def _check(self, check: Check, scope: Scope) -> Any:
        """An unset member of an open scalarset is none; a number has bounds."""
        value = self.value(check.operand, scope)
        if is_open(check.type):
            some = self.sorts.of(check.type)
            if value.sort() != some:
                absent = value.sort().recognizer(0)(value)
                self.demand(z3.Not(absent), scope)
                return self.sorts.coerce(value, some)
            if some == self.sorts.agents:
                self.demand(z3.Not(some.recognizer(0)(value)), scope)
            return value
        if value.sort() == self.sorts.numbers:
            self.demand(z3.And(value >= check.lo, value <= check.hi), scope)
        elif value.sort() == self.sorts.booleans:
            number = self.sorts.coerce(value, self.sorts.numbers)
            self.demand(z3.And(number >= check.lo, number <= check.hi), scope)
        else:
            raise NotExpressible("a member without a number is compared with bounds")
        return value

    def _quantified(self, quant: Quant, scope: Scope) -> Any:
        known = self.sorts.finite(quant.domain)
        if known is not None:
            return self._expanded(quant, known, scope)
        if quant.kind in (QuantKind.COUNT, QuantKind.SUM):
            raise NotExpressible(f"it counts over {quant.domain}, however many there are")
        if not is_open(quant.domain) or self.sorts.of(quant.domain) == self.sorts.agents:
            raise NotExpressible(f"it quantifies over {quant.domain}")
        name = self.fresh(quant.name, quant.domain)
        body = self.truth(quant.body, bind(replace(scope, inside=True), quant.name, name))
        make = z3.ForAll if quant.kind is QuantKind.FORALL else z3.Exists
        return make([name], body)

    def _expanded(self, quant: Quant, known: Sequence[Any], scope: Scope) -> Any:
        """One after the other: what decides ends the evaluation."""
        found: list[Any] = []
        inner = scope
        for each in known:
            here = bind(inner, quant.name, each)
            match quant.kind:
                case QuantKind.FORALL:
                    found.append(self.truth(quant.body, here))
                    inner = given(inner, found[-1])
                case QuantKind.EXISTS:
                    found.append(self.truth(quant.body, here))
                    inner = given(inner, z3.Not(found[-1]))
                case QuantKind.COUNT | QuantKind.SUM:
                    found.append(self.number(quant.body, here))
                case _:
                    assert_never(quant.kind)
        if quant.kind is QuantKind.FORALL:
            return z3.And(*found)
        return z3.Or(*found) if quant.kind is QuantKind.EXISTS else z3.Sum(*found)

    def _wrap(self, value: Any, width: int, signed: bool) -> Any:
        whole = 1 << width
        half = whole // 2 if signed else 0
        return (value + half) % whole - half

    def within(self, value: Any, type_: Scalar) -> Any | None:
        """What the type says of a number; None if nothing."""
        if value.sort() != self.sorts.numbers or isinstance(type_, Int):
            return None
        lo, hi = bounds(type_)
        return z3.And(value >= lo, value <= hi)


def bind(scope: Scope, name: str, value: Any) -> Scope:
    return replace(scope, bound={**scope.bound, name: value})


def given(scope: Scope, fact: Any) -> Scope:
    return replace(scope, path=z3.And(scope.path, fact))


def _arithmetic(op: BinOp, a: Any, b: Any) -> Any:
    match op:
        case BinOp.LT:
            return a < b
        case BinOp.LE:
            return a <= b
        case BinOp.GT:
            return a > b
        case BinOp.GE:
            return a >= b
        case BinOp.ADD:
            return a + b
        case BinOp.SUB:
            return a - b
        case BinOp.MUL:
            return a * b
        case BinOp.MIN:
            return z3.If(a <= b, a, b)
        case BinOp.MAX:
            return z3.If(a >= b, a, b)
        case _:
            raise NotExpressible(f"the operator {op.value} is not known to these proofs")
