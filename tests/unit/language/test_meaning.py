"""Points 4 and 10 to 20 of the language."""

from __future__ import annotations

from pathlib import Path

import pytest

import pinmc
from tests.checking import counts, diagnostics, system_of, verdicts


def codes(text: str) -> list[str]:
    return [d.code for d in diagnostics(text) if d.severity.value == "error"]


def check(tmp_path: Path, text: str, **more: object) -> pinmc.Result:
    path = tmp_path / "spec.pin"
    path.write_text(text, encoding="utf-8")
    return pinmc.check(path, **more)  # type: ignore[arg-type]


# --- 4 ghosts ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "ghost var g: bool  var x: bool  rule r() when g { x = true }",
        "ghost var g: bool  var x: bool  rule r() { x = g }",
        "ghost var g: bool  var x: bool  actor a { if g { x = true } }",
        "ghost var g: 0..1  var m[0..1]: bool  rule r() { m[g] = true }",
        "ghost var g: bool  var x: bool  actor a { await g  x = true }",
    ],
)
def test_nothing_real_depends_on_a_ghost(text: str) -> None:
    assert codes(text)


def test_ghosts_may_depend_on_ghosts_and_be_asserted() -> None:
    text = """
        ghost var g: 0..3
        ghost var h: 0..3
        var x: bool
        action f() { x = true  g = 1  if g == 1 { h = 2 } }
        actor a { f()  assert h == 2 }
        invariant seen: x implies g == 1
    """
    found = verdicts(text)
    assert found["errors"] == "holds" and found["seen"] == "holds"


# --- 11 locks ----------------------------------------------------------------------------------


def test_a_mutex_excludes() -> None:
    text = """
        scalarset U[2]
        mutex m
        ghost var inside: 0..2
        var x: 0..1
        actor a[u: U] { loop { lock(m) inside += 1  x = 1  inside -= 1  unlock(m) } }
        invariant alone: inside <= 1
    """
    assert verdicts(text)["alone"] == "holds"


def test_readers_share_and_a_downgrade_lets_nobody_in() -> None:
    text = """
        rwlock l
        var x: 0..2
        actor w { lock(l)  x = 1  downgrade(l)  assert x == 1  unlock_shared(l) }
        actor r { lock_shared(l)  skip  unlock_shared(l) }
        actor v { lock(l)  x = 2  unlock(l) }
        reachable both: w at end and r at end and v at end
    """
    found = verdicts(text)
    assert found["errors"] == "holds" and found["deadlock"] == "holds"
    assert found["both"] == "reached"


def test_trylock_does_not_block() -> None:
    text = """
        mutex m
        var failed: bool
        actor a { lock(m) skip unlock(m) }
        actor b { if trylock(m) { unlock(m) } else { failed = true } }
        reachable busy: failed
    """
    found = verdicts(text)
    assert found["busy"] == "reached" and found["deadlock"] == "holds"


def test_a_crossrelease_lock_is_unlocked_by_another() -> None:
    text = """
        mutex folio crossrelease
        actor submit { lock(folio) }
        rule end_io() when locked(folio) { unlock(folio) }
    """
    assert verdicts(text)["errors"] == "holds"
    assert codes(text.replace(" crossrelease", ""))


def test_held_is_about_this_actor_and_locked_about_anybody() -> None:
    text = """
        mutex m
        actor a { lock(m)  assert held(m)  unlock(m) }
        actor b { assert not held(m) }
    """
    assert verdicts(text)["errors"] == "holds"


# --- 12 finished and stuck ---------------------------------------------------------------------


def test_an_end_place_is_no_deadlock() -> None:
    text = "var x: bool  actor a { end await x }"
    assert verdicts(text)["deadlock"] == "holds" and verdicts(text)["stuck"] == "holds"
    text = "var x: bool  actor a { await x }"
    assert verdicts(text)["deadlock"] == "violated" and verdicts(text)["stuck"] == "violated"


def test_stuck_while_others_go_on() -> None:
    text = """
        var x: bool
        var y: bool
        actor waiter { await x }
        actor busy { loop { y = not y } }
        expect stuck(waiter) violated
        expect stuck(busy) holds
    """
    found = verdicts(text)
    assert found["deadlock"] == "holds"
    assert found["stuck"] == "violated"
    assert found["stuck(waiter)"] == "violated" and found["stuck(busy)"] == "holds"


# --- 13 fairness -------------------------------------------------------------------------------


