"""Compiles a System to functions over arrays of packed states.

``group(out, rows, s0, …)`` tries the instances of an actor instance at a place, or of all rules;
``many(out, rows, keys, s0, …, p0, …)`` those of one command with many arguments, in pairs of a
state and arguments; a watch gives the truth of a claim.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field
from typing import Any, TypeAlias

import numpy as np

from pinmc.base.records import dataclass
from pinmc.engines.intervals import Unsupported, domain_bounds
from pinmc.engines.layout import Layout, Place
from pinmc.engines.moves import Numbering
from pinmc.engines.sleep.kinds import Part, Sleep, sleep_of, steps_of
from pinmc.engines.vector.bodies import BodyWriter, Left
from pinmc.engines.vector.code import Code
from pinmc.engines.vector.exprs import ExprWriter, as_truths
from pinmc.engines.vector.frame import Stored, Truths
from pinmc.engines.vector.kernels import NAMES
from pinmc.engines.vector.kinds import StepKinds
from pinmc.engines.vector.values import Value, arrays_of, kind_of
from pinmc.ir.command import Command
from pinmc.ir.evaluate import row_major, slot
from pinmc.ir.execute import assignments
from pinmc.ir.expr import Const, ErrorSite, Expr
from pinmc.ir.system import Actor, System
from pinmc.ir.types import bounds, size
from pinmc.ir.walk import substitute, substitute_body
from pinmc.passes.folding import fold, fold_body

Function: TypeAlias = Callable[..., Any]

UNROLLED_INSTANCES = 32
"""Up to so many instances of a command are written out for one actor instance."""

_MOST_LINES = 200_000


@dataclass(frozen=True, slots=True)
class Target:
    """The instances of a command that begin with the arguments ``args``; ``base`` is the number of
    the command's first instance of all."""

    command: Command
    args: tuple[int, ...]
    base: int

    @property
    def first(self) -> int:
        """The number of the first of these instances."""
        params = self.command.params
        rest = [bounds(param.domain)[0] for param in params[len(self.args) :]]
        return self.base + row_major([param.domain for param in params], [*self.args, *rest])

    @property
    def count(self) -> int:
        count = 1
        for param in self.command.params[len(self.args) :]:
            count *= size(param.domain)
        return count


def parts_of(target: Target) -> list[Part]:
    """The instances that are tried together: each by itself, unless there are many."""
    if target.count > UNROLLED_INSTANCES:
        return [(target.command, target.args)]
    rest = target.command.params[len(target.args) :]
    more = assignments([param.domain for param in rest])
    return [(target.command, (*target.args, *args)) for args in more]


@dataclass(frozen=True, slots=True)
class Many:
    """A target with too many instances to write them out: ``sizes`` and ``lows`` are those of the
    further parameters' domains."""

    function: Function
    target: Target
    sizes: tuple[int, ...]
    lows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """What to try in some states. ``fanout``: at most so many steps from each."""

    function: Function | None
    many: tuple[Many, ...]
    fanout: int


@dataclass(frozen=True, slots=True)
class Expansion:
    """An actor instance: where its program counter is, its groups by place; ``ends`` says for
    each place whether it is finished there."""

    counter: Stored
    groups: dict[int, Group]
    ends: Truths


