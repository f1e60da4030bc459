"""Claims to properties, with the clauses that explain a failure and the witnesses that show a
success is not empty."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from pinmc.frontend.lower.build import and_
from pinmc.frontend.lower.context import Context
from pinmc.frontend.lower.exprs import Exprs
from pinmc.frontend.lower.straight import exists
from pinmc.frontend.lower.values import ScalarValue
from pinmc.frontend.sema import typed
from pinmc.ir.expr import TRUE, Bound, Const, Expr, Read
from pinmc.ir.property import (
    Clause,
    Formula,
    Property,
    PropertyKind,
    Temporal,
    TemporalOp,
    Term,
    Witness,
)
from pinmc.ir.walk import subexpressions, substitute

_OPS = {op.value: op for op in TemporalOp}


def lower_claim(claim: typed.Claim, context: Context) -> tuple[Property, tuple[Witness, ...]]:
    """One claim; witnesses are for claims about states only."""
    exprs = Exprs(context)
    if claim.kind is PropertyKind.TEMPORAL:
        formula = _formula(claim.body, exprs)
        prop = Property(claim.name, claim.kind, claim.span, formula=formula, doc=claim.doc)
        return prop, ()
    body = exprs.scalar(claim.body)
    clauses = tuple(_clauses(claim.body, (), exprs))
    prop = Property(claim.name, claim.kind, claim.span, body, clauses=clauses, doc=claim.doc)
    if claim.kind not in (PropertyKind.INVARIANT, PropertyKind.LEMMA):
        return prop, ()
    return prop, tuple(_witnesses(claim.name, claim.body, [], TRUE, exprs))


def _formula(expr: typed.Expr, exprs: Exprs) -> Formula:
    if isinstance(expr, typed.Temporal):
        return Temporal(_OPS[expr.op], tuple(_formula(o, exprs) for o in expr.operands))
    return exprs.scalar(expr)


# --- clauses -----------------------------------------------------------------------------------


def _clauses(expr: typed.Expr, binders: tuple[Bound, ...], exprs: Exprs) -> Iterator[Clause]:
    match expr:
        case typed.Binary(op="and", left=left, right=right):
            yield from _clauses(left, binders, exprs)
            yield from _clauses(right, binders, exprs)
        case typed.Quant(kind="forall", binders=names, where=None, body=body):
            more = tuple(exprs.bind(local) for local in names)
            yield from _clauses(body, (*binders, *more), exprs)
        case _:
            lowered = exprs.scalar(expr)
            terms = {t.text: t for t in _terms(expr, exprs)}
            shown = tuple((b.name.split("~")[0], b.type) for b in binders)
            renamed = {b.name: Bound(b.name.split("~")[0], b.type) for b in binders}
            yield Clause(
                expr.span,
                shown,
                _rename(lowered, renamed),
                tuple(Term(t.text, _rename(t.expr, renamed)) for t in terms.values()),
            )


def _rename(expr: Expr, by: dict[str, Bound]) -> Expr:
    return substitute(expr, by)


def _terms(expr: typed.Expr, exprs: Exprs) -> Iterator[Term]:
    """The smallest pieces whose values tell why a claim fails: no constants, no operators."""
    match expr:
        case typed.Const() | typed.NoneConst() | typed.Temporal() | typed.Nondet():
            return
        case typed.Quant() | typed.SetLit() | typed.RecordLit() | typed.LockRef():
            return
        case typed.Binary(left=left, right=right):
            yield from _terms(left, exprs)
            yield from _terms(right, exprs)
        case typed.Unary(operand=operand) | typed.Convert(operand=operand):
            yield from _terms(operand, exprs)
        case typed.Cond(cond=cond, then=then, orelse=orelse):
            for part in (cond, then, orelse):
                yield from _terms(part, exprs)
        case (
            typed.VarRef()
            | typed.LocalRef()
            | typed.ActorLocal()
            | typed.Index()
            | typed.Field()
            | typed.Builtin()
            | typed.At()
            | typed.DefCall()
            | typed.CallValue()
        ):
            yield from _term(expr, exprs)
        case _:
            assert_never(expr)


def _term(expr: typed.Expr, exprs: Exprs) -> Iterator[Term]:
    value = exprs.value(expr)
    if isinstance(value, ScalarValue) and not isinstance(value.expr, Const | Bound):
        yield Term(" ".join(expr.span.text.split()), value.expr)


# --- witnesses ---------------------------------------------------------------------------------


def _witnesses(
    name: str, expr: typed.Expr, binders: list[Bound], so_far: Expr, exprs: Exprs
) -> Iterator[Witness]:
    """The left side of an implication, and what a ``forall … where`` ranges over."""
    match expr:
        case typed.Binary(op="and", left=left, right=right):
            yield from _witnesses(name, left, binders, so_far, exprs)
            yield from _witnesses(name, right, binders, so_far, exprs)
        case typed.Binary(op="implies", left=left, right=right):
            condition = and_(so_far, exprs.scalar(left))
            yield from _witness(name, left, binders, condition, "the left side of 'implies'")
            yield from _witnesses(name, right, binders, condition, exprs)
        case typed.Quant(kind="forall", binders=names, where=where, body=body):
            binders = binders + [exprs.bind(local) for local in names]
            if where is not None:
                so_far = and_(so_far, exprs.scalar(where))
                yield from _witness(name, where, binders, so_far, "the range of 'forall … where'")
            yield from _witnesses(name, body, binders, so_far, exprs)
        case _:
            return


def _witness(
    name: str, expr: typed.Expr, binders: list[Bound], condition: Expr, what: str
) -> Iterator[Witness]:
    if isinstance(condition, Const) or any(
        isinstance(e, Read) and e.primed for e in subexpressions(condition)
    ):
        return
    text = f"{what}, {' '.join(expr.span.text.split())}, was never true"
    yield Witness(name, text, expr.span, exists(binders, condition))
