"""An inductive invariant for every number of members, out of lemmas that hold for a few.

The lemmas are those of proofs for a fixed small number (Pnueli, Ruah and Zuck, "Automatic
deductive verification with invisible invariants", 2001): they are written with quantifiers, so
they can be said of any number, and are proved here for all of them. What is not inductive is
dropped (Flanagan and Leino, "Houdini, an annotation assistant for ESC/Java", 2001).
"""

from __future__ import annotations

from collections.abc import Sequence

from pinmc.base.records import dataclass
from pinmc.engines.smt.anysize.erase import Claimed
from pinmc.engines.smt.anysize.model import Model, of_states
from pinmc.engines.smt.anysize.obligations import Obligations
from pinmc.engines.smt.script.terms import NotExpressible
from pinmc.ir.expr import Expr
from pinmc.ir.property import PropertyKind


@dataclass(frozen=True, slots=True)
class Invariant:
    """``lemmas`` with which the claim is inductive; None, and a ``reason``, if there are none."""

    lemmas: tuple[Expr, ...] | None
    reason: str = ""
    asked: int = 0


def prove(model: Model, claim: Claimed, lemmas: Sequence[Expr], deadline: float) -> Invariant:
    """Whether the claim holds for every number of members, with some of the lemmas."""
    ask = Obligations(model, deadline)
    try:
        found = _attempt(ask, claim, expressible(model, lemmas))
    except NotExpressible as why:
        return Invariant(None, str(why))
    return Invariant(found, "", ask.asked) if isinstance(found, tuple) else Invariant(None, found)


def expressible(model: Model, lemmas: Sequence[Expr]) -> list[Expr]:
    """Those that can be said of any number of members."""
    found = []
    for lemma in dict.fromkeys(lemmas):
        try:
            model.holds(lemma, model.now)
        except NotExpressible:
            continue
        found.append(lemma)
    return found


def _attempt(ask: Obligations, claim: Claimed, lemmas: list[Expr]) -> tuple[Expr, ...] | str:
    if claim.kind is PropertyKind.STEP_INVARIANT and claim.expr is not None:
        kept, _ = inductive(ask, lemmas, None)
        for step in ask.model.steps:
            shown = ask.done(step, claim.expr, kept)
            if not shown.yes:
                return shown.why
        return tuple(kept)
    goal = of_states(claim)
    ask.model.holds(goal, ask.model.now)
    kept, why = inductive(ask, [lemma for lemma in lemmas if lemma != goal], goal)
    return why or tuple(kept)


def inductive(
    ask: Obligations, lemmas: Sequence[Expr], goal: Expr | None
) -> tuple[list[Expr], str]:
    """The lemmas that are inductive together (with the goal, if any); and why the goal is not."""
    kept: list[Expr] = []
    for lemma in lemmas:
        if ask.begins(lemma).yes:
            kept.append(lemma)
    if goal is not None:
        shown = ask.begins(goal)
        if not shown.yes:
            return [], shown.why
    again = True
    while again:
        again = False
        invariant = kept if goal is None else [goal, *kept]
        lost: dict[Expr, str] = {}
        for step in ask.model.steps:
            asked = [expr for expr in invariant if expr not in lost]
            # Within a round what was lost is still assumed: the next round assumes less.
            lost |= ask.kept(step, asked, invariant)
            if goal is not None and goal in lost:
                return [], lost[goal]
        if lost:
            again = True
            kept = [expr for expr in kept if expr not in lost]
    return kept, ""
