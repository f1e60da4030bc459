"""Rebuild the states of a schedule with the reference semantics, and check what it shows.

Whatever an engine claims is shown to nobody before it has happened again here.
"""

from __future__ import annotations

from pinmc.ir.command import Command
from pinmc.ir.evaluate import FoundError
from pinmc.ir.execute import MarkCall
from pinmc.ir.expr import type_of
from pinmc.ir.property import Property, PropertyKind, Verdict
from pinmc.ir.semantics import (
    Disabled,
    Failed,
    Next,
    State,
    enabled,
    evaluate,
    finished,
    initial_outcomes,
    step,
)
from pinmc.ir.stmt import Mark
from pinmc.ir.system import MarkKind, System
from pinmc.ir.types import Int, Scalar
from pinmc.ir.walk import statements
from pinmc.results.changes import agent_name, diff, scalar_text, shown_state
from pinmc.results.exploration import Finding
from pinmc.results.schedule import Move, Schedule
from pinmc.results.trace import Call, Source, Step, Trace, source_of

RULE = "rule"
"""The actor shown for steps of rules."""

_NAMING = (MarkKind.ACTION, MarkKind.STEP)


class ReplayError(Exception):
    """A schedule is not a run of the System, or does not show what it should: our mistake."""


def replay(system: System, schedule: Schedule, prop: str = "") -> Trace:
    """The trace of ``schedule``, told to be about property ``prop``. Raises ReplayError."""
    if schedule.ends_in_error and not schedule.moves:
        return _failed_start(system, schedule, prop)
    states = [_initial_state(system, schedule.initial)]
    steps: list[Step] = []
    failure: Failed | None = None
    for number, move in enumerate(schedule.moves, 1):
        if failure is not None:
            raise ReplayError(f"step {number - 1} of {prop} is an error but not the last")
        outcome = _try(system, states[-1], move, number)
        steps.append(make_step(system, number, move, states[-1], outcome))
        if isinstance(outcome, Failed):
            failure = outcome
        else:
            states.append(outcome.state)
    if (failure is not None) is not schedule.ends_in_error:
        raise ReplayError(f"the trace of {prop} should{'' if failure is None else ' not'} fail")
    return Trace(
        prop,
        shown_state(system, states[0]),
        tuple(steps),
        "" if failure is None else failure.site.text,
        None if failure is None else source_of(failure.site.span),
        system=system,
        schedule=schedule,
        states=tuple(states),
    )


def _try(system: System, state: State, move: Move, number: int) -> Next | Failed:
    try:
        outcome = step(system, state, move.command, move.args)
    except (IndexError, ValueError) as problem:
        raise ReplayError(f"step {number} is no command instance: {problem}") from problem
    if isinstance(outcome, Disabled):
        name = system.commands[move.command].name
        raise ReplayError(f"step {number}, {name} with {move.args}, is not enabled")
    return outcome


def _initial_state(system: System, number: int) -> State:
    """The initial state at position ``number``, without making those after it."""
    seen: dict[State, None] = {}
    for _, outcome in initial_outcomes(system):
        if isinstance(outcome, Next) and outcome.state not in seen:
            if len(seen) == number:
                return outcome.state
            seen[outcome.state] = None
    raise ReplayError(f"there is no initial state {number}")


def _failed_start(system: System, schedule: Schedule, prop: str) -> Trace:
    failures = (o for _, o in initial_outcomes(system) if isinstance(o, Failed))
    for number, failure in enumerate(failures):
        if number == schedule.initial:
            source = source_of(failure.site.span)
            text = failure.site.text
            return Trace(prop, {}, (), text, source, system=system, schedule=schedule, states=())
    raise ReplayError(f"initialisation does not fail {schedule.initial + 1} times")


# --- steps -------------------------------------------------------------------------------------