def test_fairness_reaches_the_commands() -> None:
    text = """
        var x: 0..3
        fair actor a { x = 1 }
        strong fair actor b { x = 2 }
        actor c { fair either { x = 3 } or { skip } }
        fair action f() { x = 0 }
        actor d { f() }
        rule r() { x = 1 }
    """
    found = {c.actor: c.fairness.value for c in system_of(text).commands}
    assert found == {
        "a": "fair",
        "b": "strong fair",
        "c": "fair",
        "d": "fair",
        "r": "unfair",
    }


# --- 14 symmetry -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "scalarset P[2]  var p: P = any  rule r() when p < p { p = p }",
        "scalarset P[2]  var x: 0..3  var p: P = any  rule r() { x = p }",
        "scalarset P[2]  var x: bool  actor a { for p: P { x = true } }",
        "scalarset P[2]  var last: P?  action f() { for p: P { last = p } }  actor a { f() }",
    ],
)
def test_members_of_a_scalarset_are_interchangeable(text: str) -> None:
    assert codes(text)


# --- 15 and 16 properties and expectations -----------------------------------------------------


def test_every_kind_of_property() -> None:
    text = """
        var x: 0..2
        rule up() when x < 2 { x += 1 }
        invariant small: x <= 2
        lemma helper: x >= 0
        step invariant grows: x' >= x
        step invariant by_two: x' >= x + 2
        reachable top: x == 2
        reachable over: x == 3
        property ends: always eventually x == 2
    """
    found = verdicts(text)
    assert {k: found[k] for k in ("small", "helper", "grows", "by_two", "top", "over", "ends")} == {
        "small": "holds",
        "helper": "holds",
        "grows": "holds",
        "by_two": "violated",
        "top": "reached",
        "over": "unreachable",
        "ends": "skipped",
    }


@pytest.mark.parametrize(
    "formula",
    [
        "x == 1 leads_to x == 2",
        "always eventually x == 1",
        "eventually always (x == 2)",
        "always (x == 0 implies (x == 0 until x == 1))",
        "not eventually x == 1 or always x == 0",
    ],
)
def test_temporal_formulas_are_checked_for_types_and_skipped(tmp_path: Path, formula: str) -> None:
    text = f"var x: 0..2  rule up() when x < 2 {{ x += 1 }}  property p: {formula}  expect p holds"
    result = check(tmp_path, text)
    assert result["p"].verdict.value == "skipped"
    assert result.skipped == 1 and result.exit_code == 0


def test_proved_is_skipped_but_never_passed_in_silence(tmp_path: Path) -> None:
    text = "var x: 0..2  rule up() when x < 2 { x += 1 }  invariant p: x <= 2  expect p proved"
    result = check(tmp_path, text)
    assert result.skipped == 1 and result.exit_code == 0
    result = check(tmp_path, text.replace("x <= 2", "x <= 1"))
    assert result.exit_code == 1


MODES = """
    choice MODE { bad, good } = bad
    choice OTHER { p, q } = p
    const N = 2
    var x: 0..2
    rule up() when x < N { if MODE == bad { x = 2 } else { x = 1 } }
    invariant never_two: x != 2
    expect never_two violated in 1 by up
"""


def test_expectations_name_the_designs_that_are_checked(tmp_path: Path) -> None:
    text = MODES.replace("x < N", "x == 0") + "expect never_two holds when MODE == good"
    result = check(tmp_path, text)
    assert [d.label for d in result.designs] == ["", "MODE = good"]
    assert result.exit_code == 0
    assert check(tmp_path, text.replace("in 1", "in 2")).exit_code == 1
    assert check(tmp_path, text.replace("holds when", "violated when")).exit_code == 1
    assert check(tmp_path, text.replace("by up", "")).exit_code == 0


def test_overrides_take_out_expectations_of_other_designs(tmp_path: Path) -> None:
    result = check(tmp_path, MODES, constants={"N": 0})
    assert result["never_two"].verdict.value == "holds"
    assert result["never_two"].expected is None


# --- 17 choices and folding --------------------------------------------------------------------


def test_what_a_design_does_not_use_costs_no_state() -> None:
    text = """
        choice HOW { a, b } = a
        var used: 0..1
        var unused: 0..9 = any
        actor go { if HOW == a { used = 1 } else { unused = 1  used = 0 } }
    """
    assert counts(text) == (2, 1, 1)
    assert [v.name for v in system_of(text).variables] == ["go.pc", "used"]


