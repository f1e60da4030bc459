"""``pinmc certify``: exit codes and what is said."""

from __future__ import annotations

import json
from pathlib import Path

from pinmc.engines.smt.certificate.solvers import installed
from pinmc.engines.smt.certificate.write import Proof, write_certificate
from tests.cli.conftest import Pinmc
from tests.cli.specs import MISTAKES
from tests.unit.engines.smt_proofs import COUNTED, proved


def test_a_good_certificate(pinmc: Pinmc, folder: Path) -> None:
    write_certificate(folder / "c", proved())
    ran = pinmc("certify", "c", "--solver", "z3")
    assert ran.code == 0
    assert ran.out.startswith("certified spec.pin: looks_pinned (c)\n  init    z3 ")
    assert ran.out.count("unsat") == 3
    assert "certify --spec SPEC" in ran.out


def test_against_its_specification(pinmc: Pinmc, folder: Path) -> None:
    write_certificate(folder / "c", proved())
    ran = pinmc("certify", "c", "--spec", "spec.pin", "--solver", "z3", spec=COUNTED)
    assert ran.code == 0 and "--spec" not in ran.out


def test_the_design_is_that_of_the_certificate(pinmc: Pinmc, folder: Path) -> None:
    """The default of a constant may be another one by now; the proof is of the one it names."""
    write_certificate(folder / "c", proved())
    changed = COUNTED.replace("= 8", "= 9")
    assert pinmc("certify", "c", "--spec", "spec.pin", "-q", spec=changed).code == 0
    stricter = COUNTED.replace("BIAS >= 2 = 8", "BIAS >= 9 = 9")
    ran = pinmc("certify", "c", "--spec", "spec.pin", "-q", spec=stricter)
    assert ran.code == 1 and "PIN432" in ran.err and "no such design" in ran.err


def test_several_at_once_and_quietly(pinmc: Pinmc, folder: Path) -> None:
    write_certificate(folder / "c" / "one", proved())
    write_certificate(folder / "c" / "two", proved("errors"))
    for workers in ("1", "3"):
        ran = pinmc("certify", "c", "--solver", "z3", "-q", "--workers", workers)
        assert ran.code == 0
        assert ran.out.splitlines() == [
            "certified spec.pin: looks_pinned (c/one)",
            "certified spec.pin: errors (c/two)",
            "2 of 2 certified",
        ]


def test_a_refuted_one(pinmc: Pinmc, folder: Path) -> None:
    full = proved()
    write_certificate(folder / "c", Proof(full.system, full.property, ()))
    ran = pinmc("certify", "c", "--solver", "z3")
    assert ran.code == 1
    assert ran.out.startswith("REFUTED") and "found a case that is not covered" in ran.out


def test_one_bad_one_among_good_ones(pinmc: Pinmc, folder: Path) -> None:
    write_certificate(folder / "c" / "one", proved())
    write_certificate(folder / "c" / "two", proved("errors"))
    (folder / "c" / "two" / "step.smt2").write_text("(check-sat)")
    ran = pinmc("certify", "c", "--solver", "z3", "-q")
    assert ran.code == 1
    assert "certified" in ran.out and "PIN431" in ran.err and "remedy" in ran.err


def test_no_time_is_no_answer(pinmc: Pinmc, folder: Path) -> None:
    write_certificate(folder / "c", proved())
    ran = pinmc("certify", "c", "--solver", "z3", "--timeout", "0.001")
    assert ran.code == 3
    assert ran.out.startswith("undetermined") and "time limit" in ran.out


def test_nothing_there(pinmc: Pinmc, folder: Path) -> None:
    ran = pinmc("certify", "nowhere")
    assert ran.code == 2 and "PIN430" in ran.err and "Traceback" not in ran.err


def test_mistakes_in_the_specification_are_its_own(pinmc: Pinmc, folder: Path) -> None:
    write_certificate(folder / "c", proved())
    ran = pinmc("certify", "c", "--spec", "bad.pin", bad=MISTAKES)
    assert ran.code == 2 and "PIN432" not in ran.err and ran.out == ""


def test_a_solver_that_is_missing_is_told(pinmc: Pinmc, folder: Path) -> None:
    write_certificate(folder / "c", proved())
    ran = pinmc("certify", "c", "-q")
    assert ran.code == 0
    assert ("pip install 'pinmc[certify]'" in ran.err) == (not installed("cvc5"))
    if not installed("cvc5"):
        assert pinmc("certify", "c", "--solver", "cvc5").code == 2


def test_nothing_in_a_manifest_reaches_the_terminal_as_it_is(pinmc: Pinmc, folder: Path) -> None:
    write_certificate(folder / "c", proved())
    path = folder / "c" / "manifest.json"
    document = json.loads(path.read_text())
    document["spec"] = "\x1b[2Jevil"
    path.write_text(json.dumps(document))
    ran = pinmc("certify", "c", "-q", "--solver", "z3")
    assert ran.code == 0 and "\x1b" not in ran.out
