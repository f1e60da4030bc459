"""Which steps get in each other's way, and which steps are left out."""

from __future__ import annotations

import pytest

from pinmc.engines.sleep import kinds
from pinmc.engines.sleep.kinds import ALWAYS, Part, Sleep, sleep_of, steps_of
from pinmc.ir.evaluate import row_major
from pinmc.ir.system import System
from tests.checking import system_of

CELLS = """
const MASK: int = 3
type Page = 0..2
var x: 0..3
var y: 0..3
var z: bool
var w: uint[2]
var here: Page
var dirty[Page]: bool
var refs[Page]: 0..3
"""


def rules(first: str, second: str) -> tuple[System, Sleep]:
    system = system_of(f"{CELLS}rule first {first}\nrule second {second}\n")
    steps = steps_of([(command, ()) for command in system.commands], [])
    return system, sleep_of(steps)


def are_independent(system: System, sleep: Sleep, **values: int) -> bool:
    """Of the two rules, in a state where the variables have these values."""
    found = []
    for known in sleep.steps:
        slots = {var.offset: var.name for var in system.variables}
        chosen = [values[slots[cell.slot]] for cell in known.cells]
        found.append(known.kinds[row_major([cell.type for cell in known.cells], chosen)])
    return bool(sleep.independent[found[0]] >> found[1] & 1)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("{ x = 1 }", "{ y = 1 }", True),
        ("{ x = 1 }", "{ x = 2 }", False),
        ("{ x = 1 }", "{ x = 1 }", True),
        ("when x == 0 { x = 1 }", "{ x = 1 }", False),
        ("{ y = x }", "{ x = 1 }", False),
        ("when y < 3 { y += 1 }", "{ x = 1 }", True),
        # Changes by a constant.
        ("{ x += 1 }", "{ x += 2 }", True),
        ("{ x -= 1 }", "{ x -= 2 }", True),
        ("{ x += 1 }", "{ x -= 1 }", False),
        ("{ w += 1 }", "{ w -= 1 }", True),
        ("{ x += 1 }", "when x < 2 { x += 1 }", False),
        ("{ x += 1\n if x == 2 { z = true } }", "{ x += 1 }", False),
        ("{ x += y }", "{ x += 1 }", False),
        ("{ x = 1\n x += 1 }", "{ x += 1 }", False),
        ("{ x = 1\n x += 1 }", "{ x = 2 }", False),
        ("{ x += 1\n if z { x = 0 } }", "{ x += 1\n if z { x = 0 } }", False),
        ("{ x = y + 1 }", "{ x += 1 }", False),
        # Branches: what is assigned in one of them only is still read.
        ("{ if z { x = 1 }\n y = x }", "{ x = 2 }", False),
        ("{ if z { x = 1 } else { x = 1 }\n y = x }", "{ x = 1 }", True),
        ("{ if z { x = 1 } else { x = 2 }\n y = x }", "{ x = 1 }", False),
        ("{ if MASK == 3 { x = 1 } else { y = 1 } }", "{ y = 2 }", True),
        # Loops and quantifiers over known and unknown cells.
        ("{ for p: Page { dirty[p] = true } }", "{ dirty[1] = true }", True),
        ("{ for p: Page { dirty[p] = true } }", "{ dirty[1] = false }", False),
        ("when forall p: Page { not dirty[p] } { x = 1 }", "{ dirty[2] = true }", False),
        ("when forall p: Page { p == 2 or not dirty[p] } { x = 1 }", "{ dirty[2] = true }", True),
        ("{ dirty[0] = true }", "{ dirty[1] = false }", True),
    ],
)
def test_pairs(first: str, second: str, expected: bool) -> None:
    for one, other in ((first, second), (second, first)):
        system, sleep = rules(one, other)
        assert not any(known.cells for known in sleep.steps)
        assert are_independent(system, sleep) is expected


@pytest.mark.parametrize(("page", "expected"), [(0, True), (1, False), (2, True)])
def test_what_an_index_picks(page: int, expected: bool) -> None:
    system, sleep = rules("{ dirty[here] = true }", "{ dirty[1] = false }")
    assert are_independent(system, sleep, here=page) is expected
    system, sleep = rules("{ refs[here] += 1 }", "when refs[1] == 0 { x = 1 }")
    assert are_independent(system, sleep, here=page) is expected


def test_an_index_that_is_assigned_before() -> None:
    """The value from before the step says nothing then."""
    system, sleep = rules("{ here = 1\n dirty[here] = true }", "{ dirty[1] = false }")
    assert not are_independent(system, sleep)
    system, sleep = rules(
        "{ here = (if x == 3 then 2 else x)\n dirty[here] = true }", "{ dirty[0] = false }"
    )
    assert not are_independent(system, sleep)
    system, sleep = rules("{ here = 1\n here += 1\n dirty[here] = true }", "{ dirty[2] = false }")
    assert not are_independent(system, sleep)
    system, sleep = rules("{ here += 1\n dirty[here] = true }", "{ dirty[2] = false }")
    assert not any(are_independent(system, sleep, here=page) for page in range(3))
    system, sleep = rules("{ if z { here = 1 }\n dirty[here] = true }", "{ dirty[0] = false }")
    assert not are_independent(system, sleep, here=1)


def test_an_index_that_is_read_must_not_change() -> None:
    system, sleep = rules("{ dirty[here] = true }", "{ here = 2 }")
    assert not any(are_independent(system, sleep, here=page) for page in range(3))


def test_one_family_is_never_left_out_after_itself() -> None:
    system = system_of(f"{CELLS}actor a {{ either {{ x = 1 }} or {{ y = 1 }} }}\n")
    parts = [(command, ()) for command in system.commands]
    assert sleep_of(steps_of([], [parts])).idle


def test_an_actor_that_is_started_by_another() -> None:
    """Whether it can move depends on its program counter."""
    text = (
        "var x: bool\nvar y: bool\ndormant actor b { x = true }\nactor a { start b\n y = true }\n"
    )
    system = system_of(text)
    commands: dict[str | None, list[Part]] = {command.actor: [] for command in system.commands}
    for command in system.commands:
        commands[command.actor].append((command, ()))
    sleep = sleep_of(steps_of([], [commands["a"], commands["b"]]))
    by_step = [known.kinds[0] for known in sleep.steps]
    starts, writes = by_step[0], by_step[len(commands["a"])]
    assert not sleep.independent[starts] >> writes & 1
    assert sleep.independent[by_step[1]] >> writes & 1


def test_too_many_kinds_go_without_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    text = CELLS + "".join(f"rule r{n} {{ refs[{n}] += 1 }}\n" for n in range(3))
    system = system_of(text + "rule all when forall p: Page { refs[p] == 0 } { x = 1 }\n")
    steps = steps_of([(command, ()) for command in system.commands], [])
    monkeypatch.setattr(kinds, "MOST_KINDS", 3)
    sleep = sleep_of(steps)
    assert len(sleep.independent) == 3
    used = [known.kinds[0] for known in sleep.steps]
    assert sorted(used) == [0, 0, 1, 2]
    assert sleep.independent == (0, 0b100, 0b010)
    monkeypatch.setattr(kinds, "_MOST_FAMILIES", 3)
    assert sleep_of(steps).steps == (ALWAYS,) * 4
