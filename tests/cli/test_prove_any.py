"""``pinmc prove --any``: proofs for every number of members, and what they refuse."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Pinmc

LOCKED = """
const USERS: int = 2
scalarset User[USERS]
var inside[User]: bool
var taken: bool
rule enter(u: User) when not taken { taken = true  inside[u] = true }
rule leave(u: User) when inside[u] { taken = false  inside[u] = false }
invariant alone: forall u: User, w: User { inside[u] and inside[w] implies u == w }
"""


def test_proved_for_any_number(pinmc: Pinmc) -> None:
    ran = pinmc("prove", "a.pin", "--any", "User", a=LOCKED)
    assert ran.code == 0
    assert "proved    alone" in ran.out and "for any number of User, " in ran.out


def test_what_two_do_not_show_is_not_proved(pinmc: Pinmc) -> None:
    """Three members at the same time: true for two, false for three."""
    text = LOCKED.replace("when not taken", "").replace(
        "implies u == w", "implies u == w or forall v: User { v == u or v == w }"
    )
    ran = pinmc("prove", "a.pin", "--any", "User", a=text)
    assert ran.code == 3
    assert "unknown   alone" in ran.out and "fails after" in ran.out


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ("invariant few: (count u: User { inside[u] }) <= 1", "it counts over User"),
        (
            "var n: 0..9\n"
            "rule add() when n == 0 { for u: User where inside[u] { n += 1 } }\n"
            "invariant few: n <= 3",
            "share n",
        ),
    ],
)
def test_what_has_no_formula_is_unknown(pinmc: Pinmc, more: str, why: str) -> None:
    ran = pinmc("prove", "a.pin", "--any", "User", "--property", "few", a=LOCKED + more)
    assert ran.code == 3
    assert "unknown   few" in ran.out and why in ran.out


@pytest.mark.parametrize(
    ("text", "arguments", "why"),
    [
        (LOCKED, ["--any", "Usr"], "did you mean 'User'"),
        (LOCKED.replace("[USERS]", "[2]"), ["--any", "User"], "no constant by itself"),
        (LOCKED + "var n: 0..USERS", ["--any", "User"], "'USERS' is more than the size of User"),
        (LOCKED, ["--any", "User", "-D", "USERS=3"], "'USERS' is left open"),
        (LOCKED, ["--any", "User", "--lemmas"], "--any goes without"),
    ],
)
def test_misuse(pinmc: Pinmc, text: str, arguments: list[str], why: str) -> None:
    ran = pinmc("prove", "a.pin", *arguments, a=text)
    assert ran.code == 2
    assert why in ran.err
