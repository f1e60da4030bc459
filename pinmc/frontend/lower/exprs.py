"""Typed expressions to values; everything that can go wrong becomes a Check or a Require."""

from __future__ import annotations

from typing import assert_never

from pinmc.base.source import Span
from pinmc.frontend.lower import locks
from pinmc.frontend.lower import values as v
from pinmc.frontend.lower.build import (
    and_,
    arith,
    check,
    checked_int,
    compare,
    eq,
    fits,
    implies,
    ite,
    neg,
    not_,
    or_,
    quant,
    require,
    wrap,
)
from pinmc.frontend.lower.cells import default_value, make_shape, read, scalar_type
from pinmc.frontend.lower.context import Context, Fixed, Stored
from pinmc.frontend.lower.values import (
    ArrayValue,
    OptionalValue,
    QueueValue,
    RecordValue,
    ScalarValue,
    SetValue,
    Value,
)
from pinmc.frontend.sema import typed
from pinmc.frontend.sema.types import OptionalT, RecordT, SetT, Type
from pinmc.ir.expr import (
    TRUE,
    Binary,
    BinOp,
    Bound,
    Const,
    ErrorSite,
    Expr,
    QuantKind,
    Read,
    Unary,
    UnOp,
    Var,
)
from pinmc.ir.extent import extent
from pinmc.ir.shapes import shape_vars
from pinmc.ir.types import Bool, Int, Optional, Range, Scalar, Scalarset, Word, bounds

_ARITH = {
    "+": BinOp.ADD,
    "-": BinOp.SUB,
    "*": BinOp.MUL,
    "/": BinOp.DIV,
    "%": BinOp.MOD,
    "|": BinOp.BITOR,
    "&": BinOp.BITAND,
    "^": BinOp.BITXOR,
    "<<": BinOp.SHL,
    ">>": BinOp.SHR,
}
_COMPARE = {"<": BinOp.LT, "<=": BinOp.LE, ">": BinOp.GT, ">=": BinOp.GE}


