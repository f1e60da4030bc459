"""From the text of a specification to what the user is told, for tests of the results."""

from __future__ import annotations

from pinmc.engines.base import ExploreOptions
from pinmc.engines.interp.engine import InterpEngine
from pinmc.results.judge import judge_design
from pinmc.results.result import Blocked, DesignResult, Explanation
from pinmc.results.trace import Trace
from tests.checking import system_of


def design(text: str, constants: dict[str, str] | None = None) -> DesignResult:
    system = system_of(text, constants)
    return judge_design(system, InterpEngine().explore(system, ExploreOptions()))


def trace(text: str, name: str) -> Trace:
    found = design(text)[name].trace
    assert found is not None
    return found


def explanation(text: str, name: str) -> Explanation:
    found = design(text)[name].explanation
    assert found is not None
    return found


def blocked(text: str, name: str = "deadlock") -> dict[str, Blocked]:
    return {one.actor: one for one in explanation(text, name).blocked}
