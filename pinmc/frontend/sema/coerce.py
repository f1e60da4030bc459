"""Conversions: making a typed expression fit the type that is wanted."""

from __future__ import annotations

from pinmc.frontend.sema import typed
from pinmc.frontend.sema.base import Base
from pinmc.frontend.sema.evaluate import fold
from pinmc.frontend.sema.kinds import (
    error_at,
    is_error,
    is_integer,
    quote,
    shown,
    stripped,
)
from pinmc.frontend.sema.rights import Lead
from pinmc.frontend.sema.types import OptionalT, Type
from pinmc.frontend.syntax import ast
from pinmc.ir.types import Range, Word, bounds

_Kind = typed.Conversion


class Coercions(Base):
    """The conversions that need not be written."""

    def check(self, expr: ast.Expr, want: Type, lead: Lead = Lead.NO) -> typed.Expr:
        return self.fit(self.infer(expr, want, lead), want)

    def fit(self, expr: typed.Expr, want: Type, stored: bool = False) -> typed.Expr:
        have = expr.type
        if is_error(have) or is_error(want) or have == want:
            return expr
        if isinstance(want, OptionalT):
            return self._some(expr, want)
        if isinstance(have, OptionalT) and _agree(have.inner, want):
            return self.fit(self.unwrapped(expr), want, stored)
        if is_integer(have) and is_integer(want):
            return expr if stored or _fits(expr, want) else _checked(expr, want)
        if isinstance(want, Word) and is_integer(have):
            return self._adopt(expr, want)
        return self._mismatch(expr, want)

    def unwrapped(self, expr: typed.Expr) -> typed.Expr:
        if not isinstance(expr.type, OptionalT):
            return expr
        if isinstance(expr, typed.NoneConst):
            return self.bad("PIN201", expr.span, "'none' is no value here")
        return typed.Convert(_Kind.UNWRAP, expr, expr.type.inner, expr.span)

    def _some(self, expr: typed.Expr, want: OptionalT) -> typed.Expr:
        if isinstance(expr.type, OptionalT):
            return self._mismatch(expr, want)
        inner = self.fit(expr, want.inner)
        if is_error(inner.type):
            return inner
        return typed.Convert(_Kind.SOME, inner, want, expr.span)

    def _adopt(self, expr: typed.Expr, want: Word) -> typed.Expr:
        """An integer constant takes the word type it meets; other integers do not."""
        value = fold(expr)
        if value is None:
            return self.bad(
                "PIN212",
                expr.span,
                f"{quote(expr.span)} is {shown(expr.type)}, {want} is needed here",
                f"words and integers do not mix: convert it, such as {_conversion(want)}",
            )
        lo, hi = bounds(want)
        if not lo <= value <= hi:
            return self.bad(
                "PIN213", expr.span, f"{value} is not a value of {want}", f"it has {lo} to {hi}"
            )
        return typed.Const(value, want, expr.span)

    def _mismatch(self, expr: typed.Expr, want: Type) -> typed.Expr:
        have = expr.type
        remedy = ""
        if isinstance(have, Word) and is_integer(stripped(want)):
            remedy = "words and integers do not mix: convert it with int(…)"
        elif isinstance(have, Word) and isinstance(want, Word):
            remedy = f"convert it, such as {_conversion(want)}"
        code = "PIN212" if remedy else "PIN201"
        self.error(
            code,
            expr.span,
            f"{quote(expr.span)} is {shown(have)}, but it must be {shown(want)}",
            remedy,
        )
        return error_at(expr.span)


def _conversion(want: Word) -> str:
    usual = want.width in (8, 16, 32, 64)
    if usual:
        return f"{'s' if want.signed else 'u'}{want.width}(…)"
    return f"W(…) with 'type W = {want}'"


def _agree(inner: Type, want: Type) -> bool:
    return inner == want or (is_integer(inner) and is_integer(want))


def _fits(expr: typed.Expr, want: Type) -> bool:
    if not isinstance(want, Range):
        return True
    if isinstance(expr, typed.Const):
        return want.lo <= expr.value <= want.hi
    have = expr.type
    return isinstance(have, Range) and want.lo <= have.lo and have.hi <= want.hi


def _checked(expr: typed.Expr, want: Type) -> typed.Expr:
    return typed.Convert(_Kind.CHECK, expr, want, expr.span)
