"""The three proof obligations of an inductive invariant, each a script that must be ``unsat``.

All three begin with the same text, the *head*: the system, the property and the invariant. Only
their last lines differ, and those are the same for every certificate with so many steps.

With ``k`` steps instead of one, the invariant is k-inductive: what held in k different states, one
after the other, holds in the next. Sheeran, Singh and Stålmarck, "Checking safety properties using
induction and a SAT-solver", 2000.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Sequence
from itertools import combinations

from pinmc.base.records import dataclass
from pinmc.engines.smt.script.sexpr import is_linear, parse
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
from pinmc.engines.smt.script.terms import FALSE, and_, not_
from pinmc.engines.smt.script.unrolled import BAD, BAD_START, INVARIANT, at_moment, unrolled
from pinmc.ir.expr import Expr
from pinmc.ir.property import Property, PropertyKind
from pinmc.ir.system import System
from pinmc.results.spelling import spelled


class Part(enum.Enum):
    """The obligations, by the names of their files."""

    INIT = "init"
    STEP = "step"
    SAFETY = "safety"


_SAYS = {
    Part.INIT: "every initial state satisfies the invariant, and initialising does not go wrong",
    Part.STEP: "every step from a state that satisfies the invariant leads to one that does",
    Part.SAFETY: "no state that satisfies the invariant goes against the property",
}
_SAYS_LONGER = {
    Part.INIT: "so do all states within {before} of an initial state, and none of those that are "
    "nearer goes against the property",
    Part.STEP: "every step from the last of {k} different states on a path that all satisfy the "
    "invariant leads to one that does",
    Part.SAFETY: "the last of {k} different states on a path that all satisfy the invariant does "
    "not go against the property if those before it do not",
}


def says(part: Part, k: int = 1) -> str:
    """What a script shows, for induction over ``k`` steps."""
    if k == 1:
        return _SAYS[part]
    before = "one step" if k == 2 else f"{k - 1} steps"
    longer = _SAYS_LONGER[part].format(k=k, before=before)
    return f"{_SAYS[part]}; {longer}" if part is Part.INIT else longer


@dataclass(frozen=True, slots=True)
class Lemma:
    """A conjunct of an invariant: as a reader may understand it, and as a term over the cells."""

    said: str
    smt: str


@dataclass(frozen=True, slots=True)
class Obligations:
    """``head`` is common to the scripts; ``lemmas`` are the conjuncts of the invariant that are
    not given by the system and the property. ``k``: the steps of the induction."""

    cells: tuple[Cell, ...]
    head: str
    lemmas: tuple[Lemma, ...]
    k: int = 1

    def script(self, part: Part) -> str:
        """The whole text of one script."""
        return f"{self.head}\n{tail_of([cell.term.text for cell in self.cells], part, self.k)}"


def obligations(
    system: System,
    prop: Property,
    lemmas: Sequence[Expr],
    free: Collection[str] = (),
    k: int = 1,
) -> Obligations:
    """What must be shown for ``prop``, by an invariant of ``lemmas`` (and the property itself if
    it is about states) that is inductive over ``k`` steps. ``free``: variables that may begin with
    any value. Raises NotExpressible."""
    cells = tuple(cells_of(system))
    written = [
        Lemma(spelled(system, expr).text, not_(against(expr, cells)).text) for expr in lemmas
    ]
    return from_text(system, prop, written, free, k)


def from_text(
    system: System,
    prop: Property,
    lemmas: Sequence[Lemma],
    free: Collection[str] = (),
    k: int = 1,
) -> Obligations:
    """The same for lemmas that are terms already."""
    cells = tuple(cells_of(system))
    out = Definitions()
    made = translate(system, cells, out, free)
    out.comment(f"When '{prop.name}' fails: now, and while initialising.")
    goal = bad(system, prop, cells, made)
    out.define(BAD, goal)
    out.define(BAD_START, made.initial_failed.get(prop.name, FALSE))
    conjuncts = [Lemma("Every cell holds a value of its type.", _typed(cells))]
    if prop.kind in OF_STATES:
        conjuncts.append(Lemma("The property.", not_(goal).text))
    _invariant(out, cells, [*conjuncts, *lemmas])
    linear = out.linear and all(is_linear(parse(lemma.smt)) for lemma in lemmas)
    first = ["(set-info :smt-lib-version 2.6)", f"(set-logic {'QF_LIA' if linear else 'QF_NIA'})"]
    head = unrolled("\n".join([*first, *out.lines, ""]), k)
    return Obligations(cells, head, tuple(lemmas), k)


def _typed(cells: Sequence[Cell]) -> str:
    return and_(*(cell.typed for cell in cells)).text


OF_STATES = (PropertyKind.INVARIANT, PropertyKind.LEMMA, PropertyKind.REACHABLE)


def _invariant(out: Definitions, cells: Sequence[Cell], conjuncts: Sequence[Lemma]) -> None:
    """A function of the cells, so that it can be asked of the next state as well."""
    params = " ".join(f"({cell.term.text} {cell.sort})" for cell in cells)
    out.lines += ["", f"(define-fun |{INVARIANT}| ({params}) Bool (and true"]
    for conjunct in conjuncts:
        out.lines += [f"  ; {printable(conjunct.said)}", f"  {conjunct.smt}"]
    out.lines.append("))")


def printable(text: str) -> str:
    """``text`` on one line, without anything that could end a comment or upset a terminal."""
    return "".join(c if c.isprintable() else "?" for c in " ".join(text.split()))


def tail_of(cells: Sequence[str], part: Part, k: int = 1) -> str:
    """What is asserted: the opposite of what the script is to show. ``cells``: their symbols, bars
    included."""
    match part:
        case Part.INIT:
            lines = [f"(assert (or |{BAD_START}| (and |{INIT}| {_lost(cells, 0, k)})))"]
        case Part.STEP:
            lines = [line for n in range(k) for line in _on_path(cells, n)]
            lines += [*_different(cells, k), f"(assert (not {_call(cells, k)}))"]
        case Part.SAFETY:
            lines = []
            for n in range(k - 1):
                lines += [*_on_path(cells, n), f"(assert (not {at_moment(f'|{BAD}|', n)}))"]
            lines += [f"(assert {_call(cells, k - 1)})", f"(assert {at_moment(f'|{BAD}|', k - 1)})"]
            lines += _different(cells, k)
    return "\n".join([f"; To be unsat: {says(part, k)}.", *lines, "(check-sat)", ""])


def _lost(cells: Sequence[str], moment: int, k: int) -> str:
    """The state of a moment, or one that follows before moment ``k``, is not as it should be."""
    outside = f"(not {_call(cells, moment)})"
    if moment == k - 1:
        return outside
    wrong, step = at_moment(f"|{BAD}|", moment), at_moment(f"|{STEP}|", moment)
    return f"(or {outside} {wrong} (and {step} {_lost(cells, moment + 1, k)}))"


def _on_path(cells: Sequence[str], moment: int) -> list[str]:
    return [f"(assert {_call(cells, moment)})", f"(assert {at_moment(f'|{STEP}|', moment)})"]


def _different(cells: Sequence[str], k: int) -> list[str]:
    """No two of the first ``k`` states are the same: there is no loop on a shortest path."""
    return [
        f"(assert (not (and true {_same(cells, one, other)})))"
        for one, other in combinations(range(k), 2)
    ]


def _same(cells: Sequence[str], one: int, other: int) -> str:
    return " ".join(f"(= {at_moment(c, one)} {at_moment(c, other)})" for c in cells)


def _call(cells: Sequence[str], moment: int) -> str:
    args = " ".join(at_moment(cell, moment) for cell in cells)
    return f"(|{INVARIANT}| {args})" if cells else f"|{INVARIANT}|"
