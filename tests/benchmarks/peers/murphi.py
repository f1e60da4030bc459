"""rumur: a Murphi model becomes a C program."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.peers.measure import Limits, run
from tests.benchmarks.peers.rows import Row
from tests.benchmarks.peers.sizes import Size
from tests.benchmarks.peers.tool import MODELS, Counted, differs

COMPILE = ("gcc", "-std=c11", "-O3", "-march=native", "-mcx16", "-w")
"""As rumur's README says, and for this machine."""


@dataclass(frozen=True, slots=True)
class Rumur:
    """``threads``: how many."""

    threads: int
    family: str = "rumur"

    @property
    def name(self) -> str:
        return f"rumur, {self.threads} thread{'s' if self.threads > 1 else ''}"

    def missing(self) -> str:
        for program in ("rumur", "gcc"):
            if shutil.which(program) is None:
                return f"{program} is not installed: apt install {program}"
        return ""

    def need(self, size: Size) -> int:
        return size.states * 60

    def too_slow(self, size: Size) -> str:
        return ""

    def measure(self, size: Size, folder: Path, limits: Limits) -> Row:
        write_model(size, folder / "model.m")
        total = 0.0
        for command in (generate(self.threads), [*COMPILE, "model.c", "-o", "model", "-lpthread"]):
            made = run(command, folder, limits)
            total += made.seconds
            if made.status:
                return Row(self.name, why=f"WRONG: {made.output.strip()[-200:]}", wrong=True)
        ran = run(["./model"], folder, limits)
        counted = read(ran.output)
        if counted is None or ran.stopped:
            why = ran.stopped or f"WRONG: {ran.output.strip()[-200:]}"
            return Row(self.name, why=why, wrong=not ran.stopped)
        problem = differs(counted, size)
        return Row(
            self.name,
            counted.states,
            counted.transitions,
            ran.seconds,
            total + ran.seconds,
            ran.peak,
            problem,
            bool(problem),
        )


def generate(threads: int) -> list[str]:
    """The command that writes model.c. Deadlock means what it means elsewhere: nothing can move."""
    return [
        "rumur",
        "--quiet",
        "--output-format=machine-readable",
        "--symmetry-reduction=off",
        "--deadlock-detection=stuck",
        f"--threads={threads}",
        "--output=model.c",
        "model.m",
    ]


def write_model(size: Size, path: Path) -> None:
    """Murphi has no constants from the outside: they are put into the text."""
    text = (MODELS / "pin_lease.m").read_text(encoding="utf-8")
    for name, value in size.constants.items():
        text, times = re.subn(rf"(?m)^  {name}: \d+;$", f"  {name}: {value};", text)
        if times != 1:
            raise ValueError(f"pin_lease.m has {times} lines that give {name} a value")
    path.write_text(text, encoding="utf-8")


def read(output: str) -> Counted | None:
    """What the program counted, if it found no error."""
    found = re.search(r'<summary states="(\d+)" rules_fired="(\d+)" errors="0"', output)
    return Counted(int(found[1]), int(found[2])) if found else None


MODES = (Rumur(1), Rumur(2))
