"""Proves a property by induction with lemmas that nobody had to write.

First the mined lemmas that are inductive; then, as long as there is a state where the proof
fails and that was not reached, a lemma against that state, which is to be proved as well.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice
from time import perf_counter

from pinmc.engines.smt.certificate.write import Proof
from pinmc.engines.smt.mining import Corner, Excluder, Instance, candidates, reachable
from pinmc.engines.smt.proving.asker import Asker, Unsure
from pinmc.engines.smt.proving.induction import Gap, Search, houdini, needed
from pinmc.engines.smt.script.terms import NotExpressible
from pinmc.ir.expr import Expr
from pinmc.ir.property import Property, PropertyKind
from pinmc.ir.stmt import Assume
from pinmc.ir.system import System
from pinmc.ir.walk import reads

STATES = 300_000
"""So many states are explored to mine lemmas from."""

_MOST_ROUNDS = 400

_LEARNING = 10.0
"""Seconds for what one property's lemmas are worth for the others."""

_ALTERNATIVES = 16
"""Of so many lemmas against a state the best one is taken."""


def explored(system: System, states: int = STATES, seconds: float = 20.0) -> Instance:
    """The reachable states of a system, or many of them. Raises KeyboardInterrupt."""
    return Instance(system, reachable(system, states, seconds))


@dataclass(frozen=True, slots=True)
class Outcome:
    """``proof`` if there is one, else ``reason``. ``gap``: where the last attempt failed."""

    proof: Proof | None
    reason: str = ""
    gap: Gap | None = None
    rounds: int = 0


class Prover:
    """What exploring some instances taught about a system, to be used for all its properties.

    ``instances``: what was explored, by default the system itself. ``free``: variables of the
    system that nothing changes and that may begin with any value: constants left open, which the
    instances fix. ``seconds`` limit the choice of the inductive lemmas.
    Raises NotExpressible, and KeyboardInterrupt.
    """

    def __init__(
        self,
        system: System,
        instances: Sequence[Instance] = (),
        free: tuple[str, ...] = (),
        seconds: float = 60.0,
    ) -> None:
        self.system = system
        self._free = free
        self._asker = Asker(system, system.properties, free)
        instances = instances or [explored(system)]
        own = (i for i in instances if i.system is system)
        self._seen = frozenset(tuple(row) for i in own for row in i.states.matrix.tolist())
        self._excluder = Excluder(instances, system)
        self._corners = [Corner(i, free) for i in instances if i.system is system]
        mined = [lemma.expr for lemma in candidates(instances, system)]
        given = [*_conditions(system, free), *_claimed(system), *mined]
        self._exprs = _added(self._asker, list(dict.fromkeys(given)))
        self._asker.deadline = perf_counter() + seconds
        try:
            self._background = houdini(self._asker, list(self._exprs))
            self._late = ""
        except Unsure as why:
            self._background = []
            self._late = f"; no mined lemma was used: {why}"

    @property
    def background(self) -> list[Expr]:
        """The mined lemmas that are inductive together."""
        return [self._exprs[n] for n in self._background]

    def prove(self, prop: Property, seconds: float) -> Outcome:
        """An inductive proof, or why there is none. Raises KeyboardInterrupt."""
        if prop.name not in self._asker.claims:
            return Outcome(None, self._asker.refused[prop.name])
        self._asker.deadline = perf_counter() + seconds
        goals: list[int] = []
        try:
            return self._attempt(prop, goals)
        except Unsure as why:
            return Outcome(None, str(why))
        finally:
            self._learn(goals)

    def _learn(self, goals: Sequence[int]) -> None:
        """What was found for one property may help with the next."""
        if not goals:
            return
        self._asker.deadline = perf_counter() + _LEARNING
        with suppress(Unsure):
            self._background = houdini(self._asker, [*self._background, *goals])

    def _attempt(self, prop: Property, goals: list[int]) -> Outcome:
        """A proof by the background and ``goals``, which begin empty."""
        claim = self._asker.claims[prop.name]
        search = Search(self._asker, claim, self._background)
        for rounds in range(_MOST_ROUNDS):
            gap = search.gap()
            if gap is None:
                used = needed(self._asker, claim, [*self._background, *goals])
                lemmas = tuple(self._exprs[n] for n in used)
                return Outcome(Proof(self.system, prop, lemmas, self._free), rounds=rounds)
            lemma = self._against(gap, search, goals)
            if lemma is None:
                return Outcome(None, self._why(gap) + self._late, gap, rounds)
            goals.append(lemma)
            search.add(lemma)
        return Outcome(None, f"{_MOST_ROUNDS} lemmas were not enough", gap, _MOST_ROUNDS)

    def _against(self, gap: Gap, search: Search, goals: Sequence[int]) -> int | None:
        """A lemma that the state of the gap contradicts; none if the state was reached. One that
        needs no further lemmas is preferred."""
        if gap.where == "init" or gap.state in self._seen:
            return None
        found = (lemma.expr for lemma in self._excluder.lemmas(gap.state))
        last = (expr for corner in self._corners for expr in corner.lemmas(gap.state))
        first = None
        for expr in islice(dict.fromkeys(chain(found, last)), _ALTERNATIVES):
            number = self._asker.add(expr)
            self._exprs[number] = expr
            if number in goals or number in self._background:
                continue
            if search.keeps(number):
                return number
            first = number if first is None else first
        return first

    def _why(self, gap: Gap) -> str:
        if gap.where == "init":
            return "a lemma that was true wherever one looked fails in an initial state"
        if gap.state in self._seen:
            return "the property fails, or a lemma does, after a state that is reachable"
        return "no lemma tells the state where the proof fails from those that were explored"


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
