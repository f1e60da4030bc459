"""Which named cell of a report a slot of the state belongs to."""

from __future__ import annotations

from itertools import product

from pinmc.ir.evaluate import slot
from pinmc.ir.expr import Var
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
from pinmc.ir.types import values
from pinmc.results.changes import Cell


def covers(cell: Cell, var: Var, where: int) -> bool:
    """Whether slot ``where`` of ``var`` is part of ``cell``."""
    if not any(var.name == own.name for own in shape_vars(cell.shape)):
        return False
    rest = var.dims[len(cell.index) :]
    points = product(*(values(d) for d in rest))
    return any(slot(var, (*cell.index, *more)) == where for more in points)


def shape_vars(shape: Shape) -> tuple[Var, ...]:
    """Every variable of a shape."""
    match shape:
        case CellShape(var=var):
            return (var,)
        case RecordShape(fields=fields):
            return tuple(v for _, inner in fields for v in shape_vars(inner))
        case OptionalShape(present=present, inner=inner):
            return (present, *shape_vars(inner))
        case SetShape(members=members):
            return (members,)
        case QueueShape(length=length, element=element):
            return (length, *shape_vars(element))
        case ArrayShape(element=element):
            return shape_vars(element)
        case LockShape(writer=writer, readers=readers, queued=queued):
            return tuple(v for v in (writer, readers, queued) if v is not None)
