"""How many steps there are is part of the language: exact counts, worked out by hand.

Every test gives (states, transitions, depth) of a tiny system. ``pc`` values are written as the
statement the actor is about to take.
"""

from __future__ import annotations

import pytest

from tests.checking import counts, diagnostics, explore, verdicts


def test_an_assignment_of_a_shared_variable_is_one_step() -> None:
    # x=0 at the assignment, x=1 at the end.
    assert counts("var x: 0..1  actor a { x = 1 }") == (2, 1, 1)


def test_test_and_act_are_two_steps_so_the_gap_is_visible() -> None:
    # Two actors: test (T), act (A), end (E). From TT: each may see x=0 and go to A, then x=1.
    # (pc1,pc2,x): TT0 AT0 TA0 AA0 ET1 TE1 EA1 AE1 EE1(x=1).
    # TT0->AT0,TA0; AT0->ET1,AA0; TA0->AA0,TE1; AA0->EA1,AE1; ET1: b sees x=1 -> EE1;
    # TE1->EE1; EA1->EE1; AE1->EE1: 12 transitions. The farthest state, EE1, is 3 steps away.
    text = """
        var x: 0..1
        scalarset U[2]
        actor a[u: U] { if x == 0 { x = 1 } }
    """
    assert counts(text) == (9, 12, 3)


def test_an_action_tests_and_acts_in_one_step() -> None:
    # TT0 -> ET1, TE1; then the other's guard is false for ever: it is stuck.
    text = """
        var x: 0..1
        scalarset U[2]
        action take() when x == 0 { x = 1 }
        actor a[u: U] { take() }
    """
    assert counts(text) == (3, 2, 1)
    assert verdicts(text)["deadlock"] == "violated"


def test_locals_run_on_within_the_step_before() -> None:
    # The local assignments before the first step belong to the initial state, those after it to
    # the step: x=2 in one step.
    text = """
        var x: 0..3
        actor a { var l: 0..3 = 1  l = l + 1  x = l  l = 0 }
    """
    assert counts(text) == (2, 1, 1)


def test_a_ghost_statement_runs_on() -> None:
    text = """
        var x: 0..1
        ghost var g: 0..3
        actor a { x = 1  g = g + 1 }
        invariant together: x == g
        reachable done: g == 1
    """
    assert counts(text) == (2, 1, 1)
    assert verdicts(text)["together"] == "holds"


def test_a_ghost_that_reads_shared_state_is_a_step() -> None:
    text = "var x: 0..1  ghost var g: 0..1  actor a { x = 1  g = x }"
    assert counts(text) == (3, 2, 2)


def test_stale_locals_cost_no_states() -> None:
    # l is 0 or 1 while the actor is at the assignment, back at its default after the block.
    # States: choose(x=0); at x=l with l=0, l=1; end with x=0, x=1: 5. Transitions 2 + 2.
    text = """
        var x: 0..1
        actor a { choose l: 0..1  x = l }
    """
    assert counts(text) == (5, 4, 2)
    # Without the x: l is forgotten at the end of the block, both choices lead to one state.
    text = "var x: 0..1  actor a { choose l: 0..1 { } }"
    assert counts(text) == (2, 2, 1)


def test_a_blocked_attempt_is_no_step() -> None:
    # a waits for x; b sets it. W0 -> (b) W1 -> E1.
    text = "var x: 0..1  actor a { await x == 1 }  actor b { x = 1 }"
    assert counts(text) == (3, 2, 2)


def test_skip_is_a_step() -> None:
    assert counts("actor a { skip skip }") == (3, 2, 2)


def test_conditions_on_constants_are_no_steps() -> None:
    text = """
        choice HOW { slow, quick } = quick
        var x: 0..2
        actor a { if HOW == slow { x = 1 }  x = 2 }
    """
    assert counts(text) == (2, 1, 1)


def test_nondet_is_a_step_of_its_own() -> None:
    # N -> A (true) or E (false); A: x = 1 -> E. States: N0, A0, E0, E1; transitions 3.
    text = "var x: 0..1  actor a { if nondet { x = 1 } }"
    assert counts(text) == (4, 3, 2)