def make_step(
    system: System, number: int, move: Move, before: State, outcome: Next | Failed
) -> Step:
    """What a command instance did, in the words of the specification."""
    command = system.commands[move.command]
    calls = _calls(system, command, outcome.marks)
    marks = [system.marks[mark] for mark, _ in outcome.marks]
    statement = next((m for m in marks if m.kind is MarkKind.STEP), None)
    names = {name for m in marks if m.kind in _NAMING for name in (m.name, m.shown)}
    after = outcome.state if isinstance(outcome, Next) else before
    plain = statement.shown if statement is not None else command.name
    return Step(
        number=number,
        actor=actor_of(system, command, move.args),
        action=calls[0].shown if calls else plain,
        is_action=bool(calls),
        arguments=calls[0].arguments if calls else (),
        calls=calls,
        source=_source(command, None if statement is None else source_of(statement.span)),
        changes=diff(system, before, after),
        state=shown_state(system, after),
        error=outcome.site.text if isinstance(outcome, Failed) else "",
        names=frozenset(names | {command.actor}),
    )


def actor_of(system: System, command: Command, args: tuple[int, ...]) -> str:
    """The instance that takes a step, or ``rule``."""
    if command.at is None:
        return RULE
    index = args[: len(command.at.var.dims)]
    for agent in system.agents:
        if agent.actor == command.actor and agent.args == index:
            return agent_name(system, agent.number)
    raise ReplayError(f"there is no instance {index} of {command.actor}")


def _source(command: Command, statement: Source | None) -> Source:
    """The statement where the actor was, which in an ``either`` is more precise than its place."""
    return source_of(command.span) if statement is None else statement


def _calls(system: System, command: Command, marks: tuple[MarkCall, ...]) -> tuple[Call, ...]:
    types = _mark_types(command)
    found: list[Call] = []
    for number, args in marks:
        mark = system.marks[number]
        if mark.kind is MarkKind.ACTION:
            shown = tuple(
                (name, "?" if value is None else scalar_text(system, type_, value))
                for name, value, type_ in zip(mark.params, args, types[number], strict=False)
            )
            found.append(Call(mark.name, mark.shown, shown))
    return tuple(found)


def _mark_types(command: Command) -> dict[int, tuple[Scalar, ...]]:
    """The types of each mark's arguments; where one is called with several, not plain numbers."""
    found: dict[int, tuple[Scalar, ...]] = {}
    for stmt in statements(command.body):
        if isinstance(stmt, Mark):
            types = tuple(type_of(arg) for arg in stmt.args)
            known = found.get(stmt.mark, types)
            found[stmt.mark] = tuple(
                new if isinstance(old, Int) else old for old, new in zip(known, types, strict=False)
            )
    return found


# --- what a trace must show --------------------------------------------------------------------


def confirm(system: System, prop: Property, finding: Finding, trace: Trace) -> None:
    """Raise ReplayError unless the trace shows what the finding says about ``prop``."""
    if finding.verdict not in (Verdict.VIOLATED, Verdict.REACHED):
        return
    if not _shows(system, prop, finding, trace):
        raise ReplayError(f"the trace of {prop.name} does not show that it is {finding.verdict}")


def _shows(system: System, prop: Property, finding: Finding, trace: Trace) -> bool:
    match prop.kind:
        case PropertyKind.INVARIANT | PropertyKind.LEMMA | PropertyKind.REACHABLE:
            wanted = finding.verdict is Verdict.REACHED
            return _decided(system, prop, trace.states[-1], None, wanted)
        case PropertyKind.STEP_INVARIANT:
            if len(trace.states) < 2:
                return False
            return _decided(system, prop, trace.states[-2], trace.states[-1], False)
        case PropertyKind.DEADLOCK:
            state = trace.states[-1]
            return not any(enabled(system, state)) and _unfinished(system, finding, state)
        case PropertyKind.STUCK:
            return _unfinished(system, finding, trace.states[-1])
        case PropertyKind.ERRORS | PropertyKind.ASSERT:
            return bool(trace.error)
        case PropertyKind.TEMPORAL:
            return True


def _decided(
    system: System, prop: Property, state: State, after: State | None, wanted: bool
) -> bool:
    """Whether the claim has the wanted value, or cannot be evaluated, which violates it too."""
    if prop.expr is None:
        return False
    try:
        return bool(evaluate(system, prop.expr, state, None, after)) is wanted
    except FoundError:
        return not wanted


def _unfinished(system: System, finding: Finding, state: State) -> bool:
    return bool(finding.agents) and not any(finished(system, state, a) for a in finding.agents)
