"""Who waits for whom, and why."""

from __future__ import annotations

from tests.unit.results.answers import blocked, explanation


def test_a_lock_is_named_with_the_values_of_its_indices() -> None:
    text = """
        scalarset Page[2] with H, T
        mutex l[Page]
        actor a { lock(l[H]) lock(l[T]) unlock(l[T]) unlock(l[H]) }
        actor b { lock(l[T]) lock(l[H]) unlock(l[H]) unlock(l[T]) }
    """
    found = blocked(text)
    assert (found["a"].waits_for, found["a"].holders) == ("l[T]", ("b",))
    assert (found["b"].waits_for, found["b"].holders) == ("l[H]", ("a",))
    assert explanation(text, "deadlock").cycle == ("a", "b", "a")


def test_a_queued_writer_does_not_wait_for_itself() -> None:
    text = """
        rwlock l
        mutex m
        actor a { lock(l) lock(m) unlock(m) unlock(l) }
        actor b { lock(m) lock(l) unlock(l) unlock(m) }
    """
    found = blocked(text)
    assert (found["a"].holders, found["b"].holders) == (("b",), ("a",))
    assert explanation(text, "deadlock").cycle == ("a", "b", "a")


def test_a_queued_writer_bars_a_reader() -> None:
    text = """
        rwlock l
        actor r { lock_shared(l) lock_shared(l) unlock_shared(l) unlock_shared(l) }
        actor w { lock(l) unlock(l) }
    """
    found = blocked(text)
    assert found["r"].waits_for == "l (shared)" and found["r"].holders == ("w",)
    assert found["w"].holders == ("r",)
    assert explanation(text, "deadlock").cycle == ("r", "w", "r")


def test_an_await_needs_the_very_cells_it_looked_at() -> None:
    text = """
        scalarset Page[2] with H, T
        var ready[Page]: bool
        var go: bool
        actor a { await ready[H] }
        actor b { await go  ready[H] = true }
        rule late() when ready[T] { go = true }
    """
    found = blocked(text)
    assert found["a"].needs == ("ready[H]",) and not found["a"].is_lock
    assert found["a"].writers == ("b",)
    assert found["b"].needs == ("go",) and found["b"].writers == ("rule late",)


def test_code_that_is_behind_an_actor_writes_nothing_more() -> None:
    text = """
        var ready: bool
        var x: bool
        actor a { await ready }
        actor b { ready = true  ready = false  await x }
    """
    assert blocked(text)["a"].writers == ()


def test_awaits_make_a_cycle_when_locks_do_not() -> None:
    text = """
        mutex m
        var ready: bool
        actor a { lock(m) await ready unlock(m) }
        actor b { lock(m) unlock(m) ready = true }
    """
    found = blocked(text)
    assert found["a"].writers == ("b",) and found["b"].holders == ("a",)
    assert explanation(text, "deadlock").cycle == ("a", "b", "a")


def test_a_lock_in_an_actions_guard_has_holders() -> None:
    text = """
        mutex m
        action grab() { lock(m) }
        actor a { grab() grab() }
    """
    found = blocked(text)["a"]
    assert found.holders == ("a",)
    assert explanation(text, "deadlock").cycle == ("a", "a")


def test_own_locals_are_nothing_to_wait_for() -> None:
    text = """
        var x: 0..3
        actor a { choose n: 2..3 { await x == n } }
    """
    assert blocked(text)["a"].needs == ("x",)


def test_only_the_stuck_are_listed() -> None:
    text = """
        var x: bool
        actor a { await x and not x }
        actor b { loop { x = not x } }
    """
    assert list(blocked(text, "stuck")) == ["a"]
