"""What is proved of random systems is so, and is certified; what is false is never proved."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from random import Random

import pytest

from pinmc.engines.base import ExploreOptions, Limits
from pinmc.engines.interp.engine import InterpEngine
from pinmc.engines.smt.certificate.certify import certify
from pinmc.engines.smt.certificate.write import write_certificate
from pinmc.engines.smt.proving.outcome import Rung
from pinmc.engines.smt.proving.prove import Prover, explored
from pinmc.ir.property import PropertyKind, Verdict
from pinmc.ir.system import System
from tests.property.systems import Dice, build_system
from tests.rounds import rounds

SYSTEMS = 12
MANY = 40
KINDS = (
    PropertyKind.INVARIANT,
    PropertyKind.LEMMA,
    PropertyKind.STEP_INVARIANT,
    PropertyKind.REACHABLE,
    PropertyKind.DEADLOCK,
    PropertyKind.ERRORS,
    PropertyKind.ASSERT,
)
FINE = (Verdict.HOLDS, Verdict.UNREACHABLE)


def _explored(system: System) -> dict[str, Verdict]:
    options = ExploreOptions(Limits(states=2000))
    return {f.property: f.verdict for f in InterpEngine().explore(system, options).findings}


@pytest.mark.parametrize("number", rounds(SYSTEMS, fast=4))
def test_only_what_holds_is_proved(seed: int, number: int) -> None:
    system = build_system(Dice(Random(seed + number)))
    verdicts = _explored(system)
    prover = Prover(system, [explored(system, 100)])  # few, so that some lemmas are wrong
    for prop in system.properties:
        if prop.kind not in KINDS:
            continue
        outcome = prover.prove(prop, 20)
        if outcome.proof is not None:
            assert verdicts[prop.name] in (*FINE, Verdict.UNKNOWN), prop.name
        else:
            assert outcome.reason


ALONE = 8
"""Systems for each rung by itself."""


@pytest.mark.parametrize("rung", list(Rung))
@pytest.mark.parametrize("number", rounds(ALONE, 2))
def test_no_rung_proves_what_is_false(seed: int, number: int, rung: Rung, tmp_path: Path) -> None:
    """Without mined lemmas, and after a look at a few states only; what is proved is certified."""
    system = build_system(Dice(Random(seed + 100 + number)))
    verdicts = _explored(system)
    prover = Prover(system, [explored(system, 5)], rungs=[rung], mining=False)
    proofs = []
    for prop in system.properties:
        if prop.kind not in KINDS:
            continue
        outcome = prover.prove(prop, 4)
        if outcome.proof is not None:
            assert verdicts[prop.name] in (*FINE, Verdict.UNKNOWN), (prop.name, rung)
            assert outcome.rung.startswith(rung.value)
            proofs.append(outcome.proof)
        elif outcome.refuted:
            assert verdicts[prop.name] not in FINE, (prop.name, outcome.reason)
    if proofs:
        proof = proofs[number % len(proofs)]
        write_certificate(tmp_path, proof)
        assert certify(tmp_path, lambda _: system, ("z3",), 60).proved


@pytest.mark.slow
@pytest.mark.parametrize("rung", [Rung.STEPS, Rung.SPACER])
def test_every_proof_of_a_rung_is_certified(seed: int, rung: Rung, tmp_path: Path) -> None:
    certified = 0
    for number in range(MANY):
        system = build_system(Dice(Random(seed + 200 + number)))
        verdicts = _explored(system)
        prover = Prover(system, [explored(system, 5)], rungs=[rung], mining=False)
        for prop in system.properties:
            if prop.kind not in KINDS or verdicts[prop.name] not in FINE:
                continue
            outcome = prover.prove(prop, 4)
            if outcome.proof is None or certified > 60:
                continue
            folder = tmp_path / f"{number}{prop.name}"
            write_certificate(folder, outcome.proof)
            found = certify(folder, partial(_same, system), ("z3",), 60)
            assert found.proved, (number, prop.name)
            certified += 1
    assert certified > 10


def _same(system: System, _: object) -> System:
    return system


@pytest.mark.slow
def test_most_of_what_holds_is_proved_and_certified(seed: int, tmp_path: Path) -> None:
    proved = held = certified = 0
    for number in range(MANY):
        system = build_system(Dice(Random(seed + number)))
        verdicts = _explored(system)
        prover = Prover(system, [explored(system, 2000)])
        for prop in system.properties:
            if prop.kind not in KINDS or verdicts[prop.name] not in FINE:
                continue
            held += 1
            outcome = prover.prove(prop, 20)
            if outcome.proof is None:
                continue
            proved += 1
            if proved % 12 == 0:
                folder = tmp_path / f"{number}{prop.name}"
                write_certificate(folder, outcome.proof)
                found = certify(folder, partial(_same, system), ("z3",), 60)
                assert found.proved
                certified += 1
    assert held > 40 and certified > 2
    print(f"{proved} of {held} proved")
    assert proved > 0.6 * held
