"""Who waits for whom in a state where somebody cannot move."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pinmc.base.records import dataclass
from pinmc.ir.command import Command
from pinmc.ir.evaluate import FoundError, Scope, cells, slot, value_of
from pinmc.ir.execute import assignments, fresh_temps
from pinmc.ir.expr import Expr, Read, Storage, Var, type_of
from pinmc.ir.semantics import State
from pinmc.ir.system import Actor, Agent, Holder, LockShape, PlaceInfo, System, Wait, WaitKind
from pinmc.ir.types import Bool, Optional, absent, size
from pinmc.ir.walk import subexpressions
from pinmc.results.changes import agent_name
from pinmc.results.names import shown_by_slot
from pinmc.results.remaining import remaining_writers
from pinmc.results.result import Blocked
from pinmc.results.trace import source_of
from pinmc.results.watched import Watched

_LOCKS = (WaitKind.LOCK, WaitKind.LOCK_SHARED)
_MOST_INSTANCES = 256


@dataclass(frozen=True, slots=True)
class _Seat:
    """An actor instance and the place where it is."""

    agent: Agent
    actor: Actor
    place: PlaceInfo
    bound: dict[str, int]


def blocked_agents(system: System, state: State, agents: Sequence[int]) -> list[Blocked]:
    """Each of ``agents``: where it waits, what for, and who could end that."""
    return [_blocked(system, state, _seat(system, state, number)) for number in agents]


def _seat(system: System, state: State, number: int) -> _Seat:
    agent = system.agents[number]
    actor = next(a for a in system.actors if a.name == agent.actor)
    place = actor.places[state[slot(actor.counter, agent.args)]]
    bound = {name: value for (name, _), value in zip(actor.params, agent.args, strict=True)}
    return _Seat(agent, actor, place, bound)


def _blocked(system: System, state: State, seat: _Seat) -> Blocked:
    waits = seat.place.waits
    is_lock = bool(waits) and all(wait.kind in _LOCKS for wait in waits)
    needed = _cells_needed(system, state, seat)
    holders = _holders(system, state, seat)
    if not is_lock:
        me = seat.agent.number
        holders |= {h for position in needed for h in _lock_holders(system, state, position, me)}
    needs = {} if is_lock else _needs(system, seat, needed)
    writers = remaining_writers(system, state, set(needs.values()) - {None})
    return Blocked(
        actor=agent_name(system, seat.agent.number),
        source=source_of(seat.place.span),
        waits_for=" or ".join(_wait_text(system, state, seat, w) for w in waits) or seat.place.name,
        is_lock=is_lock,
        holders=tuple(agent_name(system, number) for number in sorted(holders)),
        needs=tuple(needs),
        writers=tuple(writers),
    )


# --- locks -------------------------------------------------------------------------------------


def _wait_text(system: System, state: State, seat: _Seat, wait: Wait) -> str:
    """A lock is named with the values of its indices, any other wait by its source text."""
    if wait.kind not in _LOCKS:
        return wait.text
    for holder in wait.holders:
        if isinstance(holder.expr, Read):
            position = _position(holder.expr, state, seat)
            if position is not None:
                name = shown_by_slot(system)[position].name
                return f"{name} (shared)" if wait.kind is WaitKind.LOCK_SHARED else name
    return wait.text


def _position(read: Read, state: State, seat: _Seat) -> int | None:
    try:
        index = [value_of(i, Scope(state, (), seat.bound)) for i in read.index]
        return slot(read.var, index)
    except (FoundError, IndexError, KeyError):
        return None


def _holders(system: System, state: State, seat: _Seat) -> set[int]:
    """Who holds a lock that is waited for."""
    found: set[int] = set()
    for wait in seat.place.waits:
        harmless = _harmless(system, wait.kind)
        for holder in wait.holders:
            if any(e.var.name in harmless for e in _reads(holder.expr)):
                continue
            try:
                found |= _held_by(holder, value_of(holder.expr, Scope(state, (), seat.bound)))
            except FoundError:
                continue
    return found


def _harmless(system: System, kind: WaitKind) -> set[str]:
    """The lock cells that bar nobody who waits like this: queued writers bar readers but not each
    other, and readers do not bar readers."""
    found: set[str] = set()
    for view in system.views:
        if isinstance(view.shape, LockShape):
            cells_ = view.shape.queued if kind is WaitKind.LOCK else view.shape.readers
            found |= set() if cells_ is None else {cells_.name}
    return found


def _reads(expr: Expr) -> Iterator[Read]:
    return (node for node in subexpressions(expr) if isinstance(node, Read))


def _held_by(holder: Holder, value: int) -> set[int]:
    if holder.agent is not None:
        return {holder.agent} if value else set()
    type_ = type_of(holder.expr)
    return set() if isinstance(type_, Optional) and value == absent(type_) else {value}


def _lock_holders(system: System, state: State, position: int, me: int) -> set[int]:
    """Who is in the lock cell at ``position``, which a guard looked at."""
    var = _var_at(system, position)
    if var is None or var.storage is not Storage.LOCK:
        return set()
    if isinstance(var.type, Optional):  # the writer
        return set() if state[position] == absent(var.type) else {state[position]}
    agent = (position - var.offset) % size(var.dims[-1])
    is_own_turn = agent == me and isinstance(var.type, Bool)  # queued itself: no obstacle
    return {agent} if state[position] and not is_own_turn else set()


# --- other waits -------------------------------------------------------------------------------


def _cells_needed(system: System, state: State, seat: _Seat) -> tuple[int, ...]:
    """The slots that the guards of the actor's next steps look at, its own locals left out."""
    watched = Watched(state)
    for command in system.commands:
        at = command.at
        if at is not None and at.var == seat.actor.counter and at.place == seat.place.index:
            for bound in _instances(command, seat):
                _look(command, watched, bound)
    own = {_slot for var in system.variables for _slot in _own_slots(var, seat)}
    return tuple(position for position in watched.seen if position not in own)


