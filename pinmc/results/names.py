"""From the cells of the state vector back to the names that a specification knows them by."""

from __future__ import annotations

from collections.abc import Iterator

from pinmc.base.records import dataclass
from pinmc.ir.evaluate import cells, slot
from pinmc.ir.expr import Var
from pinmc.ir.semantics import State
from pinmc.ir.shapes import shape_vars
from pinmc.ir.system import (
    Agent,
    System,
)
from pinmc.results.changes import Cell, agent_name, parts, place_name, text, view_cells


@dataclass(frozen=True, slots=True)
class Shown:
    """Slots that are shown under one name: a part of a variable, or the place of an actor."""

    name: str
    slots: tuple[int, ...]
    what: Cell | Agent | None = None

    def value(self, system: System, state: State) -> str:
        """How a specification would write what is there."""
        match self.what:
            case Cell():
                return text(system, self.what, state)
            case Agent():
                return place_name(system, self.what, state)
            case None:
                return ", ".join(str(state[position]) for position in self.slots)


def shown_by_slot(system: System) -> dict[int, Shown]:
    """What every slot is shown as. What no view shows is under the name lowering gave it."""
    found: dict[int, Shown] = {}
    for one in _all_shown(system):
        for position in one.slots:
            found.setdefault(position, one)
    return found


def _all_shown(system: System) -> Iterator[Shown]:
    for _, _, whole in view_cells(system):
        for part in parts(whole):
            yield Shown(part.name, cell_slots(part), part)
    for agent in system.agents:
        actor = next(a for a in system.actors if a.name == agent.actor)
        name = f"place of {agent_name(system, agent.number)}"
        yield Shown(name, (slot(actor.counter, agent.args),), agent)
    for var in system.variables:
        yield Shown(var.name, tuple(_slots(var, ())))


def cell_slots(cell: Cell) -> tuple[int, ...]:
    """The slots of a shown cell."""
    return tuple(p for var in shape_vars(cell.shape) for p in _slots(var, cell.index))


def _slots(var: Var, index: tuple[int, ...]) -> range:
    """The cells of ``var`` under the first indices ``index``: adjacent, as they are row-major."""
    inner = Var(var.name, var.type, var.dims[len(index) :])
    count = cells(inner)
    outer = Var(var.name, var.type, var.dims[: len(index)])
    first = var.offset + slot(outer, index) * count
    return range(first, first + count)
