"""Proves a property by a ladder of ways, with lemmas that nobody had to write.

Induction over one step with mined lemmas, induction over several steps, and Spacer: whatever
finds a proof, it is one of the same kind, an invariant that is inductive over so many steps.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from time import perf_counter

from pinmc.engines.smt.certificate.write import Proof
from pinmc.engines.smt.mining import Corner, Excluder, Instance, candidates, reachable
from pinmc.engines.smt.proving.asker import Asker, Late, Unsure
from pinmc.engines.smt.proving.gaps import Gap
from pinmc.engines.smt.proving.induction import houdini
from pinmc.engines.smt.proving.lemmas import Known, by_lemmas
from pinmc.engines.smt.proving.outcome import Outcome, Rung
from pinmc.engines.smt.proving.spacer import Reached, from_spacer
from pinmc.engines.smt.proving.steps import MOST_STEPS, Broken, Longer, by_steps
from pinmc.engines.smt.script.terms import NotExpressible
from pinmc.ir.expr import Expr
from pinmc.ir.property import Property, PropertyKind
from pinmc.ir.semantics import State
from pinmc.ir.stmt import Assume
from pinmc.ir.system import System
from pinmc.ir.walk import reads
from pinmc.results.gap import Found, InductionGap, gap_of

STATES = 300_000
"""So many states are explored to mine lemmas from."""

_SCHEDULE = (
    (Rung.LEMMAS, 0.1),
    (Rung.STEPS, 0.03),
    (Rung.SPACER, 0.05),
    (Rung.LEMMAS, 0.7),
    (Rung.STEPS, 0.5),
    (Rung.SPACER, 1.0),
)
"""Each rung is tried for a short while first: what is easy for one may be hard for those before.
So much of the time that is left is for each."""

_LEAST = 2.0
"""Seconds for a try, unless that is more than half of what is left."""

_LEARNING, _WORTH = 10.0, 0.25
"""To learn what one property's lemmas are worth for the others: seconds at most, and so much of the
time that the rung was given."""


def explored(system: System, states: int = STATES, seconds: float = 20.0) -> Instance:
    """The reachable states of a system, or many of them. Raises KeyboardInterrupt."""
    return Instance(system, reachable(system, states, seconds))


class Prover:
    """What exploring some instances taught about a system, to be used for all its properties.

    ``instances``: what was explored, by default the system itself. ``free``: variables of the
    system that nothing changes and that may begin with any value: constants left open, which the
    instances fix. ``seconds`` limit the choice of the inductive lemmas. ``rungs``: the ways to
    prove that are tried, at least one. ``mining``: whether lemmas are made from explored states.
    Raises NotExpressible, and KeyboardInterrupt.
    """

    def __init__(
        self,
        system: System,
        instances: Sequence[Instance] = (),
        free: tuple[str, ...] = (),
        seconds: float = 60.0,
        rungs: Sequence[Rung] = tuple(Rung),
        mining: bool = True,
    ) -> None:
        self.system = system
        self._free = free
        self._rungs = rungs
        self._asker = Asker(system, system.properties, free)
        instances = instances or [explored(system)]
        mined = [lemma.expr for lemma in candidates(instances, system)] if mining else []
        given = [*_conditions(system, free), *_claimed(system), *mined]
        self._exprs = _added(self._asker, list(dict.fromkeys(given)))
        self._asker.deadline = perf_counter() + seconds
        try:
            background = houdini(self._asker, list(self._exprs))
            self._late = ""
        except Unsure as why:
            background = []
            self._late = f"; no mined lemma was used: {why}"
        seen = _states(instances, system)
        against = _excluding(instances, system, free) if mining else lambda state: iter(())
        self._begun: dict[str, tuple[int, ...]] = {}
        self._known = Known(self._asker, background, self._exprs, seen, against)

    @property
    def background(self) -> list[Expr]:
        """The mined lemmas that are inductive together."""
        return [self._exprs[n] for n in self._known.background]

    def prove(self, prop: Property, seconds: float) -> Outcome:
        """A proof by the first rung that finds one, or why there is none. Raises
        KeyboardInterrupt."""
        if prop.name not in self._asker.claims:
            return Outcome(None, self._asker.refused[prop.name])
        return self._climb(prop, perf_counter() + seconds)

    def explain(self, prop: Property, gap: Gap) -> InductionGap:
        """Where an induction has failed, in the words of the specification."""
        lost = tuple(self._exprs[n] for n in gap.lost)
        reachable = gap.where == "init" or gap.state in self._known.seen
        found = Found(gap.where, reachable, gap.state, gap.after, gap.claim, lost)
        return gap_of(self.system, prop, found)

    def _climb(self, prop: Property, end: float) -> Outcome:
        failed: dict[Rung, Outcome] = {}
        gap: Gap | None = None
        schedule = [(rung, share) for rung, share in _SCHEDULE if rung in self._rungs]
        for rung, share in schedule if len(self._rungs) > 1 else schedule[-1:]:
            if rung in failed and not failed[rung].late:
                continue  # more time would not help
            now = perf_counter()
            left = end - now
            last = (rung, share) == schedule[-1]
            spell = left if last else min(max(share * left, _LEAST), left / 2)
            self._asker.deadline = now + spell
            found = self._by(rung, prop)
            if found.proof is not None or found.refuted:
                return found
            failed[rung] = found
            gap = gap or found.gap
        return _together([failed[rung] for rung in self._rungs], gap)

    def _by(self, rung: Rung, prop: Property) -> Outcome:
        match rung:
            case Rung.LEMMAS:
                return self._by_lemmas(prop)
            case Rung.STEPS:
                return self._by_steps(prop)
            case Rung.SPACER:
                return self._by_spacer(prop)

    def _by_lemmas(self, prop: Property) -> Outcome:
        left = self._asker.deadline - perf_counter()
        # What the time was not enough for is gone on with.
        given = self._begun.pop(prop.name, ())
        found = by_lemmas(self._known, self._asker.claims[prop.name], given)
        if found.late:
            self._begun[prop.name] = found.goals
        # What was found for one property may help with the next, and on the next rung.
        self._known.learn(found.goals, perf_counter() + min(_LEARNING, _WORTH * left))
        proof = None if found.lemmas is None else self._proof(prop, found.lemmas)
        refuted = self._known.refutes(found.gap)
        name = Rung.LEMMAS.value
        said = f"{name}: {found.reason}" if found.late else found.reason
        reason = said + self._late if said else ""
        return Outcome(proof, reason, found.gap, found.rounds, name, refuted, found.late)

    def _by_steps(self, prop: Property) -> Outcome:
        name = Rung.STEPS.value
        try:
            found = by_steps(self._asker, self._asker.claims[prop.name], self._known.background)
        except Unsure as why:
            return Outcome(None, f"{name}: {why}", late=isinstance(why, Late))
        match found:
            case Longer(k=k, lemmas=lemmas):
                return Outcome(self._proof(prop, lemmas, k), rung=f"{name}, k={k}")
            case Broken(steps=steps):
                where = f"after {steps} step{'s' * (steps != 1)}" if steps else "in the beginning"
                return Outcome(None, f"it fails {where}: Z3 found how", refuted=True)
        return Outcome(None, f"{name}: none up to k={MOST_STEPS}")

    def _by_spacer(self, prop: Property) -> Outcome:
        name = Rung.SPACER.value
        claim = self._asker.claims[prop.name]
        try:
            found = from_spacer(self._asker, self.system, claim, self._known.background)
            if isinstance(found, Reached):
                return Outcome(None, f"it fails after some steps: {name} found that", refuted=True)
            again = by_lemmas(self._known, claim, [self._known.add(lemma) for lemma in found])
        except (Unsure, NotExpressible) as why:
            return Outcome(None, f"{name}: {why}", late=isinstance(why, Late))
        if again.lemmas is None:
            return Outcome(None, f"{name}: its invariant is none: {again.reason}", late=again.late)
        return Outcome(self._proof(prop, again.lemmas), rung=name)

    def _proof(self, prop: Property, lemmas: Sequence[int], k: int = 1) -> Proof:
        return Proof(self.system, prop, tuple(self._exprs[n] for n in lemmas), self._free, k)


def _together(failed: Sequence[Outcome], gap: Gap | None) -> Outcome:
    """Nothing found by some rungs."""
    reason = "; ".join(outcome.reason for outcome in failed)
    rounds = max((outcome.rounds for outcome in failed), default=0)
    late = any(outcome.late for outcome in failed)
    return Outcome(None, reason, gap, rounds, late=late)


def _excluding(
    instances: Sequence[Instance], system: System, free: tuple[str, ...]
) -> Callable[[State], Iterator[Expr]]:
    """What gives claims that are true in all explored states and not in a given one."""
    excluder = Excluder(instances, system)
    corners = [Corner(i, free) for i in instances if i.system is system]

    def against(state: State) -> Iterator[Expr]:
        yield from (lemma.expr for lemma in excluder.lemmas(state))
        for corner in corners:
            yield from corner.lemmas(state)

    return against


def _states(instances: Sequence[Instance], system: System) -> frozenset[State]:
    """Those of the system itself that were explored, if they are known with all their cells."""
    own = (i for i in instances if i.system is system and not i.states.wide)
    return frozenset(tuple(row) for i in own for row in i.states.matrix.tolist())


def _added(asker: Asker, lemmas: Sequence[Expr]) -> dict[int, Expr]:
    """The lemmas by number; those that Z3 cannot be told are left out."""
    found: dict[int, Expr] = {}
    for lemma in lemmas:
        with suppress(NotExpressible):
            found[asker.add(lemma)] = lemma
    return found


def _claimed(system: System) -> list[Expr]:
    """The specification's own lemmas and invariants."""
    kinds = (PropertyKind.LEMMA, PropertyKind.INVARIANT)
    return [p.expr for p in system.properties if p.kind in kinds and p.expr is not None]


def _conditions(system: System, free: Collection[str]) -> list[Expr]:
    """What is assumed of the free constants in the beginning: it stays true."""
    assumed = [stmt.cond for stmt in system.initial.body if isinstance(stmt, Assume)]
    return [cond for cond in assumed if {var.name for var in reads(cond)} <= set(free)]