@dataclass(slots=True)
class Program:
    """``claim_of`` numbers what an error counts under, -1 if nobody asks. ``kinds`` are those of
    the steps of the parts, by their numbers."""

    system: System
    layout: Layout
    numbering: Numbering
    claim_of: Callable[[ErrorSite], int]
    agents: list[Expansion] = field(init=False)
    rules: Group = field(init=False)
    initial: Many = field(init=False)
    sleep: Sleep = field(init=False)
    kinds: StepKinds = field(init=False)
    _numbers: dict[tuple[str, tuple[int, ...]], int] = field(init=False)

    def __post_init__(self) -> None:
        places, anywhere = self._targets()
        agents = [
            [part for targets in by_place.values() for t in targets for part in parts_of(t)]
            for by_place in places
        ]
        rules = [part for target in anywhere for part in parts_of(target)]
        self.sleep = sleep_of(steps_of(rules, agents))
        self.kinds = StepKinds.of(self.sleep.steps, self.layout)
        order = [*rules, *(part for parts in agents for part in parts)]
        self._numbers = {(part[0].name, part[1]): n for n, part in enumerate(order)}
        self.agents = [
            Expansion(
                Stored.at(self._counter(number)),
                {place: self._group(targets) for place, targets in by_place.items()},
                self._ends(number),
            )
            for number, by_place in enumerate(places)
        ]
        self.rules = self._group(anywhere)
        self.initial = self._many(Target(self.system.initial, (), 0))

    @property
    def fanout(self) -> int:
        """At most so many steps from one state."""
        most = self.rules.fanout
        for agent in self.agents:
            most += max((group.fanout for group in agent.groups.values()), default=0)
        return most

    def watch(self, expr: Expr, steps: bool = False) -> Function:
        """``f(look, s0, …)``, with ``steps`` ``f(look, s0, …, u0, …)``: truths, by row."""
        code = Code()
        writer = ExprWriter(self.layout, code, lambda site: 0)
        text = as_truths(writer.truth(fold(expr)))
        params = [*self._words("s"), *(self._words("u") if steps else ())]
        lines = [f"def made(f, {', '.join(params)}):", " n = len(s0)", *code.lines]
        return self._compile([*lines, f" return {text}"])

    def _words(self, letter: str) -> list[str]:
        return [f"{letter}{word}" for word in range(self.layout.words)]

    # --- which instances belong where ------------------------------------------------------------

    def _targets(self) -> tuple[list[dict[int, list[Target]]], list[Target]]:
        """The targets of each agent by place, and those that have none."""
        counters = [slot(self._actor(who.actor).counter, who.args) for who in self.system.agents]
        places: list[dict[int, list[Target]]] = [{} for _ in counters]
        anywhere: list[Target] = []
        for number, command in enumerate(self.system.commands):
            base = self.numbering.bases[number]
            if command.at is None:
                anywhere.append(Target(command, (), base))
                continue
            for args in assignments(command.at.var.dims):
                agent = counters.index(slot(command.at.var, args))
                targets = places[agent].setdefault(command.at.place, [])
                targets.append(Target(command, args, base))
        return places, anywhere

    def _actor(self, name: str) -> Actor:
        return next(actor for actor in self.system.actors if actor.name == name)

    def _counter(self, agent: int) -> Place:
        who = self.system.agents[agent]
        counter = self._actor(who.actor).counter
        return self.layout.field(counter).place(slot(counter, who.args) - counter.offset)

    def _ends(self, agent: int) -> Truths:
        places = self._actor(self.system.agents[agent].actor).places
        ends = np.zeros(1 << self._counter(agent).bits, bool)
        ends[[place.index for place in places if place.end]] = True
        return ends

    # --- functions -------------------------------------------------------------------------------

    def _group(self, targets: Sequence[Target]) -> Group:
        few = [target for target in targets if target.count <= UNROLLED_INSTANCES]
        many = tuple(self._many(target) for target in targets if target not in few)
        fanout = sum(target.count for target in targets)
        code = Code()
        for target in few:
            rest = target.command.params[len(target.args) :]
            for number, more in enumerate(assignments([param.domain for param in rest])):
                key = str(target.first + number)
                self._instance(code, target.command, (*target.args, *more), key, {})
        if not code.lines:
            return Group(None, many, fanout)
        heading = f"def made(out, rows, {', '.join(self._words('s'))}):"
        return Group(self._compile([heading, *code.lines]), many, fanout)

    def _many(self, target: Target) -> Many:
        rest = target.command.params[len(target.args) :]
        code = Code()
        bound = {
            param.name: Value(f"p{n}", kind_of(domain_bounds(param.domain)))
            for n, param in enumerate(rest)
        }
        self._instance(code, target.command, target.args, "keys", bound)
        params = ["out", "rows", "keys", *self._words("s"), *(v.text for v in bound.values())]
        function = self._compile([f"def made({', '.join(params)}):", " pass", *code.lines])
        domains = [param.domain for param in rest]
        sizes, lows = tuple(map(size, domains)), tuple(bounds(domain)[0] for domain in domains)
        return Many(function, target, sizes, lows)

    def _instance(
        self, code: Code, command: Command, args: Sequence[int], key: str, bound: dict[str, Value]
    ) -> None:
        """The lines for one instance, none if it is never enabled."""
        begun, known_before, code.failing = len(code.lines), dict(code.known), False
        known = {
            param.name: Const(value, param.domain)
            for param, value in zip(command.params, args, strict=False)
        }
        code.put("n = len(rows)")
        code.put(f"f = Frame(out, rows, {key})")
        body = BodyWriter(ExprWriter(self.layout, code, self.claim_of, bound=bound), known)
        guard = fold(substitute(command.guard, known))
        try:
            body.write(command, guard, fold_body(substitute_body(command.body, known)))
        except Left:
            if not code.failing:
                del code.lines[begun:]
                code.indent, code.known = 1, known_before
                return
        else:
            words = body.end()
            for mark, name in body.dynamic_marks.items():
                code.put(f"f.mark({mark}, {name})")
            part = self._numbers.get((command.name, tuple(args)), 0)
            code.put(f"f.reach(({words},), {body.static_marks}, {part})")
        if body.moved:
            code.put("break")
            code.known = body.known_before
        code.indent = 1

    @staticmethod
    def _compile(lines: Sequence[str]) -> Function:
        if len(lines) > _MOST_LINES:
            raise Unsupported("too many command instances for one place")
        text = "\n".join(lines) + "\n"
        names = {**NAMES, **arrays_of(text)}
        try:
            exec(compile(text, "<generated>", "exec"), names)
        except (SyntaxError, MemoryError, RecursionError):
            raise Unsupported("an expression is nested too deeply") from None
        function: Function = names["made"]
        return function
