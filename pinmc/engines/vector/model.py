"""What is explored and what is watched, for the vector engine."""

from __future__ import annotations

from collections.abc import Sequence

from pinmc.base.records import dataclass
from pinmc.engines.intervals import Unsupported
from pinmc.engines.layout import Layout, layout_of
from pinmc.engines.moves import Numbering, numbering
from pinmc.engines.vector.program import Program
from pinmc.ir.property import Property, PropertyKind
from pinmc.ir.system import System

_MOST_AGENTS = 64
_STATE_KINDS = (PropertyKind.INVARIANT, PropertyKind.LEMMA, PropertyKind.REACHABLE)


@dataclass(frozen=True, slots=True)
class Model:
    """The program of a System and what its numbers mean: ``states``, ``steps``, ``claims`` and
    ``stuck`` are the properties decided by states, steps, found errors and stuck agents."""

    system: System
    program: Program
    layout: Layout
    numbering: Numbering
    states: tuple[Property, ...]
    steps: tuple[Property, ...]
    claims: tuple[Property, ...]
    stuck: tuple[Property, ...]
    deadlock: bool


def model_of(system: System, properties: Sequence[Property]) -> Model:
    """Compiles what exploring ``system`` for ``properties`` needs. Raises Unsupported."""

    def of(*kinds: PropertyKind) -> tuple[Property, ...]:
        return tuple(prop for prop in properties if prop.kind in kinds)

    if len(system.agents) > _MOST_AGENTS and of(PropertyKind.STUCK):
        raise Unsupported(f"more than {_MOST_AGENTS} actor instances")
    claims = of(PropertyKind.ERRORS, PropertyKind.ASSERT)
    numbers = {claim.name: number for number, claim in enumerate(claims)}
    layout, numbered = layout_of(system), numbering(system)
    program = Program(system, layout, numbered, lambda site: numbers.get(site.claim, -1))
    return Model(
        system,
        program,
        layout,
        numbered,
        of(*_STATE_KINDS),
        of(PropertyKind.STEP_INVARIANT),
        claims,
        of(PropertyKind.STUCK),
        bool(of(PropertyKind.DEADLOCK)),
    )
