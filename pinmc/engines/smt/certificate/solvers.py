"""Asks solvers about scripts, in a process of their own: it may crash, and it can be stopped."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter

import pinmc
from pinmc.base.records import dataclass

SOLVERS = ("z3", "cvc5")
_CHILD = "pinmc.engines.smt.certificate.child"
_ANSWERS = ("sat", "unsat", "unknown")


@dataclass(frozen=True, slots=True)
class Answer:
    """``result``: unsat, sat, or unknown with a ``reason``."""

    solver: str
    result: str
    seconds: float
    version: str = ""
    reason: str = ""


def installed(solver: str) -> bool:
    return importlib.util.find_spec(solver) is not None


def ask(solver: str, scripts: Sequence[str], seconds: float) -> tuple[Answer, ...]:
    """What ``solver`` says about the texts of some scripts, one after the other in a fresh process;
    ``seconds`` for each on the average."""
    with tempfile.TemporaryDirectory(prefix="pinmc-") as folder:
        paths = [Path(folder) / f"script{number}.smt2" for number in range(len(scripts))]
        for path, script in zip(paths, scripts, strict=True):
            path.write_text(script, encoding="utf-8")
        began = perf_counter()
        said, broken = _run(solver, paths, seconds * len(scripts))
        spent = perf_counter() - began
    found = list(_answers(solver, said))[: len(scripts)]
    lost = Answer(solver, "unknown", spent, "", broken or f"{solver} said nothing")
    return (*found, *[lost] * (len(scripts) - len(found)))


def _run(solver: str, paths: Sequence[Path], seconds: float) -> tuple[str, str]:
    """What the process has said, and why that is not all."""
    with subprocess.Popen(
        [sys.executable, "-m", _CHILD, solver, *map(str, paths)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
        cwd=paths[0].parent,
    ) as process:
        try:
            said, told = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.communicate()[0], f"time limit of {seconds / len(paths):g} s reached"
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        last = (told.strip().splitlines() or [f"it ended with code {process.returncode}"])[-1]
        return "", f"{solver} broke off: {last}"
    return said, ""


def _answers(solver: str, said: str) -> Iterator[Answer]:
    """Three lines for each script."""
    lines = said.splitlines()
    for at in range(0, len(lines) - 2, 3):
        result, version, spent = lines[at : at + 3]
        reason = "it gave up" if result == "unknown" else ""
        if result not in _ANSWERS:
            result, reason = "unknown", f"{solver} said: {result[:200]}"
        yield Answer(solver, result, float(spent), version, reason)


def environment() -> dict[str, str]:
    """The child finds the same pinmc and the same solvers."""
    own = str(Path(pinmc.__file__).parent.parent)
    paths = [own, *(entry for entry in sys.path if entry)]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths))}
