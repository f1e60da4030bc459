"""States in the words of the specification: values by shown name, and what a step changed.

Lowering has split records, sets, queues and locks into cells; ``System.views`` say how to put
them together again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pinmc.base.records import dataclass
from pinmc.ir.evaluate import slot
from pinmc.ir.execute import assignments
from pinmc.ir.expr import Var
from pinmc.ir.semantics import State
from pinmc.ir.system import (
    Agent,
    ArrayShape,
    CellShape,
    LockShape,
    OptionalShape,
    PlaceInfo,
    QueueShape,
    RecordShape,
    SetShape,
    Shape,
    System,
    View,
)
from pinmc.ir.types import Agent as AgentType
from pinmc.ir.types import Bool, Int, Optional, Range, Scalar, Word, absent, member_name, values
from pinmc.results.trace import Change, JsonValue

FREE = "free"
"""How a lock that nobody holds is shown."""


def agent_name(system: System, number: int) -> str:
    """``rdma[User0]``."""
    agent = system.agents[number]
    actor = next(a for a in system.actors if a.name == agent.actor)
    return indexed(actor.name, tuple(type_ for _, type_ in actor.params), agent.args)


def indexed(name: str, types: tuple[Scalar, ...], index: tuple[int, ...]) -> str:
    """``refs[Page0]``; ``name`` alone without an index."""
    shown = ", ".join(member_name(t, i) for t, i in zip(types, index, strict=True))
    return f"{name}[{shown}]" if shown else name


def scalar_text(system: System, type_: Scalar, value: int) -> str:
    """As a specification would write it; actor instances by name."""
    match type_:
        case AgentType():
            return agent_name(system, value)
        case Optional(inner=AgentType()) if value != absent(type_):
            return agent_name(system, value)
        case _:
            return member_name(type_, value)


def scalar_json(system: System, type_: Scalar, value: int) -> JsonValue:
    """Numbers and truth values as such, ``none`` as null, everything else by name."""
    match type_:
        case Optional(inner=inner):
            return None if value == absent(type_) else scalar_json(system, inner, value)
        case Bool():
            return bool(value)
        case Range() | Word() | Int():
            return value
        case _:
            return scalar_text(system, type_, value)


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of a state that is shown by itself: ``shape`` is no record and no array, unless it
    is the record of an optional. ``owner``: the actor instance whose local it is."""

    name: str
    shape: Shape
    index: tuple[int, ...]
    ghost: bool = False
    owner: str | None = None


def view_cells(system: System) -> Iterator[tuple[View, str, Cell]]:
    """Every view at every index, with the name it is shown under there, whole."""
    seen: set[str] = set()
    for view in system.views:
        name = view.name
        if f"{view.actor}.{name}" in seen:  # two locals of one name in different blocks
            name = f"{name}@{view.span.line}"
        seen.add(f"{view.actor}.{name}")
        for index in assignments(view.dims):
            if view.actor is None:
                shown, owner = indexed(name, view.dims, index), None
            else:
                owner = indexed(view.actor, view.dims, index)
                shown = f"{owner}.{name}"
            yield view, shown, Cell(shown, view.shape, index, view.ghost, owner)


def parts(cell: Cell) -> Iterator[Cell]:
    """A record by its fields, an array by its elements; anything else is one part."""
    match cell.shape:
        case RecordShape(fields=fields):
            for name, shape in fields:
                yield from parts(_part(cell, f"{cell.name}.{name}", shape, cell.index))
        case ArrayShape(dims=dims, element=element):
            for more in assignments(dims):
                name = _deeper(cell.name, dims, more)
                yield from parts(_part(cell, name, element, (*cell.index, *more)))
        case _:
            yield cell


def _part(cell: Cell, name: str, shape: Shape, index: tuple[int, ...]) -> Cell:
    return Cell(name, shape, index, cell.ghost, cell.owner)


def _deeper(name: str, dims: tuple[Scalar, ...], index: tuple[int, ...]) -> str:
    """``m[Page0]`` one dimension deeper is ``m[Page0, 1]``, as a specification writes it."""
    more = ", ".join(member_name(t, i) for t, i in zip(dims, index, strict=True))
    return f"{name[:-1]}, {more}]" if name.endswith("]") and "." not in name else f"{name}[{more}]"


def shown_state(system: System, state: State) -> dict[str, JsonValue]:
    """Every variable, lock and local by its shown name, then the place of every actor.

    Records and arrays are objects, sets and queues lists, absent values null.
    """
    shown = {name: json_value(system, cell, state) for _, name, cell in view_cells(system)}
    for agent in system.agents:
        shown[agent_name(system, agent.number)] = place_name(system, agent, state)
    return shown


def place_name(system: System, agent: Agent, state: State) -> str:
    """Where an actor instance is: ``12: await not dirty[p]``, or ``end``.

    Places that read the same, as those of an unrolled loop, are told apart by a number.
    """
    actor = next(a for a in system.actors if a.name == agent.actor)
    here = state[slot(actor.counter, agent.args)]
    names = [_place_text(place) for place in actor.places]
    if names.count(names[here]) == 1:
        return names[here]
    return f"{names[here]} #{names[: here + 1].count(names[here])}"


def _place_text(place: PlaceInfo) -> str:
    return place.name if place.name == "end" else f"{place.span.line}: {place.name}"


