"""What starting pinmc costs: minima over fresh processes, printed.

Run as ``python tests/benchmarks/bench_startup.py [REPETITIONS]``, with pinmc installed or in the
root of the repository. Nothing is asserted: times depend on the machine.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

SMALL = """\
var x: 0..3 = 0
actor counter { while x < 3 { x += 1 } }
invariant small: x <= 3
reachable full: x == 3
"""


ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
"""Python keeps compiled modules, as it does for installed packages."""


def seconds(command: list[str], repetitions: int) -> float:
    """The least wall-clock time of ``command``, in seconds."""
    best = float("inf")
    for _ in range(repetitions):
        start = perf_counter()
        subprocess.run(command, check=False, capture_output=True, env=ENVIRONMENT)
        best = min(best, perf_counter() - start)
    return best


def main() -> None:
    repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    with tempfile.TemporaryDirectory() as folder:
        spec = Path(folder) / "small.pin"
        spec.write_text(SMALL, encoding="utf-8")
        python, pinmc = [sys.executable], [sys.executable, "-m", "pinmc"]
        commands = {
            "python -c pass": [*python, "-c", "pass"],
            "python -c 'import pinmc'": [*python, "-c", "import pinmc"],
            "python -c 'import pytest'": [*python, "-c", "import pytest"],
            "python -c 'import pinmc.pytest_plugin'": [*python, "-c", "import pinmc.pytest_plugin"],
            "pinmc --help": [*pinmc, "--help"],
            "pinmc check --help": [*pinmc, "check", "--help"],
            "pinmc explain PIN401": [*pinmc, "explain", "PIN401"],
            "pinmc check small.pin": [*pinmc, "check", str(spec)],
        }
        bare = 0.0
        for name, command in commands.items():
            took = seconds(command, repetitions)
            bare = bare or took
            print(f"{name:40} {took * 1000:7.1f} ms  (bare Python + {(took - bare) * 1000:.1f})")


if __name__ == "__main__":
    main()