def test_while_nondet_chooses_again_every_round() -> None:
    # N0 -> A0 | E0; A0 -> N1 ; N1 -> A1 | E1; A1 -> N1. States 6, transitions 6.
    text = "var x: 0..1  actor a { while nondet { x = 1 } }"
    assert counts(text) == (6, 6, 3)


def test_atomic_joins_steps() -> None:
    text = "var x: 0..1  var y: 0..1  actor a { atomic { x = 1  y = 1 } }"
    assert counts(text) == (2, 1, 1)


def test_atomic_may_block_at_its_start_only() -> None:
    text = """
        var x: 0..1
        actor a { atomic { await x == 1  x = 0 } }
        actor b { x = 1 }
    """
    assert counts(text) == (3, 2, 2)
    text = "var x: 0..1  actor a { atomic { x = 0  await x == 1 } }"
    assert verdicts(text)["errors"] == "violated"


def test_either_commits_only_to_a_branch_that_can_move() -> None:
    # The first branch waits for ever; the second is taken: E-place -> end, x = 1.
    text = "var x: 0..1  actor a { either { await x == 1 } or { x = 1 } }"
    assert counts(text) == (2, 1, 1)
    assert verdicts(text)["deadlock"] == "holds"


def test_skip_commits_to_a_branch() -> None:
    # either -> (skip) await: blocked for ever; or -> x = 1. 3 states, 2 transitions.
    text = "var x: 0..1  actor a { either { skip  await x == 1 } or { x = 1 } }"
    assert counts(text) == (3, 2, 1)
    assert verdicts(text)["deadlock"] == "violated"


def test_choose_tests_and_picks_in_one_step() -> None:
    # Only v = 2 fits; one transition to the place after, then x = v.
    text = "var x: 0..2  actor a { choose v: 0..2 where v > 1  x = v }"
    assert counts(text) == (3, 2, 2)


def test_choose_else_is_taken_when_nothing_fits() -> None:
    text = """
        var x: 0..3
        actor a { choose v: 0..2 where v > x + 2 { x = v } else { x = 3 } }
    """
    # v > 2 never fits: else -> x = 3.
    assert counts(text) == (3, 2, 2)


def test_choices_inside_an_action_do_not_multiply_other_paths() -> None:
    # x == 0 chooses one of three; x > 0 has one transition only, whatever the choice would be.
    # 0 -> 1, 2, 3 (v+1); each of 1..3 -> 0 by the else branch. 4 states, 6 transitions.
    text = """
        var x: 0..3
        action f() { if x == 0 { choose v: 0..2  x = v + 1 } else { x = 0 } }
        rule go() { f() }
    """
    assert counts(text) == (4, 6, 1)


def test_a_bulk_for_is_one_step() -> None:
    text = """
        scalarset P[3]
        var m[P]: bool
        action unmap_all() { for p: P { m[p] = true } }
        actor a { unmap_all() }
    """
    assert counts(text) == (2, 1, 1)


def test_a_for_in_an_actor_is_a_step_for_every_round() -> None:
    text = "var m[0..2]: bool  actor a { for i: 0..2 { m[i] = true } }"
    assert counts(text) == (4, 3, 3)


def test_the_result_of_an_action_is_used_in_its_step() -> None:
    # trylock and branch are one step; x = 1 the second; unlock the third.
    text = """
        mutex m
        var x: 0..1
        actor a { if trylock(m) { x = 1  unlock(m) } }
    """
    assert counts(text) == (4, 3, 3)


def test_an_action_that_returns_early() -> None:
    text = """
        var busy: bool
        var x: 0..2
        action get(): bool { if busy { return false }  busy = true  return true }
        actor a { if get() { x = 1 } else { x = 2 } }
        invariant never_two: x != 2
    """
    assert counts(text) == (3, 2, 2)
    assert verdicts(text)["never_two"] == "holds"


def test_procs_are_inlined_and_cost_no_step() -> None:
    text = """
        var x: 0..4
        proc twice(v: 0..2) { x = v  x = v * 2 }
        actor a { twice(1) twice(2) }
    """
    # x: 0 1 2 2 4: the states differ by place.
    assert counts(text) == (5, 4, 4)


def test_the_result_of_a_proc_is_assigned_by_the_returning_step() -> None:
    text = """
        var x: 0..3
        var y: 0..3
        proc f(): 0..3 { x = 1  return x }
        actor a { y = f() }
    """
    # x = 1; then y = x (return reads shared state and assigns: one step).
    assert counts(text) == (3, 2, 2)


