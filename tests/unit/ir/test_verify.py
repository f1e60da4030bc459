"""Malformed Systems are told apart from well-formed ones."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pinmc.base.source import NOWHERE
from pinmc.ir.command import Param
from pinmc.ir.expr import TRUE, Bound, Quant, QuantKind, Read, Var
from pinmc.ir.property import Expectation, Property, PropertyKind, Verdict
from pinmc.ir.stmt import Assign, Assume, For, Mark, Unused
from pinmc.ir.system import System
from pinmc.ir.types import Bool, Int, Range
from pinmc.ir.verify import verify
from tests.benchmarks.pin_lease import pin_lease
from tests.unit.small import (
    BUILT_IN,
    actor,
    at,
    binary,
    counter,
    invariant,
    number,
    place,
    read,
    rule,
    system,
)

X, F, PC = place([Var("x", Range(0, 3), (Bool(),)), Var("f", Bool()), counter("a", 2)])
A = actor("a", PC, [False, True])
HERE = Bound("i", Range(0, 3))


def whole(*body: object, **changes: object) -> System:
    command = rule("r", TRUE, body, [Param("p", Bool())])  # type: ignore[arg-type]
    made = system([X, F, PC], [at(A, 0), command], BUILT_IN, [A], marks=1)
    return replace(made, **changes)  # type: ignore[arg-type]


def test_well_formed_systems() -> None:
    assert verify(whole(Assign(X, (TRUE,), number(1)), Unused("p", Bool()), Mark(0))) == []
    assert verify(pin_lease()) == []


EXPECTATION = Expectation("nothing", Verdict.HOLDS, None, None, NOWHERE, True)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (whole(Assign(X, (), number(1))), "x has 1 dimensions and 0 indices"),
        (whole(Assign(F, (), number(1))), "f of bool is given a int"),
        (whole(Assign(replace(F, name="g"), (), TRUE)), "g is no variable here"),
        (whole(Assign(replace(F, offset=7), (), TRUE)), "f is not as it was declared"),
        (whole(Assume(number(1))), "a condition is a int"),
        (whole(Assume(binary(HERE, "==", 1))), "i is not bound here"),
        (whole(Assume(binary(number(1), "and", TRUE))), "a int where a condition is wanted"),
        (whole(Assume(Read(F, (), primed=True))), "read outside a step invariant"),
        (whole(For("p", Bool(), ())), "p is bound twice"),
        (whole(For("i", Int(), ())), "i ranges over all of int"),
        (whole(Mark(1)), "mark 1 does not exist"),
        (whole(Unused("q", Bool())), "unused q is no parameter of bool"),
        (whole(variables=(X, replace(F, offset=1), PC)), "f: shares cells with x"),
        (whole(variables=(X, F, replace(PC, offset=9))), "its cells are outside 0..3"),
        (whole(variables=(X, F, F, PC)), "variable f: the name is used twice"),
        (whole(slots=5), "1 of 5 slots belong to no variable"),
        (whole(agents=()), "agents 0..0 are not all its own"),
        (whole(actors=(actor("a", PC, [True]),)), "1 places, but a counter of place of a"),
        (whole(properties=(invariant("i", number(1)),)), "a condition is a int"),
        (
            whole(properties=(Property("p", PropertyKind.INVARIANT, NOWHERE),)),
            "a invariant without an expression",
        ),
        (
            whole(properties=(Property("p", PropertyKind.STUCK, NOWHERE, actor="b"),)),
            "b is no actor",
        ),
        (whole(expectations=(EXPECTATION,)), "expectation of nothing: there is no such property"),
        (whole(initial=at(A, 0, name="initial")), "the initial command has a place"),
        (whole(commands=(at(A, 5),)), "place 5 of a does not exist"),
    ],
)
def test_malformed_systems(made: System, said: str) -> None:
    assert any(said in problem for problem in verify(made)), verify(made)


def test_quantifiers_bind_in_their_body_only() -> None:
    quant = Quant(QuantKind.FORALL, "i", Range(0, 3), binary(HERE, "<", 4))
    assert verify(whole(Assume(quant))) == []
    assert verify(whole(Assume(binary(quant, "and", binary(HERE, "<", 4)))))


def test_primes_are_for_step_invariants() -> None:
    expr = Read(F, (), primed=True)
    step = Property("s", PropertyKind.STEP_INVARIANT, NOWHERE, expr)
    assert verify(whole(properties=(step,))) == []
    assert verify(whole(properties=(invariant("s", expr),)))


def test_reads_of_arrays_need_their_indices() -> None:
    assert verify(whole(Assume(binary(read(X), "==", 1))))
