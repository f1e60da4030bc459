"""What happened and what never did: vacuity over all designs together."""

from __future__ import annotations

from collections.abc import Sequence

from pinmc.ir.property import Witness
from pinmc.ir.system import MarkInfo, MarkKind, System
from pinmc.results.exploration import Exploration
from pinmc.results.result import CoverKey, DesignResult, Vacuous
from pinmc.results.trace import source_of


def executed(system: System, exploration: Exploration) -> frozenset[CoverKey]:
    """The marks executed and the witnesses seen true."""
    marks = {_mark_key(system.marks[number]) for number in exploration.marks}
    return frozenset(marks | {_witness_key(system.witnesses[n]) for n in exploration.witnesses})


def coverable(system: System, exploration: Exploration) -> tuple[tuple[CoverKey, Vacuous], ...]:
    """What should happen in some design: every action and branch, every witness of a property
    asked. A single statement that never runs is in a branch that is never taken, or stuck."""
    asked = {finding.property for finding in exploration.findings}
    marks = [m for m in system.marks if m.covers and m.kind is not MarkKind.STEP]
    found = [(_mark_key(mark), _mark(mark)) for mark in marks]
    found += [(_witness_key(w), _witness(w)) for w in system.witnesses if w.property in asked]
    return tuple(found)


def vacuous_properties(system: System, exploration: Exploration) -> frozenset[str]:
    """Properties with a witness that a complete exploration never saw."""
    if not exploration.statistics.complete:
        return frozenset()
    return frozenset(
        witness.property
        for number, witness in enumerate(system.witnesses)
        if number not in exploration.witnesses
    )


def unseen(designs: Sequence[DesignResult]) -> tuple[Vacuous, ...]:
    """What happened in none of the designs; nothing unless all were explored completely.

    Witnesses of a property that some design expects to be vacuous do not count.
    """
    if not all(design.statistics.complete for design in designs):
        return ()
    seen = frozenset[CoverKey]().union(*(design.executed for design in designs))
    meant = frozenset[str]().union(*(design.vacuous for design in designs))
    found: dict[CoverKey, Vacuous] = {}
    for design in designs:
        for key, entry in design.coverable:
            if key not in seen and entry.property not in meant:
                found.setdefault(key, entry)
    return tuple(sorted(found.values(), key=lambda v: (v.source.file, v.source.line)))


def fired(designs: Sequence[DesignResult]) -> frozenset[tuple[str, int]]:
    """Where the actions and rules are declared that happened in any of the designs: the path and
    the position in it."""
    keys = frozenset[CoverKey]().union(*(design.executed for design in designs))
    return frozenset(key[2:] for key in keys if key[0] == MarkKind.ACTION.value)


def _mark_key(mark: MarkInfo) -> CoverKey:
    return (mark.kind.value, mark.name, mark.span.path, mark.span.start)


def _witness_key(witness: Witness) -> CoverKey:
    name = f"{witness.property}: {witness.text}"
    return ("witness", name, witness.span.path, witness.span.start)


def _mark(mark: MarkInfo) -> Vacuous:
    is_branch = mark.kind is MarkKind.BRANCH
    text = f"'{mark.shown}' is never taken" if is_branch else f"'{mark.name}' never happens"
    return Vacuous(mark.kind.value, text, source_of(mark.span))


def _witness(witness: Witness) -> Vacuous:
    return Vacuous("witness", witness.text, source_of(witness.span), witness.property)
