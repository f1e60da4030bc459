"""The first rung: induction over one step with mined lemmas, and with more where it fails.

As long as there is a state where the proof fails and that was not reached, a lemma is made against
that state, which is to be proved as well.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from itertools import islice

from pinmc.base.records import dataclass
from pinmc.engines.smt.proving.asker import Asker, Claim, Late, Unsure
from pinmc.engines.smt.proving.gaps import Gap
from pinmc.engines.smt.proving.induction import Search, houdini, needed
from pinmc.ir.expr import Expr
from pinmc.ir.semantics import State

_MOST_ROUNDS = 400

_ALTERNATIVES = 16
"""Of so many lemmas against a state the best one is taken."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """``lemmas``: the numbers of those that prove the claim, else None and a ``reason``. ``gap``:
    where the last attempt failed if nothing more could be done, the first if the time was up or
    the ``rounds`` were too many. ``goals``: the lemmas that were to be proved besides."""

    lemmas: tuple[int, ...] | None
    reason: str = ""
    gap: Gap | None = None
    rounds: int = 0
    goals: tuple[int, ...] = ()
    late: bool = False


@dataclass(slots=True)
class Known:
    """What is known of a system, which grows. ``background``: lemmas that are inductive;
    ``exprs``: lemmas by number; ``seen``: explored states; ``excluding``: claims that are true in
    all explored states and not in a given one."""

    asker: Asker
    background: list[int]
    exprs: dict[int, Expr]
    seen: Collection[State]
    excluding: Callable[[State], Iterator[Expr]]

    def add(self, lemma: Expr) -> int:
        """The number of a lemma. Raises NotExpressible."""
        number = self.asker.add(lemma)
        self.exprs[number] = lemma
        return number

    def learn(self, goals: Sequence[int], deadline: float) -> None:
        """Add to the background what is inductive with it."""
        if not goals:
            return
        self.asker.deadline = deadline
        with suppress(Unsure):
            self.background = houdini(self.asker, [*self.background, *goals])

    def refutes(self, gap: Gap | None) -> bool:
        """Whether the property fails in an explored state, after one, or in the beginning."""
        return (
            gap is not None and gap.claim and (gap.where == "init" or tuple(gap.state) in self.seen)
        )


def by_lemmas(known: Known, claim: Claim, given: Sequence[int] = ()) -> Attempt:
    """``given``: lemmas that are to be proved as well, from the beginning. Never raises Unsure."""
    goals = list(given)
    first: Gap | None = None
    rounds = 0
    try:
        search = Search(known.asker, claim, known.background)
        for goal in goals:
            search.add(goal)
        for rounds in range(_MOST_ROUNDS):
            gap = search.gap()
            if gap is None:
                used = needed(known.asker, claim, [*known.background, *goals])
                return Attempt(tuple(used), "", None, rounds, tuple(goals))
            first = first or gap
            lemma = _against(known, gap, search, goals)
            if lemma is None:
                return Attempt(None, _why(known, gap), gap, rounds, tuple(goals))
            goals.append(lemma)
            search.add(lemma)
    except Unsure as why:
        late = isinstance(why, Late)
        return Attempt(None, str(why), first, rounds, tuple(goals), late)
    return Attempt(None, f"{_MOST_ROUNDS} lemmas were not enough", first, rounds, tuple(goals))


def _against(known: Known, gap: Gap, search: Search, goals: Sequence[int]) -> int | None:
    """A lemma that the state of the gap contradicts; none if the state was reached. One that needs
    no further lemmas is preferred."""
    if gap.where == "init" or gap.state in known.seen:
        return None
    first = None
    tried = {*goals, *known.background}
    for expr in islice(known.excluding(gap.state), _ALTERNATIVES):
        number = known.add(expr)
        if number in tried:
            continue
        tried.add(number)
        if search.keeps(number):
            return number
        first = number if first is None else first
    return first


def _why(known: Known, gap: Gap) -> str:
    if known.refutes(gap):
        where = {"init": "in the beginning", "safety": "in", "step": "after"}[gap.where]
        return f"it fails {where}{'' if gap.where == 'init' else ' a state that is reachable'}"
    if gap.where == "init":
        return "a lemma that was true wherever one looked fails in an initial state"
    if gap.state in known.seen:
        return "a lemma that was true wherever one looked fails after a state that is reachable"
    return "no lemma tells the state where the proof fails from those that were explored"
