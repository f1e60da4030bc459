"""An invariant from Spacer, in the terms of lemmas. Nothing of it is believed: it is proved again.

Spacer runs in a process of its own: it may crash, use up all memory or not listen to Ctrl-C.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from time import perf_counter

from pinmc.base.records import dataclass
from pinmc.engines.smt.certificate.solvers import environment
from pinmc.engines.smt.proving.asker import Asker, Claim, Late, Unsure
from pinmc.engines.smt.proving.covers import NoLemma, lemmas_of
from pinmc.ir.expr import Expr
from pinmc.ir.system import System

MEMORY = 2 << 30
"""Bytes that Spacer may take."""

_CHILD = "pinmc.engines.smt.proving.horn"
_STARTING = 0.3
"""Seconds that a process takes to start and to end."""

Names = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Problem:
    """What the process is given. ``formulas``: SMT-LIB2 text in which ``init``, ``step``, ``bad``
    and ``given`` (what is known of every state) each equal a formula over ``cells``, ``primed``
    and ``choices``, which have a name and a sort each. ``memory`` in bytes."""

    formulas: str
    cells: Names
    primed: Names
    choices: Names
    milliseconds: int
    memory: int


@dataclass(frozen=True, slots=True)
class Reached:
    """Spacer says that the property fails in some run."""


def from_spacer(
    asker: Asker, system: System, claim: Claim, background: Sequence[int]
) -> list[Expr] | Reached:
    """The conjuncts of an invariant that should prove the property together with the lemmas of
    the background. Raises Unsure, and KeyboardInterrupt."""
    left = asker.deadline - perf_counter()
    if left <= _STARTING:
        raise Late
    answer = _asked(_problem(asker, claim, background, left - _STARTING), left)
    match answer.get("answer"):
        case "unsat":
            try:
                return lemmas_of(system, str(answer["invariant"]))
            except NoLemma as why:
                raise Unsure(f"its invariant says what no lemma can: {why}") from None
        case "sat":
            return Reached()
    reason = answer.get("reason", "")
    raise Late if "cancel" in reason or "timeout" in reason else Unsure(reason)


def _problem(asker: Asker, claim: Claim, background: Sequence[int], seconds: float) -> Problem:
    given = asker.all([asker.types, *(asker.lemmas[n] for n in background)])
    text = asker.text(init=asker.init, step=asker.step, bad=claim.bad, given=given)
    return Problem(
        text,
        [(cell.name, cell.sort) for cell in asker.cells],
        [(f"{cell.name}'", cell.sort) for cell in asker.cells],
        asker.choices,
        int(seconds * 1000),
        MEMORY,
    )


def _asked(problem: Problem, seconds: float) -> dict[str, str]:
    with tempfile.TemporaryDirectory(prefix="pinmc-") as folder:
        path = Path(folder) / "problem.json"
        path.write_text(json.dumps(asdict(problem)), encoding="utf-8")
        try:
            done = subprocess.run(
                [sys.executable, "-m", _CHILD, str(path)],
                capture_output=True,
                text=True,
                timeout=seconds,
                env=environment(),
                cwd=folder,
            )
        except subprocess.TimeoutExpired:
            raise Late from None
    return _read(done)


def _read(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    """What the process has printed. Raises Unsure."""
    try:
        found = json.loads(done.stdout)
    except ValueError:
        found = None
    if done.returncode or not isinstance(found, dict):
        last = (done.stderr.strip().splitlines() or [f"it ended with code {done.returncode}"])[-1]
        memory = "memory" in last.lower() or "bad_alloc" in last
        raise Unsure("the memory is used up" if memory else f"it broke off: {last[:120]}")
    return found
