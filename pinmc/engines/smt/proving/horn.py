"""A process of its own that asks Spacer for an invariant: ``python -m … FILE``.

Komuravelli, Gurfinkel and Chaki, "SMT-based model checking for recursive programs", 2014; with
global guidance, Krishnan, Chen, Shoham and Gurfinkel, "Global guidance for local generalization in
model checking", 2020: without it simple sums are not found.

Reads a JSON document (see ``spacer.Problem``), prints one: the answer, and the invariant as
SMT-LIB2. It knows nothing of pinmc, may crash, and may be killed.
"""

from __future__ import annotations

import ctypes
import json
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import z3

_PR_SET_PDEATHSIG = 1

_LONGER = 5
"""Seconds beyond its own time limit after which Spacer is ended."""

_OPTIONS = {
    "engine": "spacer",
    "spacer.global": True,
    # The invariant must be about the state as it is, not about what is left of it.
    "xform.slice": False,
    "xform.inline_eager": False,
    "xform.inline_linear": False,
}


def main(path: str) -> int:
    problem = json.loads(Path(path).read_text(encoding="utf-8"))
    _end_with_parent()
    _limit(int(problem["memory"]), int(problem["milliseconds"]) // 1000 + _LONGER)
    sys.setrecursionlimit(100_000)
    print(json.dumps(_answer(problem)))
    return 0


def _limit(memory: int, seconds: int) -> None:
    """Where the system can: in bytes, and in seconds of work."""
    try:
        import resource
    except ImportError:
        return
    for kind, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds)):
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def _end_with_parent() -> None:
    """Where the system can (Linux, prctl(2)): whoever has started this process may be killed."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _answer(problem: dict[str, Any]) -> dict[str, str]:
    made = {
        str(each.arg(0).decl().name()): each.arg(1)
        for each in z3.parse_smt2_string(problem["formulas"])
    }
    cells, primed, choices = (
        [_constant(name, sort) for name, sort in problem[key]]
        for key in ("cells", "primed", "choices")
    )
    fixed = z3.Fixedpoint()
    fixed.set(**_OPTIONS, timeout=int(problem["milliseconds"]))
    reached = z3.Function("reached", *(cell.sort() for cell in cells), z3.BoolSort())
    wrong = z3.Function("wrong", z3.BoolSort())
    fixed.register_relation(reached, wrong)
    fixed.declare_var(*cells, *primed, *choices)
    fixed.rule(reached(*cells), made["init"])
    fixed.rule(reached(*primed), [reached(*cells), made["given"], made["step"]])
    fixed.rule(wrong(), [reached(*cells), made["given"], made["bad"]])
    try:
        answer = str(fixed.query(wrong()))
    except z3.Z3Exception as problem_:
        return {"answer": "unknown", "reason": str(problem_)}
    if answer != "unsat":
        return {"answer": answer, "reason": fixed.reason_unknown()}
    cover = z3.substitute_vars(fixed.get_cover_delta(-1, reached), *cells)
    return {"answer": answer, "invariant": cover.sexpr()}


def _constant(name: str, sort: str) -> Any:
    return (z3.Bool if sort == "Bool" else z3.Int)(name)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
