"""What a command's body does: the reference definition.

A body is executed on copies of the state and of fresh temporaries; either all of it happens or
nothing does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import TypeAlias, assert_never

from pinmc.base.records import dataclass
from pinmc.ir.evaluate import FoundError, Scope, cells, slot, value_of
from pinmc.ir.expr import Expr, Storage, Var
from pinmc.ir.stmt import Assert, Assign, Assume, For, If, Mark, Stmt, Unused
from pinmc.ir.types import Scalar, bounds, values

MarkCall: TypeAlias = tuple[int, tuple[int | None, ...]]
"""A mark that was executed and its arguments; None where an argument could not be evaluated."""


class NotEnabled(Exception):
    """An ``Assume`` or ``Unused`` does not hold: the instance is not enabled."""


@dataclass(slots=True)
class Frame:
    """A body in the middle of its execution: ``state`` and ``temps`` are changed in place."""

    state: list[int]
    temps: list[int]
    bound: Mapping[str, int]
    marks: list[MarkCall] = field(default_factory=list)

    def value(self, expr: Expr) -> int:
        return value_of(expr, Scope(self.state, self.temps, self.bound))


def least_values(variables: Iterable[Var], slots: int) -> list[int]:
    """A vector of ``slots`` cells in which every variable has the least value of its type."""
    vector = [0] * slots
    for var in variables:
        lo, _ = bounds(var.type)
        vector[var.offset : var.offset + cells(var)] = [lo] * cells(var)
    return vector


def fresh_temps(temps: Sequence[Var]) -> list[int]:
    """The temporaries of one command instance before it runs."""
    return least_values(temps, max((t.offset + cells(t) for t in temps), default=0))


def assignments(domains: Sequence[Scalar]) -> Iterator[tuple[int, ...]]:
    """All tuples of values in row-major ascending order, made one at a time."""
    if not domains:
        yield ()
        return
    for first in values(domains[0]):
        for rest in assignments(domains[1:]):
            yield (first, *rest)


def run(body: Sequence[Stmt], frame: Frame) -> None:
    """Execute the statements in order; raises ``FoundError`` or ``NotEnabled``."""
    for stmt in body:
        _run_one(stmt, frame)


def _run_one(stmt: Stmt, frame: Frame) -> None:
    match stmt:
        case Assign():
            _assign(stmt, frame)
        case If(cond=cond, then=then, orelse=orelse):
            run(then if frame.value(cond) else orelse, frame)
        case For():
            _for(stmt, frame)
        case Assume(cond=cond):
            if not frame.value(cond):
                raise NotEnabled
        case Assert(cond=cond, site=site):
            if not frame.value(cond):
                raise FoundError(site)
        case Mark(mark=mark, args=args):
            frame.marks.append((mark, tuple(_shown(arg, frame) for arg in args)))
        case Unused(name=name, domain=domain):
            if frame.bound[name] != bounds(domain)[0]:
                raise NotEnabled
        case _:
            assert_never(stmt)


def _assign(stmt: Assign, frame: Frame) -> None:
    """Indices first, left to right, then the value."""
    where = slot(stmt.var, [frame.value(index) for index in stmt.index])
    vector = frame.temps if stmt.var.storage is Storage.TEMP else frame.state
    vector[where] = frame.value(stmt.value)


def _for(stmt: For, frame: Frame) -> None:
    outside = frame.bound
    for value in values(stmt.domain):
        frame.bound = {**outside, stmt.name: value}
        run(stmt.body, frame)
    frame.bound = outside


def _shown(arg: Expr, frame: Frame) -> int | None:
    try:
        return frame.value(arg)
    except FoundError:
        return None
