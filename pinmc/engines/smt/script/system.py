"""A System as SMT-LIB2 definitions: its cells, its initial states, its steps, what may go wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import field

from pinmc.base.records import dataclass
from pinmc.engines.smt.script.execution import Effect, effect
from pinmc.engines.smt.script.terms import (
    FALSE,
    NotExpressible,
    Term,
    and_,
    as_bool,
    as_int,
    eq,
    not_,
    number,
    or_,
    symbol,
    truth,
    within,
)
from pinmc.engines.smt.script.values import Cells, value
from pinmc.ir.command import Command
from pinmc.ir.evaluate import slot
from pinmc.ir.execute import assignments, least_values
from pinmc.ir.expr import Expr, Var
from pinmc.ir.property import Property, PropertyKind
from pinmc.ir.system import System
from pinmc.ir.types import Bool, Int, Scalar, bounds, member_name, size
from pinmc.passes.folding import fold

INIT, STEP, ENABLED = "an initial state", "a step", "a step is possible"
"""Names with a space, which no cell without an index has."""

_MOST_INSTANCES = 256
"""A command with more instances has unknowns for its parameters, instead of a term for each."""

_LONG = 80
"""A term of more characters gets a name."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One slot of the state. Truth values are of sort Bool, everything else is an Int."""

    name: str
    type: Scalar

    @property
    def boolean(self) -> bool:
        return isinstance(self.type, Bool)

    @property
    def sort(self) -> str:
        return "Bool" if self.boolean else "Int"

    @property
    def term(self) -> Term:
        return symbol(self.name, self.boolean)

    @property
    def next(self) -> Term:
        return symbol(f"{self.name}'", self.boolean)

    @property
    def typed(self) -> Term:
        """Whether the cell holds a value of its type; an ``int`` always does."""
        if isinstance(self.type, Bool | Int):
            return truth(True)
        return within(self.term, *bounds(self.type))


def cells_of(system: System) -> list[Cell]:
    """The cells in the order of the state vector."""
    found: dict[int, Cell] = {}
    for var in system.variables:
        for index in assignments(var.dims):
            found[slot(var, index)] = Cell(_name(var, index), var.type)
    return [found[position] for position in sorted(found)]


def _name(var: Var, index: Sequence[int]) -> str:
    shown = ", ".join(member_name(d, i) for d, i in zip(var.dims, index, strict=True))
    return f"{var.name}[{shown}]" if shown else var.name


