"""Values of source types as scalar expressions.

A scalar is one IR expression. Composite values are described, not built: a set by its membership
test, an array by its element at given indices, so that reading one element of a big variable
costs one read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from pinmc.base.records import dataclass
from pinmc.frontend.lower.build import and_, compare, eq, implies, ite, not_, or_, quant
from pinmc.frontend.lower.code import Code, Names
from pinmc.ir.expr import BinOp, Bound, Const, Expr, QuantKind
from pinmc.ir.types import Int, Optional, Range, Scalar, absent


@dataclass(frozen=True, eq=False, slots=True)
class ScalarValue:
    expr: Expr


@dataclass(frozen=True, eq=False, slots=True)
class RecordValue:
    """Fields in declaration order."""

    names: tuple[str, ...]
    fields: tuple[Value, ...]


@dataclass(frozen=True, eq=False, slots=True)
class OptionalValue:
    """An optional record; ``inner`` is meaningful where ``present`` is true, default elsewhere."""

    present: Expr
    inner: Value


@dataclass(frozen=True, eq=False, slots=True)
class SetValue:
    element: Scalar
    contains: Callable[[Expr], Expr]


@dataclass(frozen=True, eq=False, slots=True)
class ArrayValue:
    dims: tuple[Scalar, ...]
    at: Callable[[tuple[Expr, ...]], Value]


@dataclass(frozen=True, eq=False, slots=True)
class QueueValue:
    """``at`` an index 0..capacity-1 from the front; slots beyond ``length`` hold defaults."""

    capacity: int
    length: Expr
    at: Callable[[Expr], Value]


Value: TypeAlias = ScalarValue | RecordValue | OptionalValue | SetValue | ArrayValue | QueueValue


Return = Callable[[Value | None], Code]
"""What is done with the result of a call."""


def equal(a: Value, b: Value, names: Names) -> Expr:
    """Whether two values of one type are the same."""
    match a, b:
        case ScalarValue(expr=x), ScalarValue(expr=y):
            return eq(x, y)
        case RecordValue(fields=xs), RecordValue(fields=ys):
            return and_(*(equal(x, y, names) for x, y in zip(xs, ys, strict=True)))
        case OptionalValue(), OptionalValue():
            same = eq(a.present, b.present)
            return and_(same, implies(a.present, equal(a.inner, b.inner, names)))
        case SetValue(), SetValue():
            return _for_all(a.element, names, lambda e: eq(a.contains(e), b.contains(e)))
        case QueueValue(), QueueValue():
            each = _for_all(
                Range(0, a.capacity - 1), names, lambda i: equal(a.at(i), b.at(i), names)
            )
            return and_(eq(a.length, b.length), each)
        case ArrayValue(), ArrayValue():
            return _arrays_equal(a, b, names)
        case _:
            raise AssertionError("values of different types")


def _for_all(domain: Scalar, names: Names, body: Callable[[Expr], Expr]) -> Expr:
    name = names.fresh("e")
    return quant(QuantKind.FORALL, name, domain, body(Bound(name, domain)))


def _arrays_equal(a: ArrayValue, b: ArrayValue, names: Names) -> Expr:
    binders = [Bound(names.fresh("i"), dim) for dim in a.dims]
    result = equal(a.at(tuple(binders)), b.at(tuple(binders)), names)
    for binder in reversed(binders):
        result = quant(QuantKind.FORALL, binder.name, binder.type, result)
    return result


def choose_value(cond: Expr, a: Value, b: Value) -> Value:
    """``if cond then a else b``, pushed to the scalars."""
    if isinstance(cond, Const):
        return a if cond.value else b
    match a, b:
        case ScalarValue(expr=x), ScalarValue(expr=y):
            return ScalarValue(ite(cond, x, y))
        case RecordValue(fields=xs), RecordValue(fields=ys):
            pairs = zip(xs, ys, strict=True)
            return RecordValue(a.names, tuple(choose_value(cond, x, y) for x, y in pairs))
        case OptionalValue(), OptionalValue():
            inner = choose_value(cond, a.inner, b.inner)
            return OptionalValue(ite(cond, a.present, b.present), inner)
        case SetValue(), SetValue():
            return SetValue(a.element, lambda e: ite(cond, a.contains(e), b.contains(e)))
        case QueueValue(), QueueValue():
            return QueueValue(
                a.capacity,
                ite(cond, a.length, b.length),
                lambda i: choose_value(cond, a.at(i), b.at(i)),
            )
        case ArrayValue(), ArrayValue():
            return ArrayValue(a.dims, lambda i: choose_value(cond, a.at(i), b.at(i)))
        case _:
            raise AssertionError("values of different types")


def union(a: SetValue, b: SetValue) -> SetValue:
    return SetValue(a.element, lambda e: or_(a.contains(e), b.contains(e)))


def intersection(a: SetValue, b: SetValue) -> SetValue:
    return SetValue(a.element, lambda e: and_(a.contains(e), b.contains(e)))


def difference(a: SetValue, b: SetValue) -> SetValue:
    return SetValue(a.element, lambda e: and_(a.contains(e), not_(b.contains(e))))


def subset(a: SetValue, b: SetValue, names: Names) -> Expr:
    return _for_all(a.element, names, lambda e: implies(a.contains(e), b.contains(e)))


def set_size(a: SetValue, names: Names) -> Expr:
    name = names.fresh("e")
    return quant(QuantKind.COUNT, name, a.element, a.contains(Bound(name, a.element)))


def set_empty(a: SetValue, names: Names) -> Expr:
    return _for_all(a.element, names, lambda e: not_(a.contains(e)))


def set_literal(element: Scalar, members: tuple[Expr, ...]) -> SetValue:
    return SetValue(element, lambda e: or_(*(eq(e, m) for m in members)))


def queue_slot_used(queue: QueueValue, index: Expr) -> Expr:
    return compare(BinOp.LT, index, queue.length)


def none_of(type_: Optional) -> Const:
    return Const(absent(type_), type_)


def number(value: int) -> Const:
    return Const(value, Int())
