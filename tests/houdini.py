"""The largest inductive subset of some lemmas, found by asking Z3 about the scripts themselves.

A reference for tests: slow and short, and apart from the engine that proves.

Flanagan and Leino, "Houdini, an annotation assistant for ESC/Java", 2001.
"""

from __future__ import annotations

from collections.abc import Sequence

import z3

from pinmc.engines.smt.script.scripts import obligations
from pinmc.engines.smt.script.system import INIT, STEP
from pinmc.engines.smt.script.unrolled import INVARIANT
from pinmc.ir.expr import Expr
from pinmc.ir.property import Property
from pinmc.ir.system import System


def inductive(system: System, prop: Property, lemmas: Sequence[Expr]) -> list[Expr]:
    """Those of ``lemmas`` that hold initially and are kept by every step from a state in which
    they and the property hold (its own induction is not looked at)."""
    made = obligations(system, prop, lemmas)
    now = " ".join(cell.term.text for cell in made.cells)
    then = " ".join(cell.next.text for cell in made.cells)
    params = " ".join(f"({cell.term.text} {cell.sort})" for cell in made.cells)
    head = obligations(system, prop, []).head + "".join(
        f"(define-fun |lemma {n}| ({params}) Bool {lemma.smt})"
        for n, lemma in enumerate(made.lemmas, 1)
    )
    kept = list(range(1, len(lemmas) + 1))
    kept = _standing(f"{head}(assert |{INIT}|)", kept, now)
    while True:
        given = "".join(f"(assert (|lemma {n}| {now}))" for n in kept)
        given += f"(assert (|{INVARIANT}| {now}))"
        left = _standing(f"{head}{given}(assert |{STEP}|)", kept, then)
        if left == kept:
            return [lemmas[n - 1] for n in kept]
        kept = left


def _standing(text: str, numbers: Sequence[int], args: str) -> list[int]:
    """The numbers of the lemmas that cannot fail."""
    solver = z3.Solver()
    marks = "".join(
        f"(declare-const |mark {n}| Bool)(assert (= |mark {n}| (not (|lemma {n}| {args}))))"
        for n in numbers
    )
    solver.from_string(f"{text}{marks}")
    open_ = {n: z3.Bool(f"mark {n}") for n in numbers}
    while open_:
        solver.push()
        solver.add(z3.Or(*open_.values()))
        answer = solver.check()
        assert answer in (z3.sat, z3.unsat), answer
        if answer == z3.unsat:
            break
        model = solver.model()
        open_ = {n: m for n, m in open_.items() if not z3.is_true(model.eval(m, True))}
        solver.pop()
    return list(open_)
