"""Expressions: literals, conditions, quantifiers, set literals and elements."""

from __future__ import annotations

from typing import assert_never

from pinmc.base.source import Span
from pinmc.frontend.sema import typed
from pinmc.frontend.sema.base import Base
from pinmc.frontend.sema.kinds import (
    BOOL,
    INT,
    error_at,
    is_domain,
    is_error,
    is_integer,
    quote,
    shown,
)
from pinmc.frontend.sema.names import Names
from pinmc.frontend.sema.operators import Operators
from pinmc.frontend.sema.rights import Lead
from pinmc.frontend.sema.types import ArrayT, OptionalT, QueueT, SetT, Type
from pinmc.frontend.syntax import ast
from pinmc.ir.types import Range, Word


class Expressions(Names, Operators, Base):
    """``infer``: the expression's own type, helped by the type that is expected."""

    def infer(
        self, expr: ast.Expr, expected: Type | None = None, lead: Lead = Lead.NO
    ) -> typed.Expr:
        match expr:
            case ast.IntLit(value=value):
                return typed.Const(value, INT, expr.span)
            case ast.BoolLit(value=value):
                return typed.Const(int(value), BOOL, expr.span)
            case ast.NoneLit():
                return self._none(expr, expected)
            case ast.NameExpr():
                return self.name(expr, expected)
            case ast.IndexExpr():
                return self._index(expr)
            case ast.FieldExpr():
                return self.field(expr)
            case ast.CallExpr():
                return self.call(expr, expected, lead)
            case ast.UnaryExpr():
                return self.unary(expr, expected, lead)
            case ast.BinaryExpr():
                return self.binary(expr, expected, lead)
            case ast.CondExpr():
                return self._cond(expr, expected)
            case ast.QuantExpr():
                return self._quant(expr)
            case ast.SetLit():
                return self._set(expr, expected)
            case ast.AtExpr():
                return self.at(expr)
            case ast.NondetExpr():
                return self.bad(
                    "PIN311",
                    expr.span,
                    "'nondet' can only be the whole condition of 'if' or 'while'",
                    "for a free value use 'choose x: T'",
                )
            case _:
                assert_never(expr)

    # --- literals --------------------------------------------------------------------------

    def _none(self, expr: ast.NoneLit, expected: Type | None) -> typed.Expr:
        if isinstance(expected, OptionalT):
            return typed.NoneConst(expected, expr.span)
        if expected is None:
            return self.bad("PIN214", expr.span, "the type of this 'none' cannot be told")
        if is_error(expected):
            return error_at(expr.span)
        return self.bad(
            "PIN201",
            expr.span,
            f"'none' is not {shown(expected)}",
            f"only optional types have it: {expected}?",
        )

    def _set(self, expr: ast.SetLit, expected: Type | None) -> typed.Expr:
        element = expected.element if isinstance(expected, SetT) else None
        if element is None and expr.elements:
            first = self.unwrapped(self.infer(expr.elements[0])).type
            if is_error(first):
                return error_at(expr.span)
            element = first if is_domain(first) else None
        if element is None:
            return self.bad(
                "PIN214",
                expr.span,
                "the type of this set cannot be told here",
                "use it where a set type is known, such as in an assignment",
            )
        elements = tuple(self._set_element(e, element) for e in expr.elements)
        return typed.SetLit(elements, SetT(element), expr.span)

    def _set_element(self, expr: ast.Expr, element: Type) -> typed.Expr:
        found = self.check(expr, element)
        inner = found.operand if isinstance(found, typed.Convert) else found
        if not isinstance(element, Range) or not isinstance(inner, typed.Const):
            return found
        if not is_integer(inner.type) or element.lo <= inner.value <= element.hi:
            return found
        return self.bad("PIN213", expr.span, f"{inner.value} is not a value of {element}")

    # --- conditions and quantifiers ---------------------------------------------------------

    def _cond(self, expr: ast.CondExpr, expected: Type | None) -> typed.Expr:
        cond = self.check(expr.cond, BOOL)
        then = self.infer(expr.then, expected)
        orelse = self.infer(expr.orelse, expected if expected is not None else then.type)
        if is_error(then.type) or is_error(orelse.type):
            return error_at(expr.span)
        if is_integer(then.type) and is_integer(orelse.type) and not isinstance(expected, Word):
            type_ = then.type if then.type == orelse.type else INT
            return typed.Cond(cond, then, orelse, type_, expr.span)
        want = expected or self._wider(then.type, orelse.type)
        then, orelse = self.fit(then, want), self.fit(orelse, want)
        if is_error(then.type) or is_error(orelse.type):
            return error_at(expr.span)
        return typed.Cond(cond, then, orelse, want, expr.span)

    def _wider(self, a: Type, b: Type) -> Type:
        return b if isinstance(b, OptionalT | Word) else a

    def _quant(self, expr: ast.QuantExpr) -> typed.Expr:
        with self.block():
            binders = tuple(self.binder(b, typed.LocalKind.BINDER) for b in expr.binders)
            where = None if expr.where is None else self.check(expr.where, BOOL)
            body, type_ = self._quant_body(expr)
        if any(is_error(b.type) for b in binders):
            return error_at(expr.span)
        return typed.Quant(expr.kind, binders, where, body, type_, expr.span)

    def _quant_body(self, expr: ast.QuantExpr) -> tuple[typed.Expr, Type]:
        if expr.kind != "sum":
            return self.check(expr.body, BOOL), INT if expr.kind == "count" else BOOL
        return self.check(expr.body, INT), INT

    def binder(self, binder: ast.Binder, kind: typed.LocalKind) -> typed.Local:
        """A name that runs through the values of a type."""
        type_ = self.domain(binder.type, f"the values '{binder.name.name}' runs through")
        return self.declare(binder.name, type_, kind)

    # --- elements --------------------------------------------------------------------------

    def _index(self, expr: ast.IndexExpr) -> typed.Expr:
        base, indices = flattened(expr)
        entry = self.entity(base)
        if entry is not None and isinstance(entry.decl, ast.ActorDecl):
            return self.bad(
                "PIN105",
                expr.span,
                f"'{entry.name}' is an actor: write '{entry.name}[…] at label' or "
                f"'{entry.name}[…].local'",
            )
        return self.apply(self.infer(base), indices, expr.span)

    def apply(self, base: typed.Expr, indices: tuple[ast.Expr, ...], span: Span) -> typed.Expr:
        """The element of ``base`` at ``indices``, which may go through several levels."""
        if isinstance(base, typed.LockRef):
            given = self._given(base.lock.dims, indices, base.lock.name, span)
            return (
                error_at(span)
                if given is None
                else typed.LockRef(base.lock, given, base.type, span)
            )
        while indices and not is_error(base.type):
            base, indices = self._element(base, indices, span)
        return base

    def _element(
        self, base: typed.Expr, indices: tuple[ast.Expr, ...], span: Span
    ) -> tuple[typed.Expr, tuple[ast.Expr, ...]]:
        match base.type:
            case ArrayT(dims=dims, element=element):
                here, rest = indices[: len(dims)], indices[len(dims) :]
                given = self._given(dims, here, quote(base.span).strip("'"), span)
                if given is None:
                    return error_at(span), ()
                return typed.Index(base, given, element, span), rest
            case QueueT(element=element):
                position = self.check(indices[0], INT)
                return typed.Index(base, (position,), element, span), indices[1:]
            case _:
                what = f"{quote(base.span)} is {shown(base.type)}: it has no elements to index"
                return self.bad("PIN208", span, what), ()

    def _given(
        self, dims: tuple[Type, ...], indices: tuple[ast.Expr, ...], name: str, span: Span
    ) -> tuple[typed.Expr, ...] | None:
        if len(dims) != len(indices):
            needs = f"{len(dims)} {'index' if len(dims) == 1 else 'indices'}"
            if not dims:
                needs = "no index"
            self.error("PIN206", span, f"'{name}' takes {needs}, {len(indices)} given")
            return None
        return tuple(self.index(i, d) for i, d in zip(indices, dims, strict=True))

    def index(self, expr: ast.Expr, dim: Type) -> typed.Expr:
        """An index into a dimension; that it is in bounds is checked when the step is taken."""
        given = self.unwrapped(self.infer(expr, dim))
        if is_integer(given.type) and is_integer(dim):
            return given
        return self.fit(given, dim)

    def actor_indices(
        self, actor: typed.Actor, indices: tuple[ast.Expr, ...], span: Span
    ) -> tuple[typed.Expr, ...]:
        dims = tuple(p.type for p in actor.params)
        return self._given(dims, indices, actor.name, span) or ()


def flattened(expr: ast.IndexExpr) -> tuple[ast.Expr, tuple[ast.Expr, ...]]:
    """``a[i][j]`` as ``a`` and its indices in order."""
    if not isinstance(expr.base, ast.IndexExpr):
        return expr.base, expr.indices
    base, before = flattened(expr.base)
    return base, (*before, *expr.indices)
