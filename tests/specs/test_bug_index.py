"""The index of the rediscovered bugs: every specification, and the figures that are found."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

import pinmc
from pinmc.results.result import DesignResult, Result

BUGS = Path(__file__).parents[2] / "specs" / "bugs"
INDEX = (BUGS / "README.md").read_text(encoding="utf-8")
ROWS = {
    name: [cell.strip() for cell in rest.split("|")]
    for name, rest in re.findall(r"^\| \[(\w+)\]\(\1\.pin\) \|(.*)\|$", INDEX, re.M)
}


@cache
def checked(name: str) -> Result:
    return pinmc.check(BUGS / f"{name}.pin")


def as_it_was(name: str) -> DesignResult:
    """The default design."""
    first = checked(name).designs[0]
    assert dict(first.constants)["fixed"] == "no"
    return first


def as_fixed(name: str) -> DesignResult:
    """As it was, but fixed: ``yes`` where there are several ways, the last one if none is."""
    choice = re.search(r"^choice fixed \{ (.*) \}", text_of(name), re.M)
    assert choice
    values = choice[1].split(", ")
    wanted = dict(as_it_was(name).constants) | {"fixed": "yes" if "yes" in values else values[-1]}
    return next(d for d in checked(name).designs if dict(d.constants) == wanted)


def text_of(name: str) -> str:
    return (BUGS / f"{name}.pin").read_text(encoding="utf-8")


def violated(design: DesignResult) -> dict[str, int | None]:
    return {p.name: p.depth for p in design.properties if p.verdict.value == "violated"}


def test_every_specification_has_a_row() -> None:
    assert set(ROWS) == {p.stem for p in BUGS.glob("*.pin")}
    assert len(ROWS) >= 20


@pytest.mark.parametrize("name", ROWS)
def test_the_commits_are_those_of_the_specification(name: str) -> None:
    commits = re.findall(r"\b[0-9a-f]{12}\b", ROWS[name][0])
    assert commits
    text = text_of(name)
    assert all(commit in text for commit in commits)


@pytest.mark.parametrize("name", ROWS)
def test_the_states_are_those_that_are_explored(name: str) -> None:
    designs = as_it_was(name), as_fixed(name)
    assert ROWS[name][4] == " / ".join(f"{d.statistics.states:,}" for d in designs)


def lengths(cell: str) -> dict[str, list[int]]:
    """What a cell says of properties: ``{"deadlock": [7, 4]}`` for "`deadlock` (7; halfway: 4)"."""
    return {
        prop: [int(n) for n in re.findall(r"\b\d+\b", inner)]
        for prop, inner in re.findall(r"`(\w+)` \(([^)]*)\)", cell)
    }


@pytest.mark.parametrize("name", ROWS)
def test_the_lengths_are_those_of_the_shortest_traces(name: str) -> None:
    listed = lengths(ROWS[name][2])
    was = violated(as_it_was(name))
    assert was
    for prop, depth in was.items():
        if prop != "stuck":  # a deadlock is stuck, too
            assert listed[prop][0] == depth, prop
    anywhere = [violated(design) for design in checked(name).designs]
    for prop, depths in (*listed.items(), *lengths(ROWS[name][3]).items()):
        assert depths and set(depths) <= {found.get(prop) for found in anywhere}, prop


@pytest.mark.parametrize("name", ROWS)
def test_what_is_fixed_holds(name: str) -> None:
    assert "holds" in ROWS[name][3]
    assert not violated(as_fixed(name))
