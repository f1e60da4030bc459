"""What exploration has seen of a question: the value that is furthest out."""

from __future__ import annotations

from pinmc.base.records import dataclass
from pinmc.engines.smt.bounds.question import Question
from pinmc.engines.smt.mining import Instance
from pinmc.ir.semantics import State


@dataclass(frozen=True, slots=True)
class Furthest:
    """A value, and the first state that has it: none is nearer to an initial state."""

    value: int
    state: State


def furthest(instance: Instance, question: Question) -> Furthest | None:
    """What is furthest out among the explored states, by the reference semantics."""
    if instance.states.wide:
        return None  # their numbers were not kept
    best: Furthest | None = None
    for row in instance.states.matrix.tolist():
        value = question.value(row)
        if value is not None and (best is None or question.better(value, best.value)):
            best = Furthest(value, tuple(row))
    return best
