"""What one instance of a command does, as terms: when it is enabled, fails, and what it leaves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from typing import assert_never

from pinmc.base.records import dataclass
from pinmc.engines.smt.script.terms import TRUE, Term, and_, eq, ite, not_, number, or_
from pinmc.engines.smt.script.values import Cells, positions, value
from pinmc.ir.command import Command
from pinmc.ir.evaluate import slot
from pinmc.ir.execute import fresh_temps
from pinmc.ir.expr import Expr, Storage, Var
from pinmc.ir.stmt import Assert, Assign, Assume, For, If, Mark, Stmt, Unused
from pinmc.ir.types import Bool, bounds, values
from pinmc.passes.folding import fold, fold_body


@dataclass(frozen=True, slots=True)
class Effect:
    """``done``: the instance reaches a state, the one that ``state`` has the cells of.
    ``failed``: for each property, when the instance is a found error that counts under it."""

    done: Term
    state: tuple[Term, ...]
    failed: Mapping[str, Term]

    @property
    def enabled(self) -> Term:
        return or_(self.done, *self.failed.values())


def effect(
    command: Command,
    params: Mapping[str, Term],
    state: Sequence[Term],
    share: Callable[[Term], Term],
) -> Effect:
    """One instance of ``command`` in ``state``. Raises NotExpressible."""
    run = _Run(list(state), _temps(command.temps), params, share)
    if command.at is not None:
        counter, place = command.at.var, command.at.place
        index = [params[p.name] for p in command.params[: len(counter.dims)]]
        known = [term.known for term in index]
        run.alive = or_(
            *(
                and_(here, eq(state[at], number(place)))
                for here, at in positions(counter, index)
                if None in known or at == slot(counter, [k for k in known if k is not None])
            )
        )
    if run.alive.known != 0:
        run.assume(command.guard)
        run.all(fold_body(command.body))
    failed = {claim: or_(*terms) for claim, terms in run.failed.items()}
    return Effect(run.alive, tuple(run.state), failed)


def _temps(temps: Sequence[Var]) -> list[Term]:
    found = [number(v) for v in fresh_temps(temps)]
    for var in temps:
        if isinstance(var.type, Bool):
            for at in range(var.offset, len(found)):
                found[at] = eq(found[at], number(1))
    return found


@dataclass(slots=True)
class _Run:
    """A body in the middle of its execution. ``alive``: it has come this far."""

    state: list[Term]
    temps: list[Term]
    bound: Mapping[str, Term]
    share: Callable[[Term], Term]
    alive: Term = TRUE
    failed: dict[str, list[Term]] = field(default_factory=dict)

    def all(self, body: Sequence[Stmt]) -> None:
        for stmt in body:
            if self.alive.known == 0:
                return
            self._one(stmt)

    def assume(self, cond: Expr) -> None:
        holds = self._value(cond)
        self.alive = self.share(and_(self.alive, holds))

    def _one(self, stmt: Stmt) -> None:
        match stmt:
            case Assign():
                self._assign(stmt)
            case If(cond=cond, then=then, orelse=orelse):
                self._if(self._value(cond), then, orelse)
            case For(name=name, domain=domain, body=body):
                outside = self.bound
                for each in values(domain):
                    self.bound = {**outside, name: number(each)}
                    self.all(body)
                self.bound = outside
            case Assume(cond=cond):
                self.assume(cond)
            case Assert(cond=cond, site=site):
                holds = self._value(cond)
                self._fail(site.claim, not_(holds))
                self.alive = self.share(and_(self.alive, holds))
            case Unused(name=name, domain=domain):
                least = number(bounds(domain)[0])
                self.alive = and_(self.alive, eq(self.bound[name], least))
            case Mark():
                pass
            case _:
                assert_never(stmt)

    def _value(self, expr: Expr) -> Term:
        cells = Cells(self.state, self.temps, (), self.bound, self.share)
        found = value(fold(expr), cells)
        for claim, when in found.errors:
            self._fail(claim, when)
        if found.errors:
            self.alive = self.share(and_(self.alive, not_(found.failed)))
        return self.share(found.term)

    def _fail(self, claim: str, when: Term) -> None:
        here = and_(self.alive, when)
        if here.known != 0:
            self.failed.setdefault(claim, []).append(self.share(here))

    def _assign(self, stmt: Assign) -> None:
        index = [self._value(each) for each in stmt.index]
        new = self._value(stmt.value)
        vector = self.temps if stmt.var.storage is Storage.TEMP else self.state
        for here, at in positions(stmt.var, index):
            vector[at] = self.share(ite(here, new, vector[at]))

    def _if(self, cond: Term, then: Sequence[Stmt], orelse: Sequence[Stmt]) -> None:
        one, other = self._branch(cond, then), self._branch(not_(cond), orelse)
        for branch in (one, other):
            for claim, terms in branch.failed.items():
                self.failed.setdefault(claim, []).extend(terms)
        self.alive = self.share(or_(one.alive, other.alive))
        self.state = self._merged(cond, one.state, other.state)
        self.temps = self._merged(cond, one.temps, other.temps)

    def _branch(self, cond: Term, body: Sequence[Stmt]) -> _Run:
        alive = self.share(and_(self.alive, cond))
        branch = replace(
            self, state=list(self.state), temps=list(self.temps), alive=alive, failed={}
        )
        branch.all(body)
        return branch

    def _merged(self, cond: Term, one: Sequence[Term], other: Sequence[Term]) -> list[Term]:
        return [self.share(ite(cond, a, b)) for a, b in zip(one, other, strict=True)]
