"""The three proof obligations of an inductive invariant, each a script that must be ``unsat``.

All three begin with the same text, the *head*: the system, the property and the invariant. Only
their last lines differ, and those are the same for every certificate.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Sequence
from dataclasses import dataclass

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
from pinmc.ir.expr import Expr
from pinmc.ir.property import Property, PropertyKind
from pinmc.ir.system import System
from pinmc.results.spelling import spelled


class Part(enum.Enum):
    """The obligations, by the names of their files."""

    INIT = "init"
    STEP = "step"
    SAFETY = "safety"


SAYS = {
    Part.INIT: "every initial state satisfies the invariant, and initialising does not go wrong",
    Part.STEP: "every step from a state that satisfies the invariant leads to one that does",
    Part.SAFETY: "no state that satisfies the invariant goes against the property",
}


@dataclass(frozen=True, slots=True)
class Lemma:
    """A conjunct of an invariant: as a reader may understand it, and as a term over the cells."""

    said: str
    smt: str


@dataclass(frozen=True, slots=True)
class Obligations:
    """``head`` is common to the scripts; ``lemmas`` are the conjuncts of the invariant that are
    not given by the system and the property."""

    cells: tuple[Cell, ...]
    head: str
    lemmas: tuple[Lemma, ...]

    def script(self, part: Part) -> str:
        """The whole text of one script."""
        return f"{self.head}\n{tail(self.cells, part)}"


def obligations(
    system: System, prop: Property, lemmas: Sequence[Expr], free: Collection[str] = ()
) -> Obligations:
    """What must be shown for ``prop``, by an invariant of ``lemmas`` (and the property itself if
    it is about states). ``free``: variables that may begin with any value. Raises
    NotExpressible."""
    cells = tuple(cells_of(system))
    written = [
        Lemma(spelled(system, expr).text, not_(against(expr, cells)).text) for expr in lemmas
    ]
    return from_text(system, prop, written, free)


def from_text(
    system: System, prop: Property, lemmas: Sequence[Lemma], free: Collection[str] = ()
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
    return Obligations(cells, "\n".join([*first, *out.lines, ""]), tuple(lemmas))


def _typed(cells: Sequence[Cell]) -> str:
    return and_(*(cell.typed for cell in cells)).text


OF_STATES = (PropertyKind.INVARIANT, PropertyKind.LEMMA, PropertyKind.REACHABLE)

INVARIANT, BAD, BAD_START = "the invariant", "against the property", "against it at the start"
"""Names with a space, which no cell without an index has."""


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


def tail(cells: Sequence[Cell], part: Part) -> str:
    """What is asserted: the opposite of what the script is to show."""
    return tail_of([cell.term.text for cell in cells], part)


def tail_of(cells: Sequence[str], part: Part) -> str:
    """The same from the symbols of the cells, bars included."""
    now = _call(cells)
    then = _call([f"{cell[:-1]}'|" for cell in cells])
    match part:
        case Part.INIT:
            lines = [f"(assert (or |{BAD_START}| (and |{INIT}| (not {now}))))"]
        case Part.STEP:
            lines = [f"(assert {now})", f"(assert |{STEP}|)", f"(assert (not {then}))"]
        case Part.SAFETY:
            lines = [f"(assert {now})", f"(assert |{BAD}|)"]
    return "\n".join([f"; To be unsat: {SAYS[part]}.", *lines, "(check-sat)", ""])


def _call(args: Sequence[str]) -> str:
    return f"(|{INVARIANT}| {' '.join(args)})" if args else f"|{INVARIANT}|"
