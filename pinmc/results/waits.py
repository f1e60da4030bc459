"""Who waits for whom: the wait-for graph of a state, and the cycle in it if there is one."""

from __future__ import annotations

from collections.abc import Iterable

from pinmc.ir.evaluate import FoundError, slot
from pinmc.ir.expr import Const, Var
from pinmc.ir.semantics import State, evaluate, finished
from pinmc.ir.stmt import Assign
from pinmc.ir.system import Actor, Agent, PlaceInfo, System, Wait, WaitKind
from pinmc.ir.walk import statements, writes
from pinmc.results.changes import Viewer
from pinmc.results.replay import source_of
from pinmc.results.result import Blocked

_LOCKS = (WaitKind.LOCK, WaitKind.LOCK_SHARED)


def blocked_agents(viewer: Viewer, state: State, agents: Iterable[Agent]) -> list[Blocked]:
    """What each of the unfinished ``agents`` waits for."""
    return [
        _blocked(viewer, state, agent)
        for agent in agents
        if not finished(viewer.system, state, agent.number)
    ]


def _blocked(viewer: Viewer, state: State, agent: Agent) -> Blocked:
    system = viewer.system
    place = place_of(system, state, agent)
    locks = [w for w in place.waits if w.kind in _LOCKS]
    held = holders(system, state, agent, locks)
    needs = {v for w in place.waits if w.kind not in _LOCKS for v in w.reads}
    writers = [
        viewer.agents[other.number]
        for other in system.agents
        if other is not agent and needs & remaining_writes(system, state, other)
    ]
    return Blocked(
        viewer.agents[agent.number],
        source_of(place.span),
        ", ".join(w.text for w in place.waits) or place.name,
        bool(locks),
        tuple(viewer.agents[h] for h in held),
        tuple(sorted(v.name for v in needs)),
        tuple(writers),
    )


def actor_of(system: System, agent: Agent) -> Actor:
    return next(a for a in system.actors if a.name == agent.actor)


def place_of(system: System, state: State, agent: Agent) -> PlaceInfo:
    actor = actor_of(system, agent)
    return actor.places[state[slot(actor.counter, agent.args)]]


def holders(system: System, state: State, agent: Agent, waits: Iterable[Wait]) -> tuple[int, ...]:
    """The agents that hold what ``agent`` waits for, itself included in a self-deadlock."""
    actor = actor_of(system, agent)
    env = {name: value for (name, _), value in zip(actor.params, agent.args, strict=True)}
    found: set[int] = set()
    for wait in waits:
        for holder in wait.holders:
            try:
                value = evaluate(system, holder.expr, state, env)
            except FoundError:
                continue
            if holder.agent is None:
                found |= {value} if value >= 0 else set()
            elif value:
                found.add(holder.agent)
    return tuple(sorted(found))


def remaining_writes(system: System, state: State, agent: Agent) -> frozenset[Var]:
    """Every variable that the code an actor can still reach may write."""
    actor = actor_of(system, agent)
    mine = [c for c in system.commands if c.at is not None and c.at.var == actor.counter]
    seen: set[int] = set()
    waiting = [state[slot(actor.counter, agent.args)]]
    found: set[Var] = set()
    while waiting:
        place = waiting.pop()
        if place in seen:
            continue
        seen.add(place)
        for command in mine:
            if command.at is not None and command.at.place == place:
                found |= writes(command.body)
                waiting += [
                    s.value.value
                    for s in statements(command.body)
                    if isinstance(s, Assign) and s.var == actor.counter
                    if isinstance(s.value, Const)
                ]
    return frozenset(found)


def wait_cycle(viewer: Viewer, state: State) -> tuple[str, ...]:
    """Actors each of which waits for a lock that the next one holds; () if there is no cycle."""
    system = viewer.system
    waits_for: dict[int, tuple[int, ...]] = {}
    for agent in system.agents:
        place = place_of(system, state, agent)
        locks = [w for w in place.waits if w.kind in _LOCKS]
        waits_for[agent.number] = holders(system, state, agent, locks) if locks else ()
    for start in waits_for:
        cycle = _cycle_from(start, waits_for)
        if cycle:
            return tuple(viewer.agents[a] for a in cycle)
    return ()


def _cycle_from(start: int, waits_for: dict[int, tuple[int, ...]]) -> list[int]:
    """The shortest way from ``start`` back to itself."""
    paths = [[start]]
    seen: set[int] = set()
    while paths:
        path = paths.pop(0)
        for following in waits_for[path[-1]]:
            if following == start:
                return [*path, start]
            if following not in seen:
                seen.add(following)
                paths.append([*path, following])
    return []
