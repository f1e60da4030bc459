"""SPIN: a model becomes pan.c, which is compiled for one mode of search and run."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.peers.measure import Limits, Ran, run
from tests.benchmarks.peers.rows import Row
from tests.benchmarks.peers.sizes import Size
from tests.benchmarks.peers.tool import MODELS, Counted, differs

DIGITS = 8
"""Of its counts, pan prints so many."""

STACK_FRAME = 48
"""Bytes of a step on the stack of a depth-first search: 45.8 MB for 1,000,000 steps."""

WHOLE = ("-DSAFETY", "-DNOREDUCE")
"""Check safety only, without partial order reduction: every reachable state."""


@dataclass(frozen=True, slots=True)
class Spin:
    """A mode. ``flags`` are for compiling pan.c, ``options`` for running it. ``each``: about how
    many bytes a state takes, to know beforehand whether there is room. ``depth_first``: the search
    has a stack whose size is to be given. ``exact``: it stores states, not hashes of them, and all
    of them; ``reduces``: some are left out on purpose. ``level`` of optimisation: without any, a
    small model's total is the least."""

    name: str
    flags: tuple[str, ...]
    each: int
    options: tuple[str, ...] = ()
    depth_first: bool = False
    exact: bool = True
    reduces: bool = False
    level: str = "-O2"
    family: str = "spin"

    def missing(self) -> str:
        for program in ("spin", "gcc"):
            if shutil.which(program) is None:
                return f"{program} is not installed: apt install {program}"
        return ""

    def need(self, size: Size) -> int:
        stack = _steps(size) * STACK_FRAME if self.depth_first else 0
        return size.states * self.each + (8 << _bits(size)) + stack

    def too_slow(self, size: Size) -> str:
        return ""

    def measure(self, size: Size, folder: Path, limits: Limits) -> Row:
        compile_pan = ["gcc", self.level, "-w", *self.flags, "-o", "pan", "pan.c", "-lpthread"]
        total = 0.0
        for command in (generate(size), compile_pan):
            made = run(command, folder, limits)
            total += made.seconds
            if made.status:
                return Row(self.name, why=f"WRONG: {_last(made)}", wrong=True, exact=self.exact)
        ran = run(["./pan", *self._arguments(size)], folder, limits)
        return self._row(size, ran, total + ran.seconds)

    def _arguments(self, size: Size) -> list[str]:
        depth = [f"-m{_steps(size)}"] if self.depth_first else []
        return [f"-w{_bits(size)}", *depth, *self.options]

    def _row(self, size: Size, ran: Ran, total: float) -> Row:
        counted = read(ran.output)
        if counted is None or ran.stopped:
            why = ran.stopped or f"WRONG: {_last(ran)}"
            return Row(self.name, why=why, wrong=not ran.stopped, exact=self.exact)
        problem = "" if self.reduces else differs(counted, size, DIGITS)
        problem = problem or complaint(ran.output)
        return Row(
            self.name,
            counted.states,
            counted.transitions,
            _search(counted, ran),
            total,
            ran.peak,
            problem,
            bool(problem) and self.exact,
            self.exact,
        )


def generate(size: Size) -> list[str]:
    """The command that writes pan.c."""
    defines = [f"-D{name}={value}" for name, value in size.constants.items()]
    return ["spin", *defines, "-a", str(MODELS / "pin_lease.pml")]


def read(output: str) -> Counted | None:
    """What pan counted. It takes the initial state for a transition too."""
    states = re.search(r"^\s*([\d.e+]+) states, stored", output, re.MULTILINE)
    transitions = re.search(r"^\s*([\d.e+]+) transitions \(", output, re.MULTILINE)
    if not states or not transitions:
        return None
    seconds = re.search(r"elapsed time ([\d.e+]+) seconds", output)
    own = float(seconds[1]) if seconds else None
    return Counted(int(float(states[1])), int(float(transitions[1])) - 1, own)


def complaint(output: str) -> str:
    """What pan found wrong with the model or with its own limits."""
    if "errors: 0" not in output:
        return "WRONG: pan found an error in the model"
    if "max search depth too small" in output:
        return "WRONG: the stack was too small"
    return ""


def _search(counted: Counted, ran: Ran) -> float:
    """Seconds by pan's own clock, which ticks in hundredths: without setting up shared memory."""
    own = counted.seconds or 0.0
    return own if own >= 0.05 else ran.seconds


def _bits(size: Size) -> int:
    """The logarithm of the hash table's size: as many slots as states, or up to twice as many."""
    return max(16, size.states.bit_length())


def _steps(size: Size) -> int:
    """How deep depth-first search may get: a third of the states is what it needs."""
    return max(10_000, size.states // 2)


def _last(ran: Ran) -> str:
    return (ran.output.strip().splitlines() or ["no output"])[-1]


MODES = (
    Spin("SPIN, breadth-first", (*WHOLE, "-DBFS"), 117),
    Spin("SPIN, breadth-first, states as they are", (*WHOLE, "-DBFS", "-DNOCOMP"), 145),
    Spin("SPIN, depth-first", WHOLE, 85, depth_first=True),
    Spin("SPIN, depth-first, states as they are", (*WHOLE, "-DNOCOMP"), 115, depth_first=True),
    Spin("SPIN, depth-first, compiled by -O0", WHOLE, 85, depth_first=True, level="-O0"),
    Spin("SPIN, depth-first, collapsed", (*WHOLE, "-DCOLLAPSE"), 85, depth_first=True),
    Spin(
        "SPIN, parallel breadth-first on 2 cores",
        (*WHOLE, "-DBFS_PAR"),
        70,
        options=("-u2",),
        exact=False,
    ),
    Spin(
        "SPIN, depth-first, reduced",
        ("-DSAFETY",),
        85,
        depth_first=True,
        exact=False,
        reduces=True,
    ),
)
"""Parallel breadth-first search stores hashes (hash compaction) and is not exact; partial order
reduction leaves out states on purpose. Both are shown, and neither is what "SPIN" is compared by,
except where the comparison says so."""
