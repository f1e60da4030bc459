"""``lower``: the typed tree of one design to a System."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from pinmc.base.diagnostics import Diagnostic, Reporter
from pinmc.base.source import NOWHERE
from pinmc.frontend.lower import initial
from pinmc.frontend.lower.build import code_vars
from pinmc.frontend.lower.cells import scalar_type
from pinmc.frontend.lower.claims import lower_claim
from pinmc.frontend.lower.code import Code, Names, seq, split_guard
from pinmc.frontend.lower.context import MAX_CELLS, Cells, Context, Fixed, Marks
from pinmc.frontend.lower.emit import Emitter, Map, TooLarge, endless, make_map
from pinmc.frontend.lower.flow import Flow
from pinmc.frontend.lower.layout import lay_out, views
from pinmc.frontend.lower.straight import Straight
from pinmc.frontend.lower.values import ScalarValue
from pinmc.frontend.sema import typed
from pinmc.ir.command import Command, Fairness, Param
from pinmc.ir.evaluate import cells
from pinmc.ir.expr import FALSE, TRUE, AgentOf, Bound, Check, ErrorSite, Require, Storage, Var
from pinmc.ir.property import Property, PropertyKind, Witness
from pinmc.ir.stmt import Assert, Mark, Stmt
from pinmc.ir.system import Agent, MarkInfo, Shape, System
from pinmc.ir.types import values
from pinmc.ir.walk import expressions, statements, subexpressions


def lower(spec: typed.Spec) -> tuple[System | None, tuple[Diagnostic, ...]]:
    """The System of one design, or None with the diagnostics that say why not."""
    reporter = Reporter()
    lowering = _Lowering(spec, reporter)
    system = None
    try:
        system = lowering.system()
    except TooLarge:
        reporter.error(
            "PIN353",
            spec.claims[0].span if spec.claims else NOWHERE,
            "the specification unfolds into too many statements",
            "split big loops over the actors' steps, or use smaller types",
        )
    return (None if reporter.has_errors else system), reporter.sorted()


class _PlaceTable:
    """What properties may ask of actors."""

    def __init__(self, maps: dict[typed.Actor, Map]) -> None:
        self._maps = maps

    def at(self, actor: typed.Actor, label: str) -> tuple[Var, tuple[int, ...]]:
        return self._maps[actor].counter, self._maps[actor].label(label)

    def local(self, actor: typed.Actor, local: typed.Local) -> Shape | None:
        return self._maps[actor].flow.locals.get(local)


class _Lowering:
    def __init__(self, spec: typed.Spec, reporter: Reporter) -> None:
        self.spec = spec
        self.reporter = reporter
        self.agents = tuple(_agents(spec.actors))
        self.cells = Cells(len(self.agents))
        self.marks = Marks()
        self.maps: dict[typed.Actor, Map] = {}

    def _context(self) -> Context:
        return Context(self.cells, self.marks, self.reporter, Names())

    def system(self) -> System | None:
        for actor in self.spec.actors:
            self.maps[actor] = self._map(actor)
        if self.reporter.has_errors:
            return None
        emitters = {actor: Emitter(map_, self.maps) for actor, map_ in self.maps.items()}
        commands = [c for emitter in emitters.values() for c in emitter.commands()]
        commands += [self._rule(rule) for rule in self.spec.rules]
        commands = [c for c in commands if c.guard != FALSE]
        properties, witnesses = self._properties(commands)
        first = self._initial(emitters)
        if self.reporter.has_errors or not self._fits():
            return None
        variables, slots = lay_out(self.cells)
        return System(
            self.spec.name,
            self.spec.path,
            self.spec.constants,
            variables,
            slots,
            views(self.spec, self.cells, self.maps.values()),
            tuple(e.actor(self._first_agent(a)) for a, e in emitters.items()),
            self.agents,
            _with_temps(first),
            tuple(_with_temps(c) for c in commands),
            properties,
            witnesses,
            _covered(self.marks.all(), commands),
            self.spec.expectations,
            tuple(v.name for v in self.spec.variables if v.cost),
        )

    def _fits(self) -> bool:
        count = sum(cells(var) for var in self.cells.all())
        if count > MAX_CELLS:
            largest = max(self.cells.all(), key=cells)
            self.reporter.error(
                "PIN356",
                self.spec.variables[0].span if self.spec.variables else NOWHERE,
                f"the state would have {count} cells, the most of them in '{largest.name}'",
                f"at most {MAX_CELLS} cells: use smaller index types or constants",
            )
        return count <= MAX_CELLS

    # --- actors and rules ------------------------------------------------------------------

    def _first_agent(self, actor: typed.Actor) -> int:
        return next((a.number for a in self.agents if a.actor == actor.name), 0)

    def _map(self, actor: typed.Actor) -> Map:
        context = self._context()
        params = _bind_params(actor.params, context)
        domains = tuple(p.type for p in params)
        context.me = AgentOf(
            actor.name, self._first_agent(actor), params, domains, max(1, len(self.agents))
        )
        flow = Flow(context, actor, params)
        map_ = make_map(flow, context, actor, params)
        looping = endless(flow.entry, map_.nodes)
        if looping is not None:
            self.reporter.error(
                "PIN351",
                looping.span,
                "this loop can run for ever within one step",
                "every round needs a step: touch shared state, call an action, or add 'skip'",
            )
        return map_

    def _rule(self, rule: typed.Rule) -> Command:
        context = self._context()
        params = _bind_params(rule.params, context)
        straight = Straight(context)
        mark = straight.mark_action(rule, rule.params)
        guard = (
            Code()
            if rule.when is None
            else straight.block_unless(straight.exprs.scalar(rule.when), rule.span)
        )
        body = seq(mark, guard, straight.run(rule.body.stmts))
        test, stmts = split_guard(body.stmts)
        own = tuple(Param(p.name, p.type) for p in params)
        return Command(
            rule.name,
            rule.name,
            (*own, *body.params),
            None,
            test,
            stmts,
            (),
            rule.span,
            rule.fairness,
        )

    # --- properties ------------------------------------------------------------------------

    def _properties(
        self, commands: list[Command]
    ) -> tuple[tuple[Property, ...], tuple[Witness, ...]]:
        found: list[Property] = []
        witnesses: list[Witness] = []
        for claim in self.spec.claims:
            context = self._context()
            context.places = _PlaceTable(self.maps)
            prop, shown = lower_claim(claim, context)
            found.append(prop)
            witnesses.extend(shown)
        found += _labelled_asserts(commands)
        found += [
            Property("deadlock", PropertyKind.DEADLOCK, NOWHERE),
            Property("stuck", PropertyKind.STUCK, NOWHERE),
            Property("errors", PropertyKind.ERRORS, NOWHERE),
        ]
        found += [
            Property(f"stuck({a.name})", PropertyKind.STUCK, a.span, actor=a.name)
            for a in self.spec.stuck_actors
        ]
        return tuple(found), tuple(witnesses)

    # --- initial states --------------------------------------------------------------------

    def _initial(self, emitters: dict[typed.Actor, Emitter]) -> Command:
        context = self._context()
        blocks = seq(*(initial.block(body, context) for body in self.spec.inits))
        entries = seq(*(self._entry(a, e) for a, e in emitters.items() if not a.dormant))
        first = self._variables(context)
        locals_ = Code(
            tuple(
                stmt
                for var in self.cells.all()
                if var.storage in (Storage.LOCAL, Storage.LOCK)
                for stmt in initial.default_cells(var)
            )
        )
        whole = seq(first, locals_, blocks, entries)
        return Command(
            "init", "init", whole.params, None, TRUE, whole.stmts, (), NOWHERE, Fairness.NONE
        )

    def _entry(self, actor: typed.Actor, emitter: Emitter) -> Code:
        map_ = self.maps[actor]
        return initial.for_all(map_.params, emitter.arrive(map_.flow.entry))

    def _variables(self, context: Context) -> Code:
        """Initialising one variable may be the first use of another, in a ``where``."""
        done: dict[typed.Variable, Code] = {}
        while True:
            more = [v for v in self.spec.variables if self.cells.is_used(v) and v not in done]
            if not more:
                return seq(*(done[v] for v in self.spec.variables if v in done))
            for symbol in more:
                done[symbol] = initial.variable(symbol, context)


def _agents(actors: tuple[typed.Actor, ...]) -> Iterator[Agent]:
    number = 0
    for actor in actors:
        for args in product(*(values(scalar_type(p.type)) for p in actor.params)):
            yield Agent(number, actor.name, args)
            number += 1


def _bind_params(params: tuple[typed.Local, ...], context: Context) -> tuple[Bound, ...]:
    bounds = tuple(Bound(context.names.fresh(p.name), scalar_type(p.type)) for p in params)
    for param, bound in zip(params, bounds, strict=True):
        context.env[param] = Fixed(ScalarValue(bound))
    return bounds


def _with_temps(command: Command) -> Command:
    reads, writes = code_vars(command.body)
    temps = {v.name: v for v in reads | writes if v.storage is Storage.TEMP}
    return replace(command, temps=tuple(sorted(temps.values(), key=lambda v: v.offset)))


def _covered(marks: tuple[MarkInfo, ...], commands: list[Command]) -> tuple[MarkInfo, ...]:
    """What constants and choices have folded away need not run in this design."""
    used = {s.mark for c in commands for s in statements(c.body) if isinstance(s, Mark)}
    return tuple(replace(m, covers=m.covers and n in used) for n, m in enumerate(marks))


def _labelled_asserts(commands: list[Command]) -> list[Property]:
    found: dict[str, Property] = {}
    for command in commands:
        for site in _sites((*command.body,)):
            if site.claim != "errors" and site.claim not in found:
                found[site.claim] = Property(site.claim, PropertyKind.ASSERT, site.span)
    return list(found.values())


def _sites(body: tuple[Stmt, ...]) -> Iterator[ErrorSite]:
    for stmt in statements(body):
        if isinstance(stmt, Assert):
            yield stmt.site
        for expr in expressions(stmt):
            for node in subexpressions(expr):
                if isinstance(node, Check | Require):
                    yield node.site
