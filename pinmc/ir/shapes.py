"""Shapes of composite variables: which scalar cells they are made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

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


def shape_vars(shape: Shape) -> Iterator[Var]:
    """Every variable of a shape."""
    match shape:
        case CellShape(var=var):
            yield var
        case RecordShape(fields=fields):
            for _, inner in fields:
                yield from shape_vars(inner)
        case OptionalShape(present=present, inner=inner):
            yield present
            yield from shape_vars(inner)
        case SetShape(members=members):
            yield members
        case QueueShape(length=length, element=element):
            yield length
            yield from shape_vars(element)
        case ArrayShape(element=element):
            yield from shape_vars(element)
        case LockShape(writer=writer, readers=readers, queued=queued):
            yield from (var for var in (writer, readers, queued) if var is not None)
        case _:
            assert_never(shape)
