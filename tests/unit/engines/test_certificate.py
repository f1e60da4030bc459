"""Certificates: written, checked, and refused once anything about them is not as it must be."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from pinmc.engines.smt.certificate.certify import Certified, certificates, certify
from pinmc.engines.smt.certificate.manifest import digest, read_manifest, script_file
from pinmc.engines.smt.certificate.problem import CHANGED, DIFFERENT, INCOMPLETE, CertificateError
from pinmc.engines.smt.certificate.schema import schema
from pinmc.engines.smt.certificate.solvers import ask, installed
from pinmc.engines.smt.certificate.write import Proof, write_certificate
from pinmc.engines.smt.script.scripts import Part, obligations
from pinmc.engines.smt.script.system import STEP
from pinmc.engines.smt.script.terms import NotExpressible
from pinmc.engines.smt.script.unrolled import INVARIANT
from pinmc.ir.system import System
from tests.checking import system_of
from tests.unit.engines.smt_proofs import COUNTED, proved

Edit = Callable[[str], str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_certificate(tmp_path / "c", proved())
    return tmp_path / "c"


def checked(
    folder: Path, system: System | None = None, solvers: tuple[str, ...] = ("z3",)
) -> Certified:
    find = None if system is None else lambda _: system
    return certify(folder, find, solvers, 60)


def refused(folder: Path, system: System | None = None) -> str:
    with pytest.raises(CertificateError) as caught:
        checked(folder, system, ())
    assert caught.value.problem.message and caught.value.problem.remedy
    return caught.value.problem.code


def edited(folder: Path, edit: Edit, parts: tuple[Part, ...] = tuple(Part)) -> None:
    """Changes scripts as a careful forger would: the manifest has their new digests."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    for part in parts:
        script = folder / script_file(part)
        before = script.read_text()
        after = edit(before)
        assert after != before
        script.write_text(after)
        manifest["scripts"][part.value]["sha256"] = digest(after)
    path.write_text(json.dumps(manifest))


@pytest.mark.parametrize(
    "name", ["looks_pinned", "one_at_a_time", "too_many", "errors", "deadlock"]
)
def test_a_proof_is_certified(tmp_path: Path, name: str) -> None:
    proof = proved(name)
    write_certificate(tmp_path, proof)
    found = checked(tmp_path, proof.system)
    assert found.proved and found.compared and not found.refuted
    assert [a.result for answers in found.answers.values() for a in answers] == ["unsat"] * 3


@pytest.mark.skipif(not installed("cvc5"), reason="needs pinmc[certify]")
@pytest.mark.parametrize(
    "name",
    [
        "looks_pinned",
        *(
            pytest.param(name, marks=pytest.mark.slow)
            for name in ("one_at_a_time", "too_many", "errors", "deadlock")
        ),
    ],
)
def test_cvc5_agrees(tmp_path: Path, name: str) -> None:
    write_certificate(tmp_path, proved(name))
    assert checked(tmp_path, solvers=("z3", "cvc5")).proved


def test_the_same_proof_is_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    write_certificate(tmp_path / "again", proved())
    for path in folder.iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes()


def test_the_manifest_says_what_it_is_about(folder: Path) -> None:
    document = json.loads((folder / "manifest.json").read_text())
    jsonschema.Draft202012Validator(schema()).validate(document)
    manifest = read_manifest(folder)
    assert manifest.title == "spec.pin: looks_pinned"
    assert manifest.design == {"BIAS": "8", "MOST": "3"}
    assert any(lemma.said.startswith("refs ==") for lemma in manifest.lemmas)
    assert certificates(folder.parent) == [folder]


# --- files -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["manifest.json", "init.smt2", "step.smt2", "safety.smt2"])
def test_a_missing_file(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert refused(folder) == INCOMPLETE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "{",
        "[" * 100_000,
        "null",
        '{"format": "pinmc-certificate"}',
        '{"format": "pinmc-certificate", "version": 2}',
        '{"format": "pinmc-certificate", "version": 1, "tool": 3}',
    ],
)
def test_a_manifest_that_is_none(folder: Path, text: str) -> None:
    (folder / "manifest.json").write_text(text)
    assert refused(folder) == INCOMPLETE


