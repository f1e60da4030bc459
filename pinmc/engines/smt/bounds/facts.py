"""An inductive invariant of a system: what every reachable state is known to satisfy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from pinmc.engines.smt.proving.asker import Asker, Unsure
from pinmc.engines.smt.proving.induction import houdini
from pinmc.engines.smt.script.terms import NotExpressible
from pinmc.ir.expr import Expr
from pinmc.ir.system import System


class Facts:
    """The greatest inductive part of ``exprs``, found anew: who says that they are true need not
    be believed. ``kept`` are those. Raises NotExpressible, Unsure and KeyboardInterrupt."""

    def __init__(
        self,
        system: System,
        exprs: Iterable[Expr],
        free: tuple[str, ...],
        deadline: float,
    ) -> None:
        self.asker = Asker(system, system.properties, free)
        self.asker.deadline = deadline
        numbers: dict[int, Expr] = {}
        for expr in dict.fromkeys(exprs):
            with suppress(NotExpressible):
                numbers[self.asker.add(expr)] = expr
        found = houdini(self.asker, list(numbers))
        self.kept = [numbers[n] for n in found]
        self.formulas: list[Any] = [self.asker.types, *(self.asker.lemmas[n] for n in found)]
        _refuse_leaving_types(self.asker, self.formulas)


def _refuse_leaving_types(asker: Asker, facts: Sequence[Any]) -> None:
    """Types were taken for granted before each step: they must be kept by it, too."""
    wrong = asker.opposite(asker.types)
    if asker.check(asker.solver(asker.init, wrong)):
        raise Unsure("initial values are outside their types")
    if asker.check(asker.solver(asker.step, *facts, asker.after(wrong))):
        raise Unsure("a step may leave the types")
