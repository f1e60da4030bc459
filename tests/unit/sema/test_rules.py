"""What is allowed, close to what is not: the golden files show the refusals."""

from __future__ import annotations

import pytest

from tests.unit.sema.reading import codes

BASE = """
scalarset Page[3] with H
scalarset User[2]
ghost var pins[Page]: 0..3 = 0
ghost var note: bool
var io[Page, User]: bool
var owner[Page]: User?
var total: 0..9 = 0
var seen: set Page
var found: bool
mutex l[Page] crossrelease
"""
UNUSED = {"PIN501", "PIN502", "PIN503", "PIN504", "PIN505"}


def found_in(text: str) -> set[str]:
    return codes(BASE + text) - UNUSED


@pytest.mark.parametrize(
    "body",
    [
        "for p: Page { io[p, u] = true }",
        "for p: Page where owner[p] == u { owner[p] = none  total += 1 }",
        "for p: Page { for v: User { io[p, v] = not io[p, v] } }",
        "for p: Page { if owner[p] == none { found = true } }",
        "for p: Page { seen |= {p} }",
        "for p: Page { seen -= {p} }",
        "for p: Page { unlock(l[p]) }",
        "for p: Page { reset(p) }",
        "for p: Page { var mine: bool = io[p, u]  io[p, u] = not mine }",
        "for p: Page { choose v: User where io[p, v] { owner[p] = v } else { skip } }",
        "for i: 0..2 { total = i }",
    ],
)
def test_independent_iterations(body: str) -> None:
    rest = "action reset(p: Page) when owner[p] == none { owner[p] = none }\nactor a { skip }"
    assert not found_in(f"action f(u: User) {{ {body} }}\n{rest}")


@pytest.mark.parametrize(
    "body",
    [
        "for p: Page { io[H, u] = io[p, u] }",
        "for p: Page { for v: User { io[p, v] = io[p, u] or io[H, v] } }",
        "for p: Page { for v: User { owner[p] = v } }",
        "for p: Page where total == 0 { total += 1 }",
        "for p: Page { seen |= {p}  seen -= {H} }",
        "for p: Page { unlock(l[H]) }",
        "var last: Page = H  for p: Page { last = p }",
    ],
)
def test_dependent_iterations(body: str) -> None:
    assert found_in(f"action f(u: User) {{ {body} }}") == {"PIN304"}


@pytest.mark.parametrize(
    "code",
    [
        "action f(p: Page) { pins[p] += 1  if pins[p] > 1 { note = true } }",
        "action f(p: Page) { assert pins[p] < 3 }",
        "action f { for p: Page where pins[p] > 0 { pins[p] = 0 } }",
        "action f(p: Page) { if note { g(p) } }\naction g(p: Page) { pins[p] = 0 }",
        "def pinned(p: Page) = pins[p] > 0\ninvariant a: forall p: Page { not pinned(p) }",
        "init { pins[H] = 1  note = true }",
        "actor a { if note { pins[H] = 0 }  found = true }",
    ],
)
def test_ghosts_among_themselves(code: str) -> None:
    assert not found_in(code)


def test_places_and_marks() -> None:
    code = """
    proc work(p: Page) { inner: found = true }
    actor a[u: User] {
      var mine: 0..2 = 0
      loop {
        here: end await found
        fair work(H)
        mine = 1
        strong fair either { skip } or { skip }
      }
    }
    def at_work = exists u: User { a[u] at inner }
    invariant x: forall u: User { a[u] at here or a[u] at end or at_work implies a[u].mine < 2 }
    step invariant y: forall u: User { a[u].mine' >= a[u].mine or a[u] at here }
    """
    assert not found_in(code)


def test_locks_in_rules() -> None:
    assert not found_in("rule r(p: Page) when locked(l[p]) { unlock(l[p]) }")
    assert found_in("rule r(p: Page) { lock(l[p]) }") == {"PIN319"}


def test_everything_in_one_step() -> None:
    code = """
    action f(p: Page): bool when not found {
      var x: 0..3 = 0
      choose u: User where io[p, u] { owner[p] = u } else { return false }
      if nondet { lock(l[p]) }
      for i: 0..2 { x += i }
      total = x
      await not found
      return true
    }
    actor a { atomic { if f(H) { found = true  return_early() } } }
    action return_early { }
    """
    assert not found_in(code)


def test_one_mistake_is_reported_once() -> None:
    code = "var bad: Nowhere\naction f { bad = bad + 1  total = bad }\ninvariant a: bad == f"
    assert found_in(code) - {"PIN105"} == {"PIN101"}
