"""Sorts of Z3 for the types of a family: a scalarset of any size is a sort with nothing known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import z3

from pinmc.engines.smt.anysize.erase import Family, is_open
from pinmc.engines.smt.script.terms import NotExpressible
from pinmc.ir.types import Agent, Bool, Optional, Range, Scalar, Scalarset, bounds, values

_MOST_VALUES = 64


class Sorts:
    """Open scalarsets, alone and optional; who holds a lock: an actor and its parameters.

    Everything else is a truth value or a whole number. Raises NotExpressible.
    """

    def __init__(self, family: Family, context: Any) -> None:
        self.context = context
        self._open: dict[str, Any] = {}
        self._options: dict[str, Any] = {}
        self.named: list[Any] = []
        self._members: dict[tuple[str, int], Any] = {}
        self._agents: Any = None
        self._actors = family.actors
        self.booleans = z3.BoolSort(context)
        self.numbers = z3.IntSort(context)

    def of(self, type_: Scalar) -> Any:
        match type_:
            case Bool():
                return self.booleans
            case Agent() | Optional(inner=Agent()):
                return self.agents
            case Scalarset() if is_open(type_):
                return self._sort(type_)
            case Optional(inner=Scalarset() as inner) if is_open(inner):
                return self.option(inner)
            case _:
                return self.numbers

    def _sort(self, type_: Scalarset) -> Any:
        key = f"{type_.name}{type_.uid}"
        if key not in self._open:
            self._open[key] = z3.DeclareSort(key, self.context)
            for n, name in enumerate(type_.named):
                self._members[key, n] = z3.Const(f"{key}.{name}", self._open[key])
            self.named.append(
                z3.Distinct(*(self._members[key, n] for n in range(len(type_.named))))
                if len(type_.named) > 1
                else z3.BoolVal(True, self.context)
            )
        return self._open[key]

    def option(self, type_: Scalarset) -> Any:
        inner = self._sort(type_)
        key = inner.name()
        if key not in self._options:
            made = z3.Datatype(f"{key}?", self.context)
            made.declare(f"no {key}")
            made.declare(f"some {key}", (f"the {key}", inner))
            self._options[key] = made.create()
        return self._options[key]

    @property
    def agents(self) -> Any:
        """Nobody, or one of the actors with its parameters' values."""
        if self._agents is None:
            made = z3.Datatype("holder", self.context)
            made.declare("nobody")
            for name, params in self._actors:
                parts = [(f"{name} {n}", self.of(param)) for n, param in enumerate(params)]
                made.declare(f"the {name}", *parts)
            self._agents = made.create()
        return self._agents

    def agent(self, actor: str, args: Sequence[Any]) -> Any:
        position = next(n for n, (name, _) in enumerate(self._actors) if name == actor)
        make = self.agents.constructor(position + 1)
        params = self._actors[position][1]
        return make(*(self.coerce(a, self.of(p)) for a, p in zip(args, params, strict=True)))

    def constant(self, value: int, type_: Scalar) -> Any:
        match type_:
            case Bool():
                return z3.BoolVal(bool(value), self.context)
            case Agent() | Optional(inner=Agent()):
                if value != -1:
                    raise NotExpressible("an actor instance is known by its number")
                return self.agents.constructor(0)()
            case Scalarset() if is_open(type_):
                return self._member(value, type_)
            case Optional(inner=Scalarset() as inner) if is_open(inner):
                option = self.option(inner)
                some = option.constructor(1)
                return option.constructor(0)() if value == -1 else some(self._member(value, inner))
            case _:
                return z3.IntVal(value, self.context)

    def _member(self, value: int, type_: Scalarset) -> Any:
        """The first member exists however many there are; of the others, only those with names."""
        sort = self._sort(type_)
        if value != 0 and value >= len(type_.named):
            raise NotExpressible(f"a member of {type_.name} is known by its number")
        key = sort.name(), value
        if key not in self._members:
            self._members[key] = z3.Const(f"first {sort.name()}", sort)
        return self._members[key]

    def coerce(self, value: Any, sort: Any) -> Any:
        """``value`` as one of ``sort``: optional or not, a number or a truth value."""
        own = value.sort()
        if own == sort:
            return value
        if sort == self.booleans and own == self.numbers:
            return value != 0
        if sort == self.numbers and own == self.booleans:
            return z3.If(value, self.constant(1, _NUMBER), self.constant(0, _NUMBER))
        for option in self._options.values():
            inner = option.accessor(1, 0).range()
            if sort == option and own == inner:
                return option.constructor(1)(value)
            if own == option and sort == inner:
                return option.accessor(1, 0)(value)
        raise NotExpressible(f"a {own} is used as a {sort}")

    def alike(self, one: Any, other: Any) -> tuple[Any, Any]:
        """Both as values of one sort."""
        if one.sort() == other.sort():
            return one, other
        if any(one.sort() == option for option in self._options.values()):
            return one, self.coerce(other, one.sort())
        if any(other.sort() == option for option in self._options.values()):
            return self.coerce(one, other.sort()), other
        return self.coerce(one, self.numbers), self.coerce(other, self.numbers)

    def finite(self, type_: Scalar) -> list[Any] | None:
        """All values of a type that has a known number of them; None for open ones."""
        if self.of(type_) not in (self.booleans, self.numbers):
            return None
        lo, hi = bounds(type_)
        if hi - lo >= _MOST_VALUES:
            raise NotExpressible(f"{type_} has too many values to be looked at one by one")
        return [self.constant(value, type_) for value in values(type_)]


_NUMBER = Range(0, 1)
