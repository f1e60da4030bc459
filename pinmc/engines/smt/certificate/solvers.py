"""Asks solvers about scripts, each time in a fresh process: it may crash, and it can be stopped."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import pinmc

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


def ask(solver: str, script: str, seconds: float) -> Answer:
    """What ``solver`` says about the text of a script, within a time limit."""
    began = perf_counter()
    with tempfile.TemporaryDirectory(prefix="pinmc-") as folder:
        path = Path(folder) / "script.smt2"
        path.write_text(script, encoding="utf-8")
        try:
            done = subprocess.run(
                [sys.executable, "-m", _CHILD, solver, str(path)],
                capture_output=True,
                text=True,
                timeout=seconds,
                env=environment(),
                cwd=folder,
            )
        except subprocess.TimeoutExpired:
            spent = perf_counter() - began
            return Answer(solver, "unknown", spent, "", f"time limit of {seconds:g} s reached")
    return _answer(solver, done, perf_counter() - began)


def _answer(solver: str, done: subprocess.CompletedProcess[str], spent: float) -> Answer:
    lines = done.stdout.splitlines()
    if done.returncode or len(lines) != 2:
        last = (done.stderr.strip().splitlines() or [f"it ended with code {done.returncode}"])[-1]
        return Answer(solver, "unknown", spent, "", f"{solver} broke off: {last}")
    said, version = lines
    if said in _ANSWERS:
        return Answer(solver, said, spent, version, "" if said != "unknown" else "it gave up")
    return Answer(solver, "unknown", spent, version, f"{solver} said: {said[:200]}")


def environment() -> dict[str, str]:
    """The child finds the same pinmc and the same solvers."""
    own = str(Path(pinmc.__file__).parent.parent)
    paths = [own, *(entry for entry in sys.path if entry)]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths))}
