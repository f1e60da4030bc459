"""All properties of one design: what exploration refutes, and proofs of the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from time import perf_counter

from pinmc.base.records import dataclass
from pinmc.engines.base import ExploreOptions, Limits
from pinmc.engines.interp.engine import InterpEngine
from pinmc.engines.smt.certificate.write import Proof
from pinmc.engines.smt.proving.outcome import Outcome, Rung
from pinmc.engines.smt.proving.prove import STATES, Prover, explored
from pinmc.engines.smt.script.terms import NotExpressible
from pinmc.ir.property import Property, PropertyKind, Verdict
from pinmc.ir.system import System
from pinmc.results.exploration import Exploration, Finding
from pinmc.results.gap import InductionGap

PROVABLE = frozenset(
    {
        PropertyKind.INVARIANT,
        PropertyKind.LEMMA,
        PropertyKind.STEP_INVARIANT,
        PropertyKind.REACHABLE,
        PropertyKind.DEADLOCK,
        PropertyKind.ERRORS,
        PropertyKind.ASSERT,
    }
)
"""Kinds that are a matter of states and single steps. (``stuck`` and temporal properties are
not.)"""

_EXPLORING = 10.0
"""Seconds for looking at states before proving."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """``verdict`` is proved, or unknown with a ``reason``, or what exploration has found: violated
    or reached. A ``reachable`` that is proved is proved to be unreachable. ``rung``: what has found
    the proof; ``gap``: where the induction has failed, if there is none."""

    property: Property
    verdict: Verdict
    reason: str
    seconds: float
    proof: Proof | None = None
    rung: str = ""
    gap: InductionGap | None = None


@dataclass(frozen=True, slots=True)
class Open:
    """Constants left free: their names, and designs in which they have these values."""

    names: tuple[str, ...] = ()
    instances: tuple[tuple[System, Mapping[str, int]], ...] = ()


NOTHING_OPEN = Open()


def prove_design(
    system: System,
    names: frozenset[str] | None,
    seconds: float,
    free: Open = NOTHING_OPEN,
    survivors: bool = False,
) -> Iterator[Attempt]:
    """An attempt at each property (of ``names``, if given), ``seconds`` for each. ``survivors``:
    none at all if something is violated.

    Raises KeyboardInterrupt.
    """
    chosen = [
        prop
        for prop in system.properties
        if prop.kind in PROVABLE and (names is None or prop.name in names)
    ]
    if not chosen:
        return
    wanted = frozenset(prop.name for prop in chosen)
    refuted: dict[str, Verdict] = {}
    for one in [instance for instance, _ in free.instances] or [system]:
        refuted |= _refuted(one, wanted)
    if survivors and Verdict.VIOLATED in refuted.values():
        return
    prover = _prover(system, free) if len(refuted) < len(chosen) else None
    for prop in chosen:
        if prop.name in refuted:
            yield Attempt(prop, refuted[prop.name], "", 0.0)
            continue
        began = perf_counter()
        outcome = Outcome(None, "") if prover is None else _attempt(prover, prop, seconds)
        yield _attempted(prover, prop, outcome, perf_counter() - began)


def _attempted(
    prover: Prover | NotExpressible | None, prop: Property, outcome: Outcome, seconds: float
) -> Attempt:
    if outcome.proof is not None:
        return Attempt(prop, Verdict.PROVED, "", seconds, outcome.proof, outcome.rung)
    gap = None
    if isinstance(prover, Prover) and outcome.gap is not None:
        gap = prover.explain(prop, outcome.gap)
    return Attempt(prop, Verdict.UNKNOWN, outcome.reason, seconds, gap=gap)


def with_proofs(system: System, exploration: Exploration, seconds: float) -> Exploration:
    """The exploration, with proofs of what it has left open or found to hold in all of the design:
    verdict ``proved``, or ``unreachable`` for a goal. ``seconds`` for each property. After Ctrl-C
    it is as it was, but interrupted."""
    asked = {finding.property: finding for finding in exploration.findings}
    chosen = [
        prop
        for prop in system.properties
        if prop.kind in PROVABLE and prop.name in asked and asked[prop.name].verdict in _UNREFUTED
    ]
    if not chosen:
        return exploration
    try:
        prover = _prover(system, NOTHING_OPEN)
        found = {prop.name: (prop, _attempt(prover, prop, seconds)) for prop in chosen}
    except KeyboardInterrupt:
        return replace(exploration, interrupted=True, stopped="interrupted")
    findings = tuple(
        _with_proof(finding, *found[finding.property]) if finding.property in found else finding
        for finding in exploration.findings
    )
    return replace(exploration, findings=findings)


_UNREFUTED = frozenset({Verdict.HOLDS, Verdict.UNREACHABLE, Verdict.UNKNOWN})


def _with_proof(finding: Finding, prop: Property, outcome: Outcome) -> Finding:
    if outcome.proof is None:
        return replace(finding, reason=finding.reason or f"not proved: {outcome.reason}")
    count = len(outcome.proof.lemmas)
    way = outcome.rung if outcome.rung != Rung.LEMMAS.value else "induction"
    reason = f"by {way} with {count} lemma{'s' * (count != 1)}"
    if prop.kind is PropertyKind.REACHABLE:
        return replace(finding, verdict=Verdict.UNREACHABLE, reason=f"proved {reason}")
    return replace(finding, verdict=Verdict.PROVED, reason=reason)


def _prover(system: System, free: Open) -> Prover | NotExpressible:
    instances = [replace(explored(one), constants=given) for one, given in free.instances]
    try:
        return Prover(system, instances, free.names)
    except NotExpressible as why:
        return why


def _attempt(prover: Prover | NotExpressible, prop: Property, seconds: float) -> Outcome:
    if isinstance(prover, NotExpressible):
        return Outcome(None, str(prover))
    return prover.prove(prop, seconds)


def _refuted(system: System, names: frozenset[str]) -> dict[str, Verdict]:
    limits = Limits(states=STATES, timeout=_EXPLORING)
    found = InterpEngine().explore(system, ExploreOptions(limits, properties=names))
    if found.interrupted:
        raise KeyboardInterrupt
    wrong = (Verdict.VIOLATED, Verdict.REACHED)
    return {f.property: f.verdict for f in found.findings if f.verdict in wrong}
