"""A process of its own that asks one solver about scripts: ``python -m … SOLVER FILE…``.

Prints for each script the solver's answer, its version and the seconds that it took, each on a
line. Every script has a solver and terms of its own. It knows nothing of pinmc.
"""

from __future__ import annotations

import sys
from pathlib import Path
from time import perf_counter


def main(solver: str, *paths: str) -> int:
    sys.setrecursionlimit(100_000)
    for path in paths:
        text = Path(path).read_text(encoding="utf-8")
        began = perf_counter()
        try:
            answer, version = (_z3 if solver == "z3" else _cvc5)(text)
        except Exception as problem:  # whatever it is, it is no answer; the others may have one
            answer, version = f"{type(problem).__name__}: {problem}", ""
        print(" ".join(answer.split()))
        print(version)
        print(f"{perf_counter() - began:.3f}", flush=True)
    return 0


def _z3(text: str) -> tuple[str, str]:
    import z3

    context = z3.Context()  # must outlive the call
    answer: str = z3.Z3_eval_smtlib2_string(context.ref(), text)
    return answer, z3.get_version_string()


def _cvc5(text: str) -> tuple[str, str]:
    import cvc5

    solver = cvc5.Solver(cvc5.TermManager())
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, "script")
    said = []
    while True:
        command = parser.nextCommand()
        if command.isNull():
            break
        said.append(command.invoke(solver, parser.getSymbolManager()))
    return "".join(map(str, said)), str(cvc5.__version__)


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
