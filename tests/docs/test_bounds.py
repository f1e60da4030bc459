"""The console examples of docs/bounds.md are what pinmc prints, and its table what it computes."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pinmc.cli.main import run

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "bounds.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLE = re.compile(r"^\$ pinmc (.*?)\n((?:(?!\$ ).*\n)+)", re.MULTILINE)
EXAMPLES = [found for block in BLOCK.findall(TEXT) for found in EXAMPLE.findall(block)]
COUNTERS = "specs/pin_counters.pin"
UNPINNED = ("--subject-to", "maybe_dma_pinned", "--subject-to", "pins == 0")
LINUX = ("-D", "W=32", "-D", "BIAS=1024")

Ask = Callable[..., dict[str, Any]]


def test_there_are_examples() -> None:
    assert len(EXAMPLES) == 9
    assert all(f"$ pinmc {command}" in TEXT for command, _ in EXAMPLES)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_example(
    number: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command, expected = EXAMPLES[number]
    monkeypatch.chdir(ROOT)
    assert run(shlex.split(command)) == 0
    assert capsys.readouterr().out == expected


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    monkeypatch.chdir(ROOT)

    def asked(*arguments: str) -> dict[str, Any]:
        assert run([*arguments, "--format", "json"]) == 0
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return found

    return asked


def _extreme(found: dict[str, Any]) -> dict[str, Any]:
    extreme = found["extreme"]
    assert isinstance(extreme, dict)
    assert extreme["basis"] == "proved"
    assert extreme["empty"] or extreme["attained"] is not None
    return extreme


def _bound(ask: Ask, *arguments: str) -> str:
    extreme = _extreme(ask("bound", COUNTERS, *arguments))
    return "–" if extreme["empty"] else f"{extreme['value']:,}"


def _each(ask: Ask, cost: str, design: str) -> str:
    options = ("--per", "pinned", "--cost", cost, "-D", "CALLS=single", "-D", design)
    (found,) = ask("cost", COUNTERS, *options)["designs"]
    (loop,) = found["loops"]
    assert loop["least"]["value"] == loop["greatest"]["value"]
    assert loop["least"]["value"]["denominator"] == 1
    return str(loop["least"]["value"]["numerator"])


@pytest.mark.slow
@pytest.mark.parametrize("way", ["bias", "large", "side", "spare"])
def test_row_of_the_table(way: str, ask: Ask) -> None:
    design = f"COUNT={way}"
    width = () if way == "spare" else LINUX
    others = _bound(ask, "--minimize", "others", *UNPINNED, *width, "-D", design)
    peak = _bound(ask, "--minimize", "peak", *UNPINNED, *width, "-D", design)
    most = _bound(ask, "--maximize", "pins", "--subject-to", "positive", *LINUX, "-D", design)
    looks = "never" if others == "–" else "maybe"
    costs = (_each(ask, "atomics", design), _each(ask, "lookups", design))
    row = " | ".join((way, looks, others, peak, most, *costs))
    assert f"| {row} |" in TEXT.splitlines()