@pytest.mark.parametrize(
    "key", ["tool", "spec", "property", "kind", "design", "free", "lemmas", "scripts"]
)
def test_a_manifest_without_something(folder: Path, key: str) -> None:
    path = folder / "manifest.json"
    document = json.loads(path.read_text())
    del document[key]
    path.write_text(json.dumps(document))
    assert refused(folder) == INCOMPLETE


@pytest.mark.parametrize("part", list(Part))
def test_a_changed_script(folder: Path, part: Part) -> None:
    path = folder / script_file(part)
    path.write_text(path.read_text().replace("(check-sat)", "(check-sat) "))
    assert refused(folder) == CHANGED


@pytest.mark.parametrize("content", [b"\xff\xfe", b""])
def test_a_script_that_is_no_text(folder: Path, content: bytes) -> None:
    (folder / "step.smt2").write_bytes(content)
    assert refused(folder) == CHANGED


def test_no_certificate_at_all(tmp_path: Path) -> None:
    with pytest.raises(CertificateError) as caught:
        certificates(tmp_path)
    assert caught.value.problem.code == INCOMPLETE


# --- forgeries ---------------------------------------------------------------------------------


def _before_the_end(line: str) -> Edit:
    return lambda text: text.replace("\n; To be unsat", f"\n{line}\n; To be unsat")


