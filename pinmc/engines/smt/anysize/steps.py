"""What a command's body does, as formulas: the values of all cells after it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias, assert_never

import z3

from pinmc.base.records import dataclass
from pinmc.engines.smt.anysize.formulas import Cells, Formulas, Passed, Scope, given
from pinmc.engines.smt.script.terms import NotExpressible
from pinmc.ir.command import Command
from pinmc.ir.expr import Bound, Expr, Read, Storage, Var
from pinmc.ir.stmt import Assert, Assign, Assume, For, If, Mark, Stmt, Unused
from pinmc.ir.types import Scalar, bounds
from pinmc.ir.walk import expressions, statements, subexpressions, writes

Store: TypeAlias = dict[str, Cells]


@dataclass(frozen=True, slots=True)
class Step:
    """A command that happens: ``facts`` hold then, ``after`` are the values it leads to.

    ``exact``: the facts are all there is; otherwise there may be fewer steps in truth.
    """

    name: str
    facts: tuple[Any, ...]
    after: Store
    exact: bool
    params: tuple[Any, ...] = ()


class Executor:
    """Runs bodies on formulas. Raises NotExpressible."""

    def __init__(self, formulas: Formulas, variables: Sequence[Var]) -> None:
        self._formulas = formulas
        self._sorts = formulas.sorts
        self._variables = variables
        self._true = z3.BoolVal(True, self._sorts.context)

    def now(self) -> Store:
        """The state before the step: a function for each variable."""
        return {var.name: self._function(var) for var in self._variables}

    def _function(self, var: Var) -> Cells:
        dims = [self._sorts.of(dim) for dim in var.dims]
        if not dims:
            constant = z3.Const(var.name, self._sorts.of(var.type))
            return lambda index: constant
        function = z3.Function(var.name, *dims, self._sorts.of(var.type))
        return lambda index: function(*index)

    def least(self, variables: Sequence[Var]) -> Store:
        found: Store = {}
        for var in variables:
            found[var.name] = _always(self._sorts.constant(_least(var.type), var.type))
        return found

    def run(self, command: Command, before: Store) -> Step:
        """The step of some instance of the command."""
        passed = Passed()
        params = [self._formulas.fresh(p.name, p.domain) for p in command.params]
        bound = {p.name: value for p, value in zip(command.params, params, strict=True)}
        facts = [
            self._formulas.within(value, p.domain)
            for p, value in zip(command.params, params, strict=True)
        ]
        passed.facts += [fact for fact in facts if fact is not None]
        if command.at is not None:
            counter = command.at.var
            index = [
                self._sorts.coerce(value, self._sorts.of(dim))
                for value, dim in zip(params, counter.dims, strict=False)
            ]
            passed.facts.append(before[counter.name](index) == command.at.place)
        store = {**before, **self.least(command.temps)}
        scope = Scope(store, bound, self._true, passed)
        passed.facts.append(self._formulas.truth(command.guard, scope))
        after = self._block(command.body, scope)
        return Step(command.name, tuple(passed.facts), after, passed.exact, tuple(params))

    def _block(self, body: Sequence[Stmt], scope: Scope) -> Store:
        store = dict(scope.values)
        for stmt in body:
            store = self._one(stmt, _on(scope, store))
        return store

    def _one(self, stmt: Stmt, scope: Scope) -> Store:
        match stmt:
            case Assign():
                return self._assign(stmt, scope)
            case If(cond=cond, then=then, orelse=orelse):
                test = self._formulas.truth(cond, scope)
                one = self._block(then, given(scope, test))
                other = self._block(orelse, given(scope, z3.Not(test)))
                return self._joined(test, one, other)
            case For():
                return self._for(stmt, scope)
            case Assume(cond=cond) | Assert(cond=cond):
                self._formulas.demand(self._formulas.truth(cond, scope), scope)
            case Mark():
                pass
            case Unused(name=name, domain=domain):
                least = self._sorts.constant(_least(domain), domain)
                self._formulas.demand(scope.bound[name] == least, scope)
            case _:
                assert_never(stmt)
        return dict(scope.values)

    def _joined(self, test: Any, one: Store, other: Store) -> Store:
        return {
            name: cells if cells is other[name] else _either(test, cells, other[name])
            for name, cells in one.items()
        }

    def _assign(self, stmt: Assign, scope: Scope) -> Store:
        index = [
            self._sorts.coerce(self._formulas.value(at, scope), self._sorts.of(dim))
            for at, dim in zip(stmt.index, stmt.var.dims, strict=True)
        ]
        value = self._formulas.value(stmt.value, scope)
        value = self._sorts.coerce(value, self._sorts.of(stmt.var.type))
        before = scope.values[stmt.var.name]
        return {**scope.values, stmt.var.name: _updated(before, index, value)}

    def _for(self, stmt: For, scope: Scope) -> Store:
        known = self._sorts.finite(stmt.domain)
        if known is None:
            return self._at_once(stmt, scope)
        store = dict(scope.values)
        for each in known:
            inner = _on(scope, store)
            store = self._block(stmt.body, _binding(inner, stmt.name, each))
        return store

    def _at_once(self, stmt: For, scope: Scope) -> Store:
        """Rounds that neither see nor overwrite what another one writes: all of them together."""
        places = {var.name: _own_place(stmt, var) for var in writes(stmt.body)}
        # What the body demands of each member is left out: once, to note it.
        probe = self._formulas.fresh(stmt.name, stmt.domain)
        self._block(stmt.body, _inside(_binding(scope, stmt.name, probe)))
        store = dict(scope.values)
        for name, place in places.items():
            store[name] = self._round(stmt, scope, name, place)
        return store

    def _round(self, stmt: For, scope: Scope, name: str, place: int) -> Cells:
        """A cell after the loop: what the round of its own index has left there."""

        def cells(index: Sequence[Any]) -> Any:
            inner = _inside(_binding(scope, stmt.name, index[place]))
            return self._block(stmt.body, inner)[name](index)

        return cells


def _own_place(stmt: For, var: Var) -> int:
    """Which index of ``var`` is the loop's own wherever the body reads or writes it."""
    wrong = NotExpressible(f"the rounds of a loop over {stmt.domain} share {var.name}")
    if var.storage is Storage.TEMP:
        raise wrong
    found = set(range(len(var.dims)))
    for each in _indices(stmt.body, var):
        found &= {n for n, at in enumerate(each) if at == Bound(stmt.name, stmt.domain)}
    if not found:
        raise wrong
    return min(found)


