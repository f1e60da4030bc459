"""The value of each kind of expression."""

from __future__ import annotations

import pytest

from pinmc.ir.evaluate import FoundError, Scope, row_major, value_of
from pinmc.ir.expr import (
    FALSE,
    TRUE,
    AgentOf,
    Binary,
    BinOp,
    Bound,
    Check,
    Expr,
    Ite,
    Quant,
    QuantKind,
    Read,
    Require,
    Storage,
    Unary,
    UnOp,
    Var,
    Wrap,
)
from pinmc.ir.types import Bool, Int, Range, Scalarset
from tests.unit.small import binary, number, site

FAILS = Check(number(9), 0, 1, site("nine"), Range(0, 1))
FAILS_TOO = Check(number(8), 0, 1, site("eight"), Range(0, 1))
LATE = Require(FALSE, TRUE, site("late"))


def value(expr: Expr, state: tuple[int, ...] = (), **bound: int) -> int:
    return value_of(expr, Scope(state, (), bound))


def error(expr: Expr) -> str:
    with pytest.raises(FoundError) as caught:
        value(expr)
    return caught.value.site.text


@pytest.mark.parametrize(
    ("left", "op", "right", "expected"),
    [
        (7, "/", 2, 3),
        (-7, "/", 2, -3),
        (7, "/", -2, -3),
        (-7, "/", -2, 3),
        (-1, "/", 2, 0),
        (7, "%", 3, 1),
        (-7, "%", 3, -1),
        (7, "%", -3, 1),
        (-7, "%", -3, -1),
        (-1, "&", 6, 6),
        (5, "^", -1, -6),
        (3, "<<", 2, 12),
        (-5, ">>", 1, -3),
        (2, "min", -1, -1),
        (2, "max", -1, 2),
        (2, "<", 2, 0),
        (2, "<=", 2, 1),
        (2, "!=", 2, 0),
    ],
)
def test_operators(left: int, op: str, right: int, expected: int) -> None:
    assert value(binary(number(left), op, right)) == expected


def test_division_and_remainder_fit_together() -> None:
    for a in range(-9, 10):
        for b in (-4, -3, -1, 1, 2, 5):
            quotient = value(binary(number(a), "/", b))
            rest = value(binary(number(a), "%", b))
            assert quotient * b + rest == a
            assert abs(rest) < abs(b)
            assert rest == 0 or (rest < 0) == (a < 0)


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (Binary(BinOp.AND, FALSE, LATE), 0),
        (Binary(BinOp.OR, TRUE, LATE), 1),
        (Binary(BinOp.IMPLIES, FALSE, LATE), 1),
        (Ite(TRUE, number(4), FAILS), 4),
        (Ite(FALSE, FAILS, number(5)), 5),
    ],
)
def test_evaluates_only_what_it_needs(expr: Expr, expected: int) -> None:
    assert value(expr) == expected


def test_goes_from_left_to_right() -> None:
    assert error(binary(FAILS, "+", FAILS_TOO)) == "nine"
    assert error(Require(binary(FAILS_TOO, "==", 1), FAILS, site("cond"))) == "eight"
    assert error(Require(FALSE, FAILS, site("cond"))) == "cond"


def test_check_is_inclusive() -> None:
    for inside in (-1, 0, 2):
        assert value(Check(number(inside), -1, 2, site(), Range(-1, 2))) == inside
    for outside in (-2, 3):
        assert error(Check(number(outside), -1, 2, site("out"), Range(-1, 2))) == "out"


@pytest.mark.parametrize(
    ("number_", "width", "signed", "expected"),
    [(8, 3, False, 0), (-1, 3, False, 7), (4, 3, True, -4), (3, 3, True, 3), (-5, 3, True, 3)],
)
def test_wrap(number_: int, width: int, signed: bool, expected: int) -> None:
    assert value(Wrap(number(number_), width, signed)) == expected


def test_quantifiers() -> None:
    domain = Range(-1, 2)
    bound = Bound("x", domain)
    positive = binary(bound, ">", 0)
    assert value(Quant(QuantKind.COUNT, "x", domain, positive)) == 2
    assert value(Quant(QuantKind.SUM, "x", domain, bound)) == 2
    assert value(Quant(QuantKind.EXISTS, "x", domain, positive)) == 1
    assert value(Quant(QuantKind.FORALL, "x", domain, positive)) == 0


def test_quantifiers_stop_at_the_first_that_decides() -> None:
    domain = Range(0, 2)
    fails_later = Require(binary(Bound("x", domain), "==", 0), TRUE, site("went on"))
    assert value(Quant(QuantKind.EXISTS, "x", domain, fails_later)) == 1
    assert error(Quant(QuantKind.FORALL, "x", domain, fails_later)) == "went on"


def test_reads_cells_row_major_and_primes() -> None:
    var = Var("v", Int(), (Range(-1, 0), Scalarset("S", 3)), offset=1)
    state = (9, 10, 11, 12, 20, 21, 22)
    assert value(Read(var, (number(-1), number(2))), state) == 12
    assert value(Read(var, (number(0), number(1))), state) == 21
    primed = Read(var, (number(0), number(1)), primed=True)
    assert value_of(primed, Scope(state, (), {}, tuple(x + 1 for x in state))) == 22
    with pytest.raises(ValueError, match="outside a step invariant"):
        value(primed, state)


def test_temporaries_are_apart_from_the_state() -> None:
    temp = Var("t", Int(), storage=Storage.TEMP)
    assert value_of(Read(temp), Scope((1,), (2,), {})) == 2


def test_agents_are_numbered_row_major() -> None:
    domains = (Range(1, 2), Bool())
    assert value(AgentOf("a", 5, (number(2), TRUE), domains, 9)) == 8
    with pytest.raises(IndexError):
        row_major(domains, (3, 0))


def test_unary() -> None:
    assert value(Unary(UnOp.NOT, TRUE)) == 0
    assert value(Unary(UnOp.NEG, number(3))) == -3
    assert value(Unary(UnOp.INVERT, number(3))) == -4
