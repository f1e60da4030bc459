"""A guard less: a proof becomes a counterexample or none, never a proof of what is false."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

import pinmc
from pinmc.engines.base import ExploreOptions, Limits
from pinmc.engines.interp.engine import InterpEngine
from pinmc.engines.smt.proving.design import PROVABLE
from pinmc.engines.smt.proving.outcome import Rung
from pinmc.engines.smt.proving.prove import Prover, explored
from pinmc.ir.command import Command
from pinmc.ir.expr import TRUE
from pinmc.ir.property import Verdict
from pinmc.ir.stmt import Assume, If, Stmt
from pinmc.ir.system import System

SPECS = {
    "pin_bias.pin": {},
    "pin_then_dirty.pin": {"RECLAIM": "spare_pinned"},
    "writeprotect_order.pin": {"TEST": "after"},
    "foll_get_invisible.pin": {"HOW": "foll_pin"},
    "layout_recall.pin": {"ORDER": "fence_first"},
}


def _without_one(body: tuple[Stmt, ...]) -> Iterator[tuple[Stmt, ...]]:
    """The statements with one ``Assume`` left out, or one test taken as passed, in every way."""
    for n, stmt in enumerate(body):
        if isinstance(stmt, Assume):
            yield body[:n] + body[n + 1 :]
        if isinstance(stmt, If):
            yield body[:n] + stmt.then + body[n + 1 :]
            for then in _without_one(stmt.then):
                yield (*body[:n], replace(stmt, then=then), *body[n + 1 :])
            for orelse in _without_one(stmt.orelse):
                yield (*body[:n], replace(stmt, orelse=orelse), *body[n + 1 :])


def mutants(system: System) -> Iterator[tuple[str, System]]:
    """The system with one guard or assumption less."""
    for n, command in enumerate(system.commands):
        changed: list[Command] = [replace(command, body=b) for b in _without_one(command.body)]
        if command.guard != TRUE:
            changed.append(replace(command, guard=TRUE))
        for one in changed:
            commands = (*system.commands[:n], one, *system.commands[n + 1 :])
            yield command.name, replace(system, commands=commands)


def verdicts(system: System) -> dict[str, Verdict]:
    options = ExploreOptions(Limits(states=4000))
    return {f.property: f.verdict for f in InterpEngine().explore(system, options).findings}


FALSE = (Verdict.VIOLATED, Verdict.REACHED)


@pytest.mark.slow
@pytest.mark.parametrize("rung", [Rung.STEPS, Rung.SPACER])
@pytest.mark.parametrize("spec", SPECS)
def test_no_rung_proves_a_mutant(spec: str, rung: Rung) -> None:
    """What only the guard makes true is not proved without it, by no rung on its own."""
    system = pinmc.load(f"specs/{spec}", constants=SPECS[spec]).systems[0]
    whole = verdicts(system)
    broken = 0
    for name, mutant in mutants(system):
        true = verdicts(mutant)
        changed = [
            prop
            for prop in mutant.properties
            if prop.kind in PROVABLE
            and true[prop.name] in FALSE
            and whole[prop.name] is not true[prop.name]
        ]
        if not changed:
            continue
        prover = Prover(mutant, [explored(mutant, 5)], rungs=[rung], mining=False)
        for prop in changed:
            outcome = prover.prove(prop, 2)
            assert outcome.proof is None and outcome.reason, (name, prop.name)
            broken += 1
    assert broken, "no guard matters here"


@pytest.mark.slow
@pytest.mark.parametrize("spec", SPECS)
def test_no_mutant_is_proved_to_do_what_it_does_not(spec: str) -> None:
    system = pinmc.load(f"specs/{spec}", constants=SPECS[spec]).systems[0]
    whole = verdicts(system)
    broken = 0
    for name, mutant in mutants(system):
        true = verdicts(mutant)
        prover = Prover(mutant, [explored(mutant, 4000)])
        for prop in mutant.properties:
            if prop.kind not in PROVABLE or true[prop.name] not in FALSE:
                continue
            outcome = prover.prove(prop, 20)
            assert outcome.proof is None and outcome.reason, (name, prop.name)
            broken += whole[prop.name] is not true[prop.name]
    assert broken, "no guard matters here"
