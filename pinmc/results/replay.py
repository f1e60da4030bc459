"""Schedules become traces here, by running them on the reference semantics.

Nothing an engine claims is shown before it has been replayed.
"""

from __future__ import annotations

from pinmc.base.source import Span
from pinmc.ir.command import Command
from pinmc.ir.execute import MarkCall
from pinmc.ir.expr import type_of
from pinmc.ir.semantics import Failed, Next, State, initial_states, step
from pinmc.ir.stmt import Mark
from pinmc.ir.system import MarkKind, System
from pinmc.ir.types import Scalar
from pinmc.ir.walk import statements
from pinmc.results.changes import Viewer
from pinmc.results.schedule import Move, Schedule
from pinmc.results.trace import Call, Source, Step, Trace


class ReplayError(Exception):
    """An engine's schedule is not one of this System: a bug of pinmc, never of a specification."""


def replay(system: System, schedule: Schedule, name: str, viewer: Viewer | None = None) -> Trace:
    """The trace of ``schedule``, for property ``name``. Raises ``ReplayError``."""
    viewer = viewer or Viewer(system)
    states, errors = initial_states(system)
    if schedule.ends_in_error and not schedule.moves:
        failed = errors[_checked(schedule.initial, len(errors))]
        return Trace(name, {}, (), failed.site.text, system=system, schedule=schedule, states=())
    state = states[_checked(schedule.initial, len(states))]
    first = viewer.state(state)
    reached = [state]
    steps: list[Step] = []
    error = ""
    for number, move in enumerate(schedule.moves, 1):
        last = number == len(schedule.moves)
        outcome = _run(system, state, move, number)
        if isinstance(outcome, Failed):
            if not (last and schedule.ends_in_error):
                raise ReplayError(f"step {number} of {name} ends in an error: {outcome.site.text}")
            error = outcome.site.text
            steps.append(_step(viewer, number, move, state, state, outcome))
            break
        if last and schedule.ends_in_error:
            raise ReplayError(f"the last step of {name} should end in an error")
        steps.append(_step(viewer, number, move, state, outcome.state, outcome))
        state = outcome.state
        reached.append(state)
    return Trace(
        name,
        first,
        tuple(steps),
        error,
        system=system,
        schedule=schedule,
        states=tuple(reached),
    )


def _checked(position: int, count: int) -> int:
    if not 0 <= position < count:
        raise ReplayError(f"there is no initial state {position}")
    return position


def _run(system: System, state: State, move: Move, number: int) -> Next | Failed:
    if not 0 <= move.command < len(system.commands):
        raise ReplayError(f"step {number}: there is no command {move.command}")
    outcome = step(system, state, move.command, move.args)
    if not isinstance(outcome, Next | Failed):
        command = system.commands[move.command].name
        raise ReplayError(f"step {number}: {command}{move.args} is not enabled")
    return outcome


def _step(
    viewer: Viewer, number: int, move: Move, before: State, after: State, outcome: Next | Failed
) -> Step:
    system = viewer.system
    command = system.commands[move.command]
    calls = tuple(
        _call(viewer, command, mark, values)
        for mark, values in outcome.marks
        if system.marks[mark].kind is MarkKind.ACTION
    )
    statement = _statement(system, outcome.marks, command)
    action = calls[0].shown if calls else statement
    return Step(
        number,
        actor_name(viewer, command, move.args),
        action,
        bool(calls),
        calls[0].arguments if calls else (),
        calls,
        source_of(command.span),
        viewer.changes(before, after),
        viewer.state(after),
        outcome.site.text if isinstance(outcome, Failed) else "",
    )


def _statement(system: System, marks: tuple[MarkCall, ...], command: Command) -> str:
    infos = (system.marks[mark] for mark, _ in marks)
    return next((i.shown for i in infos if i.kind is MarkKind.STEP), command.name)


def _call(viewer: Viewer, command: Command, mark: int, values: tuple[int | None, ...]) -> Call:
    """The arguments by name; one whose value cannot be told is left out."""
    info = viewer.system.marks[mark]
    types = _argument_types(command, mark)
    given = tuple(
        (name, viewer.scalar(type_, value).text)
        for name, type_, value in zip(info.params, types, values, strict=True)
        if value is not None
    )
    return Call(info.name, info.shown, given)


def _argument_types(command: Command, mark: int) -> tuple[Scalar, ...]:
    for stmt in statements(command.body):
        if isinstance(stmt, Mark) and stmt.mark == mark:
            return tuple(type_of(arg) for arg in stmt.args)
    raise ReplayError(f"{command.name} does not execute mark {mark}")


def actor_name(viewer: Viewer, command: Command, args: tuple[int, ...]) -> str:
    """The acting instance, ``rdma[User0]``, or ``rule``."""
    if command.at is None:
        return "rule"
    own = args[: len(command.at.var.dims)]
    for agent, name in zip(viewer.system.agents, viewer.agents, strict=True):
        if agent.actor == command.actor and agent.args == own:
            return name
    raise ReplayError(f"there is no instance {command.actor}{own}")


def source_of(span: Span) -> Source:
    return Source(span.path, span.line, span.file.line(span.line).strip())
