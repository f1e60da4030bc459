"""Is a System well formed? Lowering's mistakes are found here rather than deep in an engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace

from pinmc.base.records import dataclass
from pinmc.ir.command import Command
from pinmc.ir.evaluate import cells
from pinmc.ir.expr import (
    LOGICAL,
    AgentOf,
    Binary,
    Bound,
    Expr,
    Ite,
    Quant,
    QuantKind,
    Read,
    Require,
    Storage,
    Unary,
    UnOp,
    Var,
    children,
    type_of,
)
from pinmc.ir.property import Formula, Property, PropertyKind, Temporal
from pinmc.ir.stmt import Assert, Assign, Assume, For, If, Mark, Stmt, Unused
from pinmc.ir.system import Actor, System
from pinmc.ir.types import Bool, Int, Place, Scalar
from pinmc.ir.walk import expressions


def verify(system: System) -> list[str]:
    """What is wrong with the System's structure, one sentence each; empty when nothing is."""
    found = [
        *_unique("variable", (var.name for var in system.variables)),
        *_unique("command", (command.name for command in system.commands)),
        *_unique("actor", (actor.name for actor in system.actors)),
        *_unique("property", (prop.name for prop in system.properties)),
        *_layout(system.variables, system.slots, "variable"),
        *_agents(system),
    ]
    known = {var.name: var for var in system.variables}
    for actor in system.actors:
        found += _actor(actor, known)
    for command in (system.initial, *system.commands):
        found += _command(command, system, known)
    for prop in system.properties:
        found += _property(prop, system, known)
    found += _references(system, known)
    return found


