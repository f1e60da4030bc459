"""The value of an expression as a term, and the conditions under which it is a found error."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from itertools import product
from typing import assert_never

from pinmc.base.records import dataclass
from pinmc.engines.smt.script.arithmetic import bitwise, divided, shifted, wrapped
from pinmc.engines.smt.script.terms import (
    FALSE,
    TRUE,
    NotExpressible,
    Term,
    add,
    and_,
    as_bool,
    as_int,
    compare,
    eq,
    implies,
    ite,
    multiply,
    negate,
    not_,
    number,
    or_,
    subtract,
    truth,
    within,
)
from pinmc.ir.evaluate import slot
from pinmc.ir.expr import (
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
    type_of,
)
from pinmc.ir.extent import extent
from pinmc.ir.types import INT64_MAX, INT64_MIN, Bool, Int, Scalar, bounds, size, values

_MOST_UNFOLDED = 4096
"""A quantifier or index over more values is not written out."""

Error = tuple[str, Term]
"""The property that a found error counts under, and when it is the first one met."""


@dataclass(frozen=True, slots=True)
class Value:
    """``term`` is only meaningful where none of ``errors`` is true."""

    term: Term
    errors: tuple[Error, ...] = ()

    @property
    def failed(self) -> Term:
        return or_(*(when for _, when in self.errors))


@dataclass(frozen=True, slots=True)
class Cells:
    """What an expression may look at: the terms of the state's slots, of the temporaries' slots
    and, in a step invariant, of the next state's. ``share`` may give a long term a name."""

    state: Sequence[Term]
    temps: Sequence[Term] = ()
    primed: Sequence[Term] = ()
    bound: Mapping[str, Term] = field(default_factory=dict)
    share: Callable[[Term], Term] = lambda term: term

    def bind(self, name: str, term: Term) -> Cells:
        return Cells(self.state, self.temps, self.primed, {**self.bound, name: term}, self.share)

    def of(self, read: Read) -> Sequence[Term]:
        if read.var.storage is Storage.TEMP:
            return self.temps
        return self.primed if read.primed else self.state


def value(expr: Expr, cells: Cells) -> Value:
    """The value of ``expr``. Raises NotExpressible."""
    match expr:
        case Const(value=given, type=Bool()):
            return Value(truth(bool(given)))
        case Const(value=given):
            return Value(number(int(given)))
        case Bound(name=name):
            return Value(cells.bound[name])
        case Read(index=index):
            parts, errors = _all(index, cells)
            return Value(read_cell(cells.of(expr), expr.var, parts), errors)
        case Unary(op=op, operand=operand):
            inner = value(operand, cells)
            return Value(_unary(op, inner.term), inner.errors)
        case Binary():
            return _binary(expr, cells)
        case Ite(cond=cond, then=then, orelse=orelse):
            return _ite(value(cond, cells), value(then, cells), value(orelse, cells))
        case Quant():
            return _quantified(expr, cells)
        case Check(operand=operand, lo=lo, hi=hi, site=site):
            return _checked(value(operand, cells), expr, lo, hi, site)
        case Require(cond=cond, operand=operand, site=site):
            return _required(value(cond, cells), value(operand, cells), site)
        case Wrap(operand=operand, width=width, signed=signed):
            inner = value(operand, cells)
            return Value(wrapped(inner.term, width, signed), inner.errors)
        case AgentOf():
            return _agent(expr, cells)
        case _:
            assert_never(expr)


def _all(exprs: Sequence[Expr], cells: Cells) -> tuple[list[Term], tuple[Error, ...]]:
    """The terms of several expressions, evaluated one after the other."""
    terms: list[Term] = []
    errors: tuple[Error, ...] = ()
    for expr in exprs:
        one = value(expr, cells)
        errors = after(errors, TRUE, one.errors)
        terms.append(one.term)
    return terms, errors


def after(first: tuple[Error, ...], when: Term, then: tuple[Error, ...]) -> tuple[Error, ...]:
    """The errors of something evaluated second, and only ``when``."""
    if not then:
        return first
    passed = and_(not_(or_(*(condition for _, condition in first))), when)
    later = ((claim, and_(passed, condition)) for claim, condition in then)
    return first + tuple((claim, c) for claim, c in later if c.known != 0)


# --- cells -------------------------------------------------------------------------------------


def read_cell(vector: Sequence[Term], var: Var, index: Sequence[Term]) -> Term:
    """A cell under indices that may be unknown: a choice among all it may be."""
    found: Term | None = None
    for here, position in reversed(list(positions(var, index))):
        found = vector[position] if found is None else ite(here, vector[position], found)
    assert found is not None
    return found


def positions(var: Var, index: Sequence[Term]) -> Iterator[tuple[Term, int]]:
    """Every slot that ``var[index]`` may be, and when it is that one."""
    if any(isinstance(dim, Int) for dim in var.dims):
        raise NotExpressible(f"{var.name} is indexed by numbers without bounds")
    options = [_options(dim, term) for dim, term in zip(var.dims, index, strict=True)]
    for chosen in product(*options):
        here = and_(
            *(eq(term, number(v)) for term, v in zip(index, chosen, strict=True) if _open(term))
        )
        yield here, slot(var, chosen)


def _open(term: Term) -> bool:
    return term.known is None


