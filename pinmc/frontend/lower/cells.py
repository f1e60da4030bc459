"""Where values live: source types split into scalar cells, their defaults, reading and writing."""

from __future__ import annotations

from collections.abc import Callable

from pinmc.base.source import Span
from pinmc.frontend.lower.build import arith, code_vars
from pinmc.frontend.lower.code import Names
from pinmc.frontend.lower.values import (
    ArrayValue,
    OptionalValue,
    QueueValue,
    RecordValue,
    ScalarValue,
    SetValue,
    Value,
    none_of,
)
from pinmc.frontend.sema.types import (
    ArrayT,
    FormulaT,
    LockT,
    OptionalT,
    QueueT,
    RecordT,
    SetT,
    Type,
)
from pinmc.ir.expr import FALSE, TRUE, BinOp, Bound, Const, Expr, Read, Var
from pinmc.ir.shapes import shape_vars
from pinmc.ir.stmt import Assign, For, If, Stmt
from pinmc.ir.system import (
    ArrayShape,
    CellShape,
    LockShape,
    OptionalShape,
    QueueShape,
    RecordShape,
    SetShape,
    Shape,
)
from pinmc.ir.types import Bool, Int, Optional, Range, Scalar, Scalarset, Word, bounds

MakeVar = Callable[[str, Scalar, tuple[Scalar, ...]], Var]


def scalar_type(type_: Type, unset: bool = False) -> Scalar:
    """The cell type of a scalar source type; ``unset`` leaves room for a scalarset not yet set."""
    match type_:
        case OptionalT(inner=inner):
            basic = scalar_type(inner)
            assert not isinstance(basic, Optional)
            return Optional(basic)
        case Scalarset():
            return Optional(type_) if unset else type_
        case SetT() | RecordT() | QueueT() | ArrayT() | LockT() | FormulaT():
            raise AssertionError(f"{type_} is no scalar")
        case _:
            return type_


def is_scalar(type_: Type) -> bool:
    match type_:
        case OptionalT(inner=RecordT()):
            return False
        case SetT() | RecordT() | QueueT() | ArrayT() | LockT() | FormulaT():
            return False
        case _:
            return True


def make_shape(
    name: str, type_: Type, dims: tuple[Scalar, ...], make: MakeVar, unset: bool
) -> Shape:
    """Cells for a value of ``type_`` under ``dims``. ``unset``: scalarsets may be without value."""
    match type_:
        case OptionalT(inner=RecordT() as record):
            present = make(f"{name}.present", Bool(), dims)
            return OptionalShape(present, make_shape(name, record, dims, make, True))
        case RecordT(name=record_name, fields=fields):
            shapes = tuple((f, make_shape(f"{name}.{f}", t, dims, make, unset)) for f, t in fields)
            return RecordShape(record_name, shapes)
        case SetT(element=element):
            domain = scalar_type(element)
            return SetShape(make(name, Bool(), (*dims, domain)), domain)
        case QueueT(capacity=capacity, element=element):
            length = make(f"{name}.len", Range(0, capacity), dims)
            inner = (*dims, Range(0, capacity - 1))
            return QueueShape(length, capacity, make_shape(name, element, inner, make, True))
        case ArrayT(dims=more, element=element):
            more_dims = tuple(scalar_type(d) for d in more)
            return ArrayShape(
                more_dims, make_shape(name, element, (*dims, *more_dims), make, unset)
            )
        case _:
            return CellShape(make(name, scalar_type(type_, unset), dims))


# --- defaults ----------------------------------------------------------------------------------


def default_scalar(type_: Scalar) -> Const:
    """False, the first member, zero (or the nearest number in range), none, unset."""
    match type_:
        case Optional():
            return none_of(type_)
        case Range() | Word() | Int():
            lo, hi = bounds(type_)
            return Const(min(max(0, lo), hi), type_)
        case _:
            return Const(bounds(type_)[0], type_)


