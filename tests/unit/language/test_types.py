"""Points 1 to 3 of the language: types, first values, found errors."""

from __future__ import annotations

import pytest

from pinmc.ir.semantics import Failed, State
from pinmc.ir.semantics import step as run
from pinmc.ir.system import System
from pinmc.results.replay import replay
from pinmc.results.schedule import Move
from tests.checking import counts, explore, system_of, verdicts


def holds(decls: str, claim: str, body: str = "") -> None:
    """``claim`` is true after one step that runs ``body``."""
    text = f"""
        {decls}
        var done: bool
        action go() when not done {{ {body}  done = true }}
        rule once() {{ go() }}
        invariant claim: done implies ({claim})
        reachable ran: done
    """
    found = verdicts(text)
    assert found["errors"] == "holds", found
    assert found["ran"] == "reached"
    assert found["claim"] == "holds"


@pytest.mark.parametrize(
    ("decls", "body", "claim"),
    [
        ("var b: bool", "b = not b", "b"),
        ("enum E { x, y }  var e: E", "e = y", "e == E.y and e != x"),
        ("const N = 3  var r: 0..N-1", "r = N - 1", "r == 2"),
        ("var n: -3..-1", "n = n - 1", "n == -2"),
        ("scalarset P[2] with H  var p: P = H", "p = H", "p == H"),
        ("scalarset P[2] with H  var o: P?", "o = H", "o == H and o != none"),
        ("var o: 0..3?", "o = 2  o = none", "o == none"),
        ("var s: set 0..3", "s = {1, 2}  s |= {3}  s -= {1}", "s == {2, 3} and size(s) == 2"),
        ("var s: set 0..3  var t: set 0..3 = {1}", "s = {1, 2} - t", "s == {2} and not (1 in s)"),
        ("var s: set 0..3", "s = {0} | {1}", "{0} <= s and empty(s & {2})"),
        ("record R { a: 0..3  b: bool }  var r: R", "r.a = 2", "r == R(a = 2)"),
        ("record R { a: 0..3  b: bool }  var r: R", "r = R(b = true)  r.a = 1", "r.b and r.a == 1"),
        ("record R { a: 0..3 }  var r: R?", "r = R(a = 3)", "r != none and r.a == 3"),
        ("record R { a: 0..3  b: 0..3 }  var r: R", "r = R(a = 1, b = 2)  r = R(a = r.b, b = r.a)",
         "r.a == 2 and r.b == 1"),
        ("var m[0..1, bool]: 0..3", "m[1, true] = 3", "m[1, true] == 3 and m[1, false] == 0"),
        ("var m[0..1]: 0..3  var n[0..1]: 0..3", "m[1] = 3  n = m", "n == m and n[1] == 3"),
        ("var q: queue[2] 0..3", "push(q, 1)  push(q, 2)",
         "len(q) == 2 and head(q) == 1 and full(q)"),
        ("var q: queue[2] 0..3  var x: 0..3", "push(q, 3)  push(q, 1)  x = pop(q)",
         "x == 3 and len(q) == 1 and q[0] == 1"),
        ("var q: queue[2] 0..3", "push(q, 1)  clear(q)", "empty(q)"),
        ("var w: uint[3]", "w = w - 1", "w == 7"),
        ("const W = 4  var w: sint[W] = 7", "w += 1", "w == -8"),
        ("var w: u8 = 250", "w = w + 10", "w == 4"),
        ("var w: u32", "w = ~w", "int(w) == 4294967295"),
        ("var w: u8 = 0x0f", "w = (w << 2) ^ 1", "w == 61 and (w & 8) == 8 and (w | 2) == 63"),
        ("var w: s8 = -128", "w = w >> 3", "w == -16"),
        ("var i: int", "i = i * 5 - 7", "i == -7 and i / 2 == -3 and i % 2 == -1"),
        ("type Off = 0..3  var x: Off", "x = Off(1 + 1)", "x == 2"),
        ("var x: 0..9 = 7", "x = min(x, 3) + max(1, 2)", "x == 5"),
        ("var x: 0..9", "x = if x == 0 then 4 else 5", "x == 4"),
        ("var m[0..2]: 0..3", "m[0] = 1  m[2] = 2",
         "(count i: 0..2 { m[i] > 0 }) == 2 and (sum i: 0..2 { m[i] }) == 3"),
        ("var m[0..2]: 0..3", "m[1] = 1", "exists i: 0..2 where i > 0 { m[i] == 1 }"),
        ("def twice(x: 0..3) = x + x", "", "twice(3) == 6"),
    ],
)  # fmt: skip
def test_values_and_operations(decls: str, body: str, claim: str) -> None:
    holds(decls, claim, body)


