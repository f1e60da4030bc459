"""Where every variable lies in the state vector, and how reports show it."""

from __future__ import annotations

from collections.abc import Iterable

from pinmc.frontend.lower.cells import scalar_type
from pinmc.frontend.lower.context import Cells
from pinmc.frontend.lower.emit import Map
from pinmc.frontend.sema import typed
from pinmc.ir.evaluate import cells
from pinmc.ir.expr import Storage, Var
from pinmc.ir.system import ArrayShape, View

_ORDER = (Storage.PLACE, Storage.SHARED, Storage.LOCK, Storage.LOCAL, Storage.GHOST)


def lay_out(table: Cells) -> tuple[tuple[Var, ...], int]:
    """All variables with their offsets set, program counters first, and the number of slots.

    Expressions made before hold the same Var objects, whose offsets are only known once every
    variable is: so they are set here, once, before anybody else sees them.
    """
    found = sorted(table.all(), key=lambda var: _ORDER.index(var.storage))
    offset = 0
    for var in found:
        object.__setattr__(var, "offset", offset)
        offset += cells(var)
    return tuple(found), offset


def views(spec: typed.Spec, table: Cells, maps: Iterable[Map]) -> tuple[View, ...]:
    """Shared variables and locks in the spec's order, then every actor's locals."""
    found = [_variable(symbol, table) for symbol in spec.variables if table.is_used(symbol)]
    found += [_lock(symbol, table) for symbol in spec.locks if table.is_used(symbol)]
    for map_ in maps:
        dims = tuple(p.type for p in map_.params)
        for local, shape in map_.flow.locals.items():
            name, actor = local.name, map_.symbol.name
            found.append(View(name, dims, shape, False, local.span, actor))
    return tuple(found)


def _variable(symbol: typed.Variable, table: Cells) -> View:
    shape = table.variable(symbol)
    if symbol.dims and isinstance(shape, ArrayShape):
        return View(symbol.name, shape.dims, shape.element, symbol.ghost, symbol.span)
    return View(symbol.name, (), shape, symbol.ghost, symbol.span)


def _lock(symbol: typed.Lock, table: Cells) -> View:
    dims = tuple(scalar_type(d) for d in symbol.dims)
    return View(symbol.name, dims, table.lock(symbol), False, symbol.span)
