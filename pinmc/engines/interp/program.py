"""Compiles a System to Python functions, each when it is first needed.

``Program.at(key)`` gives the functions to try in a state: which ones depends on the actors'
program counters alone, so the answer is kept for each combination of places.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter, itemgetter
from typing import Any, TypeAlias

from pinmc.base.records import dataclass
from pinmc.engines.interp.commands import Bits, Target, function_source
from pinmc.engines.interp.expressions import ExprWriter, Names, Sites
from pinmc.engines.interp.layout import Key, Layout, layout_of
from pinmc.ir.command import Command
from pinmc.ir.evaluate import FoundError, divide, remainder, slot
from pinmc.ir.execute import assignments
from pinmc.ir.expr import ErrorSite, Expr
from pinmc.ir.semantics import Disabled, Failed, Next, evaluate, run_command
from pinmc.ir.system import Actor, System
from pinmc.passes.folding import fold

Add: TypeAlias = Callable[[Any], object]
"""Takes each state reached: a key, or a key and the arguments from a tagged function."""

Expand: TypeAlias = Callable[[Key, Add], int]
Claim: TypeAlias = Callable[[Key], Any]
StepClaim: TypeAlias = Callable[[Key, Key], Any]

_MOST_COMBINATIONS = 100_000
"""So many combinations of places are kept before starting afresh."""


class Off(Exception):
    """Raised by generated code to leave an instance from within an inner loop."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """What may move in a combination of places, in the order of steps: the functions to call, the
    targets they were made for, and the bits of the agents that are at an end."""

    functions: tuple[Expand, ...]
    targets: tuple[Target, ...]
    finished: int


@dataclass(frozen=True, slots=True)
class Hooks:
    """What generated code calls back: ``failed(site, command, args)`` for a found error, ``tick``
    now and then from long loops (it may raise to stop)."""

    failed: Callable[[ErrorSite, int, tuple[int, ...]], object]
    tick: Callable[[], object]


class Program:
    """The functions of one System; ``combinations`` keeps what ``at`` has answered."""

    def __init__(self, system: System, hooks: Hooks) -> None:
        self.system = system
        self.layout: Layout = layout_of(system)
        self.bits = Bits(len(system.agents))
        self._hooks = hooks
        self._sites = Sites()
        self._plan = _Plan.of(system)
        self._functions: dict[tuple[int, int | None, bool], Expand | None] = {}
        self.combinations: dict[Any, Candidates] = {}
        self.places = _places_getter(self._plan.counters)

    def at(self, places: Any) -> Candidates:
        """The candidates for a combination of places as ``Program.places`` gives it."""
        found = self.combinations.get(places)
        if found is None:
            found = self._candidates(places)
            if len(self.combinations) >= _MOST_COMBINATIONS:
                self.combinations.clear()
            self.combinations[places] = found
        return found

    def initial(self, failed: Callable[[ErrorSite, int, tuple[int, ...]], object]) -> Expand:
        """The function of the initial command; it has its own answer to found errors."""
        target = Target(-1, self.system.initial, None, ())
        made = self._compile(target, Hooks(failed, self._hooks.tick))
        return made if made is not None else _nothing

    def function(self, target: Target) -> Expand | None:
        """The function for ``target``, None when it is never enabled."""
        key = (target.number, target.agent, target.tagged)
        if key not in self._functions:
            self._functions[key] = self._compile(target, self._hooks)
        return self._functions[key]

    def claim(self, expr: Expr) -> Claim:
        """The value of ``expr`` in a state; raises ``FoundError``."""
        return self._expression(expr, "s", lambda key: self._slow(expr, key))

    def step_claim(self, expr: Expr) -> StepClaim:
        """The value of ``expr`` over a state and the next one; raises ``FoundError``."""
        return self._expression(expr, "s, u", lambda key, after: self._slow(expr, key, after))

    def all_false(self, exprs: Sequence[Expr]) -> Claim:
        """Whether all are false; also false when evaluating one is a found error."""
        return self._combined(exprs, "s")

    def all_false_step(self, exprs: Sequence[Expr]) -> StepClaim:
        """The same over a state and the next one."""
        return self._combined(exprs, "s, u")

    def _combined(self, exprs: Sequence[Expr], params: str) -> Callable[..., Any]:
        writer = ExprWriter(self.layout, self._sites, Names())
        lines = [f"def f({params}):", " try:"]
        try:
            lines += [f"  if {writer.text(fold(expr))}: return False" for expr in exprs]
            lines += ["  return True", " except Found:", "  return False", ""]
            made: Callable[..., Any] = self._execute("\n".join(lines), self._hooks)["f"]
        except (SyntaxError, RecursionError, MemoryError):
            return never
        return made

    def _candidates(self, places: Any) -> Candidates:
        chosen: list[Target] = list(self._plan.anywhere)
        finished = 0
        for agent, place in enumerate(self._plan.split(places)):
            chosen += self._plan.targets[agent].get(place, ())
            if place in self._plan.ends[agent]:
                finished |= 1 << (1 + agent)
        chosen.sort(key=_ORDER)
        pairs = [(self.function(target), target) for target in chosen]
        usable = [(made, target) for made, target in pairs if made is not None]
        return Candidates(
            tuple(made for made, _ in usable), tuple(target for _, target in usable), finished
        )

    def _compile(self, target: Target, hooks: Hooks) -> Expand | None:
        try:
            source = function_source(target, "f", self.layout, self.bits, self._sites)
            if not source:
                return None
            made: Expand = self._execute(source, hooks)["f"]
        except (SyntaxError, RecursionError, MemoryError):
            # Python refuses code nested too deeply; the definition itself is slower but certain.
            return _Slow(target, self.layout, self.bits, hooks).expand
        return made

    def _expression(self, expr: Expr, params: str, slow: Callable[..., int]) -> Callable[..., Any]:
        try:
            writer = ExprWriter(self.layout, self._sites, Names())
            source = f"def f({params}):\n return {writer.text(fold(expr))}\n"
            made: Callable[..., Any] = self._execute(source, self._hooks)["f"]
        except (SyntaxError, RecursionError, MemoryError):
            return slow
        return made

    def _execute(self, source: str, hooks: Hooks) -> dict[str, Any]:
        sites = self._sites.known

        def fail(number: int) -> int:
            raise FoundError(sites[number])

        names: dict[str, Any] = {
            "fail": fail,
            "failed": hooks.failed,
            "tick": hooks.tick,
            "Found": FoundError,
            "Off": Off,
            "divide": divide,
            "remainder": remainder,
        }
        exec(compile(source, "<generated>", "exec"), names)
        return names

    def _slow(self, expr: Expr, key: Key, after: Key | None = None) -> int:
        primed = None if after is None else self.layout.decode(after)
        return evaluate(self.system, expr, self.layout.decode(key), {}, primed)


_ORDER = attrgetter("number", "args")
"""Commands in order, then actor instances in row-major order of their arguments."""


def never(*states: Key) -> bool:
    """Nothing is certain: stands in for a function that was not or cannot be made."""
    return False


def _nothing(key: Key, add: Add) -> int:
    return 0


@dataclass(frozen=True, slots=True)
class _Slow:
    """Expands by the definition of the semantics."""

    target: Target
    layout: Layout
    bits: Bits
    hooks: Hooks

    def expand(self, key: Key, add: Add) -> int:
        state = self.layout.decode(key)
        command, moved = self.target.command, 0
        for rest in assignments([p.domain for p in command.params[len(self.target.args) :]]):
            args = self.target.args + rest
            outcome = run_command(command, state, args)
            if isinstance(outcome, Disabled):
                continue
            moved |= self.bits.moved(self.target.agent)
            if isinstance(outcome, Failed):
                self.hooks.failed(outcome.site, self.target.number, args)
            else:
                moved |= self._reached(outcome, args, add)
        return moved

    def _reached(self, outcome: Next, args: tuple[int, ...], add: Add) -> int:
        key = self.layout.encode(outcome.state)
        add((key, args) if self.target.tagged else key)
        marks = 0
        for mark, _ in outcome.marks:
            marks |= self.bits.mark(mark)
        return marks


@dataclass(frozen=True, slots=True)
class _Plan:
    """Which targets belong to which agent and place, and where the program counters are."""

    counters: tuple[int, ...]
    targets: tuple[dict[int, list[Target]], ...]
    ends: tuple[frozenset[int], ...]
    anywhere: tuple[Target, ...]

    @staticmethod
    def of(system: System) -> _Plan:
        actors = {actor.name: actor for actor in system.actors}
        plan = _Plan(
            tuple(slot(actors[who.actor].counter, who.args) for who in system.agents),
            tuple({} for _ in system.agents),
            tuple(_ends(actors[who.actor]) for who in system.agents),
            tuple(
                Target(number, command, None, ())
                for number, command in enumerate(system.commands)
                if command.at is None
            ),
        )
        for number, command in enumerate(system.commands):
            plan._place(number, command)
        return plan

    def _place(self, number: int, command: Command) -> None:
        if command.at is None:
            return
        counter = command.at.var
        for args in assignments(counter.dims):
            agent = self.counters.index(slot(counter, args))
            targets = self.targets[agent].setdefault(command.at.place, [])
            targets.append(Target(number, command, agent, args))

    def split(self, places: Any) -> tuple[int, ...]:
        """The places of all agents from what the getter gave."""
        return (places,) if len(self.counters) == 1 else tuple(places)


def _ends(actor: Actor) -> frozenset[int]:
    return frozenset(place.index for place in actor.places if place.end)


def _places_getter(counters: tuple[int, ...]) -> Callable[[Key], Any]:
    """Reads all program counters of a state at once; a lone one comes without a tuple."""
    if not counters:
        return _no_places
    return itemgetter(*counters)


def _no_places(key: Key) -> tuple[int, ...]:
    return ()


def tagged(target: Target) -> Target:
    """The same target, made to tell the arguments with each state."""
    return Target(target.number, target.command, target.agent, target.args, True)
