"""Why a property fails at the end of its trace: the failing conjunct, who wrote what it reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field

from pinmc.base.records import dataclass
from pinmc.ir.evaluate import FoundError, Scope, value_of
from pinmc.ir.execute import assignments
from pinmc.ir.expr import Expr, type_of
from pinmc.ir.property import Clause, Property, PropertyKind, Verdict
from pinmc.ir.semantics import State
from pinmc.ir.system import System
from pinmc.results.blocked import blocked_agents, wait_cycle
from pinmc.results.changes import scalar_text
from pinmc.results.exploration import Finding
from pinmc.results.names import shown_by_slot
from pinmc.results.result import Explanation, FailedClause, LastWrite
from pinmc.results.trace import Trace, source_of
from pinmc.results.watched import Watched

_MOST_WRITES = 12


@dataclass(frozen=True, slots=True)
class _Moment:
    """The state in which a claim is looked at, and the one after the step for step invariants."""

    state: Watched
    primed: Watched | None = None
    bound: dict[str, int] = field(default_factory=dict)

    def value(self, expr: Expr) -> int:
        return value_of(expr, Scope(self.state, (), self.bound, self.primed))

    @property
    def seen(self) -> dict[int, None]:
        return self.state.seen | ({} if self.primed is None else self.primed.seen)


def explain(system: System, prop: Property, finding: Finding, trace: Trace) -> Explanation | None:
    """The reason of a violation; None for what is no violation, or explains itself."""
    if finding.verdict is not Verdict.VIOLATED or not trace.states:
        return None
    match prop.kind:
        case PropertyKind.INVARIANT | PropertyKind.LEMMA | PropertyKind.REACHABLE:
            return _claim(system, prop, trace, trace.states[-1], None)
        case PropertyKind.STEP_INVARIANT:
            return _claim(system, prop, trace, trace.states[-2], trace.states[-1])
        case PropertyKind.DEADLOCK | PropertyKind.STUCK:
            found = blocked_agents(system, trace.states[-1], finding.agents)
            return Explanation(blocked=tuple(found), cycle=wait_cycle(found))
        case PropertyKind.ERRORS | PropertyKind.ASSERT | PropertyKind.TEMPORAL:
            return None


def _claim(
    system: System, prop: Property, trace: Trace, state: State, after: State | None
) -> Explanation | None:
    for clause in prop.clauses:
        for args in assignments([type_ for _, type_ in clause.binders]):
            bound = {name: value for (name, _), value in zip(clause.binders, args, strict=True)}
            moment = _Moment(Watched(state), None if after is None else Watched(after), bound)
            if _fails(clause, moment):
                failed = _failed(system, clause, moment)
                writes = _last_writes(system, trace, tuple(moment.seen))
                return Explanation(failed, tuple(writes)[:_MOST_WRITES])
    return None


def _fails(clause: Clause, moment: _Moment) -> bool:
    try:
        return not moment.value(clause.expr)
    except FoundError:
        return True


def _failed(system: System, clause: Clause, moment: _Moment) -> FailedClause:
    binders = tuple(
        (name, scalar_text(system, type_, moment.bound[name])) for name, type_ in clause.binders
    )
    terms = tuple((term.text, _value_text(system, term.expr, moment)) for term in clause.terms)
    text = " ".join(clause.span.text.split())
    return FailedClause(source_of(clause.span), text, binders, terms)


def _value_text(system: System, expr: Expr, moment: _Moment) -> str:
    try:
        return scalar_text(system, type_of(expr), moment.value(expr))
    except FoundError as error:
        return f"an error: {error.site.text}"


def _last_writes(system: System, trace: Trace, seen: tuple[int, ...]) -> Iterator[LastWrite]:
    """For each variable looked at, the last step that changed it."""
    by_slot = shown_by_slot(system)
    for shown in {by_slot[position].name: by_slot[position] for position in seen}.values():
        number = _last_change(trace, shown.slots)
        value = shown.value(system, trace.states[number])
        if number == 0:
            yield LastWrite(shown.name, value, 0, "", "")
        else:
            step = trace.steps[number - 1]
            yield LastWrite(shown.name, value, number, step.actor, step.shown)


def _last_change(trace: Trace, slots: tuple[int, ...]) -> int:
    """The number of the last step after which one of ``slots`` is different, or 0."""
    for number in range(len(trace.states) - 1, 0, -1):
        before, after = trace.states[number - 1], trace.states[number]
        if any(before[s] != after[s] for s in slots):
            return number
    return 0
