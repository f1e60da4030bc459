"""The initial states: every variable's first value, the ``init`` blocks, the actors' entries."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from pinmc.frontend.lower.cells import default_scalar, scalar_type
from pinmc.frontend.lower.code import NOTHING, Code, assume, seq
from pinmc.frontend.lower.context import Context, Fixed
from pinmc.frontend.lower.straight import Straight
from pinmc.frontend.lower.values import ArrayValue, ScalarValue, Value
from pinmc.frontend.sema import typed
from pinmc.frontend.sema.types import ArrayT, Type
from pinmc.ir.command import Param
from pinmc.ir.expr import Bound, Const, Expr, Var
from pinmc.ir.shapes import shape_vars
from pinmc.ir.stmt import Assign, For, Stmt
from pinmc.ir.types import Int, bounds, size, values

_MOST_ANY_CELLS = 256
_WIDEST_ANY = 65_536


def variable(symbol: typed.Variable, context: Context) -> Code:
    """The first value of one variable."""
    straight = Straight(context)
    shape = context.cells.variable(symbol)
    if symbol.any:
        return _any(symbol, straight, context)
    if symbol.init is None:
        return Code(tuple(s for var in shape_vars(shape) for s in default_cells(var)))
    value = _per_index(symbol, straight)
    whole: Type = ArrayT(symbol.dims, symbol.type) if symbol.dims else symbol.type
    return straight.store(shape, (), value, whole, symbol.init.span)


def _per_index(symbol: typed.Variable, straight: Straight) -> Value:
    assert symbol.init is not None
    init = symbol.init
    if not symbol.dims:
        return straight.exprs.value(init)
    dims = tuple(scalar_type(d) for d in symbol.dims)

    def at(index: tuple[Expr, ...]) -> Value:
        for binder, expr in zip(symbol.binders, index, strict=True):
            straight.context.env[binder] = Fixed(ScalarValue(expr))
        return straight.exprs.value(init)

    return ArrayValue(dims, at)


def default_cells(var: Var) -> Iterator[Stmt]:
    """Assigns the default to every cell, unless it is what the vector begins with."""
    default = default_scalar(var.type)
    if default.value == bounds(var.type)[0]:
        return
    binders = tuple(Bound(f"{var.name}~init{n}", d) for n, d in enumerate(var.dims))
    stmt: Stmt = Assign(var, binders, default)
    for binder in reversed(binders):
        stmt = For(binder.name, binder.type, (stmt,))
    yield stmt


def _any(symbol: typed.Variable, straight: Straight, context: Context) -> Code:
    """A choice for every cell, then the condition at every index."""
    parts: list[Code] = []
    for var in shape_vars(context.cells.variable(symbol)):
        parts += [_any_cell(symbol, var, index, context) for index in _indices(var)]
        if isinstance(parts[-1], _Refused):
            return NOTHING
        if len(parts) > _MOST_ANY_CELLS:
            context.reporter.error(
                "PIN355",
                symbol.span,
                f"'any' would choose more than {_MOST_ANY_CELLS} cells of '{symbol.name}'",
                "use a smaller index type or a fixed first value",
            )
            return NOTHING
    return seq(*parts, _where(symbol, straight))


class _Refused(Code):
    """Marks a cell whose type has too many values to try."""


def _any_cell(symbol: typed.Variable, var: Var, index: tuple[Expr, ...], context: Context) -> Code:
    if isinstance(var.type, Int) or size(var.type) > _WIDEST_ANY:
        context.reporter.error(
            "PIN355",
            symbol.span,
            f"'any' would try every value of {var.type}",
            "give a smaller type or a fixed first value",
        )
        return _Refused()
    bound = Bound(context.names.fresh(f"any {var.name}"), var.type)
    return Code((Assign(var, index, bound),), (Param(bound.name, var.type),))


def _indices(var: Var) -> Iterator[tuple[Expr, ...]]:
    for point in product(*(values(d) for d in var.dims)):
        yield tuple(Const(p, d) for p, d in zip(point, var.dims, strict=True))


def _where(symbol: typed.Variable, straight: Straight) -> Code:
    if symbol.where is None:
        return NOTHING
    dims = tuple(scalar_type(d) for d in symbol.dims)
    parts: list[Code] = []
    for point in product(*(values(d) for d in dims)):
        for binder, value, dim in zip(symbol.binders, point, dims, strict=True):
            straight.context.env[binder] = Fixed(ScalarValue(Const(value, dim)))
        parts.append(assume(straight.exprs.scalar(symbol.where)))
    return seq(*parts)


def block(body: typed.Block, context: Context) -> Code:
    return Straight(context).run(body.stmts)


def for_all(binders: tuple[Bound, ...], body: Code) -> Code:
    """The body once for every instance of an actor."""
    stmts = body.stmts
    for binder in reversed(binders):
        stmts = (For(binder.name, binder.type, stmts),)
    return Code(stmts, body.params)
