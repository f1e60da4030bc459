"""Proves a property by induction with lemmas that nobody had to write.

First the mined lemmas that are inductive; then, as long as there is a state where the proof
fails and that was not reached, a lemma against that state, which is to be proved as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter

from pinmc.engines.smt.certificate.write import Proof
from pinmc.engines.smt.mining import Excluder, Instance, Lemma, candidates, reachable
from pinmc.engines.smt.proving.asker import Asker, Unsure
from pinmc.engines.smt.proving.induction import Gap, Search, houdini, needed
from pinmc.engines.smt.script.terms import NotExpressible
from pinmc.ir.expr import Expr
from pinmc.ir.property import Property, PropertyKind
from pinmc.ir.semantics import State
from pinmc.ir.system import System

STATES = 30_000
"""So many states are explored to mine lemmas from."""

_MOST_ROUNDS = 400


@dataclass(frozen=True, slots=True)
class Mined:
    """What exploring some instances taught about ``system``, for all of its properties.
    ``seen``: the states of ``system`` itself that were reached, if it is among the instances."""

    system: System
    lemmas: tuple[Lemma, ...]
    excluder: Excluder
    seen: frozenset[State]


@dataclass(frozen=True, slots=True)
class Outcome:
    """``proof`` if there is one, else ``reason``. ``gap``: where the last attempt failed."""

    proof: Proof | None
    reason: str = ""
    gap: Gap | None = None
    rounds: int = 0


def mine(
    system: System, others: Sequence[Instance] = (), states: int = STATES, seconds: float = 10.0
) -> Mined:
    """Explores ``system`` and mines lemmas from its states and those of ``others``."""
    own = Instance(system, reachable(system, states, seconds))
    instances = [own, *others]
    seen = frozenset(map(tuple, own.states.matrix.tolist()))
    return Mined(system, candidates(instances), Excluder(instances), seen)


def prove(mined: Mined, prop: Property, seconds: float) -> Outcome:
    """An inductive proof of ``prop``, or why there is none. Raises KeyboardInterrupt."""
    try:
        asker = Asker(mined.system, prop, perf_counter() + seconds)
    except NotExpressible as why:
        return Outcome(None, str(why))
    try:
        return _attempt(mined, prop, asker)
    except Unsure as why:
        return Outcome(None, str(why))


def _attempt(mined: Mined, prop: Property, asker: Asker) -> Outcome:
    exprs = _added(asker, _given(mined))
    background = houdini(asker, list(exprs))
    search = Search(asker, background)
    goals: list[int] = []
    for rounds in range(_MOST_ROUNDS):
        gap = search.gap()
        if gap is None:
            used = needed(asker, [*background, *goals])
            return Outcome(Proof(mined.system, prop, tuple(exprs[n] for n in used)), rounds=rounds)
        lemma = _against(mined, gap, exprs, [*background, *goals])
        if lemma is None:
            return Outcome(None, _why(mined, gap), gap, rounds)
        number = asker.add(lemma)
        exprs[number] = lemma
        goals.append(number)
        search.add(number)
    return Outcome(None, f"{_MOST_ROUNDS} lemmas were not enough", gap, _MOST_ROUNDS)


def _added(asker: Asker, lemmas: Sequence[Expr]) -> dict[int, Expr]:
    """The lemmas by number; those that Z3 cannot be told are left out."""
    found: dict[int, Expr] = {}
    for lemma in lemmas:
        with suppress(NotExpressible):
            found[asker.add(lemma)] = lemma
    return found


def _given(mined: Mined) -> list[Expr]:
    """The specification's own lemmas and invariants, then the mined ones."""
    kinds = (PropertyKind.LEMMA, PropertyKind.INVARIANT)
    own = [p.expr for p in mined.system.properties if p.kind in kinds and p.expr is not None]
    return list(dict.fromkeys([*own, *(lemma.expr for lemma in mined.lemmas)]))


def _against(mined: Mined, gap: Gap, exprs: dict[int, Expr], used: Sequence[int]) -> Expr | None:
    """A lemma that the state of the gap contradicts; none if the state was reached."""
    if gap.where == "init" or gap.state in mined.seen:
        return None
    known = {exprs[n] for n in used}
    found = (lemma.expr for lemma in mined.excluder.lemmas(gap.state))
    return next((expr for expr in found if expr not in known), None)


def _why(mined: Mined, gap: Gap) -> str:
    if gap.where == "init":
        return "a lemma that was true wherever one looked fails in an initial state"
    if gap.state in mined.seen:
        return "the property fails, or a lemma does, after a state that is reachable"
    return "no lemma tells the state where the proof fails from those that were explored"