def test_a_proc_in_a_condition() -> None:
    text = """
        enum R { ok, no }
        var x: 0..3
        proc f(v: 0..3): R { if v == 1 { return ok }  return no }
        actor a { if f(1) == ok { x = 1 } else { x = 2 } }
    """
    # Everything but the assignment is local.
    assert counts(text) == (2, 1, 1)


def test_break_and_continue_run_on() -> None:
    # i: 0 -> x=1 ... loop { if x == 1 break; x = 1 }: test, set, test, end.
    text = "var x: 0..1  actor a { loop { if x == 1 { break }  x = 1 } }"
    assert counts(text) == (4, 3, 3)


def test_rules_fire_whenever_their_guard_holds() -> None:
    # x runs through 0, 1, 2 and stays: 3 states, 2 transitions.
    text = "var x: 0..2  rule up() when x < 2 { x += 1 }"
    assert counts(text) == (3, 2, 2)


def test_a_step_into_an_error_reaches_no_state() -> None:
    text = "var x: 0..1  rule up() { x += 1 }"
    assert counts(text) == (2, 1, 1)
    result = explore(text)
    finding = {f.property: f for f in result.findings}["errors"]
    assert finding.schedule is not None
    assert finding.schedule.ends_in_error and len(finding.schedule.moves) == 2


def test_a_waiting_writer_bars_new_readers() -> None:
    # a: lock_shared twice; b: lock. In between b queues, and a's second read waits for b for ever.
    text = """
        rwlock l
        actor a { lock_shared(l) lock_shared(l) unlock_shared(l) unlock_shared(l) }
        actor b { lock(l) unlock(l) }
    """
    assert verdicts(text)["deadlock"] == "violated"
    assert verdicts(text.replace("rwlock l", "rwlock unfair l"))["deadlock"] == "holds"


def test_dormant_actors_begin_when_started() -> None:
    # start, then the child's assignment and the parent's end are done: 3 states, 2 steps.
    text = """
        var x: 0..1
        dormant actor child { x = 1 }
        actor parent { start child }
    """
    assert counts(text) == (3, 2, 2)


def test_places_and_locals_in_properties() -> None:
    text = """
        scalarset U[2]
        var x: 0..2
        actor a[u: U] { var l: 0..2  x = 1  l = 2  here: x = l }
        invariant local_is_two: forall u: U { a[u] at here implies a[u].l == 2 }
        reachable both: forall u: U { a[u] at here }
        reachable all_done: forall u: U { a[u] at end }
    """
    found = verdicts(text)
    assert found["local_is_two"] == "holds"
    assert found["both"] == "reached"
    assert found["all_done"] == "reached"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("var x: bool  actor a { var l: 0..9  loop { l = 1 }  x = true }", "PIN351"),
        ("var x: bool  actor a { loop { if x { } }  }", None),
        ("var x: bool  actor a { loop { either { } or { x = true } } }", "PIN351"),
        ("actor a { for i: 0..999 { for j: 0..99 { skip } } }", "PIN353"),
        (
            "action f(): bool { for i: 0..1 { if i == 1 { return true } }  return false }"
            "actor a { if f() { skip } }",
            "PIN352",
        ),
        ("actor a { here: var l: bool  skip }", "PIN354"),
        ("var m[0..299]: bool = any  rule r() when m[0] { m[0] = false }", "PIN355"),
    ],
)
def test_what_cannot_be_lowered_says_why(text: str, code: str | None) -> None:
    found = [d.code for d in diagnostics(text) if d.code.startswith("PIN35")]
    assert found == ([] if code is None else [code])


def test_a_branch_without_a_step_may_end_the_actor() -> None:
    # L is the loop's either, E the end: L0 -> E0, L1; L1 -> E1, L1. Going to the end is a step.
    assert counts("var x: 0..1  actor a { loop { either { break } or { x = 1 } } }") == (4, 4, 2)
    assert counts("var x: 0..1  actor a { loop { either { x = 1 } or { break } } }") == (4, 4, 2)
    # Alone after a test: T0 -> E0 and, by way of x = 1, T0 -> E1.
    assert counts("var x: 0..1  actor a { either { } or { x = 1 } }") == (3, 2, 1)
