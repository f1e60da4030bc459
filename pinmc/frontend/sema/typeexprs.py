"""Types as they are written, and the constants in them."""

from __future__ import annotations

from typing import assert_never

from pinmc.base.diagnostics import did_you_mean
from pinmc.base.source import Span
from pinmc.frontend.sema import typed
from pinmc.frontend.sema.calls import Calls
from pinmc.frontend.sema.coerce import Coercions
from pinmc.frontend.sema.evaluate import NotConstant, NoValue, evaluate
from pinmc.frontend.sema.kinds import (
    ERROR,
    INT,
    MAX_VALUES,
    cells,
    count,
    is_domain,
    is_error,
    product,
    quote,
    shown,
)
from pinmc.frontend.sema.rights import CONSTANT
from pinmc.frontend.sema.scope import Broken, TypeSymbol
from pinmc.frontend.sema.typenames import basic_names, basic_type
from pinmc.frontend.sema.types import (
    ArrayT,
    OptionalT,
    QueueT,
    RecordT,
    SetT,
    Type,
)
from pinmc.frontend.syntax import ast
from pinmc.ir.types import Int, Range, Word


class Types(Calls, Coercions):
    """Reads types; every size in them is a constant."""

    def type(self, type_: ast.TypeExpr) -> Type:
        match type_:
            case ast.NamedType(name=name):
                return self._named_type(name)
            case ast.RangeType(lo=lo, hi=hi):
                return self._range(lo, hi, type_.span)
            case ast.WordType(signed=signed, width=width):
                return self._word(signed, width)
            case ast.OptionalType(inner=inner):
                return self._optional(self.type(inner), type_.span)
            case ast.SetType(element=element):
                member = self.domain(element, "the elements of a set")
                return ERROR if is_error(member) else SetT(member)
            case ast.QueueType(capacity=capacity, element=element):
                return self._queue(capacity, element, type_.span)
            case ast.ArrayType(dims=dims, element=element):
                return self._array(dims, element, type_.span)
            case _:
                assert_never(type_)

    def domain(self, type_: ast.TypeExpr, what: str) -> Type:
        found = self.type(type_)
        if is_error(found):
            return ERROR
        if not is_domain(found):
            remedy = "a range has finitely many values, such as 0..7"
            remedy = remedy if isinstance(found, Int) else "bool, enum, range or scalarset"
            self.error(
                "PIN209",
                type_.span,
                f"{what} cannot be {shown(found)}".replace("of type ", ""),
                remedy,
            )
            return ERROR
        return found if self.limited(count(found), type_.span, str(found)) else ERROR

    def limited(self, number: int, span: Span, what: str, unit: str = "values") -> bool:
        """Whether ``number`` values or cells are not too many."""
        if number <= MAX_VALUES:
            return True
        shown_number = f"{number:,}" if number < 10**15 else "a huge number of"
        self.error(
            "PIN122",
            span,
            f"{what} has {shown_number} {unit}, at most {MAX_VALUES:,} are possible",
            "choose a smaller range; bugs show in small instances",
        )
        return False

    # --- kinds of types --------------------------------------------------------------------------

    def _named_type(self, name: ast.Ident) -> Type:
        known = basic_type(name.name)
        if known is not None:
            return known
        found = self.world.resolve(self.instance, name.name)
        if not found:
            near = did_you_mean(name.name, basic_names())
            if near and "." not in name.name:
                self.error("PIN101", name.span, f"unknown type '{name.name}'", near)
                return ERROR
        entry = self.named(name, "type")
        if entry is None:
            return ERROR
        symbol = self.world.symbol(entry)
        if isinstance(symbol, TypeSymbol):
            return symbol.type
        if not isinstance(symbol, Broken):
            self.error("PIN105", name.span, f"'{name.name}' is not a type")
        return ERROR

    def _range(self, lo: ast.Expr, hi: ast.Expr, span: Span) -> Type:
        low, high = self.constant(lo, INT), self.constant(hi, INT)
        if low is None or high is None:
            return ERROR
        if low.value > high.value:
            self.error("PIN210", span, f"the range {low.value}..{high.value} has no values")
            return ERROR
        if low.value < -(2**63) or high.value >= 2**63:
            self.error("PIN210", span, "the bounds of a range must fit 64 bits")
            return ERROR
        return Range(low.value, high.value)

    def _word(self, signed: bool, width: ast.Expr) -> Type:
        bits = self.constant(width, INT)
        if bits is None:
            return ERROR
        if not 1 <= bits.value <= 64:
            self.error("PIN210", width.span, f"a machine word has 1 to 64 bits, not {bits.value}")
            return ERROR
        return Word(bits.value, signed)

    def _optional(self, inner: Type, span: Span) -> Type:
        if is_error(inner):
            return ERROR
        if is_domain(inner) or isinstance(inner, RecordT):
            return OptionalT(inner)
        what = (
            "an optional value is absent or not, once"
            if isinstance(inner, OptionalT)
            else (
                "a range can be optional, such as 0..7?"
                if isinstance(inner, Int)
                else "scalars and records can be optional"
            )
        )
        self.error("PIN209", span, f"'{inner}?' is no type", what)
        return ERROR

    def _queue(self, capacity: ast.Expr, element: ast.TypeExpr, span: Span) -> Type:
        size, inner = self.constant(capacity, INT), self.type(element)
        if size is None or is_error(inner):
            return ERROR
        if size.value < 1:
            self.error("PIN210", capacity.span, "a queue has room for at least one element")
            return ERROR
        made = QueueT(size.value, inner)
        return made if self.limited(cells(made), span, f"'{made}'", "cells") else ERROR

    def _array(self, dims: tuple[ast.TypeExpr, ...], element: ast.TypeExpr, span: Span) -> Type:
        sizes = tuple(self.domain(d, "an index") for d in dims)
        inner = self.type(element)
        if is_error(inner) or any(is_error(d) for d in sizes):
            return ERROR
        if isinstance(inner, ArrayT):
            sizes, inner = (*sizes, *inner.dims), inner.element
        made = ArrayT(sizes, inner)
        return made if self.limited(cells(made), span, f"'{made}'", "cells") else ERROR

    # --- constants ------------------------------------------------------------------------------

    def constant(self, expr: ast.Expr, want: Type | None = None) -> typed.Const | None:
        inner = self._constant_checker()
        found = inner.infer(expr, want) if want is None else inner.check(expr, want)
        if is_error(found.type):
            return None
        try:
            value = evaluate(found)
        except NotConstant as problem:
            self.error(
                "PIN118", problem.span, f"{quote(problem.span)} is not a constant expression"
            )
            return None
        except NoValue as problem:
            self.error("PIN119", problem.span, problem.message)
            return None
        return typed.Const(value, found.type, expr.span)

    def _constant_checker(self) -> Types:
        """A checker of the same names whose expressions are constant."""
        checker = type(self)(self.world, self.instance, CONSTANT)
        checker.locals = self.locals
        return checker

    def array_of(self, dims: tuple[Type, ...], type_: Type, span: Span, what: str) -> bool:
        """Whether a variable of that shape is not too large."""
        return self.limited(product(dims) * cells(type_), span, what, "cells")
