"""Only what is inductive becomes a fact."""

from __future__ import annotations

from time import perf_counter

from pinmc.engines.smt.bounds.facts import Facts
from pinmc.ir.expr import Expr
from tests.checking import system_of

COUNT = """
var x: int
rule up() when x < 5 { x += 1 }
lemma low: x >= 0
lemma high: x <= 5
lemma wrong: x <= 3
lemma late: x >= 1
"""


def test_what_is_false_is_dropped() -> None:
    system = system_of(COUNT)
    given: dict[str, Expr] = {p.name: p.expr for p in system.properties if p.expr is not None}
    facts = Facts(system, given.values(), (), perf_counter() + 20)
    assert facts.kept == [given["low"], given["high"]]
    assert len(facts.formulas) == 3  # with the types
