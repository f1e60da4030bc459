"""States and changes in the words of the specification."""

from __future__ import annotations

from tests.unit.results.answers import trace


def changes(text: str, name: str = "done") -> list[tuple[str, str, str]]:
    """Every change of the trace: name, before, after."""
    return [(c.name, c.before, c.after) for s in trace(text, name).steps for c in s.changes]


def test_the_state_has_every_variable_local_and_place_as_json() -> None:
    text = """
        scalarset Page[2]
        record Msg { page: Page?  urgent: bool  grid: array[Page, 0..1] 0..3 }
        var dirty[Page]: bool
        var m: Msg
        var last: Msg?
        var q: queue[2] 0..3
        var who: set Page
        mutex l
        actor a[p: Page] {
          lock(l)
          atomic { dirty[p] = true  m.page = p  m.grid[p, 1] = 3  push(q, 2)  who |= {p} }
          last = none
        }
        reachable done: exists p: Page { dirty[p] }
    """
    found = trace(text, "done")
    assert found.initial["who"] == [] and found.initial["last"] is None
    state = found.steps[-1].state
    assert state["dirty[Page0]"] is True and state["dirty[Page1]"] is False
    grid = {"Page0, 0": 0, "Page0, 1": 3, "Page1, 0": 0, "Page1, 1": 0}
    assert state["m"] == {"page": "Page0", "urgent": False, "grid": grid}
    assert state["q"] == [2] and state["who"] == ["Page0"]
    assert state["l"] == "a[Page0]"
    assert str(state["a[Page0]"]).endswith(": last = none")
    assert str(state["a[Page1]"]).endswith(": lock(l)")


def test_a_record_changes_by_field_and_an_array_by_element() -> None:
    text = """
        record Msg { n: 0..3  urgent: bool }
        var m: Msg
        var grid: array[0..1] Msg
        rule go() when m.n == 0 { m.n = 2  grid[1].urgent = true }
        reachable done: m.n == 2
    """
    assert changes(text) == [("m.n", "0", "2"), ("grid[1].urgent", "false", "true")]


def test_an_optional_record_comes_whole_then_changes_by_field() -> None:
    text = """
        record Msg { n: 0..3  urgent: bool }
        var m: Msg?
        var k: 0..2
        rule send() when k == 0 { m = Msg(n = 1, urgent = false)  k = 1 }
        rule raise() when k == 1 { m.n = 3  k = 2 }
        reachable done: k == 2
    """
    assert [c for c in changes(text) if c[0] != "k"] == [
        ("m", "none", "Msg(n = 1, urgent = false)"),
        ("m.n", "1", "3"),
    ]


def test_an_rwlock_names_writer_readers_and_those_who_queue() -> None:
    text = """
        rwlock l
        actor r { lock_shared(l) here: skip unlock_shared(l) }
        actor w { lock(l) unlock(l) }
        reachable done: r at here and not (w at end)
        reachable queued: exists x: 0..0 { r at here and w at end }
    """
    assert changes(text) == [("l", "free", "shared by r")]
    waiting = """
        rwlock l
        var x: bool
        actor r { lock_shared(l) await x unlock_shared(l) }
        actor w { lock(l) unlock(l) }
    """
    found = trace(waiting, "deadlock").steps[-1].state["l"]
    assert found == {"writer": None, "readers": ["r"], "queued": ["w"]}


def test_two_locals_of_one_name_are_told_apart_by_their_lines() -> None:
    text = """
        var x: 0..2
        var met: bool
        actor a {
          choose p: 1..2 { met = p == 2 }
          choose p: 0..1 { x = p }
        }
        reachable done: a at end and x == 1 and met
    """
    names = {name for name, _, _ in changes(text)}
    assert "x" in names
    assert len({n for n in names if n.startswith("a.p")}) == 2


def test_arguments_actions_and_ghosts_of_a_step() -> None:
    text = """
        scalarset Page[1]
        var refs[Page]: 0..3
        ghost var pins: 0..3
        action inner(n: 0..3) { pins += n }
        action pin(p: Page) as "pin_user_pages()" { refs[p] += 1  inner(2) }
        actor a { choose p: Page { pin(p) } }
        reachable done: pins == 2
    """
    step = trace(text, "done").steps[-1]
    assert step.shown == "pin_user_pages(Page0)"
    assert step.arguments == (("p", "Page0"),)
    assert [(c.name, c.arguments) for c in step.calls] == [
        ("pin", (("p", "Page0"),)),
        ("inner", (("n", "2"),)),
    ]
    assert [(c.name, c.ghost) for c in step.changes if c.ghost] == [("pins", True)]
    assert {"pin", "inner", "a"} <= step.names


def test_a_step_of_a_rule_is_by_nobody() -> None:
    text = """
        var x: 0..1
        rule go(n: 0..1) when x == 0 and n == 1 { x = n }
        reachable done: x == 1
    """
    step = trace(text, "done").steps[-1]
    assert (step.actor, step.shown, step.source.line) == ("rule", "go(1)", 3)


def test_a_branch_of_an_either_is_shown_where_it_is() -> None:
    text = """
        var x: 0..2
        actor a {
          either { x = 1 }
          or {
            x = 2
          }
        }
        reachable done: x == 2
    """
    assert trace(text, "done").steps[-1].source.line == 6


def test_an_argument_that_had_to_be_copied_is_shown_as_well() -> None:
    text = """
        var x: 0..3 = 1
        var y: 0..3
        action put(n: 0..3) { x = 3  y = n }
        actor a { put(2)  put(x) }
        reachable done: y == 3
    """
    assert [step.shown for step in trace(text, "done").steps] == ["put(2)", "put(3)"]


def test_unrolled_places_are_told_apart() -> None:
    text = """
        var x: 0..3
        actor a { for i: 0..2 { x = i } }
        reachable done: x == 2
    """
    found = trace(text, "done")
    states = [found.initial, *(step.state for step in found.steps)]
    assert [str(state["a"]).split("#")[-1] for state in states] == ["1", "2", "3", "end"]


def test_a_lock_held_twice_says_so() -> None:
    text = """
        rwlock l
        actor r { lock_shared(l) lock_shared(l) }
        reachable done: r at end
    """
    assert changes(text)[-1] == ("l", "shared by r", "shared by r, r")
