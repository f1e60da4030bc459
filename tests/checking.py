"""Short ways for tests to get from a specification's text to an answer."""

from __future__ import annotations

from pinmc.base.diagnostics import Diagnostic, Severity
from pinmc.engines.base import ExploreOptions
from pinmc.engines.interp.engine import InterpEngine
from pinmc.frontend.lower.system import lower
from pinmc.frontend.sema.designs import designs
from pinmc.frontend.sema.elaborate import elaborate
from pinmc.frontend.sema.program import load
from pinmc.ir.system import System
from pinmc.ir.verify import verify
from pinmc.results.exploration import Exploration


def lowered(
    text: str, constants: dict[str, str] | None = None
) -> tuple[System | None, list[Diagnostic]]:
    """The System of the default design, and everything that was said about the text."""
    program, found = load("spec.pin", text=text)
    said = list(found)
    if program is None:
        return None, said
    variants, more = designs(program, constants or {})
    said += more
    if not variants:
        return None, said
    tree, more = elaborate(program, variants[0])
    said += more
    if tree is None:
        return None, said
    system, more = lower(tree)
    return system, [*said, *more]


def diagnostics(text: str) -> list[Diagnostic]:
    return lowered(text)[1]


def system_of(text: str, constants: dict[str, str] | None = None) -> System:
    system, said = lowered(text, constants)
    errors = [d for d in said if d.severity is Severity.ERROR]
    assert system is not None and not errors, errors
    assert not verify(system), verify(system)
    return system


def explore(text: str, constants: dict[str, str] | None = None) -> Exploration:
    return InterpEngine().explore(system_of(text, constants), ExploreOptions())


def counts(text: str) -> tuple[int, int, int]:
    """States, transitions and depth of the whole state space."""
    statistics = explore(text).statistics
    assert statistics.complete
    return statistics.states, statistics.transitions, statistics.depth


def verdicts(text: str) -> dict[str, str]:
    return {f.property: f.verdict.value for f in explore(text).findings}
