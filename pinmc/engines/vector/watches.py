"""The claims about states and steps that are still undecided, evaluated for many at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pinmc.base.records import dataclass
from pinmc.engines.vector.frame import Look, Truths, Words
from pinmc.engines.vector.model import Model
from pinmc.engines.vector.program import Function
from pinmc.ir.property import PropertyKind


@dataclass(frozen=True, slots=True)
class Watch:
    """A claim; ``wanted`` is the value that decides it."""

    number: int
    function: Function
    wanted: bool
    look: Callable[[], object]

    def decided(self, *vectors: Words) -> tuple[Truths, Truths]:
        """In which rows the claim is decided, and in which of them it is violated: an error in
        evaluating it is a violation too."""
        look = Look(self.look)
        found: Truths = self.function(look, *(word for vector in vectors for word in vector))
        if not self.wanted:
            found = ~found
        if look.dead is not None:
            found = found | look.dead
            return found, look.dead if self.wanted else found
        return found, np.zeros(len(found), bool) if self.wanted else found

    def true(self, states: Words) -> bool:
        """Whether the claim is true anywhere; an error says nothing."""
        look = Look(self.look)
        found: Truths = self.function(look, *states)
        if look.dead is not None:
            found = found & ~look.dead
        return bool(found.any())


@dataclass(frozen=True, slots=True)
class Watches:
    """By number: the properties decided by states, by steps, and the witnesses."""

    states: dict[int, Watch]
    steps: dict[int, Watch]
    witnesses: dict[int, Watch]


def watches_of(model: Model, look: Callable[[], object]) -> Watches:
    """Raises Unsupported."""
    watch = model.program.watch
    states: dict[int, Watch] = {}
    for number, prop in enumerate(model.states):
        assert prop.expr is not None
        wanted = prop.kind is PropertyKind.REACHABLE
        states[number] = Watch(number, watch(prop.expr), wanted, look)
    steps: dict[int, Watch] = {}
    for number, prop in enumerate(model.steps):
        assert prop.expr is not None
        steps[number] = Watch(number, watch(prop.expr, steps=True), False, look)
    witnesses = {
        number: Watch(number, watch(witness.expr), True, look)
        for number, witness in enumerate(model.system.witnesses)
    }
    return Watches(states, steps, witnesses)