def default_value(shape: Shape) -> Value:
    match shape:
        case CellShape(var=var):
            return ScalarValue(default_scalar(var.type))
        case RecordShape(fields=fields):
            names = tuple(name for name, _ in fields)
            return RecordValue(names, tuple(default_value(s) for _, s in fields))
        case OptionalShape(inner=inner):
            return OptionalValue(FALSE, default_value(inner))
        case SetShape(element=element):
            return SetValue(element, lambda _: FALSE)
        case QueueShape(capacity=capacity, element=element):
            inner_default = default_value(element)
            return QueueValue(capacity, Const(0, Int()), lambda _: inner_default)
        case ArrayShape(dims=dims, element=element):
            each = default_value(element)
            return ArrayValue(dims, lambda _: each)
        case LockShape():
            raise AssertionError("a lock is no value")


# --- reading -----------------------------------------------------------------------------------


def read(shape: Shape, index: tuple[Expr, ...], primed: bool = False) -> Value:
    """The value held at checked indices."""
    match shape:
        case CellShape(var=var):
            return ScalarValue(Read(var, index, primed))
        case RecordShape(fields=fields):
            names = tuple(name for name, _ in fields)
            return RecordValue(names, tuple(read(s, index, primed) for _, s in fields))
        case OptionalShape(present=present, inner=inner):
            return OptionalValue(Read(present, index, primed), read(inner, index, primed))
        case SetShape(members=members, element=element):
            return SetValue(element, lambda e: Read(members, (*index, e), primed))
        case QueueShape(length=length, capacity=capacity, element=slot):
            return QueueValue(
                capacity,
                Read(length, index, primed),
                lambda i: read(slot, (*index, i), primed),
            )
        case ArrayShape(dims=dims, element=each):
            return ArrayValue(dims, lambda more: read(each, (*index, *more), primed))
        case LockShape():
            raise AssertionError("a lock is no value")


# --- writing -----------------------------------------------------------------------------------

Fit = Callable[[Expr, Var], Expr]
"""Makes an expression fit a cell: checks it against the cell's type."""


class Writer:
    """Emits the assignments that store a value; composites cell by cell."""

    def __init__(self, names: Names, make_temp: MakeVar, fit: Fit) -> None:
        self._names = names
        self._make_temp = make_temp
        self._fit = fit

    def write(
        self, shape: Shape, index: tuple[Expr, ...], value: Value, type_: Type, span: Span
    ) -> tuple[Stmt, ...]:
        """Stores ``value``, which may read the very cells it is stored in."""
        stmts = self._store(shape, index, value)
        if isinstance(shape, CellShape) or not _overlaps(stmts):
            return stmts
        # A copy first: otherwise later cells would be computed from cells already written.
        name = self._names.fresh("copy")
        temp = make_shape(name, type_, (), self._make_temp, True)
        return (*self._store(temp, (), value), *self._store(shape, index, read(temp, ())))

    def _store(self, shape: Shape, index: tuple[Expr, ...], value: Value) -> tuple[Stmt, ...]:
        match shape, value:
            case CellShape(var=var), ScalarValue(expr=expr):
                return (Assign(var, index, self._fit(expr, var)),)
            case RecordShape(fields=fields), RecordValue(fields=values):
                pairs = zip(fields, values, strict=True)
                return tuple(s for (_, f), v in pairs for s in self._store(f, index, v))
            case OptionalShape(present=present, inner=inner), OptionalValue():
                return self._store_optional(present, inner, index, value)
            case SetShape(members=members, element=element), SetValue():
                return self._loop(
                    element, lambda e: (Assign(members, (*index, e), value.contains(e)),)
                )
            case QueueShape(length=length, capacity=capacity, element=slot), QueueValue():
                body = self._loop(
                    Range(0, capacity - 1),
                    lambda i: self._store(slot, (*index, i), value.at(i)),
                )
                return (*body, Assign(length, index, value.length))
            case ArrayShape(dims=dims, element=element), ArrayValue():
                return self._store_array(dims, element, index, (), value)
            case _:
                raise AssertionError("value does not fit its place")

    def _store_optional(
        self, present: Var, inner: Shape, index: tuple[Expr, ...], value: OptionalValue
    ) -> tuple[Stmt, ...]:
        absent = self._store(inner, index, default_value(inner))
        stored = self._store(inner, index, value.inner)
        if value.present in (TRUE, FALSE):
            body = stored if value.present == TRUE else absent
            return (*body, Assign(present, index, value.present))
        return (If(value.present, stored, absent), Assign(present, index, value.present))

    def _store_array(
        self,
        dims: tuple[Scalar, ...],
        element: Shape,
        index: tuple[Expr, ...],
        done: tuple[Expr, ...],
        value: ArrayValue,
    ) -> tuple[Stmt, ...]:
        if len(done) == len(dims):
            return self._store(element, (*index, *done), value.at(done))
        return self._loop(
            dims[len(done)],
            lambda i: self._store_array(dims, element, index, (*done, i), value),
        )

    def _loop(self, domain: Scalar, body: Callable[[Expr], tuple[Stmt, ...]]) -> tuple[Stmt, ...]:
        name = self._names.fresh("i")
        return (For(name, domain, body(Bound(name, domain))),)


