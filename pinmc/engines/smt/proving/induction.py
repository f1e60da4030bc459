"""Which lemmas are inductive, where an invariant fails, and which lemmas a proof needs.

Flanagan and Leino, "Houdini, an annotation assistant for ESC/Java", 2001, for the first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from pinmc.engines.smt.proving.asker import Asker, Claim
from pinmc.engines.smt.proving.gaps import Gap


def houdini(asker: Asker, lemmas: Sequence[int]) -> list[int]:
    """The greatest subset that holds at the beginning and that every step keeps. Raises Unsure."""
    kept = _initial(asker, lemmas)
    fails = {n: asker.mark("after", n) for n in kept}
    given = {n: asker.mark("before", n) for n in kept}
    solver = asker.solver(asker.types, asker.step)
    for n in kept:
        lemma = asker.lemmas[n]
        solver.add(asker.implies(given[n], lemma))
        solver.add(asker.implies(fails[n], asker.opposite(asker.kept(n))))
    rounds = 0
    while kept:
        rounds += 1
        some = asker.mark("round", rounds)
        solver.add(asker.implies(some, asker.either(fails[n] for n in kept)))
        if not asker.check(solver, some, *(given[n] for n in kept)):
            break
        model = solver.model()
        kept = [n for n in kept if asker.true_in(model, asker.kept(n))]
    return kept


def _initial(asker: Asker, lemmas: Sequence[int]) -> list[int]:
    kept = list(lemmas)
    solver = asker.solver(asker.init)
    while kept:
        wrong = asker.either(asker.opposite(asker.lemmas[n]) for n in kept)
        solver.push()
        solver.add(wrong)
        found = asker.check(solver)
        if found:
            model = solver.model()
            kept = [n for n in kept if asker.true_in(model, asker.lemmas[n])]
        solver.pop()
        if not found:
            break
    return kept


class Search:
    """Looks for gaps in a growing invariant: a background that is inductive, and goals."""

    def __init__(self, asker: Asker, claim: Claim, background: Sequence[int]) -> None:
        self._asker = asker
        self._start = claim.start
        facts = [asker.types, claim.own, *(asker.lemmas[n] for n in background)]
        self._safety = asker.solver(claim.bad, *facts)
        self._step = asker.solver(asker.step, *facts)
        self._init = asker.solver(asker.either([asker.init, claim.start]))
        self._types = asker.opposite(asker.types)
        self._own = asker.opposite(claim.own)
        self._goals: list[int] = []
        self._two_states = claim.two_states

    def add(self, goal: int) -> None:
        """A goal is assumed before the step, and to be kept by it."""
        lemma = self._asker.lemmas[goal]
        self._goals.append(goal)
        self._safety.add(lemma)
        self._step.add(lemma)

    def keeps(self, lemma: int) -> bool:
        """Whether every step from the invariant keeps the lemma, if it is added. Raises Unsure."""
        self._step.push()
        self._step.add(self._asker.lemmas[lemma])
        self._step.add(self._asker.opposite(self._asker.kept(lemma)))
        found = self._asker.check(self._step)
        self._step.pop()
        return not found

    def gap(self) -> Gap | None:
        """None when the property is proved by the invariant. Raises Unsure."""
        if self._asker.check(self._safety):
            model = self._safety.model()
            after = self._asker.next_state(model) if self._two_states else None
            return Gap("safety", self._asker.state(model), after, True)
        return self._left() or self._missed()

    def _left(self) -> Gap | None:
        """A step out of the invariant."""
        model = self._model(self._step, self._asker.after(self._wrong()))
        if model is None:
            return None
        state, after = self._asker.state(model), self._asker.next_state(model)
        return Gap("step", state, after, *self._lost(model, self._asker.after))

    def _missed(self) -> Gap | None:
        """An initial state outside the invariant, or an initialisation that goes wrong."""
        model = self._model(self._init, self._asker.either([self._start, self._wrong()]))
        if model is None:
            return None
        claim, lost = self._lost(model, lambda formula: formula)
        claim = claim or self._asker.true_in(model, self._start)
        return Gap("init", self._asker.state(model), None, claim, lost)

    def _wrong(self) -> Any:
        lemmas = (self._asker.opposite(self._asker.lemmas[goal]) for goal in self._goals)
        return self._asker.either([self._types, self._own, *lemmas])

    def _model(self, solver: Any, formula: Any) -> Any:
        solver.push()
        solver.add(formula)
        model = solver.model() if self._asker.check(solver) else None
        solver.pop()
        return model

    def _lost(self, model: Any, seen: Callable[[Any], Any]) -> tuple[bool, tuple[int, ...]]:
        """Whether the property fails, and which goals do."""
        asker = self._asker
        lost = [n for n in self._goals if not asker.true_in(model, seen(asker.lemmas[n]))]
        return asker.true_in(model, seen(self._own)), tuple(lost)


def needed(asker: Asker, claim: Claim, lemmas: Sequence[int]) -> list[int]:
    """Those of an inductive set of lemmas that the property hangs on, directly or by way of
    others: inductive with the property as well. Raises Unsure."""
    given = {n: asker.mark("given", n) for n in lemmas}
    rules = [asker.implies(given[n], asker.lemmas[n]) for n in lemmas]
    own = asker.both(asker.types, claim.own)
    found = core(asker, asker.solver(claim.bad, own, *rules), given)
    return supported(asker, own, lemmas, found, [own])


def supported(
    asker: Asker, own: Any, lemmas: Sequence[int], found: Sequence[int], kept: Sequence[Any] = ()
) -> list[int]:
    """The lemmas ``found``, and those by which a step keeps them, and by which it keeps these, and
    so on; ``kept`` are further formulas to be kept, ``own`` is given. Raises Unsure."""
    given = {n: asker.mark("given", n) for n in lemmas}
    rules = [asker.implies(given[n], asker.lemmas[n]) for n in lemmas]
    step = asker.solver(asker.step, own, *rules)
    chosen = dict.fromkeys(found)
    step.add(*(given[n] for n in chosen))
    waiting = [*kept, *(asker.lemmas[n] for n in chosen)]
    while waiting:
        # All that is new in one question: what is needed already costs nothing in it.
        more = _kept_by(asker, step, waiting, _without(given, chosen))
        chosen |= dict.fromkeys(more)
        step.add(*(given[n] for n in more))
        waiting = [asker.lemmas[n] for n in more]
    return sorted(chosen)


def _without(given: Mapping[int, Any], found: Collection[int]) -> dict[int, Any]:
    return {n: mark for n, mark in given.items() if n not in found}


def _kept_by(
    asker: Asker, solver: Any, formulas: Sequence[Any], given: Mapping[int, Any]
) -> list[int]:
    """The further lemmas by which a step keeps all of ``formulas``."""
    solver.push()
    solver.add(asker.either(asker.opposite(asker.after(formula)) for formula in formulas))
    found = core(asker, solver, given)
    solver.pop()
    return found


def core(asker: Asker, solver: Any, given: Mapping[int, Any]) -> list[int]:
    """Few of the lemmas with which there is no model: what can be left out together is, in ever
    smaller portions, the last ones one by one unless they are many. Raises Unsure."""
    used = _used(asker, solver, given)
    assert used is not None, "what was proved is not so"
    portion = max(1, len(used) // 2)
    while used and (portion >= _PORTION or (portion and len(used) <= _SMALL_CORE)):
        used = _without_portions(asker, solver, used, portion)
        portion = min(portion, len(used)) // 2
    return list(used)


_PORTION = 4
_SMALL_CORE = 80


def _without_portions(
    asker: Asker, solver: Any, given: Mapping[int, Any], portion: int
) -> dict[int, Any]:
    left, at = dict(given), 0
    while at < len(left):
        names = list(left)
        dropped = set(names[at : at + portion])
        rest = {n: mark for n, mark in left.items() if n not in dropped}
        used = _used(asker, solver, rest)
        if used is None:
            at += portion
        else:
            at = sum(1 for n in names[:at] if n in used)
            left = used
    return left


def _used(asker: Asker, solver: Any, given: Mapping[int, Any]) -> dict[int, Any] | None:
    """Those of the lemmas that were used to show that there is no model; None if there is one."""
    if asker.check(solver, *given.values()):
        return None
    used = {mark.get_id() for mark in solver.unsat_core()}
    return {n: mark for n, mark in given.items() if mark.get_id() in used}