def _options(dim: Scalar, term: Term) -> Sequence[int]:
    lo, hi = bounds(dim)
    if term.known is not None and lo <= term.known <= hi:
        return [term.known]
    if size(dim) > _MOST_UNFOLDED:
        raise NotExpressible(f"an unknown index among {size(dim)}")
    return values(dim)


# --- operators ---------------------------------------------------------------------------------


def _unary(op: UnOp, term: Term) -> Term:
    match op:
        case UnOp.NOT:
            return not_(term)
        case UnOp.NEG:
            return negate(term)
        case UnOp.INVERT:
            return subtract(number(-1), term)
        case _:
            assert_never(op)


def _binary(expr: Binary, cells: Cells) -> Value:
    left, right = value(expr.left, cells), value(expr.right, cells)
    a, b = left.term, right.term
    match expr.op:
        case BinOp.AND:
            return Value(and_(a, b), after(left.errors, as_bool(a), right.errors))
        case BinOp.OR:
            return Value(or_(a, b), after(left.errors, not_(a), right.errors))
        case BinOp.IMPLIES:
            return Value(implies(a, b), after(left.errors, as_bool(a), right.errors))
        case _:
            return Value(_strict(expr, a, b), after(left.errors, TRUE, right.errors))


def _strict(expr: Binary, a: Term, b: Term) -> Term:
    match expr.op:
        case BinOp.EQ:
            return eq(a, b)
        case BinOp.NE:
            return not_(eq(a, b))
        case BinOp.LT | BinOp.LE | BinOp.GT | BinOp.GE:
            return compare(expr.op.value, a, b)
        case BinOp.ADD:
            return add(a, b)
        case BinOp.SUB:
            return subtract(a, b)
        case BinOp.MUL:
            return multiply(a, b)
        case BinOp.DIV | BinOp.MOD:
            return divided(expr.op, a, b)
        case BinOp.SHL | BinOp.SHR:
            return shifted(expr.op, a, as_int(b), extent(expr.right))
        case BinOp.MIN:
            return ite(compare("<=", a, b), as_int(a), as_int(b))
        case BinOp.MAX:
            return ite(compare(">=", a, b), as_int(a), as_int(b))
        case _:
            return bitwise(expr.op, a, b, extent(expr.left), extent(expr.right))


def _ite(cond: Value, then: Value, orelse: Value) -> Value:
    errors = after(cond.errors, as_bool(cond.term), then.errors)
    passed = not_(cond.failed)
    other = tuple(
        (claim, and_(passed, not_(cond.term), condition)) for claim, condition in orelse.errors
    )
    errors += tuple(error for error in other if error[1].known != 0)
    return Value(ite(cond.term, then.term, orelse.term), errors)


def _quantified(quant: Quant, cells: Cells) -> Value:
    if isinstance(quant.domain, Int) or size(quant.domain) > _MOST_UNFOLDED:
        raise NotExpressible(f"'{quant.kind.value}' over so many values")
    going: Term = TRUE
    errors: tuple[Error, ...] = ()
    terms = []
    for each in values(quant.domain):
        one = value(quant.body, cells.bind(quant.name, number(each)))
        errors = after(errors, going, one.errors)
        terms.append(one.term)
        if quant.kind is QuantKind.FORALL:
            going = and_(going, one.term)
        elif quant.kind is QuantKind.EXISTS:
            going = and_(going, not_(one.term))
    return Value(_total(quant.kind, terms), errors)


def _total(kind: QuantKind, terms: Sequence[Term]) -> Term:
    match kind:
        case QuantKind.FORALL:
            return and_(*terms)
        case QuantKind.EXISTS:
            return or_(*terms)
        case QuantKind.COUNT | QuantKind.SUM:
            total = number(0)
            for term in terms:
                total = add(total, as_int(term))
            return total
        case _:
            assert_never(kind)


# --- what may go wrong -------------------------------------------------------------------------


def _checked(inner: Value, check: Check, lo: int, hi: int, site: ErrorSite) -> Value:
    if unbounded(check):
        return inner
    wrong = not_(within(as_int(inner.term), lo, hi))
    errors = after(inner.errors, TRUE, ((site.claim, wrong),) if wrong.known != 0 else ())
    boolean = isinstance(type_of(check), Bool)
    return Value(as_bool(inner.term) if boolean else inner.term, errors)


def unbounded(check: Check) -> bool:
    """Whether it is the check that an ``int`` fits 64 bits: in proofs it is unbounded."""
    return isinstance(check.type, Int) and (check.lo, check.hi) == (INT64_MIN, INT64_MAX)


def _required(cond: Value, operand: Value, site: ErrorSite) -> Value:
    errors = after(cond.errors, TRUE, ((site.claim, not_(cond.term)),))
    errors = tuple(error for error in errors if error[1] != FALSE)
    return Value(operand.term, after(errors, TRUE, operand.errors))


def _agent(expr: AgentOf, cells: Cells) -> Value:
    terms, errors = _all(expr.args, cells)
    position = number(0)
    for domain, term in zip(expr.domains, terms, strict=True):
        offset = subtract(as_int(term), number(bounds(domain)[0]))
        position = add(multiply(position, number(size(domain))), offset)
    return Value(add(number(expr.base), position), errors)
