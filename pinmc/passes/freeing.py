"""Variables that stand for constants: in the beginning they have any value that is allowed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from pinmc.ir.expr import Expr
from pinmc.ir.stmt import Assign, Assume, Stmt
from pinmc.ir.system import System


def let_go(system: System, names: Collection[str], conditions: Collection[str]) -> System:
    """``system`` with the variables ``names`` unassigned in the beginning, where instead the
    lemmas called one of ``conditions`` are assumed of them; these are no longer among its
    properties."""
    assumed: list[Expr] = []
    kept = []
    for prop in system.properties:
        if prop.name in conditions and prop.expr is not None:
            assumed.append(prop.expr)
        else:
            kept.append(prop)
    body: list[Stmt] = [
        stmt
        for stmt in system.initial.body
        if not (isinstance(stmt, Assign) and stmt.var.name in names)
    ]
    body += [Assume(condition) for condition in assumed]
    witnesses = tuple(w for w in system.witnesses if w.property not in conditions)
    initial = replace(system.initial, body=tuple(body))
    return replace(system, initial=initial, properties=tuple(kept), witnesses=witnesses)


def same_steps(one: System, other: System) -> bool:
    """Whether two systems have the same actors, places and commands, by name."""
    return _steps(one) == _steps(other)


def _steps(system: System) -> tuple[object, ...]:
    places = [(a.name, tuple(p.name for p in a.places)) for a in system.actors]
    return (*places, *(command.name for command in system.commands))
