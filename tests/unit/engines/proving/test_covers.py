"""What a solver says, read back: the same truth in every state, and readable."""

from __future__ import annotations

from random import Random

import pytest
import z3

from pinmc.engines.smt.proving.covers import NoLemma, lemmas_of
from pinmc.ir.semantics import evaluate
from pinmc.results.spelling import spelled
from tests.checking import system_of

SYSTEM = system_of("""
enum Io { idle, busy, done }
scalarset Page[2]
var refs: int
var pins[Page]: 0..7
var dirty[Page]: bool
var io: Io
var owner: Page?
rule change(p: Page) {
  refs += 1
  pins[p] = 7 - pins[p]
  dirty[p] = not dirty[p]
  io = busy
  owner = p
}
""")
NUMBERS = ("refs", "|pins[Page0]|", "|pins[Page1]|", "io", "owner")
TRUTHS = ("|dirty[Page0]|", "|dirty[Page1]|")
FORMULAS = 100


def said(text: str) -> list[str]:
    return [spelled(SYSTEM, expr).text for expr in lemmas_of(SYSTEM, text)]


@pytest.mark.parametrize(
    ("text", "lemma"),
    [
        ("(<= (+ refs (* (- 1) |pins[Page0]|)) 0)", "refs <= pins[Page0]"),
        ("(not (>= (+ (* 2 refs) (* (- 3) |pins[Page1]|)) 1))", "2 * refs < 3 * pins[Page1] + 1"),
        ("(<= (* (- 1) refs) 4)", "refs >= -4"),
        ("(not (= refs 3))", "refs != 3"),
        ("(>= io 1)", "io != idle"),
        ("(<= io 0)", "io == idle"),
        ("(not (= owner (- 1)))", "owner != none"),
        ("(=> |dirty[Page0]| (< refs 2))", "dirty[Page0] implies refs < 2"),
        ("(not (and |dirty[Page0]| (<= refs 2)))", "not dirty[Page0] or refs > 2"),
        ("(let ((a!1 (+ refs 1))) (let ((a!2 (* 2 a!1))) (<= a!2 0)))", "2 * refs <= -2"),
        ("(= (mod |pins[Page0]| 2) 1)", "pins[Page0] % 2 == 1"),
        ("(= (mod refs 2) 0)", "(refs % 2 + 2) % 2 == 0"),
        ("(= |dirty[Page0]| |dirty[Page1]|)", "dirty[Page0] == dirty[Page1]"),
    ],
)
def test_it_reads_well(text: str, lemma: str) -> None:
    shown = said(text)
    assert shown == [lemma]


def test_conjuncts_are_lemmas_of_their_own() -> None:
    assert said("(let ((a (= refs 0))) (and a (and |dirty[Page0]| (<= io 1)) true))") == [
        "refs == 0",
        "dirty[Page0]",
        "io != done",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "(",
        "()",
        "refs",
        "(+ refs 1)",
        "|nobody|",
        "(<= nobody 1)",
        "(forall ((x Int)) (<= x refs))",
        "(<= (mod refs io) 1)",
        "(<= (mod refs (- 2)) 1)",
        "(<= (to_real refs) 1)",
        "(<= 1.5 refs)",
        "(<= refs)",
        "(ite |dirty[Page0]| true)",
        "(not)",
        "(=> true)",
        "(" * 3000 + ")" * 3000,
        "(not " * 3000 + "|dirty[Page0]|" + ")" * 3000,
        f"(and {' '.join(['(or |dirty[Page0]| (<= refs 1))'] * 9000)})",
    ],
)
def test_what_is_no_lemma(text: str) -> None:
    with pytest.raises(NoLemma):
        lemmas_of(SYSTEM, text)


def test_it_means_the_same(seed: int) -> None:
    """Random formulas in random states: Z3's value is that of the lemmas."""
    random = Random(seed)
    made = 0
    for _ in range(FORMULAS):
        text = _truth(random, 4)
        lemmas = lemmas_of(SYSTEM, text)
        for _ in range(3):
            state = _state(random)
            ours = all(evaluate(SYSTEM, lemma, state) for lemma in lemmas)
            assert ours is _by_z3(text, state), (text, state)
        made += len(lemmas)
    assert made > FORMULAS / 2


def _truth(random: Random, depth: int) -> str:
    kind = random.randint(0, 2 if depth <= 0 else 8)
    inner = [_truth(random, depth - 1) for _ in range(3)] if depth > 0 else []
    match kind:
        case 0:
            return random.choice((*TRUTHS, "true", "false"))
        case 1 | 2:
            op = random.choice(("<=", "<", ">=", ">", "="))
            return f"({op} {_number(random, depth - 1)} {_number(random, depth - 1)})"
        case 3:
            return f"(not {inner[0]})"
        case 4 | 5:
            return f"({random.choice(('and', 'or'))} {' '.join(inner)})"
        case 6:
            return f"({random.choice(('=>', '=', 'distinct'))} {inner[0]} {inner[1]})"
        case 7:
            return f"(ite {' '.join(inner)})"
        case _:
            return f"(let ((a!{depth} {inner[0]})) (or a!{depth} {inner[1]}))"


def _number(random: Random, depth: int) -> str:
    kind = random.randint(0, 2 if depth <= 0 else 7)
    parts = [_number(random, depth - 1) for _ in range(2)] if depth > 0 else []
    match kind:
        case 0:
            value = random.randint(-3, 5)
            return str(value) if value >= 0 else f"(- {-value})"
        case 1 | 2:
            return random.choice(NUMBERS)
        case 3:
            return f"(+ {' '.join(parts)} {random.choice(NUMBERS)})"
        case 4:
            return f"(- {' '.join(parts[: random.randint(1, 2)])})"
        case 5:
            return f"(* {' '.join(parts)})"
        case 6:
            return f"({random.choice(('div', 'mod'))} {parts[0]} {random.randint(1, 4)})"
        case _:
            return f"(ite {_truth(random, depth - 1)} {' '.join(parts)})"


def _state(random: Random) -> tuple[int, ...]:
    """In the order of the declarations."""
    pins = [random.randint(0, 7) for _ in range(2)]
    dirty = [random.randint(0, 1) for _ in range(2)]
    return (random.randint(-9, 9), *pins, *dirty, random.randint(0, 2), random.randint(-1, 1))


def _by_z3(text: str, state: tuple[int, ...]) -> bool:
    refs, pins0, pins1, dirty0, dirty1, io, owner = state
    context = z3.Context()
    numbers = dict(zip(NUMBERS, (refs, pins0, pins1, io, owner), strict=True))
    truths = dict(zip(TRUTHS, (dirty0, dirty1), strict=True))
    facts = "".join(
        f"(declare-const {n} Int)(assert (= {n} {_smt(v)}))" for n, v in numbers.items()
    )
    facts += "".join(
        f"(declare-const {n} Bool)(assert (= {n} {'true' if v else 'false'}))"
        for n, v in truths.items()
    )
    answer = z3.Z3_eval_smtlib2_string(context.ref(), f"{facts}(assert {text})(check-sat)")
    assert answer.strip() in ("sat", "unsat"), answer
    return bool(answer.strip() == "sat")


def _smt(value: int) -> str:
    return str(value) if value >= 0 else f"(- {-value})"
