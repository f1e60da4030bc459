"""Proofs for every value of a constant: it is a variable that begins with any value."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pinmc.engines.smt.certificate.certify import certify
from pinmc.engines.smt.certificate.problem import DIFFERENT, CertificateError
from pinmc.engines.smt.certificate.write import write_certificate
from pinmc.engines.smt.mining import Instance, reachable
from pinmc.engines.smt.proving.prove import Prover
from pinmc.ir.expr import Binary, BinOp, Const, Read
from pinmc.ir.stmt import Assign, Assume
from pinmc.ir.system import System
from pinmc.ir.types import Int
from tests.checking import system_of
from tests.unit.engines.smt_proofs import COUNTED

DECLARED = "const BIAS: int where BIAS >= 2 = 8"


def left_free(text: str, least: int) -> System:
    """The specification with BIAS as a variable that nothing assigns, and is at least ``least``."""
    system = system_of(text.replace(DECLARED, "var BIAS: int"))
    (bias,) = [var for var in system.variables if var.name == "BIAS"]
    kept = tuple(
        stmt
        for stmt in system.initial.body
        if not (isinstance(stmt, Assign) and stmt.var.name == "BIAS")
    )
    limit = Assume(Binary(BinOp.GE, Read(bias), Const(least, Int())))
    initial = replace(system.initial, body=(*kept, limit))
    return replace(system, initial=initial)


def instances(text: str) -> list[Instance]:
    found = []
    for bias in (2, 5, 9):
        system = system_of(text, {"BIAS": str(bias)})
        found.append(Instance(system, reachable(system, 10_000), {"BIAS": bias}))
    return found


def prover(system: System, text: str = COUNTED) -> Prover:
    return Prover(system, instances(text), ("BIAS",))


def test_for_every_bias(tmp_path: Path) -> None:
    system = left_free(COUNTED, 1)
    prop = next(p for p in system.properties if p.name == "looks_pinned")
    outcome = prover(system).prove(prop, 60)
    assert outcome.proof is not None, outcome.reason
    manifest = write_certificate(tmp_path, outcome.proof)
    assert manifest.free == ("BIAS",) and "for every BIAS" in manifest.title
    assert any("BIAS" in lemma.said for lemma in manifest.lemmas)
    assert certify(tmp_path, lambda _: system, ("z3",), 60).proved
    with pytest.raises(CertificateError) as caught:
        certify(tmp_path, lambda _: left_free(COUNTED, 0), ("z3",), 60)
    assert caught.value.problem.code == DIFFERENT


def test_the_condition_on_the_constant_is_used() -> None:
    """With a bias of 0 or less an unpinned page looks pinned."""
    text = COUNTED.replace("pins >= 1 implies refs >= BIAS", "pins == 0 implies refs < BIAS + 4")
    prop_of = {least: left_free(text, least) for least in (1, -100)}
    for least, system in prop_of.items():
        prop = next(p for p in system.properties if p.name == "looks_pinned")
        assert (prover(system, text).prove(prop, 60).proof is not None) == (least == 1)


def test_what_holds_for_some_values_only_is_not_proved() -> None:
    text = COUNTED.replace("pins >= 1 implies refs >= BIAS", "refs <= 20")
    system = left_free(text, 1)
    prop = next(p for p in system.properties if p.name == "looks_pinned")
    assert prover(system, text).prove(prop, 60).proof is None