def _own_slots(var: Var, seat: _Seat) -> range:
    if var.storage not in (Storage.LOCAL, Storage.PLACE) or var.actor != seat.actor.name:
        return range(0)
    return range(var.offset, var.offset + cells(var))


def _instances(command: Command, seat: _Seat) -> Iterator[dict[str, int]]:
    own, others = command.params[: len(seat.agent.args)], command.params[len(seat.agent.args) :]
    bound = {param.name: value for param, value in zip(own, seat.agent.args, strict=True)}
    for number, args in enumerate(assignments([param.domain for param in others])):
        if number == _MOST_INSTANCES:
            return
        yield bound | {p.name: value for p, value in zip(others, args, strict=True)}


def _look(command: Command, watched: Watched, bound: dict[str, int]) -> None:
    try:
        value_of(command.guard, Scope(watched, fresh_temps(command.temps), bound))
    except FoundError:
        return


def _needs(system: System, seat: _Seat, positions: Sequence[int]) -> dict[str, Var | None]:
    """Shown names of what a wait hangs on, and their variables; locks have holders instead."""
    by_slot = shown_by_slot(system)
    found: dict[str, Var | None] = {}
    for position in positions:
        var = _var_at(system, position)
        if var is not None and var.storage is not Storage.LOCK:
            found[by_slot[position].name] = var
    if found:
        return found
    reads = {var for wait in seat.place.waits for var in wait.reads}
    others = [v for v in reads if v.storage in (Storage.SHARED, Storage.GHOST)]
    return {var.name: var for var in sorted(others, key=lambda v: v.name)}


def _var_at(system: System, position: int) -> Var | None:
    for var in system.variables:
        if var.offset <= position < var.offset + cells(var):
            return var
    return None


# --- cycles ------------------------------------------------------------------------------------


def wait_cycle(blocked: Sequence[Blocked]) -> tuple[str, ...]:
    """A shortest cycle of actors that wait for each other, the first again at the end.

    Holders of locks count first; those whose code would write what is awaited only if locks alone
    make no cycle.
    """
    locks = {b.actor: list(b.holders) for b in blocked}
    found = _shortest_cycle(locks)
    if found:
        return found
    return _shortest_cycle({b.actor: [*b.holders, *b.writers] for b in blocked})


def _shortest_cycle(waits: dict[str, list[str]]) -> tuple[str, ...]:
    best: tuple[str, ...] = ()
    for start in waits:
        path = _way_back(waits, start)
        if path and (not best or len(path) < len(best)):
            best = path
    return best


def _way_back(waits: dict[str, list[str]], start: str) -> tuple[str, ...]:
    """Breadth first from ``start`` to itself."""
    frontier: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    while frontier:
        path = frontier.pop(0)
        for following in waits.get(path[-1], ()):
            if following == start:
                return (*path, start)
            if following not in seen:
                seen.add(following)
                frontier.append((*path, following))
    return ()
