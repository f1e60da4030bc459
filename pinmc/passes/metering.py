"""Makes costs visible in states: each step leaves what it spent in cells of its own.

A metered System is the same System with one more variable a cost. A step adds to it; whoever
explores sets it back to zero before the next step, so that costs make no new states.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pinmc.base.records import dataclass
from pinmc.ir.expr import Binary, BinOp, Expr, Read, Storage, Var
from pinmc.ir.extent import extent
from pinmc.ir.stmt import Assign, For, If, Mark, Stmt
from pinmc.ir.system import MarkKind, System
from pinmc.ir.types import Range, size


@dataclass(frozen=True, slots=True)
class Metered:
    """``meters[i]`` is the variable of ``costs[i]``; the meters are the last slots of states."""

    system: System
    costs: tuple[str, ...]
    meters: tuple[Var, ...]


def metered(system: System, costs: tuple[str, ...]) -> Metered:
    """The System with a meter for each of ``costs``, names among ``system.costs``."""
    meters = tuple(
        Var(f"cost {name}", Range(0, _most(system, name)), (), Storage.SHARED, system.slots + n)
        for n, name in enumerate(costs)
    )
    by_mark = {
        number: meters[costs.index(mark.name)]
        for number, mark in enumerate(system.marks)
        if mark.kind is MarkKind.COST and mark.name in costs
    }
    commands = tuple(
        replace(command, body=_body(command.body, by_mark)) for command in system.commands
    )
    whole = replace(
        system,
        commands=commands,
        variables=(*system.variables, *meters),
        slots=system.slots + len(meters),
    )
    return Metered(whole, costs, meters)


def _most(system: System, name: str) -> int:
    """At most so much is spent in one step."""
    marks = {
        number
        for number, mark in enumerate(system.marks)
        if mark.kind is MarkKind.COST and mark.name == name
    }
    return max((_spent(command.body, marks) for command in system.commands), default=0)


def _spent(body: Iterable[Stmt], marks: set[int]) -> int:
    return sum(_spent_by(stmt, marks) for stmt in body)


def _spent_by(stmt: Stmt, marks: set[int]) -> int:
    match stmt:
        case Mark(mark=mark, args=(amount, *_)) if mark in marks:
            known = extent(amount)
            assert known is not None, "lowering lets only bounded amounts pass"
            return known[1]
        case If(then=then, orelse=orelse):
            return max(_spent(then, marks), _spent(orelse, marks))
        case For(domain=domain, body=body):
            return size(domain) * _spent(body, marks)
        case _:
            return 0


def _body(body: Iterable[Stmt], by_mark: dict[int, Var]) -> tuple[Stmt, ...]:
    return tuple(_stmt(stmt, by_mark) for stmt in body)


def _stmt(stmt: Stmt, by_mark: dict[int, Var]) -> Stmt:
    match stmt:
        case Mark(mark=mark, args=(amount, *_)) if mark in by_mark:
            return _add(by_mark[mark], amount)
        case If(cond=cond, then=then, orelse=orelse):
            return If(cond, _body(then, by_mark), _body(orelse, by_mark))
        case For(name=name, domain=domain, body=body):
            return For(name, domain, _body(body, by_mark))
        case _:
            return stmt


def _add(meter: Var, amount: Expr) -> Assign:
    return Assign(meter, (), Binary(BinOp.ADD, Read(meter, ()), amount))
