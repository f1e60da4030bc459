"""States in source-level terms: every variable by name, and what a step changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import assert_never

from pinmc.ir.evaluate import slot
from pinmc.ir.expr import Var
from pinmc.ir.semantics import State
from pinmc.ir.system import (
    Agent,
    ArrayShape,
    CellShape,
    LockShape,
    OptionalShape,
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

Index = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A value as JSON and as a specification would write it."""

    json: JsonValue
    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A named piece of the state that reports show as one."""

    name: str
    shape: Shape
    index: Index
    ghost: bool


def shown_cells(system: System) -> tuple[Cell, ...]:
    """Everything a report shows, in the specification's order; records field by field."""
    return tuple(cell for view in system.views for cell in _view_cells(view))


def _view_cells(view: View) -> Iterator[Cell]:
    for index in product(*(values(dim) for dim in view.dims)):
        brackets = _brackets(view.dims, index)
        name = f"{view.actor}{brackets}.{view.name}" if view.actor else f"{view.name}{brackets}"
        yield from _shape_cells(name, view.shape, index, view.ghost)


def _shape_cells(name: str, shape: Shape, index: Index, ghost: bool) -> Iterator[Cell]:
    match shape:
        case RecordShape(fields=fields):
            for field, inner in fields:
                yield from _shape_cells(f"{name}.{field}", inner, index, ghost)
        case ArrayShape(dims=dims, element=element):
            for more in product(*(values(dim) for dim in dims)):
                inner_name = f"{name}{_brackets(dims, more)}"
                yield from _shape_cells(inner_name, element, (*index, *more), ghost)
        case _:
            yield Cell(name, shape, index, ghost)


def _brackets(dims: tuple[Scalar, ...], index: Index) -> str:
    if not dims:
        return ""
    return f"[{', '.join(member_name(d, i) for d, i in zip(dims, index, strict=True))}]"


def instance_name(system: System, agent: Agent) -> str:
    """``rdma[User0]``."""
    actor = next(a for a in system.actors if a.name == agent.actor)
    return agent.actor + _brackets(tuple(t for _, t in actor.params), agent.args)


class Viewer:
    """Shows states of one System."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.cells = shown_cells(system)
        self.agents = tuple(instance_name(system, a) for a in system.agents)

    # --- states ----------------------------------------------------------------------------

    def state(self, state: State) -> dict[str, JsonValue]:
        """Every variable's value by name, and for every actor the place it is at."""
        found = {cell.name: self.show(cell, state).json for cell in self.cells}
        for agent, name in zip(self.system.agents, self.agents, strict=True):
            found[f"{name}@"] = self.place(state, agent)
        return found

    def place(self, state: State, agent: Agent) -> str:
        """Where an actor instance is: ``12: await not dirty[p]``."""
        actor = next(a for a in self.system.actors if a.name == agent.actor)
        here = actor.places[state[slot(actor.counter, agent.args)]]
        return here.name if here.name == "end" else f"{here.span.line}: {here.name}"

    def changes(self, before: State, after: State) -> tuple[Change, ...]:
        """What differs, cell by cell, in the specification's order; places are left out."""
        found: list[Change] = []
        for cell in self.cells:
            old, new = self.show(cell, before), self.show(cell, after)
            if old.text != new.text:
                found.append(Change(cell.name, old.text, new.text, cell.ghost))
        return tuple(found)

    # --- values ----------------------------------------------------------------------------

    def show(self, cell: Cell, state: State) -> Shown:
        return self._shape(cell.shape, cell.index, state)

    def scalar(self, type_: Scalar, value: int) -> Shown:
        match type_:
            case Optional(inner=inner):
                if value == absent(type_):
                    return Shown(None, "none")
                return self.scalar(inner, value)
            case Bool():
                return Shown(bool(value), member_name(type_, value))
            case Range() | Word() | Int():
                return Shown(value, str(value))
            case AgentType():
                return Shown(self.agents[value], self.agents[value])
            case _:
                text = member_name(type_, value)
                return Shown(text, text)

    def _shape(self, shape: Shape, index: Index, state: State) -> Shown:
        match shape:
            case CellShape(var=var):
                return self.scalar(var.type, _read(var, index, state))
            case RecordShape(name=name, fields=fields):
                parts = {f: self._shape(s, index, state) for f, s in fields}
                text = ", ".join(f"{f} = {p.text}" for f, p in parts.items())
                return Shown({f: p.json for f, p in parts.items()}, f"{name}({text})")
            case OptionalShape(present=present, inner=inner):
                if not _read(present, index, state):
                    return Shown(None, "none")
                return self._shape(inner, index, state)
            case SetShape(members=members, element=element):
                inside = [v for v in values(element) if _read(members, (*index, v), state)]
                return _listed("{}", [self.scalar(element, v) for v in inside])
            case QueueShape(length=length, element=slot_shape):
                count = _read(length, index, state)
                items = [self._shape(slot_shape, (*index, i), state) for i in range(count)]
                return _listed("[]", items)
            case ArrayShape(dims=dims, element=each):
                points = product(*(values(d) for d in dims))
                return _listed("[]", [self._shape(each, (*index, *p), state) for p in points])
            case LockShape():
                return self._lock(shape, index, state)
            case _:
                assert_never(shape)

    def _lock(self, shape: LockShape, index: Index, state: State) -> Shown:
        writer = self.scalar(shape.writer.type, _read(shape.writer, index, state))
        if shape.readers is None:
            return Shown(writer.json, "free" if writer.json is None else f"held by {writer.text}")
        readers = self._members(shape.readers, index, state)
        queued = [] if shape.queued is None else self._members(shape.queued, index, state)
        parts = [] if writer.json is None else [f"held by {writer.text}"]
        parts += [f"shared by {', '.join(readers)}"] if readers else []
        parts += [f"{', '.join(queued)} waiting"] if queued else []
        json: JsonValue = {
            "writer": writer.json,
            "readers": [*readers],
            "queued": [*queued],
        }
        return Shown(json, "; ".join(parts) or "free")

    def _members(self, cells: Var, index: Index, state: State) -> list[str]:
        return [n for a, n in enumerate(self.agents) if _read(cells, (*index, a), state)]


def _read(var: Var, index: Index, state: State) -> int:
    return state[slot(var, index)]


def _listed(brackets: str, items: list[Shown]) -> Shown:
    text = ", ".join(item.text for item in items)
    return Shown([item.json for item in items], f"{brackets[0]}{text}{brackets[1]}")
