"""What a System means: the definition every engine is tested against. Slow and obvious.

A step of a command instance is all or nothing: it reaches a state (``Next``), is a found error
(``Failed``) or is not enabled (``Disabled``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from pinmc.base.records import dataclass
from pinmc.ir.command import Command
from pinmc.ir.evaluate import FoundError, Scope, slot, value_of
from pinmc.ir.execute import (
    Frame,
    MarkCall,
    NotEnabled,
    assignments,
    fresh_temps,
    least_values,
    run,
)
from pinmc.ir.expr import ErrorSite, Expr
from pinmc.ir.system import System

State: TypeAlias = tuple[int, ...]
"""The values of ``System.slots`` cells."""

Step: TypeAlias = tuple[int, tuple[int, ...]]
"""A command's position in ``System.commands`` and its parameters' values."""


@dataclass(frozen=True, slots=True)
class Next:
    """The step reaches ``state``. ``marks`` are those executed, in order."""

    state: State
    marks: tuple[MarkCall, ...] = ()


@dataclass(frozen=True, slots=True)
class Failed:
    """The step is a found error and reaches no state. ``marks`` are those met before it."""

    site: ErrorSite
    marks: tuple[MarkCall, ...] = ()


@dataclass(frozen=True, slots=True)
class Disabled:
    """The command instance is not enabled: no step."""


Outcome: TypeAlias = Next | Failed | Disabled


def evaluate(
    system: System,
    expr: Expr,
    state: State,
    env: Mapping[str, int] | None = None,
    primed: State | None = None,
) -> int:
    """The value of ``expr`` in ``state``; ``env`` gives the Bounds, ``primed`` the next state.

    Raises ``FoundError`` when a check fails. ``expr`` must not read temporaries.
    """
    return value_of(expr, Scope(state, (), env or {}, primed))


def initial_outcomes(system: System) -> Iterator[tuple[tuple[int, ...], Outcome]]:
    """The outcome of ``System.initial`` for each of its parameters' values, in order."""
    least = tuple(least_values(system.variables, system.slots))
    domains = [param.domain for param in system.initial.params]
    for args in assignments(domains):
        yield args, run_command(system.initial, least, args)


def initial_states(system: System) -> tuple[list[State], list[Failed]]:
    """The initial states in order and without repetition, and the errors of initialisation.

    A ``Schedule`` that ends in an error without any move counts in the list of errors.
    """
    states: dict[State, None] = {}
    errors: list[Failed] = []
    for _, outcome in initial_outcomes(system):
        if isinstance(outcome, Next):
            states.setdefault(outcome.state)
        elif isinstance(outcome, Failed):
            errors.append(outcome)
    return list(states), errors


def step(system: System, state: State, command: int, args: Sequence[int]) -> Outcome:
    """What happens when instance ``args`` of ``System.commands[command]`` is tried."""
    return run_command(system.commands[command], state, tuple(args))


def run_command(command: Command, state: State, args: tuple[int, ...]) -> Outcome:
    """Place, guard and body of one command instance, in this order."""
    if command.at is not None:
        counter = command.at.var
        if state[slot(counter, args[: len(counter.dims)])] != command.at.place:
            return Disabled()
    bound = dict(zip((param.name for param in command.params), args, strict=True))
    frame = Frame(list(state), fresh_temps(command.temps), bound)
    try:
        if not frame.value(command.guard):
            return Disabled()
        run(command.body, frame)
    except NotEnabled:
        return Disabled()
    except FoundError as error:
        return Failed(error.site, tuple(frame.marks))
    return Next(tuple(frame.state), tuple(frame.marks))


def successors(system: System, state: State) -> Iterator[tuple[Step, Next | Failed]]:
    """Every enabled command instance and what it leads to: commands in order, then arguments."""
    for number, command in enumerate(system.commands):
        for args in assignments([param.domain for param in command.params]):
            outcome = run_command(command, state, args)
            if not isinstance(outcome, Disabled):
                yield (number, args), outcome


def enabled(system: System, state: State) -> Iterator[Step]:
    """The command instances that lead to a state or to a found error, in order."""
    for move, _ in successors(system, state):
        yield move


def finished(system: System, state: State, agent: int) -> bool:
    """Whether the actor instance is at a place where it may stay for ever."""
    who = system.agents[agent]
    actor = next(a for a in system.actors if a.name == who.actor)
    return actor.places[state[slot(actor.counter, who.args)]].end
