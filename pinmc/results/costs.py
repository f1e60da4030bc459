"""What a design costs: bounds with the runs that show them, each counted again by the semantics."""

from __future__ import annotations

from fractions import Fraction

from pinmc.base.records import dataclass
from pinmc.ir.semantics import Next, State, evaluate, initial_states, step
from pinmc.ir.system import MarkKind, System
from pinmc.results.replay import ReplayError
from pinmc.results.schedule import Schedule


@dataclass(frozen=True, slots=True)
class Extreme:
    """``value``: None is unbounded. ``schedule`` shows it. ``loop``: the number of moves before
    the loop that the schedule ends with, None when there is none.

    An unbounded cost grows with every round of the loop; a ratio is that of one round.
    """

    value: Fraction | None
    schedule: Schedule
    loop: int | None = None


@dataclass(frozen=True, slots=True)
class GoalCost:
    """What ``cost`` comes to until ``goal``, a ``reachable``, is first reached; None both when it
    never is."""

    cost: str
    goal: str
    least: Extreme | None
    greatest: Extreme | None


@dataclass(frozen=True, slots=True)
class LoopCost:
    """``cost`` for each ``per`` over loops in which ``per`` grows; None both when there are none.

    ``greatest`` without a value: a loop that costs and in which ``per`` does not grow.
    """

    cost: str
    per: str
    least: Extreme | None
    greatest: Extreme | None


@dataclass(frozen=True, slots=True)
class CostReport:
    """One design. ``unknown`` says why there are no bounds, if there are none."""

    system: System
    states: int
    goals: tuple[GoalCost, ...]
    loops: tuple[LoopCost, ...]
    unknown: str = ""


@dataclass(frozen=True, slots=True)
class Bill:
    """What each step of a schedule spends: ``spent[n]`` by name, ``states[n]`` before step n."""

    states: tuple[State, ...]
    spent: tuple[dict[str, int], ...]

    def total(self, cost: str, since: int = 0) -> int:
        """What the steps from number ``since`` on spend in all."""
        return sum(each.get(cost, 0) for each in self.spent[since:])


def bill(system: System, schedule: Schedule) -> Bill:
    """Runs the schedule by the semantics. Raises ReplayError when it is no run."""
    states = [initial_states(system)[0][schedule.initial]]
    spent: list[dict[str, int]] = []
    for number, move in enumerate(schedule.moves, 1):
        outcome = step(system, states[-1], move.command, move.args)
        if not isinstance(outcome, Next):
            raise ReplayError(f"step {number} of a run that costs something reaches no state")
        spent.append(_spent(system, outcome))
        states.append(outcome.state)
    return Bill(tuple(states), tuple(spent))


def _spent(system: System, outcome: Next) -> dict[str, int]:
    found: dict[str, int] = {}
    for number, args in outcome.marks:
        mark = system.marks[number]
        if mark.kind is MarkKind.COST:
            amount = args[0]
            assert amount is not None, "lowering lets only amounts pass that never fail"
            found[mark.name] = found.get(mark.name, 0) + amount
    return found


def confirm_goal(system: System, found: GoalCost, extreme: Extreme) -> None:
    """Raises ReplayError unless the run of ``extreme`` shows what ``found`` says."""
    paid = bill(system, extreme.schedule)
    if extreme.loop is not None:
        _confirm_loop(paid, extreme.loop)
        if extreme.value is not None or paid.total(found.cost, extreme.loop) <= 0:
            raise ReplayError(f"the loop of {found.goal} does not cost {found.cost}")
        return
    prop = next(p for p in system.properties if p.name == found.goal)
    reached = prop.expr is not None and evaluate(system, prop.expr, paid.states[-1])
    if not reached or paid.total(found.cost) != extreme.value:
        raise ReplayError(f"the run to {found.goal} does not cost {extreme.value} {found.cost}")


def confirm_ratio(system: System, found: LoopCost, extreme: Extreme) -> None:
    """The same for a ratio."""
    paid = bill(system, extreme.schedule)
    assert extreme.loop is not None
    _confirm_loop(paid, extreme.loop)
    cost, per = (paid.total(name, extreme.loop) for name in (found.cost, found.per))
    shown = Fraction(cost, per) if per else None
    if shown != extreme.value or (not per and not cost):
        raise ReplayError(f"the loop does not cost {extreme.value} {found.cost} per {found.per}")


def _confirm_loop(paid: Bill, begin: int) -> None:
    if begin >= len(paid.spent) or paid.states[begin] != paid.states[-1]:
        raise ReplayError("a loop does not come back to where it began")