def diff(system: System, before: State, after: State) -> tuple[Change, ...]:
    """What is different in ``after``; the places of actors are left out: they always move."""
    found: list[Change] = []
    for _, _, cell in view_cells(system):
        for part in parts(cell):
            found += _changes(system, part, before, after)
    return tuple(found)


def _changes(system: System, cell: Cell, before: State, after: State) -> Iterator[Change]:
    shape = cell.shape
    if isinstance(shape, OptionalShape):
        present = slot(shape.present, cell.index)
        if before[present] and after[present]:
            for part in parts(_part(cell, cell.name, shape.inner, cell.index)):
                yield from _changes(system, part, before, after)
            return
    old, new = text(system, cell, before), text(system, cell, after)
    if old != new:
        yield Change(cell.name, old, new, cell.ghost)


# --- values ------------------------------------------------------------------------------------


def json_value(system: System, cell: Cell, state: State) -> JsonValue:
    """The value of a cell of any shape."""

    def inner(shape: Shape, index: tuple[int, ...]) -> JsonValue:
        return json_value(system, _part(cell, cell.name, shape, index), state)

    match cell.shape:
        case CellShape(var=var):
            return scalar_json(system, var.type, state[slot(var, cell.index)])
        case RecordShape(fields=fields):
            return {name: inner(shape, cell.index) for name, shape in fields}
        case OptionalShape(present=present, inner=record):
            return inner(record, cell.index) if state[slot(present, cell.index)] else None
        case SetShape():
            return list(_members(cell.shape, cell.index, state))
        case QueueShape(length=length, element=element):
            used = range(state[slot(length, cell.index)])
            return [inner(element, (*cell.index, i)) for i in used]
        case ArrayShape(dims=dims, element=element):
            return {
                ", ".join(member_name(t, i) for t, i in zip(dims, more, strict=True)): inner(
                    element, (*cell.index, *more)
                )
                for more in assignments(dims)
            }
        case LockShape():
            return _lock_json(system, cell.shape, cell.index, state)


def text(system: System, cell: Cell, state: State) -> str:
    """The value of a cell as a specification would write it."""

    def inner(shape: Shape, index: tuple[int, ...]) -> str:
        return text(system, _part(cell, cell.name, shape, index), state)

    match cell.shape:
        case CellShape(var=var):
            return scalar_text(system, var.type, state[slot(var, cell.index)])
        case RecordShape(name=name, fields=fields):
            shown = ", ".join(f"{field} = {inner(shape, cell.index)}" for field, shape in fields)
            return f"{name}({shown})"
        case OptionalShape(present=present, inner=record):
            return inner(record, cell.index) if state[slot(present, cell.index)] else "none"
        case SetShape():
            return f"{{{', '.join(_members(cell.shape, cell.index, state))}}}"
        case QueueShape(length=length, element=element):
            used = range(state[slot(length, cell.index)])
            return f"[{', '.join(inner(element, (*cell.index, i)) for i in used)}]"
        case ArrayShape(dims=dims, element=element):
            each = (inner(element, (*cell.index, *more)) for more in assignments(dims))
            return f"[{', '.join(each)}]"
        case LockShape():
            return _lock_text(system, cell.shape, cell.index, state)


def _members(shape: SetShape, index: tuple[int, ...], state: State) -> Iterator[str]:
    for value in values(shape.element):
        if state[slot(shape.members, (*index, value))]:
            yield member_name(shape.element, value)


def writer_of(shape: LockShape, index: tuple[int, ...], state: State) -> int | None:
    """The agent that holds a lock exclusively."""
    type_ = shape.writer.type
    value = state[slot(shape.writer, index)]
    return None if isinstance(type_, Optional) and value == absent(type_) else value


def agents_in(cells: Var | None, index: tuple[int, ...], state: State) -> tuple[int, ...]:
    """The agents in a lock's readers, as often as they hold it, or in its queue of writers."""
    if cells is None:
        return ()
    every = values(cells.dims[-1])
    return tuple(a for a in every for _ in range(state[slot(cells, (*index, a))]))


def _lock_json(system: System, shape: LockShape, index: tuple[int, ...], state: State) -> JsonValue:
    """The holder or null; for an rwlock an object with ``writer``, ``readers``, ``queued``."""
    holder = writer_of(shape, index, state)
    writer = None if holder is None else agent_name(system, holder)
    if shape.readers is None:
        return writer
    parts_: Mapping[str, Var | None] = {"readers": shape.readers, "queued": shape.queued}
    lists: dict[str, JsonValue] = {
        name: [agent_name(system, a) for a in agents_in(var, index, state)]
        for name, var in parts_.items()
        if var is not None
    }
    return {"writer": writer, **lists}


def _lock_text(system: System, shape: LockShape, index: tuple[int, ...], state: State) -> str:
    holder = writer_of(shape, index, state)
    readers = [agent_name(system, a) for a in agents_in(shape.readers, index, state)]
    queued = [agent_name(system, a) for a in agents_in(shape.queued, index, state)]
    shown = FREE if holder is None else f"held by {agent_name(system, holder)}"
    if readers:
        shown = f"shared by {', '.join(readers)}"
    return f"{shown}; {', '.join(queued)} waiting" if queued else shown
