"""All properties of one design, for every number of members of some scalarsets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from time import perf_counter

from pinmc.base.records import dataclass
from pinmc.engines.base import ExploreOptions, Limits
from pinmc.engines.interp.engine import InterpEngine
from pinmc.engines.smt.anysize.erase import Claimed, erased, family
from pinmc.engines.smt.anysize.model import OF_STATES, Model
from pinmc.engines.smt.anysize.prove import Invariant, prove
from pinmc.engines.smt.mining import Instance
from pinmc.engines.smt.proving.outcome import Rung
from pinmc.engines.smt.proving.prove import Prover, explored
from pinmc.engines.smt.script.terms import NotExpressible
from pinmc.ir.expr import Expr
from pinmc.ir.property import Property, PropertyKind, Verdict
from pinmc.ir.system import System
from pinmc.ir.types import Scalarset

KINDS = frozenset({*OF_STATES, PropertyKind.STEP_INVARIANT})
"""What can be proved for any number. What is a matter of errors or of being stuck is not."""

_STATES = 30_000
_EXPLORING = 15.0
_SMALL = 2


@dataclass(frozen=True, slots=True)
class AnyAttempt:
    """``verdict``: proved for every number, unknown with a ``reason``, or what a small instance
    has shown: violated or reached. ``lemmas``: how many the proof needs."""

    property: Property
    verdict: Verdict
    reason: str
    lemmas: int
    seconds: float


def prove_any(
    samples: Sequence[System],
    any_size: Sequence[str],
    names: frozenset[str] | None,
    seconds: float,
) -> Iterator[AnyAttempt]:
    """An attempt at each property (of ``names``, if given), ``seconds`` for each.

    ``samples``: one design for some numbers of members, the smallest first; those of at most two
    of each are explored. Raises KeyboardInterrupt.
    """
    chosen = [p for p in samples[0].properties if p.kind in KINDS and p.expr is not None]
    chosen = [p for p in chosen if names is None or p.name in names]
    if not chosen:
        return
    try:
        search = _Search(samples, any_size)
    except NotExpressible as why:
        yield from (AnyAttempt(p, Verdict.UNKNOWN, str(why), 0, 0.0) for p in chosen)
        return
    for prop in chosen:
        began = perf_counter()
        wrong = search.refuted(prop)
        if wrong is not None:
            yield AnyAttempt(prop, wrong, "", 0, perf_counter() - began)
            continue
        found = search.prove(prop, began + seconds)
        verdict = Verdict.UNKNOWN if found.lemmas is None else Verdict.PROVED
        count = len(found.lemmas or ())
        yield AnyAttempt(prop, verdict, found.reason, count, perf_counter() - began)


class _Search:
    """One design's formulas, and what small instances teach. Raises NotExpressible."""

    def __init__(self, samples: Sequence[System], any_size: Sequence[str]) -> None:
        self._names = tuple(any_size)
        self._family = family(samples, any_size)
        self._model = Model(self._family)
        self._small = [system for system in samples if _is_small(system, any_size)]
        self._refuted: dict[str, Verdict] | None = None
        self._provers: list[Prover] | None = None

    def refuted(self, prop: Property) -> Verdict | None:
        """What an instance has shown of the property: violated or reached."""
        if self._refuted is None:
            self._refuted = {}
            for system in self._small:
                self._refuted |= _refuted(system)
        return self._refuted.get(prop.name)

    def prove(self, prop: Property, deadline: float) -> Invariant:
        """First with what proofs for fixed numbers need, then with all that is inductive there."""
        position = [claim.name for claim in self._family.claims].index(prop.name)
        claim = self._family.claims[position]
        needed: list[Expr] = []
        for prover in self.provers():
            left = max(1.0, (deadline - perf_counter()) / 4)
            outcome = prover.prove(prover.system.properties[position], left)
            if outcome.proof is not None:
                needed += self._said(outcome.proof.lemmas)
        found = self._with(claim, needed, deadline)
        if found.lemmas is not None:
            return found
        every = [expr for prover in self.provers() for expr in self._said(prover.background)]
        return self._with(claim, [*needed, *every], deadline)

    def _with(self, claim: Claimed, lemmas: Sequence[Expr], deadline: float) -> Invariant:
        return prove(self._model, claim, lemmas, deadline)

    def _said(self, lemmas: Sequence[Expr]) -> list[Expr]:
        return [erased(lemma, self._names) for lemma in lemmas]

    def provers(self) -> list[Prover]:
        """For instances that were explored whole, if there are any; not for the smallest one,
        in which everybody is alone."""
        if self._provers is None:
            seen = [explored(system, _STATES, _EXPLORING) for system in self._small]
            targets = [one for one in seen[1:] if one.states.complete] or seen[-1:]
            # What the other rungs find speaks of single members, or of several steps.
            rungs = (Rung.LEMMAS,)
            self._provers = [
                Prover(one.system, [one, *_others(one, seen)], seconds=30.0, rungs=rungs)
                for one in targets
            ]
        return self._provers


def _others(one: Instance, all_of_them: Sequence[Instance]) -> list[Instance]:
    return [other for other in all_of_them if other is not one]


def _is_small(system: System, any_size: Sequence[str]) -> bool:
    sizes = [
        dim.size
        for var in system.variables
        for dim in var.dims
        if isinstance(dim, Scalarset) and dim.name in any_size
    ]
    return all(size <= _SMALL for size in sizes)


def _refuted(system: System) -> dict[str, Verdict]:
    names = frozenset(prop.name for prop in system.properties if prop.kind in KINDS)
    limits = Limits(states=_STATES, timeout=_EXPLORING)
    found = InterpEngine().explore(system, ExploreOptions(limits, properties=names))
    if found.interrupted:
        raise KeyboardInterrupt
    wrong = (Verdict.VIOLATED, Verdict.REACHED)
    return {f.property: f.verdict for f in found.findings if f.verdict in wrong}