def test_first_values() -> None:
    text = """
        scalarset P[2] with H
        var ref[p: P]: 0..3 = if p == H then 1 else 0
        var seed: 0..3 = any where seed != 2
        var flag[i: 0..1]: bool = any where i == 0 implies flag[i]
        var total: 0..3
        init { total = seed }
        invariant first: ref[H] == 1 and total == seed and flag[0] and seed != 2
        rule idle() { }
    """
    # seed: 3 values; flag[1]: 2 values. Each has one self loop.
    assert counts(text) == (6, 6, 0)
    assert verdicts(text)["first"] == "holds"


def test_any_of_an_unnamed_scalarset() -> None:
    text = "scalarset P[3]  var p: P = any  rule same(q: P) when q == p { p = q }"
    assert counts(text) == (3, 3, 0)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("range", "var x: 0..1  rule r() { x += 1 }"),
        ("index", "var m[0..1]: bool  var i: 0..3 = 2  rule r() { m[i] = true }"),
        ("overflow", "var i: int = 1  rule r() { i = i * 4294967296 }"),
        ("absent", "var o: 0..3?  var x: 0..3  rule r() { x = o }"),
        ("unset", "scalarset P[2]  var p: P  var m[P]: bool  rule r() { m[p] = true }"),
        ("full", "var q: queue[1] bool  rule r() { push(q, true) }"),
        ("empty", "var q: queue[1] bool  var x: bool  rule r() { x = pop(q) }"),
        ("empty", "var q: queue[1] bool  var x: bool  rule r() when head(q) { x = true }"),
        ("unlock", "mutex m  actor a { unlock(m) }"),
        ("unlock", "rwlock m  actor a { lock(m) unlock_shared(m) }"),
        ("blocking", "var x: bool  actor a { atomic { x = false  await x } }"),
        ("assert", "var x: bool  actor a { assert x }"),
        ("divide", "var x: 0..3  rule r() { x = 1 / x }"),
        ("shift", "var w: u8  var n: 0..9 = 8  rule r() { w = w << u8(n) }"),
        ("start", "dormant actor c { skip skip }  actor p { start c  start c }"),
    ],
)
def test_found_errors(kind: str, text: str) -> None:
    """Each kind ends a trace under ``errors``; nothing is wrapped in silence."""
    finding = next(f for f in explore(text).findings if f.property == "errors")
    assert finding.verdict.value == "violated"
    assert finding.schedule is not None and finding.schedule.ends_in_error
    system = system_of(text)
    trace = replay(system, finding.schedule, "errors")
    assert trace.error
    outcome = step(system, trace.states[-1], finding.schedule.moves[-1])
    assert outcome.site.kind == kind


def step(system: System, state: State, move: Move) -> Failed:
    found = run(system, state, move.command, move.args)
    assert isinstance(found, Failed)
    return found


def test_error_steps_are_not_states_nor_transitions() -> None:
    # 0 -> 1 -> (error). Two states, one transition.
    assert counts("var x: 0..1  rule r() { x += 1 }") == (2, 1, 1)


def test_a_labelled_assert_is_a_property_of_its_own() -> None:
    found = verdicts("var x: bool  actor a { x = true  assert no_bug: not x }")
    assert found["no_bug"] == "violated"
    assert found["errors"] == "holds"
