"""What a command instance does, as terms over one state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from typing import Any, assert_never

import z3

from pinmc.base.records import dataclass
from pinmc.engines.smt.bounded.values import Scope, condition, places, value
from pinmc.engines.smt.bounded.words import Num, choose, constant
from pinmc.ir.command import Command
from pinmc.ir.evaluate import slot
from pinmc.ir.execute import fresh_temps
from pinmc.ir.expr import Const, ErrorSite, Expr, Storage
from pinmc.ir.stmt import Assert, Assign, Assume, For, If, Mark, Stmt, Unused
from pinmc.ir.types import bounds, values
from pinmc.ir.walk import substitute, substitute_body
from pinmc.passes.folding import fold, fold_body


@dataclass(frozen=True, slots=True)
class Instance:
    """Command ``number`` with ``args``. ``done``: it reaches a state, in which the slots of
    ``written`` have new numbers. ``failed``: by claim, when it is a found error."""

    number: int
    args: tuple[int, ...]
    done: Any
    written: dict[int, Num]
    failed: dict[str, Any]

    @property
    def enabled(self) -> Any:
        return z3.Or(self.done, *self.failed.values())


def instance(
    number: int, command: Command, args: tuple[int, ...], state: Sequence[Num]
) -> Instance:
    """Raises Unsupported."""
    known = {p.name: Const(a, p.domain) for p, a in zip(command.params, args, strict=True)}
    run = _Run(list(state), [constant(v) for v in fresh_temps(command.temps)], known)
    if command.at is not None:
        counter = command.at.var
        here = state[slot(counter, args[: len(counter.dims)])]
        run.alive = number_is(here, command.at.place)
    run.assume(substitute(command.guard, known))
    run.all(fold_body(substitute_body(command.body, known)))
    written = {
        at: new
        for at, (new, old) in enumerate(zip(run.state, state, strict=True))
        if new is not old
    }
    failed = {claim: z3.simplify(z3.Or(terms)) for claim, terms in run.failed.items()}
    failed = {claim: term for claim, term in failed.items() if not z3.is_false(term)}
    return Instance(number, args, z3.simplify(run.alive), written, failed)


def number_is(of: Num, value_: int) -> Any:
    if of.known is not None:
        return z3.BoolVal(of.known == value_)
    return of.term == value_


@dataclass(slots=True)
class _Run:
    """A body in the middle of its execution. ``alive``: it has come this far."""

    state: list[Num]
    temps: list[Num]
    known: dict[str, Const]
    alive: Any = field(default_factory=lambda: z3.BoolVal(True))
    failed: dict[str, list[Any]] = field(default_factory=dict)

    def assume(self, cond: Expr) -> None:
        holds = self._condition(fold(cond))  # may end it by an error
        self.alive = z3.And(self.alive, holds)

    def all(self, body: Sequence[Stmt]) -> None:
        for stmt in body:
            self._one(stmt)

    def _one(self, stmt: Stmt) -> None:
        match stmt:
            case Assign():
                self._assign(stmt)
            case If(cond=cond, then=then, orelse=orelse):
                self._if(self._condition(cond), then, orelse)
            case For(name=name, domain=domain, body=body):
                for each in values(domain):
                    by = {name: Const(each, domain)}
                    self.all(fold_body(substitute_body(body, by)))
            case Assume(cond=cond):
                self.assume(cond)
            case Assert(cond=cond, site=site):
                holds = self._condition(cond)
                self._fail(site, z3.And(self.alive, z3.Not(holds)))
                self.alive = z3.And(self.alive, holds)
            case Unused(name=name, domain=domain):
                if self.known[name].value != bounds(domain)[0]:
                    self.alive = z3.BoolVal(False)
            case Mark():
                pass
            case _:
                assert_never(stmt)

    def _scope(self, errors: list[tuple[ErrorSite, Any]]) -> Scope:
        def fail(site: ErrorSite, when: Any) -> None:
            errors.append((site, when))

        return Scope(self.state, self.temps, (), {}, fail)

    def _note(self, errors: list[tuple[ErrorSite, Any]]) -> None:
        """The first error met is the one that counts; from then on nothing is done."""
        for site, when in errors:
            self._fail(site, z3.And(self.alive, when))
            self.alive = z3.And(self.alive, z3.Not(when))

    def _condition(self, cond: Expr) -> Any:
        errors: list[tuple[ErrorSite, Any]] = []
        found = condition(cond, self._scope(errors))
        self._note(errors)
        return found

    def _value(self, expr: Expr) -> Num:
        errors: list[tuple[ErrorSite, Any]] = []
        found = value(expr, self._scope(errors))
        self._note(errors)
        return found

    def _fail(self, site: ErrorSite, when: Any) -> None:
        self.failed.setdefault(site.claim, []).append(when)

    def _assign(self, stmt: Assign) -> None:
        index = [self._value(each) for each in stmt.index]
        new = self._value(stmt.value)
        vector = self.temps if stmt.var.storage is Storage.TEMP else self.state
        for where, at in places(stmt.var, index):
            vector[at] = choose(where, new, vector[at])

    def _if(self, cond: Any, then: Sequence[Stmt], orelse: Sequence[Stmt]) -> None:
        cond = z3.simplify(cond)
        if z3.is_true(cond) or z3.is_false(cond):
            self.all(then if z3.is_true(cond) else orelse)
            return
        one, other = self._branch(cond, then), self._branch(z3.Not(cond), orelse)
        for branch in (one, other):
            for claim, terms in branch.failed.items():
                self.failed.setdefault(claim, []).extend(terms)
        self.alive = z3.Or(one.alive, other.alive)
        self.state = _merged(cond, one.state, other.state)
        self.temps = _merged(cond, one.temps, other.temps)

    def _branch(self, cond: Any, body: Sequence[Stmt]) -> _Run:
        branch = _Run(list(self.state), list(self.temps), self.known, z3.And(self.alive, cond), {})
        branch.all(body)
        return branch


def _merged(cond: Any, one: Sequence[Num], other: Sequence[Num]) -> list[Num]:
    return [a if a is b else choose(cond, a, b) for a, b in zip(one, other, strict=True)]
