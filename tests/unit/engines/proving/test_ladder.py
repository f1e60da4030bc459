"""Each rung of the ladder proves what no other does, and says so; its proofs are certified."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from pinmc.engines.smt.certificate.certify import certify
from pinmc.engines.smt.certificate.solvers import installed
from pinmc.engines.smt.certificate.write import Proof, write_certificate
from pinmc.engines.smt.proving import spacer
from pinmc.engines.smt.proving.asker import Asker
from pinmc.engines.smt.proving.outcome import Outcome, Rung
from pinmc.engines.smt.proving.prove import Prover, explored
from pinmc.ir.property import Property
from pinmc.ir.system import System
from tests.checking import system_of
from tests.unit.engines.test_free_constants import DECLARED, instances, left_free

DELAYED = """
var gap: int
var product: int
var x: int = 2
var y: int = 3
var last_x: int
var last_y: int
rule go() {
  gap = product - last_x * last_y
  product = x * y
  last_x = x
  last_y = y
  x = x + y
  y = x - 1
}
invariant claimed: gap == 0
"""
"""After any step the product is one, so the gap is closed after two. The lemma that would say so
multiplies variables: nothing mines it, and Spacer finds none like it."""

EVEN = """
var refs: int
rule get() when refs < 100_000 { refs += 2 }
rule put() when refs > 0 { refs -= 2 }
invariant claimed: refs != 99_999
"""
"""Nothing that is mined speaks of remainders, and there is no end to the steps between 99,999 and
whatever was not reached either."""

MINED = f"""
{DECLARED}
var refs: int
var pins: 0..12
rule pin() when pins < 12 {{ refs += BIAS  pins += 1 }}
rule unpin() when pins > 0 {{ refs -= BIAS  pins -= 1 }}
invariant claimed: pins >= 1 implies refs >= BIAS
"""
"""For every bias: the count is a product of two unknowns, and it is many steps from anywhere to
where it must be right."""

ONLY = ("lemmas", "k-induction, k=2", "Spacer")


def claimed(system: System, name: str = "claimed") -> Property:
    return next(prop for prop in system.properties if prop.name == name)


def tried(text: str, rungs: Sequence[Rung], mining: bool = True, seconds: float = 10) -> Outcome:
    system = system_of(text)
    prover = Prover(system, [explored(system, 2000)], rungs=rungs, mining=mining)
    return prover.prove(claimed(system), seconds)


def tried_on(name: str, rungs: Sequence[Rung], mining: bool = True, seconds: float = 10) -> Outcome:
    """On the system that only the rung called so proves."""
    if name != "lemmas":
        return tried(DELAYED if name.startswith("k") else EVEN, rungs, mining, seconds)
    system = left_free(MINED, 1)
    prover = Prover(system, instances(MINED), ("BIAS",), rungs=rungs, mining=mining)
    return prover.prove(claimed(system), seconds)


@pytest.mark.parametrize("name", ONLY)
def test_only_one_rung_proves_it(name: str) -> None:
    for rung in Rung:
        # Lemmas that were mined belong to the first rung.
        found = tried_on(name, [rung], rung is Rung.LEMMAS, 4)
        if name.startswith(rung.value):
            assert found.proof is not None and found.rung == name
        else:
            assert found.proof is None and found.reason and not found.refuted


@pytest.mark.parametrize("name", ONLY)
def test_the_ladder_says_which(name: str, tmp_path: Path) -> None:
    found = tried_on(name, tuple(Rung))
    assert found.rung == name and found.proof is not None and not found.reason
    assert (found.proof.k > 1) is name.startswith("k-induction")
    certified(found.proof, tmp_path)


def certified(proof: Proof, folder: Path) -> None:
    write_certificate(folder, proof)
    solvers = ("z3", "cvc5") if installed("cvc5") else ("z3",)
    assert certify(folder, lambda _: proof.system, solvers, 60).proved


@pytest.mark.parametrize("kind", ["step invariant claimed: b' <= 5", "reachable claimed: b > 5"])
def test_other_kinds_by_several_steps(kind: str, tmp_path: Path) -> None:
    found = tried(f"var b: int\nvar c: int\nrule go() {{ b = c  c = 0 }}\n{kind}", [Rung.STEPS])
    assert found.proof is not None and found.rung == "k-induction, k=2"
    certified(found.proof, tmp_path)


@pytest.mark.parametrize("name", ["errors", "deadlock"])
def test_errors_and_deadlocks_by_several_steps(name: str, tmp_path: Path) -> None:
    text = """
    var b: int
    var c: int
    var small: 0..5
    action go() when b <= 5 { b = c  c = 0  small = b }
    actor goer { loop { go() } }
    """
    system = system_of(text)
    found = Prover(system, rungs=[Rung.STEPS], mining=False).prove(claimed(system, name), 10)
    assert found.proof is not None and found.proof.k == 2
    certified(found.proof, tmp_path)
    first = Prover(system, rungs=[Rung.LEMMAS], mining=False).prove(claimed(system, name), 10)
    assert first.proof is None and first.gap is not None


@pytest.mark.parametrize(
    ("last", "rungs", "said"),
    [
        (0, (Rung.STEPS,), "in the beginning"),
        (1, (Rung.STEPS,), "after 1 step:"),
        (4, (Rung.STEPS,), "after 4 steps:"),
        (5, (Rung.STEPS,), "none up to k=5"),
        (12, (Rung.SPACER,), "Spacer found that"),
        (3, (Rung.LEMMAS, Rung.STEPS, Rung.SPACER), "after 3 steps:"),
        (12, (Rung.LEMMAS, Rung.STEPS, Rung.SPACER), "Spacer found that"),
    ],
)
def test_what_is_false_is_said_to_be(last: int, rungs: Sequence[Rung], said: str) -> None:
    """Exploration saw one state only: Z3 finds the rest."""
    text = f"var x: int\nrule up() {{ x += 1 }}\ninvariant claimed: x != {last}"
    system = system_of(text)
    prover = Prover(system, [explored(system, 1)], rungs=rungs, mining=False)
    found = prover.prove(claimed(system), 20)
    assert found.proof is None and said in found.reason
    assert found.refuted is ("none up to" not in said)


COUNTING = """
var x: 0..9
actor counter {{ loop {{ up() }} }}
action up() when x < {last} {{ x += 1 }}
"""


def test_a_deadlock_at_the_end_of_a_path_is_seen() -> None:
    """The last of several states need not have a step."""
    for last in range(8):
        system = system_of(COUNTING.format(last=last))
        for rung in (Rung.STEPS, Rung.SPACER):
            prover = Prover(system, [explored(system, 1)], rungs=[rung], mining=False)
            assert prover.prove(claimed(system, "deadlock"), 10).proof is None


def test_no_time_is_no_answer() -> None:
    system = system_of(EVEN)
    prover = Prover(system)
    found = prover.prove(claimed(system), 0.0)
    assert found.proof is None and found.reason.count("the time is up") == len(Rung)
    assert prover.prove(claimed(system), 20).proof is not None


def test_an_interruption_is_not_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    system = system_of(EVEN)
    for rung in (Rung.LEMMAS, Rung.STEPS):
        prover = Prover(system, rungs=[rung])
        with monkeypatch.context() as patch:
            patch.setattr(Asker, "check", _interrupted)
            with pytest.raises(KeyboardInterrupt):
                prover.prove(claimed(system), 10)


def _interrupted(*_: object) -> bool:
    raise KeyboardInterrupt


# --- Spacer's process --------------------------------------------------------------------------


def test_a_crash_of_spacer_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spacer, "_CHILD", "pinmc.no_such_module")
    found = tried(EVEN, [Rung.SPACER])
    assert found.proof is None and "Spacer: it broke off:" in found.reason


def test_spacer_has_a_limit_of_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spacer, "MEMORY", 1 << 20)
    found = tried(EVEN, [Rung.SPACER])
    assert found.proof is None and found.reason.startswith("Spacer: ")


def test_an_invariant_that_is_none_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Spacer says is proved again: a wrong cover proves nothing."""
    for said in ("true", "(not (= refs 0))", "(<= refs 10)", "(= refs (* 2 other))", "(and"):
        answer = {"answer": "unsat", "invariant": said}
        with monkeypatch.context() as patch:
            patch.setattr(spacer, "_asked", lambda *_, answer=answer: answer)
            found = tried(EVEN, [Rung.SPACER], mining=False)
        assert found.proof is None and found.reason.startswith("Spacer: its invariant")
