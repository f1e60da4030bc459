"""What is spelled without an obstacle can be pasted into the specification and means the same."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

import pinmc
from pinmc.engines.smt.mining import Instance, Lemma, candidates, reachable
from pinmc.ir.expr import Binary, BinOp, Const, Expr, Read
from pinmc.ir.property import PropertyKind
from pinmc.ir.semantics import State, evaluate
from pinmc.ir.system import System
from pinmc.ir.types import Place
from pinmc.results.spelling import spelled
from tests.checking import system_of

COMPOSITE = """
scalarset Page[2] with H
scalarset User[2]
enum Kind { ask, tell }
record Msg { kind: Kind  n: 0..3 }
record Pair { one: array[User] 0..2  last: Msg }
var waiting: Msg?
var sent[User]: Msg
var seen: set User
var held[Page]: set User
var q: queue[2] User
var box[Page]: Pair
var word: u8 = 3
var small: u8
var who: User?
var grid[Page, 0..1]: 0..2
mutex m
rwlock l
actor worker[u: User] {
  var tries: 0..2 = 0
  first: lock(m)
  choose p: Page
  second: held[p] = held[p] | {u}
  tries = 1
  waiting = Msg(kind = tell, n = 2)
  seen = seen | {u}
  sent[u] = Msg(kind = tell, n = 1)
  box[p].one[u] = 2
  grid[p, 1] = 2
  if len(q) < 2 { push(q, u) }
  word += 1
  small = 1
  who = u
  lock_shared(l)
  unlock_shared(l)
  unlock(m)
}
"""


@cache
def _mined(text: str) -> tuple[Instance, tuple[Lemma, ...]]:
    system = system_of(text)
    instance = Instance(system, reachable(system, 3000))
    return instance, candidates([instance])


@pytest.mark.parametrize(
    "path",
    [
        "specs/pin_bias.pin",
        "specs/pin_then_dirty.pin",
        "specs/layout_recall.pin",
        "specs/dio_self_deadlock.pin",
        pytest.param("", marks=pytest.mark.slow),
    ],
)
def test_pasted_lemmas_mean_the_same(path: str) -> None:
    text = Path(path).read_text(encoding="utf-8") if path else COMPOSITE
    instance, mined = _mined(text)
    system = instance.system
    found = [lemma for lemma in mined if not lemma.obstacle]
    assert len(found) > 5
    _same(text, system, [(lemma.text, lemma.expr) for lemma in found], instance)


def _same(text: str, system: System, said: list[tuple[str, Expr]], instance: Instance) -> None:
    """Each text, declared as a lemma, has its expression's value in states that are reachable
    and in states that are not."""
    lines = [f"lemma mined_{n}: {one}" for n, (one, _) in enumerate(said)]
    again = system_of("\n".join([text, *lines]))
    claims = {p.name: p for p in again.properties if p.kind is PropertyKind.LEMMA}
    assert again.variables == system.variables
    states = _states(instance)
    for n, (one, expr) in enumerate(said):
        claim = claims[f"mined_{n}"].expr
        assert claim is not None
        for state in states:
            assert evaluate(again, claim, state) == evaluate(system, expr, state), one


def _states(instance: Instance) -> list[State]:
    """A few states, and mixtures of two, which no run reaches."""
    rows = [tuple(row) for row in instance.states.matrix.tolist()]
    few = rows[:: max(1, len(rows) // 40)]
    mixed = [
        tuple(a if at % 2 else b for at, (a, b) in enumerate(zip(one, other, strict=True)))
        for one, other in zip(few, reversed(few), strict=True)
    ]
    return few + mixed


@pytest.mark.slow
def test_what_each_kind_of_cell_is_called() -> None:
    texts = {lemma.text for lemma in _mined(COMPOSITE)[1]}
    words = "\n".join(texts)
    for expected in (
        "waiting != none",
        "waiting.kind",
        "sent[u].n",
        "u in seen",
        "u in held[p]",
        "len(q)",
        "box[p].one[u]",
        "int(word)",
        "who == u",
        "who == none",
        "grid[p, 1]",
        "locked(m)",
        "worker[u].tries",
        "worker[u] at second",
        "H",
    ):
        assert expected in words, expected


def _obstacle(text: str, expr_of: str) -> str:
    system = system_of(text)
    names = {var.name: var for var in system.variables}
    return spelled(system, Read(names[expr_of])).obstacle


def test_places_without_a_label_are_told_by_line() -> None:
    system = pinmc.load("specs/pin_bias.pin").systems[0]
    (actor,) = system.actors
    counter = actor.counter
    assert isinstance(counter.type, Place)
    for place in actor.places:
        here = Binary(BinOp.EQ, Read(counter), Const(place.index, counter.type))
        said = spelled(system, here)
        if place.labels:
            assert said.text == f"gup_fast at {place.labels[0]}" and not said.obstacle
        else:
            assert f"line {place.span.line} has no label" in said.obstacle
    assert [p.labels for p in actor.places].count(("end",)) == 1


def test_holders_and_unset_locals_cannot_be_asked_for() -> None:
    text = "mutex m\nscalarset U[1]\nactor a { choose u: U  lock(m)  unlock(m) }"
    assert "who holds a lock" in _obstacle(text, "m")
    system = system_of(text)
    local = next(var for var in system.variables if var.actor == "a" and var.name != "a.pc")
    said = spelled(system, Binary(BinOp.EQ, Read(local), Const(-1, local.type)))
    assert "given a value" in said.obstacle
