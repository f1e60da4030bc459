"""``pinmc prove``: what is said, what is written, exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Pinmc
from tests.cli.specs import MISTAKES, VIOLATED
from tests.unit.engines.smt_proofs import COUNTED


def test_proofs(pinmc: Pinmc) -> None:
    ran = pinmc("prove", "a.pin", a=COUNTED)
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert lines[0] == "a.pin" and lines[-1] == "5 of 5 proved"
    assert [line.split()[:2] for line in lines[1:-1]] == [
        ["proved", "looks_pinned"],
        ["proved", "one_at_a_time"],
        ["proved", "too_many"],
        ["proved", "deadlock"],
        ["proved", "errors"],
    ]


def test_lemmas_can_be_pasted(pinmc: Pinmc, folder: Path) -> None:
    ran = pinmc("prove", "a.pin", "--property", "looks_pinned", "--lemmas", a=COUNTED)
    lemmas = [line.strip() for line in ran.out.splitlines() if line.strip().startswith("lemma ")]
    assert lemmas and any("8 * " in line for line in lemmas)
    again = pinmc("prove", "b.pin", b="\n".join([COUNTED, *lemmas]))
    assert again.code == 0
    assert pinmc("check", "b.pin", "-q").code == 0


def test_a_certificate_for_each_proof(pinmc: Pinmc, folder: Path) -> None:
    ran = pinmc("prove", "a.pin", "--certificate", "c", a=COUNTED)
    assert ran.code == 0
    found = sorted(str(p.parent.relative_to(folder)) for p in folder.rglob("manifest.json"))
    names = ("deadlock", "errors", "looks_pinned", "one_at_a_time", "too_many")
    assert found == [f"c/a/default/{name}" for name in names]
    assert pinmc("certify", "c", "--spec", "a.pin", "--solver", "z3", "-q").code == 0


def test_designs_have_certificates_of_their_own(pinmc: Pinmc, folder: Path) -> None:
    pinmc("prove", "a.pin", "--certificate", "c", "--property", "errors", a=COUNTED)
    pinmc("prove", "a.pin", "--certificate", "c", "--property", "errors", "-D", "BIAS=9")
    assert sorted(p.parent.parent.name for p in folder.rglob("manifest.json")) == [
        "BIAS=9",
        "default",
    ]
    assert pinmc("certify", "c", "--spec", "a.pin", "--solver", "z3", "-q").code == 0


def test_what_exploration_refutes_is_not_proved(pinmc: Pinmc) -> None:
    ran = pinmc("prove", "a.pin", a=VIOLATED)
    assert ran.code == 1
    assert "violated" in ran.out and "pinmc check shows how" in ran.out


@pytest.mark.slow
def test_what_is_not_proved_is_undetermined(pinmc: Pinmc) -> None:
    spec = """
    var x: int
    var square: int
    rule up() when x < 90000 { square += 2 * x + 1  x += 1 }
    invariant no_square: square != 99999
    """
    ran = pinmc("prove", "a.pin", "--property", "no_square", "--timeout", "3", a=spec)
    assert ran.code == 3
    assert "unknown" in ran.out and "0 of 1 proved" in ran.out


EVEN = """
var refs: int
rule get() when refs < 100_000 { refs += 2 }
invariant odd: refs != 99_999
"""


def test_the_rung_is_named(pinmc: Pinmc, folder: Path) -> None:
    ran = pinmc("prove", "a.pin", "--property", "odd", "--certificate", "c", "--lemmas", a=EVEN)
    assert ran.code == 0
    assert "Spacer, " in ran.out and ": (refs % 2" in ran.out
    assert pinmc("certify", "c", "--spec", "a.pin", "--solver", "z3", "-q").code == 0


def test_several_steps_are_named(pinmc: Pinmc, folder: Path) -> None:
    from tests.unit.engines.proving.test_ladder import DELAYED

    ran = pinmc("prove", "a.pin", "--property", "claimed", "--certificate", "c", a=DELAYED)
    assert ran.code == 0 and "k-induction, k=2, 0 lemmas, " in ran.out
    ran = pinmc("certify", "c", "--spec", "a.pin", "--solver", "z3")
    assert ran.code == 0 and "by induction over 2 steps" in ran.out


def test_gaps(pinmc: Pinmc) -> None:
    spec = EVEN.replace("refs += 2", "refs += 2  refs = refs * refs / refs")
    ran = pinmc("prove", "b.pin", "--property", "odd", "--timeout", "3", "--gaps", b=spec)
    assert ran.code == 3
    lines = [line.strip() for line in ran.out.splitlines()]
    at = lines.index("the induction fails in a state that is not known to be reachable:")
    assert lines[at + 1] == "refs = 99997"
    assert lines[at + 3].startswith("rule  get()") and "b.pin:3" in lines[at + 3]
    assert lines[at + 4] == "refs  99997 → 99999"
    assert lines[at + 5] == "after it the property fails"
    without = pinmc("prove", "b.pin", "--property", "odd", "--timeout", "3")
    assert "not known to be reachable" not in without.out


def test_mistakes(pinmc: Pinmc) -> None:
    ran = pinmc("prove", "a.pin", a=MISTAKES)
    assert ran.code == 2 and "Traceback" not in ran.err
    ran = pinmc("prove", "b.pin", "--property", "nope", b=COUNTED)
    assert ran.code == 2 and "PIN402" in ran.err


def test_for_every_value_of_a_constant(pinmc: Pinmc, folder: Path) -> None:
    ran = pinmc("prove", "a.pin", "--free", "BIAS", "--certificate", "c", a=COUNTED)
    assert ran.code == 0, ran.out
    assert ran.out.startswith("a.pin (every BIAS)\n") and "5 of 5 proved" in ran.out
    again = pinmc("certify", "c", "--spec", "a.pin", "--solver", "z3", "-q")
    assert again.code == 0 and again.out.count("for every BIAS") == 5
    weaker = COUNTED.replace("BIAS >= 2 = 8", "BIAS >= 0 = 8")
    assert pinmc("certify", "c", "--spec", "b.pin", "-q", b=weaker).code == 1


def test_the_bias_bound_for_every_bias(pinmc: Pinmc) -> None:
    ran = pinmc("prove", "specs/pin_bias.pin", "--free", "BIAS")
    assert ran.code == 0 and "5 of 5 proved" in ran.out
    assert "proved    false_positive_needs_bias" in ran.out


DESIGNS = """
choice GUARD { off, on } = off
choice STEP { one, two } = one
var x: 0..6
rule up() when GUARD == off or x < 3 { x = min(6, if STEP == one then x + 1 else x + 2) }
rule back() when x > 0 { x = 0 }
invariant small: x <= 4
invariant even: STEP == two implies x % 2 == 0
expect small violated
expect small holds when GUARD == on
"""


def test_designs_are_proved_in_parallel_and_told_in_order(pinmc: Pinmc) -> None:
    for workers in ("1", "2"):
        ran = pinmc("prove", "a.pin", "b.pin", "--workers", workers, a=DESIGNS, b=COUNTED)
        assert ran.code == 0, ran.err
        heads = [line for line in ran.out.splitlines() if not line.startswith(" ")]
        assert heads == ["a.pin", "a.pin (GUARD=on)", "b.pin", "12 of 12 proved, 100.0%"]


def test_surviving_designs_only(pinmc: Pinmc) -> None:
    ran = pinmc("prove", "a.pin", "--surviving", a=DESIGNS)
    assert ran.code == 0, ran.out
    heads = [line for line in ran.out.splitlines() if not line.startswith(" ")]
    names = ["a.pin (GUARD=on,STEP=one)", "a.pin (GUARD=on,STEP=two)"]
    assert heads == [*names, "8 of 8 proved"]


def test_one_line_for_each_specification(pinmc: Pinmc) -> None:
    ran = pinmc("prove", "a.pin", "b.pin", "--quiet", a=DESIGNS, b=COUNTED)
    lines = [" ".join(line.split()) for line in ran.out.splitlines()]
    assert lines == ["a.pin 7 of 7 proved", "b.pin 5 of 5 proved", "12 of 12 proved, 100.0%"]


@pytest.mark.slow
def test_what_is_left_is_listed(pinmc: Pinmc) -> None:
    open_ = """
    var x: int
    var square: int
    rule up() when x < 90000 { square += 2 * x + 1  x += 1 }
    invariant odd: square != 99999
    """
    ran = pinmc("prove", "a.pin", "b.pin", "--timeout", "3", a=open_, b=COUNTED)
    assert ran.code == 3
    left = [line for line in ran.out.splitlines() if line.startswith("not proved: ")]
    assert len(left) == 1 and left[0].startswith("not proved: a.pin: odd: ")


def test_a_mistake_leaves_the_others_their_proofs(pinmc: Pinmc) -> None:
    ran = pinmc("prove", "a.pin", "b.pin", "c.pin", a=COUNTED, b=MISTAKES, c=COUNTED)
    assert ran.code == 2 and "10 of 10 proved" in ran.out