class Exprs:
    """Lowers the expressions of one Context."""

    def __init__(self, context: Context) -> None:
        self._context = context

    # --- scalars ---------------------------------------------------------------------------

    def scalar(self, expr: typed.Expr) -> Expr:
        value = self.value(expr)
        assert isinstance(value, ScalarValue), expr
        return value.expr

    def index(self, expr: typed.Expr, domain: Scalar) -> Expr:
        """An index, checked against the dimension it selects from."""
        return self._as_index(self.scalar(expr), domain, expr.span)

    def _as_index(self, expr: Expr, domain: Scalar, span: Span) -> Expr:
        if self._is_trusted(expr):
            return expr
        lo, hi = bounds(domain)
        site = ErrorSite("index", f"index {quote(span)} is outside {_shown(domain)}", span)
        return check(expr, lo, hi, site, domain)

    def _is_trusted(self, expr: Expr) -> bool:
        if not isinstance(expr, Read) or expr.primed:
            return False
        return any(
            isinstance(b, Stored) and b.trusted and _holds(b, expr.var)
            for b in self._context.env.values()
        )

    # --- values ----------------------------------------------------------------------------

    def value(self, expr: typed.Expr) -> Value:
        match expr:
            case typed.Const(value=value, type=type_):
                return ScalarValue(Const(value, scalar_type(type_)))
            case typed.NoneConst(type=type_):
                return self._none(type_)
            case typed.VarRef() | typed.LocalRef() | typed.Index() | typed.Field():
                return self._settle(self._read(expr), expr)
            case typed.ActorLocal():
                return self._actor_local(expr)
            case typed.Unary():
                return ScalarValue(self._unary(expr))
            case typed.Binary():
                return self._binary(expr)
            case typed.Cond(cond=cond, then=then, orelse=orelse):
                return v.choose_value(self.scalar(cond), self.value(then), self.value(orelse))
            case typed.Quant():
                return ScalarValue(self._quant(expr))
            case typed.SetLit(elements=elements, type=type_):
                return self._set_literal(elements, type_)
            case typed.RecordLit():
                return self._record(expr)
            case typed.Builtin():
                return self._builtin(expr)
            case typed.At():
                return ScalarValue(self._at(expr))
            case typed.Convert():
                return self._convert(expr)
            case typed.DefCall():
                return self._def_call(expr)
            case typed.CallValue():
                return self._context.results[expr]
            case typed.LockRef() | typed.Nondet() | typed.Temporal():
                raise AssertionError(f"{type(expr).__name__} is no value")
            case _:
                assert_never(expr)

    def _none(self, type_: Type) -> Value:
        if isinstance(type_, OptionalT) and isinstance(type_.inner, RecordT):
            return self._default(type_)
        scalar = scalar_type(type_)
        assert isinstance(scalar, Optional)
        return ScalarValue(v.none_of(scalar))

    def _default(self, type_: Type) -> Value:
        """The default of a type, read off cells made for its shape only."""
        return default_value(make_shape("default", type_, (), Var, True))

    def _read(self, expr: typed.Expr) -> Value:
        match expr:
            case typed.VarRef(variable=variable, primed=primed):
                return read(self._context.cells.variable(variable), (), primed)
            case typed.LocalRef(local=local):
                binding = self._context.env[local]
                if isinstance(binding, Fixed):
                    return binding.value
                return read(binding.shape, binding.index)
            case typed.Index(base=base, indices=indices):
                return self._element(self.value(base), indices, expr.span)
            case typed.Field(base=base, name=name):
                record = self.value(base)
                assert isinstance(record, RecordValue)
                return record.fields[record.names.index(name)]
            case _:
                raise AssertionError(expr)

    def _element(self, base: Value, indices: tuple[typed.Expr, ...], span: Span) -> Value:
        match base:
            case ArrayValue(dims=dims):
                return base.at(tuple(self.index(i, d) for i, d in zip(indices, dims, strict=True)))
            case QueueValue():
                return base.at(self.queue_index(base, indices[0]))
            case _:
                raise AssertionError(base)

    def queue_index(self, queue: QueueValue, index: typed.Expr) -> Expr:
        """A position of an element that is there."""
        position = self.index(index, Range(0, queue.capacity - 1))
        site = ErrorSite("index", f"the queue has no element {quote(index.span)}", index.span)
        return require(v.queue_slot_used(queue, position), position, site)

    def _settle(self, value: Value, expr: typed.Expr) -> Value:
        """Reading a scalarset variable that was never given a value is a found error."""
        if not isinstance(expr.type, Scalarset) or not isinstance(value, ScalarValue):
            return value
        if isinstance(expr, typed.LocalRef):
            binding = self._context.env[expr.local]
            if isinstance(binding, Stored) and binding.trusted:
                return value
        text = f"{quote(expr.span)} is read before it was given a value"
        lo, hi = bounds(expr.type)
        site = ErrorSite("unset", text, expr.span)
        return ScalarValue(check(value.expr, lo, hi, site, expr.type))

    def _actor_local(self, expr: typed.ActorLocal) -> Value:
        assert self._context.places is not None
        shape = self._context.places.local(expr.actor, expr.local)
        if shape is None:
            return self._default(expr.type)
        domains = [scalar_type(p.type) for p in expr.actor.params]
        index = tuple(self.index(i, d) for i, d in zip(expr.indices, domains, strict=True))
        return read(shape, index, expr.primed)

    def _at(self, expr: typed.At) -> Expr:
        assert self._context.places is not None
        counter, places = self._context.places.at(expr.actor, expr.label)
        index = tuple(self.index(i, d) for i, d in zip(expr.indices, counter.dims, strict=True))
        here = Read(counter, index)
        return or_(*(eq(here, Const(place, counter.type)) for place in places))

    # --- operators -------------------------------------------------------------------------

    def _unary(self, expr: typed.Unary) -> Expr:
        operand = self.scalar(expr.operand)
        if expr.op == "not":
            return not_(operand)
        if expr.op == "~":
            return self._finish(Unary(UnOp.INVERT, operand), expr.type, expr.span)
        return self._finish(neg(operand), expr.type, expr.span)

    def _finish(self, result: Expr, type_: Type, span: Span) -> Expr:
        """Arithmetic's result: a word wraps around, an integer must fit 64 bits."""
        if isinstance(type_, Word):
            return wrap(result, type_.width, type_.signed)
        site = ErrorSite("overflow", f"{quote(span)} does not fit 64 bits", span)
        return checked_int(result, site)

    def _binary(self, expr: typed.Binary) -> Value:
        names = self._context.names
        if expr.op in ("==", "!="):
            same = v.equal(self.value(expr.left), self.value(expr.right), names)
            return ScalarValue(same if expr.op == "==" else _negated(same))
        if isinstance(expr.left.type, SetT):
            return self._set_operation(expr)
        if expr.op == "in":
            return ScalarValue(self._member(expr))
        return ScalarValue(self._scalar_binary(expr))

    def _scalar_binary(self, expr: typed.Binary) -> Expr:
        left, right = self.scalar(expr.left), self.scalar(expr.right)
        match expr.op:
            case "and":
                return and_(left, right)
            case "or":
                return or_(left, right)
            case "implies":
                return implies(left, right)
            case "iff":
                return eq(left, right)
            case op if op in _COMPARE:
                return compare(_COMPARE[op], left, right)
            case op:
                return self._arithmetic(_ARITH[op], left, right, expr)

    def _arithmetic(self, op: BinOp, left: Expr, right: Expr, expr: typed.Binary) -> Expr:
        span = expr.span
        if op in (BinOp.DIV, BinOp.MOD):
            site = ErrorSite("divide", f"{quote(expr.right.span)} is zero", span)
            nonzero = compare(BinOp.NE, right, v.number(0))
            right = right if not _may_be_zero(right) else require(nonzero, right, site)
        if op in (BinOp.SHL, BinOp.SHR) and isinstance(expr.type, Word):
            text = f"shift by {quote(expr.right.span)} is outside 0..{expr.type.width - 1}"
            most = expr.type.width - 1
            right = check(right, 0, most, ErrorSite("shift", text, span), Range(0, most))
        return self._finish(arith(op, left, right), expr.type, span)

    def _member(self, expr: typed.Binary) -> Expr:
        element, members = self.scalar(expr.left), self.value(expr.right)
        assert isinstance(members, SetValue)
        lo, hi = bounds(members.element)
        if fits(element, lo, hi):
            return members.contains(element)
        inside = self._as_index(element, members.element, expr.left.span)
        return and_(
            compare(BinOp.GE, element, v.number(lo)),
            compare(BinOp.LE, element, v.number(hi)),
            members.contains(inside),
        )

    def _set_operation(self, expr: typed.Binary) -> Value:
        left, right = self.value(expr.left), self.value(expr.right)
        assert isinstance(left, SetValue) and isinstance(right, SetValue)
        match expr.op:
            case "|":
                return v.union(left, right)
            case "&":
                return v.intersection(left, right)
            case "-":
                return v.difference(left, right)
            case "<=":
                return ScalarValue(v.subset(left, right, self._context.names))
            case op:
                raise AssertionError(op)

    def _set_literal(self, elements: tuple[typed.Expr, ...], type_: Type) -> Value:
        assert isinstance(type_, SetT)
        domain = scalar_type(type_.element)
        return v.set_literal(domain, tuple(self.index(e, domain) for e in elements))

    def _record(self, expr: typed.RecordLit) -> Value:
        assert isinstance(expr.type, RecordT)
        given = [
            self._default(type_) if value is None else self.value(value)
            for value, (_, type_) in zip(expr.values, expr.type.fields, strict=True)
        ]
        return RecordValue(tuple(name for name, _ in expr.type.fields), tuple(given))

    def _convert(self, expr: typed.Convert) -> Value:
        value = self.value(expr.operand)
        match expr.kind, value:
            case typed.Conversion.SOME, RecordValue():
                return OptionalValue(TRUE, value)
            case typed.Conversion.UNWRAP, OptionalValue(present=present, inner=inner):
                return self._guarded(inner, present, self._absent_site(expr))
            case typed.Conversion.UNWRAP, ScalarValue(expr=operand):
                scalar = scalar_type(expr.type)
                lo, hi = bounds(scalar)
                return ScalarValue(check(operand, lo, hi, self._absent_site(expr), scalar))
            case typed.Conversion.WRAP, ScalarValue(expr=operand):
                assert isinstance(expr.type, Word)
                return ScalarValue(wrap(operand, expr.type.width, expr.type.signed))
            case typed.Conversion.CHECK, ScalarValue(expr=operand):
                return ScalarValue(self.fit(operand, scalar_type(expr.type), expr.span))
            case typed.Conversion.INT, ScalarValue(expr=operand):
                site = ErrorSite("overflow", f"{quote(expr.span)} does not fit int", expr.span)
                return ScalarValue(checked_int(operand, site))
            case _:
                return value

    def fit(self, operand: Expr, type_: Scalar, span: Span) -> Expr:
        """A value for a place of ``type_``, or the found error ``range``."""
        if isinstance(type_, Scalarset) and self._is_trusted(operand):
            return operand
        lo, hi = bounds(type_)
        site = ErrorSite("range", f"{quote(span)} is outside {_shown(type_)}", span)
        return check(operand, lo, hi, site, type_)

    def _absent_site(self, expr: typed.Convert) -> ErrorSite:
        return ErrorSite("absent", f"{quote(expr.operand.span)} is none", expr.span)

    def _guarded(self, value: Value, cond: Expr, site: ErrorSite) -> Value:
        """The value, each of whose scalars needs ``cond``."""
        match value:
            case ScalarValue(expr=expr):
                return ScalarValue(require(cond, expr, site))
            case RecordValue(names=names, fields=fields):
                return RecordValue(names, tuple(self._guarded(f, cond, site) for f in fields))
            case OptionalValue(present=present, inner=inner):
                return OptionalValue(require(cond, present, site), inner)
            case SetValue(element=element, contains=contains):
                return SetValue(element, lambda e: require(cond, contains(e), site))
            case ArrayValue(dims=dims, at=at):
                return ArrayValue(dims, lambda i: self._guarded(at(i), cond, site))
            case QueueValue(capacity=capacity, length=length, at=slot):
                return QueueValue(
                    capacity,
                    require(cond, length, site),
                    lambda i: self._guarded(slot(i), cond, site),
                )
            case _:
                assert_never(value)

    # --- binders and calls -----------------------------------------------------------------

    def bind(self, local: typed.Local) -> Bound:
        """A fresh bound variable for a quantifier, choice or bulk loop."""
        domain = scalar_type(local.type)
        bound = Bound(self._context.names.fresh(local.name), domain)
        self._context.env[local] = Fixed(ScalarValue(bound))
        return bound

    def _quant(self, expr: typed.Quant) -> Expr:
        binders = [self.bind(local) for local in expr.binders]
        where = TRUE if expr.where is None else self.scalar(expr.where)
        body = self.scalar(expr.body)
        match expr.kind:
            case "forall":
                return _nest(QuantKind.FORALL, binders, implies(where, body))
            case "exists":
                return _nest(QuantKind.EXISTS, binders, and_(where, body))
            case "count":
                inner = _nest(QuantKind.COUNT, binders[-1:], and_(where, body))
                return _nest(QuantKind.SUM, binders[:-1], inner)
            case _:
                total = _nest(QuantKind.SUM, binders, ite(where, body, v.number(0)))
                return self._finish(total, Int(), expr.span)

    def _def_call(self, expr: typed.DefCall) -> Value:
        given = [self.value(arg) for arg in expr.args]
        for param, value in zip(expr.definition.params, given, strict=True):
            self._context.env[param] = Fixed(value)
        return self.value(expr.definition.body)

    def _builtin(self, expr: typed.Builtin) -> Value:
        match expr.name:
            case "held":
                return ScalarValue(self._held(expr.args[0]))
            case "locked":
                return ScalarValue(self._locked(expr.args[0]))
            case "min" | "max":
                op = BinOp.MIN if expr.name == "min" else BinOp.MAX
                left, right = (self.scalar(a) for a in expr.args)
                return ScalarValue(self._finish(arith(op, left, right), expr.type, expr.span))
            case _:
                return self._collection(expr)

    def _collection(self, expr: typed.Builtin) -> Value:
        value = self.value(expr.args[0])
        if isinstance(value, SetValue):
            names = self._context.names
            query = v.set_size if expr.name == "size" else v.set_empty
            return ScalarValue(query(value, names))
        assert isinstance(value, QueueValue)
        match expr.name:
            case "len":
                return ScalarValue(value.length)
            case "empty":
                return ScalarValue(eq(value.length, v.number(0)))
            case "full":
                return ScalarValue(eq(value.length, v.number(value.capacity)))
            case _:
                return self.front(value, expr.span)

    def front(self, queue: QueueValue, span: Span) -> Value:
        site = ErrorSite("empty", f"{quote(span)}: the queue is empty", span)
        some = compare(BinOp.GT, queue.length, v.number(0))
        return self._guarded(queue.at(v.number(0)), some, site)

    # --- locks -----------------------------------------------------------------------------

    def lock_index(self, ref: typed.Expr) -> tuple[typed.Lock, tuple[Expr, ...]]:
        assert isinstance(ref, typed.LockRef)
        dims = [scalar_type(d) for d in ref.lock.dims]
        index = tuple(self.index(i, d) for i, d in zip(ref.indices, dims, strict=True))
        return ref.lock, index

    def _held(self, ref: typed.Expr) -> Expr:
        lock, index = self.lock_index(ref)
        return locks.held(self._context.cells.lock(lock), index, self._context.me)

    def _locked(self, ref: typed.Expr) -> Expr:
        lock, index = self.lock_index(ref)
        return locks.locked(self._context.cells.lock(lock), index, self._context.names)


def _nest(kind: QuantKind, binders: list[Bound], body: Expr) -> Expr:
    for binder in reversed(binders):
        body = quant(kind, binder.name, binder.type, body)
    return body


def _negated(same: Expr) -> Expr:
    if isinstance(same, Binary) and same.op is BinOp.EQ:
        return Binary(BinOp.NE, same.left, same.right)
    return not_(same)


def _may_be_zero(expr: Expr) -> bool:
    known = extent(expr)
    return known is None or known[0] <= 0 <= known[1]


def _holds(binding: Stored, var: Var) -> bool:
    return any(cell == var for cell in shape_vars(binding.shape))


def quote(span: Span) -> str:
    text = " ".join(span.text.split())
    return f"'{text if len(text) <= 60 else text[:57] + '...'}'"


def _shown(type_: Scalar) -> str:
    lo, hi = bounds(type_)
    match type_:
        case Range() | Bool():
            return str(type_)
        case Optional(inner=inner):
            return str(inner)
        case Int() | Word():
            return f"{type_} ({lo}..{hi})"
        case _:
            return f"{type_}"