# --- 18 vacuity --------------------------------------------------------------------------------


def test_vacuity_is_judged_over_all_designs(tmp_path: Path) -> None:
    text = """
        choice HOW { a, b } = a
        var x: 0..3
        action one() { x = 1 }
        action two() { x = 2 }
        actor go { if HOW == a { one() } else { two() } }
        invariant p: x == 2 implies true and x != 3
    """
    alone = check(tmp_path, text)
    assert alone.exit_code == 4 and alone["p"].verdict.value == "vacuous"
    both = check(tmp_path, text + "expect p holds when HOW == b")
    assert both.exit_code == 0 and not both.vacuity


# --- 19 and 20 modules and names ---------------------------------------------------------------


@pytest.fixture
def library(tmp_path: Path) -> Path:
    (tmp_path / "mm").mkdir()
    (tmp_path / "mm" / "page.pin").write_text(
        """
        const PAGES = 2
        scalarset Page[PAGES]
        var dirty[Page]: bool
        /// Marks a page dirty.
        action set_dirty(p: Page) as "folio_mark_dirty()" { dirty[p] = true }
        """
    )
    (tmp_path / "lease.pin").write_text(
        """
        type Thing
        var held[Thing]: bool
        action take(t: Thing) when not held[t] { held[t] = true }
        """
    )
    return tmp_path


def test_modules_take_constants_and_types_and_are_shared(library: Path) -> None:
    text = """
        use mm.page(PAGES = 1)
        use lease(Page)
        use lease(Page) as other
        actor a { choose p: Page { set_dirty(p)  take(p)  other.take(p) } }
        invariant apart: forall p: Page { other.held[p] implies lease.held[p] and page.dirty[p] }
        expect apart holds
    """
    result = check(library, text)
    assert result.exit_code == 0
    assert result.statistics.states == 5


def test_a_policy_is_picked_by_design(library: Path) -> None:
    for name, value in (("one", 1), ("two", 2)):
        (library / f"{name}.pin").write_text(f"def value() = {value}\n")
    text = """
        choice HOW { first, second } = first
        use one as policy when HOW == first
        use two as policy when HOW == second
        var x: 0..2
        rule put() { x = policy.value() }
        reachable two_seen: x == 2
        expect two_seen unreachable
        expect two_seen reached in 1 by put when HOW == second
    """
    assert check(library, text).exit_code == 0


def test_names_clash_and_an_alias_helps(library: Path) -> None:
    (library / "own.pin").write_text("var dirty: bool\n")
    text = "use mm.page  use own  rule r() { dirty = true }"
    path = library / "spec.pin"
    path.write_text(text)
    with pytest.raises(pinmc.SpecError):
        pinmc.check(path)
    path.write_text("use mm.page  use own as o  rule r(p: Page) { o.dirty = page.dirty[p] }")
    assert pinmc.check(path)["errors"].verdict.value == "holds"


def test_order_does_not_matter_and_enum_values_follow_the_type() -> None:
    text = """
        invariant p: a == idle and b == busy or a == busy
        rule go() { a = busy }
        var a: A
        var b: B = busy
        enum A { idle, busy }
        enum B { busy, idle }
    """
    assert verdicts(text)["p"] == "holds"


def test_as_gives_the_shown_name(library: Path) -> None:
    text = """
        use mm.page(PAGES = 1)
        actor a { choose p: Page { set_dirty(p) } }
        reachable d: exists p: Page { dirty[p] }
    """
    trace = check(library, text)["d"].trace
    assert trace is not None
    assert trace.steps[-1].calls[0].shown.startswith("folio_mark_dirty")


def test_what_a_design_folds_away_is_not_vacuous(tmp_path: Path) -> None:
    text = """
        choice HOW { a, b } = a
        var x: bool
        var y: bool
        actor go {
          if HOW == b and x { y = false }
          x = true
          if HOW == a or y { y = true } else { x = false }
        }
    """
    assert check(tmp_path, text).exit_code == 0


def test_by_may_name_an_action_of_a_module_that_a_module_uses(library: Path) -> None:
    (library / "user.pin").write_text(
        "use mm.page(PAGES = 1)\nactor a { choose p: Page { set_dirty(p) } }\n"
        "reachable d: exists p: Page { dirty[p] }\n"
    )
    text = "use user  expect d reached in 2 by set_dirty"
    assert check(library, text).exit_code == 0
