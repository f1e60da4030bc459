"""Z3 with the formulas of one system: what is asked of it again and again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from time import perf_counter
from typing import Any

import z3

from pinmc.base.records import dataclass
from pinmc.engines.smt.script.scripts import OF_STATES
from pinmc.engines.smt.script.system import (
    INIT,
    STEP,
    Cell,
    Definitions,
    against,
    bad,
    cells_of,
    translate,
)
from pinmc.engines.smt.script.terms import FALSE, TRUE, NotExpressible, and_, as_int, not_
from pinmc.engines.smt.script.values import Cells, value
from pinmc.ir.expr import Expr
from pinmc.ir.property import Property, PropertyKind
from pinmc.ir.semantics import State
from pinmc.ir.system import System
from pinmc.passes.folding import fold


class Unsure(Exception):
    """Z3 gives no answer; the message says why."""


class Late(Unsure):
    """There was no time left for an answer."""

    def __init__(self) -> None:
        super().__init__("the time is up")


@dataclass(frozen=True, slots=True)
class Claim:
    """The formulas of a property: when a state (or step) goes against it, when initialising does,
    and what an invariant must say of it: that it holds, if it is about states. ``two_states``: it
    is about a step and the state after it."""

    bad: Any
    start: Any
    own: Any
    two_states: bool = False


class Asker:
    """The formulas of one system. Lemmas are added once and known by their numbers.

    ``deadline`` is the moment of ``perf_counter`` after which there are no answers. ``claims`` has
    the properties that can be asked about, ``refused`` why the others cannot. ``choices``: what a
    step depends on besides the states, with sorts. Raises NotExpressible when the system itself
    has no formulas.
    """

    def __init__(
        self, system: System, properties: Sequence[Property], free: Collection[str] = ()
    ) -> None:
        self.deadline = 0.0
        self.cells: tuple[Cell, ...] = tuple(cells_of(system))
        self._context = z3.Context()
        self._now = [_unknown(cell.name, cell.boolean, self._context) for cell in self.cells]
        self._next = [_unknown(f"{cell.name}'", cell.boolean, self._context) for cell in self.cells]
        self._swap = list(zip(self._now, self._next, strict=True))
        self._names = {cell.name: c for cell, c in zip(self.cells, self._now, strict=True)}
        self.claims: dict[str, Claim] = {}
        self.refused: dict[str, str] = {}
        self._define(system, properties, free)
        self.lemmas: list[Any] = []
        self._numbers: dict[Expr, int] = {}
        self._kept: dict[int, Any] = {}

    def _define(
        self, system: System, properties: Sequence[Property], free: Collection[str]
    ) -> None:
        out = Definitions()
        made = translate(system, self.cells, out, free)
        asked = [f"|{INIT}|", f"|{STEP}|", and_(*(cell.typed for cell in self.cells)).text]
        told: list[tuple[str, bool]] = []
        for prop in properties:
            try:
                goal = bad(system, prop, self.cells, made)
            except NotExpressible as why:
                self.refused[prop.name] = str(why)
                continue
            start = made.initial_failed.get(prop.name, FALSE)
            own = not_(goal) if prop.kind in OF_STATES else TRUE
            asked += [goal.text, start.text, own.text]
            told.append((prop.name, prop.kind is PropertyKind.STEP_INVARIANT))
        found = self._read("\n".join(out.lines), asked)
        self.init, self.step, self.types = found[:3]
        for n, (name, two_states) in enumerate(told, 1):
            goal_, start_, own_ = found[3 * n : 3 * n + 3]
            self.claims[name] = Claim(goal_, start_, own_, two_states)
        cells = {c.name for c in self.cells} | {f"{c.name}'" for c in self.cells}
        self.choices = [(name, sort) for name, sort in out.declared.items() if name not in cells]
        self._chosen = [
            _unknown(name, sort == "Bool", self._context) for name, sort in self.choices
        ]

    def _read(self, head: str, asked: Sequence[str], sort: str = "Bool", **names: Any) -> list[Any]:
        """The formulas of some terms. (Z3 leaves out assertions that are plainly true.)"""
        marks = [f"|asked {n}|" for n in range(len(asked))]
        text = head + "".join(
            f"(declare-const {mark} {sort})(assert (= {mark} {term}))"
            for mark, term in zip(marks, asked, strict=True)
        )
        found = z3.parse_smt2_string(text, ctx=self._context, **names)
        assert len(found) == len(asked)
        return [each.arg(1) for each in found]

    def add(self, expr: Expr) -> int:
        """The number of a lemma."""
        if expr not in self._numbers:
            term = not_(against(expr, self.cells)).text
            (made,) = self._read("", [term], decls=self._names)
            self._numbers[expr] = len(self.lemmas)
            self.lemmas.append(made)
        return self._numbers[expr]

    def quantity(self, expr: Expr) -> tuple[Any, Any]:
        """A number, and when evaluating it is no found error. Raises NotExpressible."""
        found = value(fold(expr), Cells([cell.term for cell in self.cells]))
        (term,) = self._read("", [as_int(found.term).text], "Int", decls=self._names)
        (defined,) = self._read("", [not_(found.failed).text], decls=self._names)
        return term, defined

    def after(self, formula: Any) -> Any:
        """The formula about the state after the step."""
        return z3.substitute(formula, *self._swap) if self._swap else formula

    def at(self, formula: Any, moment: int) -> Any:
        """The formula about the state after so many steps, and the step that begins there."""
        if moment == 0:
            return formula
        swap = [
            (
                old,
                _unknown(f"{old.decl().name()}{chr(39) * moment}", z3.is_bool(old), self._context),
            )
            for old in (*self._now, *self._next, *self._chosen)
        ]
        return z3.substitute(formula, *swap) if swap else formula

    def same(self, one: int, other: int) -> Any:
        """The states after so many steps are the same."""
        pairs = ((self.at(cell, one), self.at(cell, other)) for cell in self._now)
        return z3.And([z3.BoolVal(True, self._context), *(a == b for a, b in pairs)])

    def kept(self, number: int) -> Any:
        """A lemma after the step."""
        if number not in self._kept:
            self._kept[number] = self.after(self.lemmas[number])
        return self._kept[number]

    def mark(self, kind: str, number: int) -> Any:
        """A truth value of its own."""
        return z3.Bool(f"{kind} {number}", self._context)

    def either(self, formulas: Iterable[Any]) -> Any:
        return z3.Or([z3.BoolVal(False, self._context), *formulas])

    def all(self, formulas: Iterable[Any]) -> Any:
        return z3.And([z3.BoolVal(True, self._context), *formulas])

    def both(self, one: Any, other: Any) -> Any:
        return z3.And(one, other)

    def opposite(self, formula: Any) -> Any:
        return z3.Not(formula)

    def implies(self, left: Any, right: Any) -> Any:
        return z3.Implies(left, right)

    def solver(self, *facts: Any) -> Any:
        made = z3.Solver(ctx=self._context)
        made.add(*facts)
        return made

    def check(self, solver: Any, *assumptions: Any) -> bool:
        """Whether there is a model. Raises Unsure, and KeyboardInterrupt, which Z3 swallows."""
        left = self.deadline - perf_counter()
        if left <= 0:
            raise Late
        solver.set("timeout", max(1, int(left * 1000)))
        answer = solver.check(*assumptions)
        if answer == z3.unknown:
            reason = solver.reason_unknown()
            if "interrupted" in reason:
                raise KeyboardInterrupt
            raise Late if "timeout" in reason or "cancel" in reason else Unsure(reason)
        return bool(answer == z3.sat)

    def true_in(self, model: Any, formula: Any) -> bool:
        return bool(z3.is_true(model.eval(formula, model_completion=True)))

    def state(self, model: Any) -> State:
        """The state that a model speaks of."""
        return self._values(model, self._now)

    def next_state(self, model: Any) -> State:
        """The state after the step that a model speaks of."""
        return self._values(model, self._next)

    def _values(self, model: Any, constants: Sequence[Any]) -> State:
        found = []
        for cell, constant in zip(self.cells, constants, strict=True):
            value = model.eval(constant, model_completion=True)
            found.append(int(z3.is_true(value)) if cell.boolean else value.as_long())
        return tuple(found)

    def text(self, **formulas: Any) -> str:
        """Formulas by name, for another process, as SMT-LIB2: each name equals its formula."""
        solver = z3.Solver(ctx=self._context)
        solver.add(*(z3.Bool(name, self._context) == made for name, made in formulas.items()))
        return str(solver.sexpr())


def _unknown(name: str, boolean: bool, context: Any) -> Any:
    return (z3.Bool if boolean else z3.Int)(name, context)
