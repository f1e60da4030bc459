"""What exploration has seen of a question: the value that is furthest out."""

from __future__ import annotations

from pinmc.engines.smt.bounds.question import Question
from pinmc.engines.smt.mining import Instance


def furthest(instance: Instance, question: Question) -> int | None:
    """The value that is furthest out among the explored states, by the reference semantics."""
    if instance.states.wide:
        return None  # their numbers were not kept
    values = {question.value(row) for row in instance.states.matrix.tolist()}
    known = [value for value in values if value is not None]
    return question.worst(known) if known else None