class Definitions:
    """The lines of a script; long terms get names as they are made. ``declared``: sorts by name."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.linear = True
        self.declared: dict[str, str] = {}
        self._shared: dict[str, Term] = {}

    def share(self, term: Term) -> Term:
        """The same term, by a name if it is long."""
        if len(term.text) <= _LONG or term.text.startswith("|"):
            return term
        if term.text not in self._shared:
            self._shared[term.text] = self.define(f"term {len(self._shared)}", term)
        return self._shared[term.text]

    def define(self, name: str, term: Term) -> Term:
        self.linear = self.linear and term.linear
        sort = "Bool" if term.boolean else "Int"
        self.lines.append(f"(define-fun |{name}| () {sort} {term.text})")
        return symbol(name, term.boolean)

    def declare(self, name: str, sort: str) -> None:
        self.declared[name] = sort
        self.lines.append(f"(declare-const |{name}| {sort})")

    def comment(self, text: str) -> None:
        self.lines += ["", f"; {' '.join(text.split())}"]


@dataclass(frozen=True, slots=True)
class Translated:
    """Names of what was defined: whether these are the cells of an initial state, of a step, of an
    enabled step, and of found errors by the property they count under. ``open``: commands whose
    parameters are unknowns, so that nothing can be said of all their instances."""

    init: Term
    step: Term
    enabled: Term
    failed: Mapping[str, Term]
    initial_failed: Mapping[str, Term]
    open: tuple[str, ...]


def translate(
    system: System, cells: Sequence[Cell], out: Definitions, free: Collection[str] = ()
) -> Translated:
    """Adds declarations and definitions to ``out``. Variables called one of ``free`` have any
    value in the beginning, as far as the initial command lets them. Raises NotExpressible."""
    out.comment("The state, and after a step.")
    for cell in cells:
        out.declare(cell.name, cell.sort)
    for cell in cells:
        out.declare(f"{cell.name}'", cell.sort)
    writer = _Writer(cells, out)
    least = least_values(system.variables, system.slots)
    unbound = _slots(system, free)
    start = tuple(
        cell.term if at in unbound else _value(cell, v)
        for at, (cell, v) in enumerate(zip(cells, least, strict=True))
    )
    first = [e for _, e in writer.instances(system.initial, start, "initial")]
    loose = and_(*(cells[at].typed for at in sorted(unbound)))
    init = [and_(loose, writer.reaches(one, primed=False)) for one in first]
    out.comment("Initial states.")
    made = out.define(INIT, or_(*init))
    here = tuple(cell.term for cell in cells)
    effects: list[Effect] = []
    steps: list[Term] = []
    for command in system.commands:
        for label, one in writer.instances(command, here, command.name):
            effects.append(one)
            steps.append(out.define(f"step {label}", writer.reaches(one, primed=True)))
    out.comment("The steps.")
    return Translated(
        made,
        out.define(STEP, or_(*steps)),
        out.define(ENABLED, or_(*(one.enabled for one in effects))),
        _failures(effects),
        _failures(first),
        tuple(writer.open),
    )


def _slots(system: System, names: Collection[str]) -> frozenset[int]:
    return frozenset(
        slot(var, index)
        for var in system.variables
        if var.name in names
        for index in assignments(var.dims)
    )


def _value(cell: Cell, given: int) -> Term:
    return truth(bool(given)) if cell.boolean else number(given)


def _failures(effects: Sequence[Effect]) -> dict[str, Term]:
    claims = dict.fromkeys(claim for one in effects for claim in one.failed)
    return {
        claim: or_(*(one.failed[claim] for one in effects if claim in one.failed))
        for claim in claims
    }


@dataclass(frozen=True, slots=True)
class _Writer:
    cells: Sequence[Cell]
    out: Definitions
    open: list[str] = field(default_factory=list)

    def instances(
        self, command: Command, state: Sequence[Term], name: str
    ) -> Iterator[tuple[str, Effect]]:
        """Every instance that may be enabled, with a name."""
        self.out.comment(name)
        for label, params, typed in self._params(command, name):
            one = effect(command, params, state, self.out.share)
            one = _guarded(one, typed)
            if one.enabled.known != 0:
                yield label, one

    def _params(self, command: Command, name: str) -> Iterator[tuple[str, dict[str, Term], Term]]:
        domains = [param.domain for param in command.params]
        count = 1
        for domain in domains:
            count *= size(domain)
        if count > _MOST_INSTANCES:
            yield self._unknown(command, name)
            return
        for args in assignments(domains):
            shown = ", ".join(member_name(d, a) for d, a in zip(domains, args, strict=True))
            label = f"{name}({shown})" if shown else name
            params = {
                param.name: _argument(param.domain, arg)
                for param, arg in zip(command.params, args, strict=True)
            }
            yield label, params, truth(True)

    def _unknown(self, command: Command, name: str) -> tuple[str, dict[str, Term], Term]:
        self.open.append(command.name)
        params: dict[str, Term] = {}
        typed = truth(True)
        for param in command.params:
            boolean = isinstance(param.domain, Bool)
            symbolic = f"choice {name} {param.name}"
            self.out.declare(symbolic, "Bool" if boolean else "Int")
            params[param.name] = symbol(symbolic, boolean)
            if not boolean:
                typed = and_(typed, within(params[param.name], *bounds(param.domain)))
        return name, params, typed

    def reaches(self, one: Effect, primed: bool) -> Term:
        """Whether the instance is enabled and the cells are as it leaves them."""
        moves = [
            eq(cell.next if primed else cell.term, as_sort(term, cell))
            for cell, term in zip(self.cells, one.state, strict=True)
        ]
        return and_(one.done, *moves)


def _argument(domain: Scalar, arg: int) -> Term:
    return truth(bool(arg)) if isinstance(domain, Bool) else number(arg)


def _guarded(one: Effect, typed: Term) -> Effect:
    failed = {claim: and_(typed, term) for claim, term in one.failed.items()}
    return Effect(and_(typed, one.done), one.state, failed)


def as_sort(term: Term, cell: Cell) -> Term:
    """The term in the sort of a cell."""
    return as_bool(term) if cell.boolean else as_int(term)


# --- what is claimed ---------------------------------------------------------------------------


def bad(system: System, prop: Property, cells: Sequence[Cell], made: Translated) -> Term:
    """When the state (or the step, or the step tried) goes against the property.

    Raises NotExpressible for properties that are no matter of states and steps.
    """
    match prop.kind:
        case PropertyKind.INVARIANT | PropertyKind.LEMMA:
            assert prop.expr is not None
            return against(prop.expr, cells)
        case PropertyKind.REACHABLE:
            assert prop.expr is not None
            return _meets(prop.expr, cells)
        case PropertyKind.STEP_INVARIANT:
            assert prop.expr is not None
            return and_(made.step, against(prop.expr, cells, primed=True))
        case PropertyKind.ERRORS | PropertyKind.ASSERT:
            return made.failed.get(prop.name, FALSE)
        case PropertyKind.DEADLOCK:
            return _deadlock(system, cells, made)
        case _:
            raise NotExpressible(f"a certificate for '{prop.kind.value}'")


def against(expr: Expr, cells: Sequence[Cell], primed: bool = False) -> Term:
    """When the claim is false, or evaluating it is a found error."""
    found = _claim(expr, cells, primed)
    return or_(found[1], not_(found[0]))


def _meets(expr: Expr, cells: Sequence[Cell]) -> Term:
    """When the goal is true, or evaluating it is a found error."""
    holds, failed = _claim(expr, cells, False)
    return or_(failed, holds)


def _claim(expr: Expr, cells: Sequence[Cell], primed: bool) -> tuple[Term, Term]:
    after = [cell.next for cell in cells] if primed else []
    found = value(fold(expr), Cells([cell.term for cell in cells], (), after))
    return as_bool(found.term), found.failed


def _deadlock(system: System, cells: Sequence[Cell], made: Translated) -> Term:
    """No step is possible and somebody is not at an end."""
    if made.open:
        raise NotExpressible(f"'deadlock' with so many instances of {made.open[0]}")
    waiting = []
    actors = {actor.name: actor for actor in system.actors}
    for agent in system.agents:
        actor = actors[agent.actor]
        counter = cells[slot(actor.counter, agent.args)].term
        ends = [eq(counter, number(p.index)) for p in actor.places if p.end]
        waiting.append(not_(or_(*ends)))
    return and_(not_(made.enabled), or_(*waiting))
