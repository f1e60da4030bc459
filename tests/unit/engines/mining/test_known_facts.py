"""What a human would write down is among the candidates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from time import process_time

import numpy as np
import pytest

import pinmc
from pinmc.engines.smt.mining import Instance, Lemma, candidates, reachable
from pinmc.engines.smt.mining.states import States
from pinmc.ir.expr import Storage, Var
from pinmc.ir.system import System
from pinmc.ir.types import Int
from tests.checking import system_of

BIASED = """
const BIAS = 1024
scalarset User[2]
var r: int
var n: int
ghost var p: int
var pinned[User]: bool
rule get() when n < 3 { r += 1  n += 1 }
rule put() when n > 0 { r -= 1  n -= 1 }
rule pin(u: User) when not pinned[u] { r += BIAS  p += 1  pinned[u] = true }
rule unpin(u: User) when pinned[u] { r -= BIAS  p -= 1  pinned[u] = false }
"""

LOCKED = """
scalarset Page[2]
scalarset User[2]
mutex m[Page]
var owner[User]: Page?
actor user[u: User] {
  loop {
    choose q: Page
    lock(m[q])
    inside: owner[u] = q
    leaving: owner[u] = none
    unlock(m[q])
  }
}
"""


def _texts(found: tuple[Lemma, ...]) -> list[str]:
    return [lemma.text for lemma in found]


def _instance(system: System, constants: Mapping[str, int] | None = None) -> Instance:
    states = reachable(system, 50_000)
    assert states.complete
    return Instance(system, states, constants or {})


def _spec(path: str, most: int = 50_000, **constants: int | str) -> Instance:
    system = pinmc.load(path, constants=constants).systems[0]
    return Instance(system, reachable(system, most))


def test_the_reference_count_is_the_others_and_a_bias_for_each_pin() -> None:
    found = _texts(candidates([_instance(system_of(BIASED))]))
    assert "r == n + 1024 * p" in found
    assert "p == count u: User { pinned[u] }" in found
    assert "n >= 0" in found


def with_free(system: System, name: str) -> System:
    """The system with a constant as a variable, as a proof that leaves it free has it."""
    var = Var(name, Int(), (), Storage.SHARED, system.slots)
    return replace(system, variables=(*system.variables, var), slots=system.slots + 1)


def test_the_same_for_every_bias() -> None:
    instances = [
        _instance(system_of(BIASED, {"BIAS": str(bias)}), {"BIAS": bias}) for bias in (2, 5, 9)
    ]
    target = with_free(instances[0].system, "BIAS")
    found = _texts(candidates(instances, target))
    assert "r == n + BIAS * p" in found
    assert not any(f"{bias} * p" in text for text in found for bias in (2, 5, 9))


def test_one_value_of_a_free_constant_teaches_nothing_about_it() -> None:
    """With one bias there is no telling the constant from a number."""
    one = _instance(system_of(BIASED, {"BIAS": "5"}), {"BIAS": 5})
    found = _texts(candidates([one], with_free(one.system, "BIAS")))
    assert "r == n + 5 * p" in found
    assert not any("BIAS" in text for text in found)


def test_pin_bias_with_a_free_bias() -> None:
    instances = []
    for bias, lookups in ((2, 3), (3, 4), (5, 6)):
        one = _spec("specs/pin_bias.pin", BIAS=bias, LOOKUPS=lookups)
        instances.append(replace(one, constants={"BIAS": bias}))
    found = _texts(candidates(instances, with_free(instances[0].system, "BIAS")))
    sure = "gup_fast at recheck or gup_fast at back_off or gup_fast at 'refs -= BIAS'"
    assert f"refs == others + (if {sure} then BIAS else 0)" in found


def test_locks_places_and_locals() -> None:
    found = _texts(candidates([_instance(system_of(LOCKED))]))
    assert (
        "forall u: User, p: Page { user[u] at inside and user[u].q == p implies m[p] == user[u] }"
        in found
    )
    assert "forall u: User, p: Page { m[p] == user[u] implies user[u].q == p }" in found
    assert "forall u: User { user[u] at inside implies owner[u] == none }" in found
    assert (
        "forall u: User, v: User, p: Page where u != v { owner[u] == p implies owner[v] != p }"
        in found
    )


def test_the_leases_of_btrfs_exclude_truncation() -> None:
    design = {"LEASE": "required", "WRITEOUT": "skip_leased", "TRUNCATE": "fail"}
    instances = [
        _spec("specs/btrfs_lease.pin", 8_000, PAGES=1, USERS=2, **design),
        _spec("specs/btrfs_lease.pin", 8_000, PAGES=2, USERS=1, **design),
    ]
    assert all(instance.states.complete for instance in instances)
    found = _texts(candidates(instances))
    for expected in (
        "forall u: User, p: Page { target[p, u] implies lease[u] == held }",
        "forall u: User { lease[u] == held implies file == whole }",
        "forall p: Page { pins[p] == count u: User { target[p, u] } }",
        "forall p: Page { refs[p] == others[p] + sum u: User { if target[p, u] then 2 else 0 } }",
        "forall p: Page { dirty[p] implies room[p] }",
        "file == cut implies inode == truncate",
    ):
        assert expected in found, [text for text in found if expected[:20] in text]


def test_an_instance_refutes_what_another_suggests() -> None:
    few, more = (
        _instance(system_of("const N = 1\nvar x: 0..9\nrule up() when x < N { x += 1 }", {"N": n}))
        for n in ("1", "4")
    )
    assert "x <= 1" in _texts(candidates([few]))
    assert "x <= 1" not in _texts(candidates([few, more]))
    assert "x <= 4" in _texts(candidates([few, more]))


def test_the_answer_is_the_same_every_time() -> None:
    assert candidates([_instance(system_of(LOCKED))]) == candidates([_instance(system_of(LOCKED))])


def test_a_bound_on_their_number_leaves_some_of_every_kind() -> None:
    instance = _spec("specs/pin_bias.pin")
    every = candidates([instance])
    few = candidates([instance], most=12)
    assert len(few) == 12 < len(every)
    assert set(few) <= set(every)
    assert len({lemma.origin for lemma in few}) >= 4


def test_nothing_is_known_of_no_instance_and_of_no_state() -> None:
    assert candidates([]) == ()
    system = system_of("var x: 0..3 = any where x > 5\nrule up() when x < 3 { x += 1 }")
    assert candidates([_instance(system)]) == ()


def test_machine_words_of_64_bits() -> None:
    text = "var w: u64 = 0\nvar x: bool\nrule down() when not x { w -= 1  x = true }"
    instance = _instance(system_of(text))
    assert instance.states.wide
    assert not any("w" in lemma.text.split() for lemma in candidates([instance]))


@pytest.mark.slow
def test_many_states_take_seconds() -> None:
    """100,000 states of 40 cells, in processor time: the machine may be busy otherwise."""
    one = _spec("specs/btrfs_lease.pin", 100_000, PAGES=2, USERS=2, LEASE="required")
    matrix = one.states.matrix
    assert matrix.shape[0] == 100_000 and matrix.shape[1] >= 40
    began = process_time()
    assert candidates([Instance(one.system, States(np.asfortranarray(matrix), False))])
    assert process_time() - began < 20
