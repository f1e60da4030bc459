"""The values of constant expressions, within bounds on time and size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field

from pinmc.base.records import dataclass
from pinmc.base.source import Span
from pinmc.frontend.sema import typed
from pinmc.frontend.sema.kinds import count
from pinmc.frontend.sema.types import Type
from pinmc.ir.types import Bool, Enum, Range, Scalarset, Word, bounds, values

MAX_MAGNITUDE = 2**64
"""Constants are smaller than this, so that no expression makes a huge number."""

MAX_WORK = 200_000
"""Nodes that are evaluated for one constant."""


class NotConstant(Exception):
    """The expression hangs on something that is no constant; ``span`` is that thing."""

    def __init__(self, span: Span) -> None:
        super().__init__()
        self.span = span


class NoValue(Exception):
    """The expression is constant but has no value: ``message`` says why."""

    def __init__(self, span: Span, message: str) -> None:
        super().__init__(message)
        self.span = span
        self.message = message


def fold(expr: typed.Expr) -> int | None:
    """The value of a constant expression; None when it is not constant or has no value."""
    try:
        return evaluate(expr)
    except (NotConstant, NoValue):
        return None


def evaluate(expr: typed.Expr) -> int:
    """The value of a constant expression, encoded as in ``ir.types``.

    Raises NotConstant or NoValue.
    """
    return _Evaluation().value(expr)


@dataclass(slots=True)
class _Evaluation:
    env: dict[typed.Local, int] = field(default_factory=dict)
    work: int = 0

    def value(self, expr: typed.Expr) -> int:
        self.work += 1
        if self.work > MAX_WORK:
            raise NoValue(expr.span, "this constant takes too much work to compute")
        match expr:
            case typed.Const(value=value):
                return value
            case typed.LocalRef(local=local):
                if local not in self.env:
                    raise NotConstant(expr.span)
                return self.env[local]
            case typed.Unary(op=op, operand=operand):
                return self._unary(expr, op, self.value(operand))
            case typed.Binary():
                return self._binary(expr)
            case typed.Cond(cond=cond, then=then, orelse=orelse):
                return self.value(then if self.value(cond) else orelse)
            case typed.Quant():
                return self._quant(expr)
            case typed.Convert():
                return self._convert(expr)
            case typed.Builtin(name="min", args=args):
                return min(self.value(a) for a in args)
            case typed.Builtin(name="max", args=args):
                return max(self.value(a) for a in args)
            case typed.DefCall():
                return self._call(expr)
            case _:
                raise NotConstant(expr.span)

    def _unary(self, expr: typed.Expr, op: str, value: int) -> int:
        match op:
            case "not":
                return 1 - value
            case "-":
                return _within(-value, expr)
            case _:
                return _within(~value, expr)

    def _binary(self, expr: typed.Binary) -> int:
        match expr.op:
            case "and":
                return self.value(expr.left) and self.value(expr.right)
            case "or":
                return self.value(expr.left) or self.value(expr.right)
            case "implies":
                return self.value(expr.right) if self.value(expr.left) else 1
            case "in":
                return self._member(expr)
            case op:
                left, right = self.value(expr.left), self.value(expr.right)
                return _within(_operate(op, left, right, expr), expr)

    def _member(self, expr: typed.Binary) -> int:
        if not isinstance(expr.right, typed.SetLit):
            raise NotConstant(expr.right.span)
        value = self.value(expr.left)
        return int(any(self.value(e) == value for e in expr.right.elements))

    def _quant(self, expr: typed.Quant) -> int:
        total, all_, some = 0, True, False
        for _ in self._assignments(expr.binders):
            if expr.where is not None and not self.value(expr.where):
                continue
            value = self.value(expr.body)
            total += value
            all_, some = all_ and bool(value), some or bool(value)
        match expr.kind:
            case "forall":
                return int(all_)
            case "exists":
                return int(some)
            case _:
                return _within(total, expr)

    def _assignments(self, binders: tuple[typed.Local, ...]) -> Iterator[None]:
        if not binders:
            yield
            return
        first, rest = binders[0], binders[1:]
        for value in _domain(first.type, first.span):
            self.env[first] = value
            yield from self._assignments(rest)

    def _convert(self, expr: typed.Convert) -> int:
        value = self.value(expr.operand)
        match expr.kind:
            case typed.Conversion.INT:
                return value
            case typed.Conversion.WRAP:
                return _within(value, expr)
            case typed.Conversion.CHECK if isinstance(expr.type, Range):
                if not expr.type.lo <= value <= expr.type.hi:
                    raise NoValue(expr.span, f"{value} is outside {expr.type}")
                return value
            case _:
                raise NotConstant(expr.span)

    def _call(self, expr: typed.DefCall) -> int:
        given = [self.value(arg) for arg in expr.args]
        params = expr.definition.params
        before = dict(self.env)
        self.env.update(zip(params, given, strict=False))
        try:
            return self.value(expr.definition.body)
        finally:
            self.env = before


def _domain(type_: Type, span: Span) -> range:
    if isinstance(type_, Bool | Enum | Range | Scalarset | Word) and count(type_) <= MAX_WORK:
        return values(type_)
    raise NoValue(span, f"{type_} has too many values to run through")


def _within(value: int, expr: typed.Expr) -> int:
    """Words wrap around; other numbers must not grow too large."""
    if isinstance(expr.type, Word):
        lo, hi = bounds(expr.type)
        return (value - lo) % (hi - lo + 1) + lo
    if abs(value) > MAX_MAGNITUDE:
        raise NoValue(expr.span, "this constant is too large: at most 64 bits")
    return value


def _operate(op: str, left: int, right: int, expr: typed.Binary) -> int:
    match op:
        case "iff" | "==":
            return int(left == right)
        case "!=":
            return int(left != right)
        case "<":
            return int(left < right)
        case "<=":
            return int(left <= right)
        case ">":
            return int(left > right)
        case ">=":
            return int(left >= right)
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/" | "%":
            return _divide(op, left, right, expr)
        case "|":
            return left | right
        case "&":
            return left & right
        case "^":
            return left ^ right
        case "<<" | ">>":
            return _shift(op, left, right, expr)
        case _:
            raise NotConstant(expr.span)


def _divide(op: str, left: int, right: int, expr: typed.Binary) -> int:
    """As in C: the quotient is truncated, the remainder has the dividend's sign."""
    if right == 0:
        raise NoValue(expr.right.span, "the divisor of this constant is zero")
    quotient = abs(left) // abs(right)
    quotient = quotient if (left < 0) == (right < 0) else -quotient
    return quotient if op == "/" else left - quotient * right


def _shift(op: str, left: int, right: int, expr: typed.Binary) -> int:
    width = expr.type.width if isinstance(expr.type, Word) else 65
    if not 0 <= right < width:
        raise NoValue(expr.right.span, f"a shift by {right} is outside 0..{width - 1}")
    return left << right if op == "<<" else left >> right