def _indices(body: Sequence[Stmt], var: Var) -> list[tuple[Expr, ...]]:
    found: list[tuple[Expr, ...]] = []
    for stmt in statements(body):
        if isinstance(stmt, Mark):
            continue
        if isinstance(stmt, Assign) and stmt.var == var:
            found.append(stmt.index)
        for expr in expressions(stmt):
            for node in subexpressions(expr):
                if isinstance(node, Read) and node.var == var:
                    found.append(node.index)
    return found


def _on(scope: Scope, store: Store) -> Scope:
    return Scope(store, scope.bound, scope.path, scope.passed, None, scope.inside)


def _binding(scope: Scope, name: str, value: Any) -> Scope:
    bound = {**scope.bound, name: value}
    return Scope(scope.values, bound, scope.path, scope.passed, None, scope.inside)


def _inside(scope: Scope) -> Scope:
    return Scope(scope.values, scope.bound, scope.path, scope.passed, None, True)


def _always(value: Any) -> Cells:
    return lambda index: value


def _updated(before: Cells, index: Sequence[Any], value: Any) -> Cells:
    def cells(at: Sequence[Any]) -> Any:
        same = [a == b for a, b in zip(at, index, strict=True) if not a.eq(b)]
        return z3.If(z3.And(*same), value, before(at)) if same else value

    return cells


def _either(test: Any, one: Cells, other: Cells) -> Cells:
    return lambda at: z3.If(test, one(at), other(at))


def _least(type_: Scalar) -> int:
    return bounds(type_)[0]
