"""Which designs a run is about, and which expectations speak of each."""

from __future__ import annotations

from pinmc.frontend.sema.program import designs, elaborate, load
from tests.unit.sema.reading import expected, plan

SPEC = """
const N : int where N > 0 = 2
choice MODE { slow, fast, wild } = slow
choice SIDE { left, right } = left
var x: 0..9 = N
invariant a: x < 9
invariant b: MODE == slow or SIDE == left
invariant c: x > 0
expect a holds
expect b holds when MODE == fast
expect c holds when MODE != slow
expect deadlock holds when N == 3
expect errors holds when MODE == fast and SIDE == right
"""


def test_default_first_then_what_expectations_name() -> None:
    assert expected(SPEC) == {
        "default": ["a"],
        "MODE=fast": ["b", "c"],
        "MODE=wild": ["c"],
        "MODE=fast SIDE=right": ["errors"],
    }


def test_an_override_of_a_choice_keeps_what_mentions_it() -> None:
    assert expected(SPEC, MODE="fast") == {
        "MODE=fast": ["b", "c"],
        "MODE=fast SIDE=right": ["errors"],
    }


def test_an_override_with_the_default_value_changes_nothing_but_the_choices_that_vary() -> None:
    assert expected(SPEC, MODE="slow") == {"default": ["a"]}
    assert expected(SPEC, N="2") == expected(SPEC)


def test_an_override_of_a_constant_drops_what_does_not_mention_it() -> None:
    assert expected(SPEC, N="3") == {"N=3": ["deadlock"]}


def test_the_default_satisfying_a_condition_is_named_by_it() -> None:
    text = "choice M { p, q } = p\ninvariant a: M == p\nexpect a holds when M == p"
    assert expected(text) == {"default": ["a"]}


def test_choices_inside_defs_and_constants_count_as_mentioned() -> None:
    text = (
        "choice M { p, q } = p\nconst N = 1\ndef odd = M == q\n"
        "invariant a: N == 1\nexpect a holds when odd"
    )
    assert expected(text) == {"default": [], "M=q": ["a"]}


def test_values_of_all_constants_and_choices_are_told() -> None:
    variants, _ = plan(SPEC, N="0x10", MODE="wild")
    assert variants[0].values == (("N", "16"), ("MODE", "wild"), ("SIDE", "left"))
    assert variants[0].changed == (("N", "16"), ("MODE", "wild"))


def test_overrides_of_every_type() -> None:
    text = (
        "enum E { one, two }\nconst B = true\nconst R : 0..3 = 0\nconst W : u8 = 1\n"
        "const V : E = one\nconst K : int\ninvariant a: true"
    )
    variants, said = plan(text, B="false", R="3", W="255", V="E.two", K="-5")
    assert not said
    assert [v for _, v in variants[0].values] == ["false", "3", "255", "two", "-5"]


def test_what_cannot_be_overridden() -> None:
    _, said = plan(SPEC, MOED="fast", N="1 + 1", SIDE="")
    assert [d.code for d in said] == ["PIN410", "PIN411", "PIN411"]
    assert said[0].remedy == "did you mean 'MODE'?"


def test_a_condition_that_no_choice_satisfies() -> None:
    text = "choice M { p, q } = p\nvar x: bool\nexpect deadlock holds when M == p and M == q"
    assert [d.code for d in plan(text)[1]] == ["PIN506"]
    _, said = plan("const N = 1\nexpect deadlock holds when N == 2")
    assert not said


def test_a_wrong_override_is_reported_alone() -> None:
    text = """
        choice HOW { quick, slow } = quick
        var x: 0..1
        rule go() { if HOW == quick { x = missing } }
    """
    program, _ = load("spec.pin", text=text)
    assert program is not None
    (design,), _ = designs(program, {})
    assert [d.code for d in elaborate(program, design)[1]] == ["PIN101"]
    (design,), found = designs(program, {"HOW": "quik"})
    assert [d.code for d in (*found, *elaborate(program, design)[1])] == ["PIN411"]
