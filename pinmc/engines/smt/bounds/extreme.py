"""The extreme value of an expression: guessed from explored states, proved, shown by a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from time import perf_counter

from pinmc.base.records import dataclass
from pinmc.base.source import NOWHERE
from pinmc.engines.smt.bounds.facts import Facts
from pinmc.engines.smt.bounds.optimum import SHOWN, optimum
from pinmc.engines.smt.bounds.question import Question
from pinmc.engines.smt.bounds.seen import Furthest, furthest
from pinmc.engines.smt.bounds.thresholds import thresholds
from pinmc.engines.smt.bounds.witness import witness
from pinmc.engines.smt.mining import Instance
from pinmc.engines.smt.mining.pattern import Law, law
from pinmc.engines.smt.proving.asker import Unsure
from pinmc.engines.smt.proving.prove import Prover, explored
from pinmc.engines.smt.script.terms import NotExpressible
from pinmc.ir.expr import Expr
from pinmc.ir.property import Property, PropertyKind
from pinmc.ir.system import System
from pinmc.results.bounds import Attained, Basis, Extreme, Seen

_GUESS = "the bound that was seen"
"""The name of a property; no specification can say it."""

_OTHER = "a bound that may be"

_STATES = 100_000
"""So many states of each design are looked at."""

_CLAIMS = (PropertyKind.INVARIANT, PropertyKind.LEMMA)


@dataclass(frozen=True, slots=True)
class Case:
    """One design in which nothing is free: its question, and the values of what is free
    elsewhere."""

    system: System
    question: Question
    constants: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Explored:
    case: Case
    instance: Instance
    best: Furthest | None

    @property
    def value(self) -> int | None:
        return None if self.best is None else self.best.value

    @property
    def seen(self) -> Seen:
        states = self.instance.states
        complete = states.complete and not states.wide
        return Seen(self.value, len(states.matrix), complete, self.case.constants)


def extreme(
    system: System,
    question: Question,
    cases: Sequence[Case],
    text: str,
    seconds: float,
    free: tuple[str, ...] = (),
    states: int = _STATES,
) -> Extreme:
    """``cases``: designs to explore, in which the constants ``free`` have values; without any, the
    system itself. At most ``states`` of each are looked at. ``text`` is how the user wrote the
    objective. Raises KeyboardInterrupt.
    """
    deadline = perf_counter() + seconds
    cases = cases or [Case(system, question, {})]
    looks = [_explored(case, states, seconds / 3 / len(cases)) for case in cases]
    guess, pattern = _guess(system, question, looks)
    found = _proved(system, question, looks, guess, free, deadline)
    if pattern is not None and found.guess and free:
        found = replace(found, extreme=replace(found.extreme, law=pattern.text))
    answer = _settled(found.extreme, looks, free)
    attained = _attained(answer, looks, pattern, text, max(10.0, deadline - perf_counter()))
    return replace(answer, attained=attained, free=free)


def _explored(case: Case, states: int, seconds: float) -> _Explored:
    instance = replace(explored(case.system, states, seconds), constants=case.constants)
    return _Explored(case, instance, furthest(instance, case.question))


def _guess(
    system: System, question: Question, looks: Sequence[_Explored]
) -> tuple[Expr | None, Law | None]:
    """What may be proved of all states, from those that were seen."""
    points = [(look.case.constants, look.value) for look in looks if look.value is not None]
    if not points:
        return question.never, None
    pattern = law(points)
    if pattern is None:
        return None, None
    return question.within(pattern.expr(system)), pattern


# --- the proof ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Proved:
    """``guess``: the guess is a part of the invariant."""

    extreme: Extreme
    guess: bool = False


def _proved(
    system: System,
    question: Question,
    looks: Sequence[_Explored],
    guess: Expr | None,
    free: tuple[str, ...],
    deadline: float,
) -> _Proved:
    seen = tuple(look.seen for look in looks)
    nothing = Extreme(question.greatest, Basis.NONE, None, seen)
    instances = [look.instance for look in looks]
    try:
        others = _beyond(system, question, looks, free)
        facts = _facts(system, instances, guess, others, free, deadline)
        return _over(facts, question, nothing, guess)
    except (Unsure, NotExpressible) as why:
        return _Proved(replace(nothing, reason=str(why)))


def _beyond(
    system: System, question: Question, looks: Sequence[_Explored], free: tuple[str, ...]
) -> list[Expr]:
    """What else may be a bound, if not all states were seen."""
    if free or looks[0].seen.complete:
        return []
    return thresholds(system, question, looks[0].value)


def _facts(
    system: System,
    instances: Sequence[Instance],
    guess: Expr | None,
    others: Sequence[Expr],
    free: tuple[str, ...],
    deadline: float,
) -> Facts:
    if guess is not None:
        claims = [Property(_GUESS, PropertyKind.INVARIANT, NOWHERE, guess)]
        # These are only candidates: those that are not inductive are dropped.
        claims += [Property(_OTHER, PropertyKind.LEMMA, NOWHERE, expr) for expr in others]
        before, system = system, replace(system, properties=(*system.properties, *claims))
        instances = [replace(i, system=system) if i.system is before else i for i in instances]
    left = deadline - perf_counter()
    prover = Prover(system, instances, free, max(1.0, left / 3))
    exprs = list(prover.background)
    for prop in _in_turn(system):
        if prop.expr in exprs:
            continue
        outcome = prover.prove(prop, max(1.0, (deadline - perf_counter()) / 4))
        if outcome.proof is not None and prop.expr is not None:
            exprs += [*outcome.proof.lemmas, prop.expr]
        if prop.name == _GUESS and outcome.proof is not None:
            break
    return Facts(system, exprs, free, max(deadline, perf_counter() + 5))


def _in_turn(system: System) -> Iterator[Property]:
    """The guess first: if it is proved, nothing else is needed."""
    claims = [p for p in system.properties if p.kind in _CLAIMS and p.name != _OTHER]
    yield from sorted(claims, key=lambda p: p.name != _GUESS)


def _over(facts: Facts, question: Question, nothing: Extreme, guess: Expr | None) -> _Proved:
    asker = facts.asker
    term, defined = asker.quantity(question.objective)
    condition = asker.lemmas[asker.add(question.condition)]
    best = optimum(asker, [*facts.formulas, condition, defined], term, question.greatest)
    known = replace(nothing, lemmas=len(facts.kept))
    if best.unbounded and guess in facts.kept:
        return _Proved(replace(known, basis=Basis.PROVED), True)
    if best.unbounded:
        value = SHOWN if question.greatest else -SHOWN
        reason = "the invariant that was found sets no bound"
        return _Proved(replace(known, unbounded=True, value=value, reason=reason))
    answer = replace(known, basis=Basis.PROVED, value=best.value, empty=best.empty)
    return _Proved(answer, guess in facts.kept)


# --- what exploration adds ---------------------------------------------------------------------


def _settled(found: Extreme, looks: Sequence[_Explored], free: tuple[str, ...]) -> Extreme:
    """All states of the one design, if they were explored, say it exactly."""
    seen = looks[0].seen
    if free or not seen.complete:
        return found
    if found.basis is Basis.PROVED and found.value == seen.value:
        return found
    return replace(
        found,
        basis=Basis.EXPLORED,
        value=seen.value,
        empty=seen.value is None,
        unbounded=False,
        reason="",
    )


def _attained(
    found: Extreme,
    looks: Sequence[_Explored],
    pattern: Law | None,
    text: str,
    seconds: float,
) -> Attained | None:
    """A run to the bound itself; where none is known, none is claimed."""
    if found.basis is Basis.NONE or found.empty:
        return None
    for look in looks:
        wanted = found.value
        if found.law and pattern is not None:
            wanted = pattern.value(look.case.constants)
        if wanted is None or (look.seen.complete and look.value != wanted):
            continue
        goal = look.case.question.at(wanted)
        state = look.best.state if look.best is not None and look.value == wanted else None
        name, share = f"{text} == {wanted}", seconds / len(looks)
        run = witness(look.case.system, name, goal, state, share)
        if run is not None:
            return Attained(wanted, look.case.constants, run)
    return None
