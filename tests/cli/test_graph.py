"""``pinmc graph`` and ``pinmc check --graph``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Pinmc
from tests.cli.specs import CHOICE, GOOD, MISTAKES, VIOLATED


def nodes(file: Path) -> int:
    return len(json.loads(file.read_text())["nodes"])


def test_the_whole_space(pinmc: Pinmc, folder: Path) -> None:
    ran = pinmc("graph", "a.pin", "-o", "space.json", a=GOOD)
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == "space.json: 8 states, 7 steps\n"
    assert nodes(folder / "space.json") == 8


def test_a_large_space_is_refused(pinmc: Pinmc, folder: Path) -> None:
    ran = pinmc("graph", "a.pin", "-o", "space.dot", "--max-nodes", "7", a=GOOD)
    assert ran.code == 2
    assert "more than 7 states" in ran.err
    assert not (folder / "space.dot").exists()


@pytest.mark.parametrize("view", ["path", "context", "all-shortest"])
def test_a_counterexample(view: str, pinmc: Pinmc, folder: Path) -> None:
    ran = pinmc("check", "a.pin", "--graph", "race.json", "--graph-view", view, a=VIOLATED)
    assert ran.code == 1
    assert "race.json: smaller, default design" in ran.err
    assert nodes(folder / "race.json") == 7


def test_a_chosen_property_and_design(pinmc: Pinmc, folder: Path) -> None:
    pinmc("check", "a.pin", "--graph", "full.json", "--graph-property", "full", a=VIOLATED)
    assert nodes(folder / "full.json") == 7
    ran = pinmc("check", "b.pin", "--graph", "below.json", b=CHOICE)
    assert "below.json: below, design LIMIT = high" in ran.err


@pytest.mark.parametrize(
    ("args", "complaint"),
    [
        (["--graph", "race.png"], ".graphml"),
        (["--graph", "no/such/race.dot"], "cannot write"),
        (["--graph", "race.dot", "--graph-property", "small"], "there are traces of: full"),
    ],
)
def test_a_graph_that_cannot_be_drawn(args: list[str], complaint: str, pinmc: Pinmc) -> None:
    ran = pinmc("check", "a.pin", *args, a=GOOD)
    assert ran.code == 2
    assert complaint in ran.err


def test_one_trace_is_of_one_specification(pinmc: Pinmc) -> None:
    ran = pinmc("check", ".", "--graph", "race.dot", a=GOOD, b=GOOD)
    assert ran.code == 2
    assert "name one specification" in ran.err


@pytest.mark.parametrize("command", [["graph", "-o", "x.dot"], ["ir"]])
def test_mistakes_and_missing_files(command: list[str], pinmc: Pinmc) -> None:
    ran = pinmc(*command, "a.pin", a=MISTAKES)
    assert (ran.code, ran.out) == (2, "")
    assert "--> a.pin:2" in ran.err
    assert pinmc(*command, "missing.pin").code == 2


def test_the_guarded_commands(pinmc: Pinmc) -> None:
    ran = pinmc("ir", "a.pin", a=CHOICE)
    assert ran.code == 0
    assert "counter" in ran.out
    assert len(pinmc("ir", "a.pin", "--all").out) > len(ran.out)
