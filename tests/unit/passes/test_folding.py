"""Folding works constants out and never loses a found error."""

from __future__ import annotations

import pytest

from pinmc.ir.expr import (
    FALSE,
    TRUE,
    Binary,
    BinOp,
    Const,
    Expr,
    Ite,
    Quant,
    QuantKind,
    Require,
    Unary,
    UnOp,
    Var,
    Wrap,
)
from pinmc.ir.stmt import Assert, Assign, Assume, For, If, Mark, Stmt
from pinmc.ir.types import Bool, Range, Word
from pinmc.passes.folding import fold, fold_body
from tests.unit.small import binary, check, number, place, read, site

X, F = place([Var("x", Range(0, 3)), Var("f", Bool())])
FLAG = read(F)
MAY_FAIL = Require(FLAG, FLAG, site())
BAD = check(number(9), 0, 3, X.type)


def logic(left: Expr, op: str, right: Expr) -> Binary:
    return Binary(BinOp(op), left, right)


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (logic(TRUE, "and", FLAG), FLAG),
        (logic(FALSE, "and", MAY_FAIL), FALSE),
        (logic(FLAG, "and", FALSE), FALSE),
        (logic(MAY_FAIL, "and", FALSE), logic(MAY_FAIL, "and", FALSE)),
        (logic(MAY_FAIL, "and", TRUE), MAY_FAIL),
        (logic(FLAG, "or", TRUE), TRUE),
        (logic(MAY_FAIL, "or", TRUE), logic(MAY_FAIL, "or", TRUE)),
        (logic(FLAG, "implies", FALSE), Unary(UnOp.NOT, FLAG)),
        (logic(FLAG, "implies", TRUE), TRUE),
        (logic(TRUE, "implies", FLAG), FLAG),
        (Unary(UnOp.NOT, Unary(UnOp.NOT, FLAG)), FLAG),
        (Ite(TRUE, FLAG, MAY_FAIL), FLAG),
        (check(read(X), 0, 3, X.type), read(X)),
        (check(number(2), 0, 3, X.type), Const(2, X.type)),
        (BAD, BAD),
        (Wrap(number(9), 3, False), Const(1, Word(3, False))),
        (Require(TRUE, FLAG, site()), FLAG),
        (Quant(QuantKind.FORALL, "i", Range(0, 2), TRUE), TRUE),
        (Quant(QuantKind.COUNT, "i", Range(0, 2), TRUE), number(3)),
        (binary(number(7), "/", 2), number(3)),
        (binary(number(7), "/", 0), binary(number(7), "/", 0)),
        (binary(number(1), "<", 2), TRUE),
    ],
)
def test_expressions(expr: Expr, expected: Expr) -> None:
    assert fold(expr) == expected


WRITE = Assign(X, (), read(X))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ((If(TRUE, (WRITE,), (Mark(0),)),), (WRITE,)),
        ((If(FLAG, ()),), ()),
        ((If(MAY_FAIL, ()),), (If(MAY_FAIL, ()),)),
        ((For("i", Bool(), (Assume(TRUE),)),), ()),
        ((Assert(FALSE, site()), Mark(0)), (Assert(FALSE, site()), Mark(0))),
    ],
)
def test_statements(body: tuple[Stmt, ...], expected: tuple[Stmt, ...]) -> None:
    assert fold_body(body) == expected
