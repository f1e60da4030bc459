"""What an actor may still do: the places it can reach, and the variables written on the way."""

from __future__ import annotations

from collections.abc import Iterator, Set

from pinmc.ir.command import Command
from pinmc.ir.evaluate import slot
from pinmc.ir.expr import Const, Expr, Ite, Var
from pinmc.ir.semantics import State
from pinmc.ir.stmt import Assign
from pinmc.ir.system import Actor, System
from pinmc.ir.walk import statements, writes
from pinmc.results.changes import agent_name


def remaining_writers(system: System, state: State, needed: Set[Var | None]) -> list[str]:
    """The actor instances whose remaining code writes one of ``needed``, then such rules."""
    if not needed:
        return []
    found: list[str] = []
    for agent in system.agents:
        actor = next(a for a in system.actors if a.name == agent.actor)
        place = state[slot(actor.counter, agent.args)]
        if needed & _written_from(system, actor, place):
            found.append(agent_name(system, agent.number))
    for command in system.commands:
        if command.at is None and needed & writes(command.body):
            found.append(f"rule {command.actor}")
    return list(dict.fromkeys(found))


def _written_from(system: System, actor: Actor, place: int) -> frozenset[Var]:
    """Everything the actor's code may write from ``place`` on."""
    found: set[Var] = set()
    seen = {place}
    waiting = [place]
    while waiting:
        here = waiting.pop()
        for command in _commands_at(system, actor, here):
            found |= writes(command.body)
            for following in _next_places(command, actor.counter):
                if following not in seen:
                    seen.add(following)
                    waiting.append(following)
    return frozenset(found)


def _commands_at(system: System, actor: Actor, place: int) -> Iterator[Command]:
    for command in system.commands:
        at = command.at
        if at is not None and at.var == actor.counter and at.place == place:
            yield command


def _next_places(command: Command, counter: Var) -> Iterator[int]:
    for stmt in statements(command.body):
        if isinstance(stmt, Assign) and stmt.var == counter:
            yield from _constants(stmt.value)


def _constants(expr: Expr) -> Iterator[int]:
    match expr:
        case Const(value=value):
            yield value
        case Ite(then=then, orelse=orelse):
            yield from _constants(then)
            yield from _constants(orelse)