def _unique(what: str, names: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield f"{what} {name}: the name is used twice"
        seen.add(name)


def _layout(variables: Sequence[Var], slots: int, what: str) -> Iterator[str]:
    owner: dict[int, str] = {}
    for var in variables:
        if any(isinstance(dim, Int) for dim in var.dims):
            yield f"{what} {var.name}: a dimension is not finite"
            continue
        if var.offset < 0 or var.offset + cells(var) > slots:
            yield f"{what} {var.name}: its cells are outside 0..{slots - 1}"
            continue
        taken = {owner[at] for at in range(var.offset, var.offset + cells(var)) if at in owner}
        yield from (f"{what} {var.name}: shares cells with {name}" for name in sorted(taken))
        owner.update(dict.fromkeys(range(var.offset, var.offset + cells(var)), var.name))
    if what == "variable" and len(owner) < slots:
        yield f"{slots - len(owner)} of {slots} slots belong to no variable"


def _agents(system: System) -> Iterator[str]:
    for position, agent in enumerate(system.agents):
        if agent.number != position:
            yield f"agent {agent.actor}{list(agent.args)}: numbered {agent.number} at {position}"
    number = 0
    for actor in system.actors:
        if actor.first_agent != number:
            yield f"actor {actor.name}: its agents begin at {number}, not {actor.first_agent}"
        count = cells(actor.counter)
        own = system.agents[number : number + count]
        if len(own) != count or any(agent.actor != actor.name for agent in own):
            yield f"actor {actor.name}: agents {number}..{number + count - 1} are not all its own"
        number += count
    if number != len(system.agents):
        yield f"{len(system.agents)} agents, but the actors have {number} instances"


def _actor(actor: Actor, known: Mapping[str, Var]) -> Iterator[str]:
    counter = actor.counter
    if known.get(counter.name) != counter:
        yield f"actor {actor.name}: its counter {counter.name} is no variable of the system"
    if counter.dims != tuple(domain for _, domain in actor.params):
        yield f"actor {actor.name}: its counter's dimensions are not its parameters"
    if not isinstance(counter.type, Place) or counter.type.count != len(actor.places):
        yield f"actor {actor.name}: {len(actor.places)} places, but a counter of {counter.type}"
    if [place.index for place in actor.places] != list(range(len(actor.places))):
        yield f"actor {actor.name}: its places are not numbered in order"


@dataclass(frozen=True, slots=True)
class _Scope:
    """What an expression may mention; problems are added to ``found``."""

    where: str
    cells: Mapping[str, Var]
    bound: Mapping[str, Scalar]
    primes: bool = False
    found: list[str] = field(default_factory=list)

    def bind(self, name: str, domain: Scalar) -> _Scope:
        if name in self.bound:
            self.say(f"{name} is bound twice")
        if isinstance(domain, Int):
            self.say(f"{name} ranges over all of int")
        return replace(self, bound={**self.bound, name: domain})

    def say(self, text: str) -> None:
        self.found.append(f"{self.where}: {text}")


def _command(command: Command, system: System, known: Mapping[str, Var]) -> list[str]:
    where = f"command {command.name}"
    temps = {temp.name: temp for temp in command.temps}
    params = {param.name: param.domain for param in command.params}
    scope = _Scope(where, {**known, **temps}, params)
    scope.found.extend(_unique(f"{where}: parameter", (p.name for p in command.params)))
    scope.found.extend(_unique(f"{where}: temporary", (t.name for t in command.temps)))
    slots = max((temp.offset + cells(temp) for temp in command.temps), default=0)
    scope.found.extend(_layout(command.temps, slots, f"{where}: temporary"))
    if any(temp.storage is not Storage.TEMP for temp in command.temps):
        scope.say("a temporary is not of storage TEMP")
    if command.at is not None:
        _at(command, system, scope)
    _condition(command.guard, scope)
    _body(command.body, scope, len(system.marks))
    return scope.found


def _at(command: Command, system: System, scope: _Scope) -> None:
    assert command.at is not None
    counter, place = command.at.var, command.at.place
    actor = next((a for a in system.actors if a.counter == counter), None)
    if command is system.initial:
        scope.say("the initial command has a place")
    if actor is None:
        return scope.say(f"{counter.name} is no actor's counter")
    if actor.name != command.actor:
        scope.say(f"is of {command.actor} but at a place of {actor.name}")
    if not 0 <= place < len(actor.places):
        scope.say(f"place {place} of {actor.name} does not exist")
    if tuple(p.domain for p in command.params[: len(counter.dims)]) != counter.dims:
        scope.say(f"its first parameters are not the indices of {counter.name}")


def _body(body: Sequence[Stmt], scope: _Scope, marks: int) -> None:
    for stmt in body:
        _statement(stmt, scope, marks)


def _statement(stmt: Stmt, scope: _Scope, marks: int) -> None:
    match stmt:
        case If(cond=cond, then=then, orelse=orelse):
            _condition(cond, scope)
            _body(then, scope, marks)
            _body(orelse, scope, marks)
        case For(name=name, domain=domain, body=body):
            _body(body, scope.bind(name, domain), marks)
        case Assume(cond=cond) | Assert(cond=cond):
            _condition(cond, scope)
        case Assign(var=var, index=index, value=value):
            _expression(Read(var, index), scope)
            _expression(value, scope)
            if isinstance(var.type, Bool) != isinstance(type_of(value), Bool):
                scope.say(f"{var.name} of {var.type} is given a {type_of(value)}")
        case Unused(name=name, domain=domain):
            if scope.bound.get(name) != domain:
                scope.say(f"unused {name} is no parameter of {domain}")
        case Mark(mark=mark):
            if not 0 <= mark < marks:
                scope.say(f"mark {mark} does not exist")
            for expr in expressions(stmt):
                _expression(expr, scope)


def _condition(expr: Expr, scope: _Scope) -> None:
    _expression(expr, scope)
    if not isinstance(type_of(expr), Bool):
        scope.say(f"a condition is a {type_of(expr)}")


def _expression(expr: Expr, scope: _Scope) -> None:
    match expr:
        case Bound(name=name, type=type_):
            if name not in scope.bound:
                scope.say(f"{name} is not bound here")
            elif scope.bound[name] != type_:
                scope.say(f"{name} is a {scope.bound[name]}, not a {type_}")
        case Read():
            _read(expr, scope)
        case AgentOf(args=args, domains=domains):
            if len(args) != len(domains):
                scope.say(f"agent of {expr.actor} has {len(args)} arguments")
        case Quant(name=name, domain=domain, body=body):
            inner = scope.bind(name, domain)
            truth = expr.kind in (QuantKind.FORALL, QuantKind.EXISTS)
            return _condition(body, inner) if truth else _expression(body, inner)
    for condition in _conditions(expr):
        if not isinstance(type_of(condition), Bool):
            scope.say(f"a {type_of(condition)} where a condition is wanted")
    for child in children(expr):
        _expression(child, scope)


def _conditions(expr: Expr) -> tuple[Expr, ...]:
    match expr:
        case Unary(op=UnOp.NOT, operand=operand):
            return (operand,)
        case Binary(op=op, left=left, right=right) if op in LOGICAL:
            return (left, right)
        case Ite(cond=cond) | Require(cond=cond):
            return (cond,)
        case _:
            return ()


def _read(read: Read, scope: _Scope) -> None:
    name = read.var.name
    var = scope.cells.get(name)
    if var is None:
        return scope.say(f"{name} is no variable here")
    if var != read.var or var.offset != read.var.offset:
        scope.say(f"{name} is not as it was declared")
    if len(read.index) != len(var.dims):
        scope.say(f"{name} has {len(var.dims)} dimensions and {len(read.index)} indices")
    if read.primed and not scope.primes:
        scope.say(f"{name}' is read outside a step invariant")


_CLAIMS = (
    PropertyKind.INVARIANT,
    PropertyKind.STEP_INVARIANT,
    PropertyKind.REACHABLE,
    PropertyKind.LEMMA,
)


def _property(prop: Property, system: System, known: Mapping[str, Var]) -> list[str]:
    scope = _Scope(f"property {prop.name}", known, {}, prop.kind is PropertyKind.STEP_INVARIANT)
    if (prop.expr is not None) != (prop.kind in _CLAIMS):
        scope.say(f"a {prop.kind.value} with{'out' if prop.expr is None else ''} an expression")
    if (prop.formula is not None) != (prop.kind is PropertyKind.TEMPORAL):
        scope.say(f"a {prop.kind.value} with{'out' if prop.formula is None else ''} a formula")
    if prop.expr is not None:
        _condition(prop.expr, scope)
    if prop.formula is not None:
        _formula(prop.formula, scope)
    if prop.actor is not None and prop.actor not in {actor.name for actor in system.actors}:
        scope.say(f"{prop.actor} is no actor")
    for clause in prop.clauses:
        inner = scope
        for name, domain in clause.binders:
            inner = inner.bind(name, domain)
        _condition(clause.expr, inner)
        for term in clause.terms:
            _expression(term.expr, inner)
    return scope.found


def _formula(formula: Formula, scope: _Scope) -> None:
    if not isinstance(formula, Temporal):
        return _condition(formula, scope)
    for part in formula.operands:
        _formula(part, scope)


def _references(system: System, known: Mapping[str, Var]) -> list[str]:
    names = {prop.name for prop in system.properties}
    found = [
        f"expectation of {expected.property}: there is no such property"
        for expected in system.expectations
        if expected.property not in names
    ]
    for witness in system.witnesses:
        of = next((p for p in system.properties if p.name == witness.property), None)
        if of is None:
            found.append(f"witness of {witness.property}: there is no such property")
        scope = _Scope(f"witness of {witness.property}", known, {}, found=found)
        _condition(witness.expr, scope)
    return found