def _overlaps(stmts: tuple[Stmt, ...]) -> bool:
    reads, writes = code_vars(stmts)
    return bool(reads & writes)


def push(queue: QueueShape, index: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """The indices of the first free slot of a queue."""
    return (*index, Read(queue.length, index))


def shift(queue: QueueShape, index: tuple[Expr, ...], names: Names) -> tuple[Stmt, ...]:
    """Drops the front element: all others move up by one and the last slot gets its default."""
    if queue.capacity == 1:
        return _clear_slot(queue, index, Const(0, Int()))
    moving = Range(0, queue.capacity - 2)
    name = names.fresh("i")
    here = Bound(name, moving)
    following = arith(BinOp.ADD, here, Const(1, Int()))
    body = _copy(queue.element, (*index, here), (*index, following))
    last = _clear_slot(queue, index, Const(queue.capacity - 1, Int()))
    return (For(name, moving, body), *last)


def _copy(shape: Shape, to: tuple[Expr, ...], source: tuple[Expr, ...]) -> tuple[Stmt, ...]:
    return tuple(s for var in shape_vars(shape) for s in _copy_cell(var, to, source))


def _copy_cell(var: Var, to: tuple[Expr, ...], source: tuple[Expr, ...]) -> tuple[Stmt, ...]:
    more = var.dims[len(to) :]
    binders = tuple(Bound(f"{var.name}~{n}", dim) for n, dim in enumerate(more))
    stmt: Stmt = Assign(var, (*to, *binders), Read(var, (*source, *binders)))
    for binder in reversed(binders):
        stmt = For(binder.name, binder.type, (stmt,))
    return (stmt,)


def _clear_slot(queue: QueueShape, index: tuple[Expr, ...], slot: Expr) -> tuple[Stmt, ...]:
    stmts: list[Stmt] = []
    for var in shape_vars(queue.element):
        more = var.dims[len(index) + 1 :]
        binders = tuple(Bound(f"{var.name}~{n}", dim) for n, dim in enumerate(more))
        stmt: Stmt = Assign(var, (*index, slot, *binders), default_scalar(var.type))
        for binder in reversed(binders):
            stmt = For(binder.name, binder.type, (stmt,))
        stmts.append(stmt)
    return tuple(stmts)


def clear(queue: QueueShape, index: tuple[Expr, ...], names: Names) -> tuple[Stmt, ...]:
    """Empties a queue."""
    slots = Range(0, queue.capacity - 1)
    name = names.fresh("i")
    body = _clear_slot(queue, index, Bound(name, slots))
    return (For(name, slots, body), Assign(queue.length, index, Const(0, queue.length.type)))
