"""Expressions and Systems as text."""

from __future__ import annotations

import pytest

from pinmc.ir.expr import (
    FALSE,
    TRUE,
    AgentOf,
    Binary,
    BinOp,
    Bound,
    Const,
    Expr,
    Ite,
    Quant,
    QuantKind,
    Read,
    Unary,
    UnOp,
    Var,
    Wrap,
)
from pinmc.ir.stmt import Assert, Assign, For, If, Mark
from pinmc.ir.text import expr_text, text
from pinmc.ir.types import Bool, Enum, Optional, Range, Scalarset
from tests.unit.small import (
    BUILT_IN,
    actor,
    at,
    binary,
    check,
    counter,
    invariant,
    number,
    place,
    read,
    site,
    system,
)

PAGE = Scalarset("Page", 2, ("H",))
IO = Enum("Io", ("idle", "locked"))
REFS, STATE, OWNER = place(
    [Var("refs", Range(0, 3), (PAGE,)), Var("io", IO), Var("owner", Optional(PAGE))]
)
P = Bound("p", PAGE)
A, B, C = (Bound(name, Bool()) for name in "abc")


def logic(left: Expr, op: str, right: Expr) -> Binary:
    return Binary(BinOp(op), left, right)


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (binary(read(REFS, P), ">=", 4), "refs[p] >= 4"),
        (binary(read(STATE), "==", Const(1, IO)), "io == locked"),
        (binary(read(OWNER), "!=", Const(-1, Optional(PAGE))), "owner != none"),
        (binary(P, "==", Const(0, PAGE)), "p == H"),
        (Read(REFS, (P,), primed=True), "refs'[p]"),
        (logic(logic(A, "or", B), "and", C), "(a or b) and c"),
        (logic(A, "or", logic(B, "and", C)), "a or b and c"),
        (logic(A, "implies", logic(B, "implies", C)), "a implies b implies c"),
        (logic(logic(A, "implies", B), "implies", C), "(a implies b) implies c"),
        (logic(A, "==", logic(B, "==", C)), "a == (b == c)"),
        (Unary(UnOp.NOT, logic(A, "and", B)), "not (a and b)"),
        (Unary(UnOp.NOT, logic(A, "==", B)), "not a == b"),
        (binary(binary(P, "-", 1), "-", 2), "p - 1 - 2"),
        (binary(P, "-", binary(P, "-", 2)), "p - (p - 2)"),
        (binary(binary(P, "+", 1), "*", 2), "(p + 1) * 2"),
        (Unary(UnOp.NEG, binary(P, "+", 1)), "-(p + 1)"),
        (Ite(A, number(1), number(2)), "if a then 1 else 2"),
        (binary(Ite(A, number(1), number(2)), "+", 1), "(if a then 1 else 2) + 1"),
        (binary(P, "min", 3), "min(p, 3)"),
        (Quant(QuantKind.FORALL, "p", PAGE, binary(P, "<", 1)), "forall p: Page { p < 1 }"),
        (check(binary(P, "+", 1), 0, 3, REFS.type), "p + 1"),
        (AgentOf("rdma", 0, (P,), (PAGE,), 2), "rdma[p]"),
        (TRUE, "true"),
    ],
)
def test_expressions(expr: Expr, expected: str) -> None:
    assert expr_text(expr) == expected


def test_places_are_named_when_actors_are_known() -> None:
    (pc,) = place([counter("a", 2, [PAGE])])
    one = actor("a", pc, [False, True], [("p", PAGE)])
    expr = Binary(BinOp.EQ, read(pc, P), Const(1, pc.type))
    assert expr_text(expr) == "pc.a[p] == 1"
    assert expr_text(expr, [one]) == "a[p] at p1"


def test_checks_are_shown_when_asked() -> None:
    assert expr_text(Wrap(number(9), 3, False), checks=True) == "wrap[uint[3]](9)"
    shown = expr_text(check(read(STATE), 0, 1, IO), checks=True)
    assert shown == "check[range](io, 0..1)"


DUMP = """\
system small
shared refs[Page]: 0..3 at 0
place pc.a: place of a at 2
actor a counter pc.a agents from 0
  place 0 p0
  place 1 p1 end
initial
command initial of initial
command a.0 of a
  at 0 p0
  when refs[0] >= 1
  if true
    refs[1] = check[range](refs[1] + 1, 0..3)
  else
    assert[errors] false
  for p: Page
    mark 0(p)
  pc.a = 1
invariant small: refs[0] < 3
deadlock deadlock
stuck stuck
errors errors
mark 0 step m0
"""


def test_a_whole_system() -> None:
    refs, pc = place([REFS, counter("a", 2)])
    one = actor("a", pc, [False, True])
    up = Assign(refs, (number(1),), check(binary(read(refs, 1), "+", 1), 0, 3, refs.type))
    body = (
        If(TRUE, (up,), (Assert(FALSE, site()),)),
        For("p", PAGE, (Mark(0, (P,)),)),
        Assign(pc, (), number(1)),
    )
    small = invariant("small", binary(read(refs, 0), "<", 3))
    command = at(one, 0, binary(read(refs, 0), ">=", 1), body)
    made = system([refs, pc], [command], [small, *BUILT_IN], [one], marks=1)
    assert text(made) == DUMP
