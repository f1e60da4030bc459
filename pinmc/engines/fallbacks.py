"""What engines that cannot do everything have in common: leaving it to the interpreter, and the
answer when there was no time to begin."""

from __future__ import annotations

from dataclasses import replace

from pinmc.engines.answers import INTERRUPTED, NOT_YET, asked_for
from pinmc.engines.base import ExploreOptions
from pinmc.ir.property import PropertyKind, Verdict
from pinmc.ir.system import System
from pinmc.results.exploration import Exploration, Finding, Statistics


def never_begun(engine: str, system: System, options: ExploreOptions) -> Exploration:
    """The answer after Ctrl-C before anything was explored."""
    findings = tuple(
        Finding(prop.name, Verdict.SKIPPED, NOT_YET)
        if prop.kind is PropertyKind.TEMPORAL
        else Finding(prop.name, Verdict.UNKNOWN, INTERRUPTED)
        for prop in asked_for(system, options)
    )
    nothing = Statistics(0, 0, 0, 0.0, False, 0)
    return Exploration(
        engine, findings, nothing, frozenset(), frozenset(), INTERRUPTED, interrupted=True
    )


def interpreted(engine: str, system: System, options: ExploreOptions, why: str) -> Exploration:
    """The interpreter's answer, with a note why it is not that of ``engine``."""
    from pinmc.engines.interp import InterpEngine

    found = InterpEngine().explore(system, options)
    return replace(found, note=f"interpreted, not {engine}: {why}")
