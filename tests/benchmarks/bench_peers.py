"""pinmc beside SPIN and rumur on one model: ``python -m`` this module, from the repository's root.

The model is written three times, in ``peers/``, with the same reachable states; a tool that counts
others is reported as wrong, and the exit code is 1. Every figure is from a cold start: a fresh
folder for what is generated and compiled, and an empty cache for pinmc. All tools take turns in
each repetition, and medians are shown.
"""

from __future__ import annotations

import argparse
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.benchmarks.peers import murphi, own, spin
from tests.benchmarks.peers.goals import Goal, goals
from tests.benchmarks.peers.measure import Limits
from tests.benchmarks.peers.rows import Row, middle, skipped
from tests.benchmarks.peers.sizes import SIZES, Size
from tests.benchmarks.peers.table import goals_table, rows_table
from tests.benchmarks.peers.tool import Tool

TOOLS: tuple[Tool, ...] = (*own.MODES, *spin.MODES, *murphi.MODES)
FAMILIES = tuple(dict.fromkeys(tool.family for tool in TOOLS))
USUAL = ("small", "medium", "large")
LEAST_TURNS, QUICK_SECONDS = 3, 10.0
"""What takes less time is measured at least so often: there, a busy moment says more."""


def main(arguments: Sequence[str]) -> int:
    wanted = _arguments(arguments)
    limits = Limits(int(wanted.memory * 2**30), wanted.time_limit)
    chosen = [
        tool
        for tool in TOOLS
        if tool.family in wanted.tools
        and (not wanted.only or any(part in tool.name for part in wanted.only))
    ]
    for family, why in {tool.family: tool.missing() for tool in chosen}.items():
        if why:
            print(f"{family}: {why}", file=sys.stderr)
    print(_machine(), flush=True)
    reached: list[Goal] = []
    wrong = False
    for size in (SIZES[name] for name in wanted.sizes):
        rows = measure(size, chosen, limits, wanted.repeats or size.repeats)
        wrong = wrong or any(row.wrong for row in rows)
        print(f"\n{'### ' if wanted.markdown else ''}{size.title}\n")
        print(rows_table(rows, wanted.markdown), flush=True)
        reached += goals(size, {row.tool: row for row in rows})
    print(f"\n{'### ' if wanted.markdown else ''}Goals\n")
    print(goals_table(reached, wanted.markdown))
    return int(wrong)


def measure(size: Size, tools: Iterable[Tool], limits: Limits, repeats: int) -> list[Row]:
    """A row for each tool. What fails once is not tried again."""
    found: dict[str, list[Row]] = {}
    for tool in tools:
        why = _obstacle(tool, size, limits)
        found[tool.name] = [skipped(tool.name, why)] if why else []
    for turn in range(max(repeats, LEAST_TURNS)):
        for tool in tools:
            rows = found[tool.name]
            if any(row.why for row in rows) or (turn >= repeats and not _is_quick(rows)):
                continue
            _progress(f"{size.name} {turn + 1}/{repeats}: {tool.name}")
            with tempfile.TemporaryDirectory() as folder:
                found[tool.name].append(tool.measure(size, Path(folder), limits))
    _progress("")
    return [middle(rows) for rows in found.values()]


def _is_quick(rows: list[Row]) -> bool:
    return all(row.total is not None and row.total < QUICK_SECONDS for row in rows)


def _obstacle(tool: Tool, size: Size, limits: Limits) -> str:
    """Why the tool is not to be tried, or nothing."""
    why = tool.missing() or tool.too_slow(size)
    if not why and (need := tool.need(size)) > limits.memory:
        return f"left out: needs about {need / 2**30:.0f} GiB"
    return why


def _progress(text: str) -> None:
    """What is being measured, on a line that is written over; only on a terminal."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def _machine() -> str:
    return f"{_processor()}, Python {platform.python_version()}, {_gcc()}"


def _gcc() -> str:
    if shutil.which("gcc") is None:
        return "no gcc"
    said = subprocess.run(["gcc", "--version"], capture_output=True, text=True, check=False)
    return said.stdout.partition("\n")[0]


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{len(models)} × {models[0]}" if models else platform.machine()


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench_peers", description=__doc__)
    parser.add_argument(
        "--sizes", type=_names(SIZES), default=list(USUAL), help=f"of {', '.join(SIZES)}, or all"
    )
    parser.add_argument(
        "--tools",
        type=_names(FAMILIES),
        default=list(FAMILIES),
        help=f"of {', '.join(FAMILIES)}, or all",
    )
    parser.add_argument(
        "--only", action="append", metavar="PART", help="only rows with this in their names"
    )
    parser.add_argument("--repeats", type=int, help="times to measure; 5 to 1 by size without it")
    parser.add_argument("--memory", type=float, default=10.0, metavar="GIB", help="for each run")
    parser.add_argument("--time-limit", type=float, default=1800.0, metavar="S", help="likewise")
    parser.add_argument("--markdown", action="store_true", help="tables for a document")
    return parser.parse_args(arguments)


def _names(known: Iterable[str]) -> _Names:
    return _Names(tuple(known))


class _Names:
    """Reads names with commas between them, or ``all``."""

    def __init__(self, known: tuple[str, ...]) -> None:
        self._known = known

    def __call__(self, text: str) -> list[str]:
        names = list(self._known) if text == "all" else text.split(",")
        for name in names:
            if name not in self._known:
                raise argparse.ArgumentTypeError(
                    f"{name!r} is none of {', '.join(self._known)}, all"
                )
        return names


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
