"""pinmc: its engines, and its command as users give it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pinmc.engines.catalog import ENGINES
from tests.benchmarks.peers.measure import Limits, Ran, run
from tests.benchmarks.peers.rows import Row
from tests.benchmarks.peers.sizes import Size
from tests.benchmarks.peers.tool import MODELS, Counted, differs

ROOT = Path(__file__).parents[3]
INTERPRETED = 200_000
"""More states than that say nothing new about the interpreter."""


@dataclass(frozen=True, slots=True)
class Explorer:
    """An engine, asked for what the other tools check too: invariants, deadlock, errors.

    ``each``: about how many bytes a state takes."""

    engine: str
    workers: int
    each: int
    compiles: bool = True
    compact: bool = False

    @property
    def family(self) -> str:
        return self.engine

    @property
    def name(self) -> str:
        threads = f", {self.workers} thread{'s' if self.workers > 1 else ''}"
        compact = ", compact" if self.compact else ""
        return f"pinmc {self.engine}{threads if self.engine == 'native' else ''}{compact}"

    def missing(self) -> str:
        return "" if self.engine in ENGINES else "not in this version of pinmc"

    def need(self, size: Size) -> int:
        return size.states * self.each

    def too_slow(self, size: Size) -> str:
        if self.engine == "interpreter" and size.states > INTERPRETED:
            return f"left out: more than {INTERPRETED:,} states"
        return ""

    def measure(self, size: Size, folder: Path, limits: Limits) -> Row:
        cold = self._run(size, folder, limits, "check")
        again = cold
        if self.compiles and _is_well(cold):
            self._run(size, folder, limits, "compile")
        if self.engine != "interpreter" and _is_well(cold):
            again = self._run(size, folder, limits, "again")
        for ran in (cold, again):
            if not _is_well(ran):
                return _failed(self.name, ran)
        told = json.loads(again.output)
        counted = Counted(told["states"], told["transitions"])
        problem = differs(counted, size) or self._problem(told, size)
        return Row(
            self.name,
            counted.states,
            counted.transitions,
            told["seconds"],
            cold.seconds,
            again.peak,
            problem,
            bool(problem),
        )

    def _run(self, size: Size, folder: Path, limits: Limits, how: str) -> Ran:
        child = [sys.executable, "-m", "tests.benchmarks.peers.child", self.engine]
        compact = "compact" if self.compact else "plain"
        command = [*child, str(self.workers), how, compact, *_constants(size)]
        return run(command, ROOT, limits, environment(folder))

    def _problem(self, told: Mapping[str, Any], size: Size) -> str:
        if told["engine"] != self.engine:
            return f"WRONG: explored by {told['engine']}"
        if told["depth"] != size.depth:
            return f"WRONG: depth {told['depth']}, not {size.depth}"
        bad = [name for name, verdict in told["verdicts"].items() if verdict != "holds"]
        return f"WRONG: {', '.join(bad)}" if bad else ""


@dataclass(frozen=True, slots=True)
class Command:
    """``pinmc check`` without options: every property, the one that the other tools have not (who
    can never move again) too, whichever engine it takes, every core, and the report."""

    name: str = "pinmc check, everything"
    family: str = "check"

    def missing(self) -> str:
        return ""

    def need(self, size: Size) -> int:
        return size.states * 50

    def too_slow(self, size: Size) -> str:
        return ""

    def measure(self, size: Size, folder: Path, limits: Limits) -> Row:
        spec = str(MODELS / "pin_lease.pin")
        defines = [part for pair in _constants(size) for part in ("-D", pair)]
        command = [sys.executable, "-m", "pinmc", "check", spec, *defines, "--format", "json"]
        ran = run(command, ROOT, limits, environment(folder))
        if not _is_well(ran):
            return _failed(self.name, ran)
        told = json.loads(ran.output)["designs"][0]["statistics"]
        counted = Counted(told["states"], told["transitions"])
        problem = differs(counted, size)
        return Row(
            self.name,
            counted.states,
            counted.transitions,
            None,
            ran.seconds,
            ran.peak,
            problem,
            bool(problem),
        )


def environment(folder: Path) -> dict[str, str]:
    """With a cache of pinmc's that is empty as ``folder`` is. Python keeps compiled modules, as it
    does for installed packages."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    path = os.pathsep.join(filter(None, (str(ROOT), kept.get("PYTHONPATH"))))
    return {**kept, "XDG_CACHE_HOME": str(folder), "PYTHONPATH": path}


def _constants(size: Size) -> list[str]:
    return [f"{name}={value}" for name, value in size.constants.items()]


def _is_well(ran: Ran) -> bool:
    return not ran.stopped and ran.status == 0


def _failed(name: str, ran: Ran) -> Row:
    said = (ran.output.strip().splitlines() or ["no output"])[-1]
    return Row(name, why=ran.stopped or f"WRONG: {said}", wrong=not ran.stopped)


MODES = (
    Explorer("native", 1, 45),
    Explorer("native", 2, 45),
    Explorer("native", 1, 25, compact=True),
    Explorer("native", 2, 25, compact=True),
    Explorer("vector", 1, 60, compiles=False),
    Explorer("interpreter", 1, 600, compiles=False),
    Command(),
)