FORGERIES: dict[str, Edit] = {
    "a fact in the head": _before_the_end("(assert false)"),
    "a fact at the end": lambda text: text.replace("(check-sat)", "(assert false)\n(check-sat)"),
    "an answer": lambda text: text.replace("(check-sat)", '(echo "unsat")'),
    "an option": _before_the_end('(set-option :regular-output-channel "x")'),
    "an early end": _before_the_end("(exit)"),
    "a second invariant": _before_the_end(f"(define-fun |{INVARIANT}| () Bool true)"),
    "a function without a definition": _before_the_end("(declare-fun |f| (Int) Bool)"),
    "something recursive": _before_the_end("(define-fun-rec |f| ((|x| Int)) Bool (not (|f| x)))"),
    "brackets that do not match": _before_the_end("(define-fun |f| () Bool true"),
    "an unquoted bar": _before_the_end("(declare-const |f Int)"),
    "no invariant": lambda text: text.replace(f"(define-fun |{INVARIANT}|", "(define-fun |other|"),
    "a weaker assertion": lambda text: text.replace(f"(assert |{STEP}|)", "(assert false)"),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_script_with_more_in_it_is_never_asked_about(folder: Path, name: str) -> None:
    parts = (Part.STEP,) if name == "a weaker assertion" else tuple(Part)
    edited(folder, FORGERIES[name], parts)
    assert refused(folder) == CHANGED


def test_scripts_about_different_invariants(folder: Path) -> None:
    def weaker(text: str) -> str:
        return text.replace("Bool (and true\n", "Bool (or true\n")

    edited(folder, weaker, (Part.INIT,))
    assert refused(folder) == CHANGED


def test_an_invariant_that_is_too_weak_is_refuted(tmp_path: Path) -> None:
    """Without lemmas the property is not inductive: the solver finds the step."""
    full = proved()
    write_certificate(tmp_path, Proof(full.system, full.property, ()))
    found = checked(tmp_path, full.system)
    assert found.refuted and not found.proved
    assert [found.answers[part][0].result for part in Part] == ["unsat", "sat", "unsat"]


@pytest.mark.slow
def test_every_lemma_that_is_weakened_is_noticed_or_not_needed(tmp_path: Path) -> None:
    """Lemma by lemma: either the rest is inductive by itself or the answer is no."""
    full = proved()
    results = set()
    for n, lemma in enumerate(full.lemmas):
        rest = full.lemmas[:n] + full.lemmas[n + 1 :]
        made = obligations(full.system, full.property, rest)
        answers = [a.result for a in ask("z3", [made.script(part) for part in Part], 60)]
        write_certificate(tmp_path / str(n), Proof(full.system, full.property, rest))
        assert checked(tmp_path / str(n)).proved == (answers == ["unsat"] * 3), lemma
        results.add(tuple(answers))
        if len(results) > 1 or n > 6:
            break
    assert results


def test_a_property_that_does_not_hold_is_refuted(tmp_path: Path) -> None:
    system = system_of(COUNTED + "invariant wrong: refs <= 3\n")
    wrong = next(p for p in system.properties if p.name == "wrong")
    write_certificate(tmp_path, Proof(system, wrong, proved().lemmas))
    assert checked(tmp_path).refuted


# --- whose certificate it is -------------------------------------------------------------------

OTHERS = {
    "another guard": COUNTED.replace("when lookups < MOST", "when lookups <= MOST"),
    "no guard": COUNTED.replace("rule pin() when not pinned", "rule pin()"),
    "another effect": COUNTED.replace("refs -= BIAS", "refs -= BIAS - 1"),
    "another property": COUNTED.replace("pins >= 1 implies refs", "pins > 1 implies refs"),
    "another range": COUNTED.replace("lookups: 0..MOST", "lookups: 0..MOST + 1"),
    "another constant": COUNTED.replace("= 8", "= 9"),
    "another beginning": COUNTED.replace("var refs: int", "var refs: int = 1"),
    "a rule more": COUNTED + "rule more() { refs += 1 }",
    "another specification": "var x: bool\ninvariant looks_pinned: x or not x\nrule r() { skip }",
    "no such property": COUNTED.replace("looks_pinned", "seems_pinned"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_it_is_for_its_own_specification_only(folder: Path, name: str) -> None:
    other = system_of(OTHERS[name])
    assert refused(folder, other) == DIFFERENT
    assert checked(folder, proved().system).proved


@pytest.mark.parametrize("name", ["a step that is none", "a property that asks nothing"])
def test_a_system_that_was_made_harmless_is_for_no_specification(folder: Path, name: str) -> None:
    """A consistent lie: all obligations are true, of another system. Only --spec can tell."""
    target = STEP if name == "a step that is none" else "against the property"

    def lie(text: str) -> str:
        lines = text.split("\n")
        at = next(n for n, line in enumerate(lines) if line.startswith(f"(define-fun |{target}|"))
        lines[at] = f"(define-fun |{target}| () Bool false)"
        return "\n".join(lines)

    edited(folder, lie)
    assert checked(folder).proved
    assert refused(folder, proved().system) == DIFFERENT


@pytest.mark.parametrize(
    "smt",
    ["true) (assert false", "", "true true", "|unknown|", "(forall ((x Int)) true)", "(", "step"],
)
def test_a_lemma_defines_nothing_and_asserts_nothing(folder: Path, smt: str) -> None:
    path = folder / "manifest.json"
    document = json.loads(path.read_text())
    document["lemmas"][0]["smt"] = smt
    path.write_text(json.dumps(document))
    assert refused(folder, proved().system) in (CHANGED, DIFFERENT)


# --- solvers -----------------------------------------------------------------------------------


def test_a_solver_that_takes_too_long_is_stopped() -> None:
    hard = "(set-logic QF_NIA)" + "".join(f"(declare-const x{n} Int)" for n in range(3))
    cubes = " ".join(f"(* x{n} x{n} x{n})" for n in range(3))
    scripts = ["(check-sat)", f"{hard}(assert (= 114 (+ {cubes})))(check-sat)", "(check-sat)"]
    first, *late = ask("z3", scripts, 1)
    assert first.result == "sat"
    assert all(a.result == "unknown" and "time limit" in a.reason for a in late)


@pytest.mark.parametrize("text", ["(assert x)(check-sat)", "(", "", "(check-sat)(check-sat)"])
def test_anything_but_one_answer_is_unknown(text: str) -> None:
    answer, good = ask("z3", [text, "(check-sat)"], 60)
    assert answer.result == "unknown" and answer.reason
    assert good.result == "sat"


def test_a_solver_that_is_not_there() -> None:
    assert not installed("nosolver")


def test_what_has_no_certificate_says_so() -> None:
    system = system_of(COUNTED)
    stuck = next(p for p in system.properties if p.name == "stuck")
    with pytest.raises(NotExpressible):
        obligations(system, stuck, [])


# --- induction over several steps --------------------------------------------------------------

DELAYED = """
var b: int
var c: int
rule go() { b = c  c = 0 }
invariant small: b <= 5
step invariant no_jump: b' <= 5
reachable big: b > 5
expect big unreachable
"""


def delayed(name: str, k: int, text: str = DELAYED) -> Proof:
    """Nothing but the property, with so many steps: one is not enough, two are."""
    system = system_of(text)
    return Proof(system, next(p for p in system.properties if p.name == name), (), (), k)


@pytest.mark.parametrize("name", ["small", "no_jump", "big", "errors", "deadlock"])
@pytest.mark.parametrize("k", [2, 3])
def test_several_steps_are_certified(tmp_path: Path, name: str, k: int) -> None:
    proof = delayed(name, k)
    manifest = write_certificate(tmp_path, proof)
    assert manifest.k == read_manifest(tmp_path).k == k
    document = json.loads((tmp_path / "manifest.json").read_text())
    jsonschema.Draft202012Validator(schema()).validate(document)
    solvers = ("z3", "cvc5") if installed("cvc5") else ("z3",)
    assert checked(tmp_path, proof.system, solvers).proved


@pytest.mark.parametrize(("name", "part"), [("small", Part.STEP), ("no_jump", Part.SAFETY)])
def test_one_step_is_not_enough_for_them(tmp_path: Path, name: str, part: Part) -> None:
    write_certificate(tmp_path, delayed(name, 1))
    found = checked(tmp_path)
    assert found.refuted and found.answers[part][0].result == "sat"


@pytest.mark.parametrize("start", ["b = 6", "c = 6"])
@pytest.mark.parametrize("name", ["small", "no_jump", "big"])
def test_the_beginning_of_several_steps(tmp_path: Path, name: str, start: str) -> None:
    """What goes wrong in the first states, which no state precedes often enough, is seen."""
    before = "b" if start == "b = 6" else "c"
    text = DELAYED.replace(f"var {before}: int", f"var {before}: int = 6")
    proof = delayed(name, 3, text.replace("rule go() {", "rule go() when c != 7 {"))
    write_certificate(tmp_path, proof)
    found = checked(tmp_path, proof.system)
    if (name, start) == ("no_jump", "b = 6"):  # the step leads away from there
        assert found.proved
    else:
        assert found.answers[Part.INIT][0].result == "sat"


def test_every_moment_must_say_the_same(tmp_path: Path) -> None:
    write_certificate(tmp_path, delayed("small", 2))
    edited(tmp_path, lambda s: s.replace("(= |c''| 0)", "(= |c''| 1)"))
    assert refused(tmp_path) == CHANGED


def test_the_moments_may_not_begin_within_a_command(tmp_path: Path) -> None:
    write_certificate(tmp_path, delayed("small", 2))
    edited(
        tmp_path,
        lambda s: s.replace("\n(set-logic QF_LIA)", "\n(set-logic\n; The same after\nQF_LIA)"),
    )
    assert refused(tmp_path) == CHANGED


def test_a_cell_may_not_hide(tmp_path: Path) -> None:
    """States that differ in a cell alone that the invariant does not know are not the same."""
    write_certificate(tmp_path, delayed("small", 2))

    def hidden(text: str) -> str:
        found = text.replace("(|b| Int) (|c| Int)", "(|b| Int)")
        for prime in ("", "'", "''"):
            found = found.replace(
                f"|the invariant| |b{prime}| |c{prime}|", f"|the invariant| |b{prime}|"
            )
        return found.replace(" (= |c| |c'|)", "")

    edited(tmp_path, hidden)
    assert refused(tmp_path) == CHANGED


@pytest.mark.parametrize("k", [0, -1, 17, True, "2", 1.5, None])
def test_a_strange_number_of_steps(tmp_path: Path, k: object) -> None:
    write_certificate(tmp_path, delayed("small", 2))
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "k": k}))
    assert refused(tmp_path) == INCOMPLETE


def test_another_number_of_steps_is_another_certificate(tmp_path: Path) -> None:
    write_certificate(tmp_path, delayed("small", 2))
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "k": 1}))
    assert refused(tmp_path) == CHANGED
