"""The cells that a lemma may speak of: variables under the indices a context gives them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from pinmc.engines.smt.mining.contexts import Context
from pinmc.ir.expr import AgentOf, Bound, Const, Expr, Read, Var
from pinmc.ir.system import Actor, System
from pinmc.ir.types import Agent, Bool, Enum, Optional, Range, Scalar, Scalarset, bounds, size

MOST_VALUES = 4
"""An index type without names is written out when it has at most so many values."""


def readings(system: System, var: Var, context: Context) -> list[Read]:
    """``var`` at every index made of the context's Bounds and of constants."""
    options = [choices(system, dim, context) for dim in var.dims]
    return [Read(var, index) for index in product(*options)]


def choices(system: System, type_: Scalar, context: Context) -> list[Expr]:
    """What a value of ``type_`` may be called within ``context``."""
    if isinstance(type_, Agent):
        return list(agents(system, context))
    found: list[Expr] = [bound for bound in context if bound.type == type_]
    return [*found, *constants(type_)]


def constants(type_: Scalar) -> list[Expr]:
    """The values of ``type_`` that have a name, or all of them where they are few."""
    match type_:
        case Scalarset(named=named):
            return [Const(value, type_) for value in range(len(named))]
        case Enum(members=members):
            return [Const(value, type_) for value in range(len(members))]
        case Bool():
            return [Const(0, type_), Const(1, type_)]
        case Range() if size(type_) <= MOST_VALUES:
            lo, hi = bounds(type_)
            return [Const(value, type_) for value in range(lo, hi + 1)]
        case _:
            return []


def agents(system: System, context: Context) -> Iterator[AgentOf]:
    """The actor instances that the context's Bounds name."""
    for actor in system.actors:
        yield from (agent(system, actor, index) for index in instances(system, actor, context))


def instances(system: System, actor: Actor, context: Context) -> list[tuple[Expr, ...]]:
    """The indices of an actor that the context's Bounds and constants make."""
    return list(product(*(choices(system, domain, context) for _, domain in actor.params)))


def agent(system: System, actor: Actor, index: tuple[Expr, ...]) -> AgentOf:
    domains = tuple(domain for _, domain in actor.params)
    return AgentOf(actor.name, actor.first_agent, index, domains, len(system.agents))


def mentioned(expr: Expr) -> frozenset[str]:
    """The names of the Bounds in an expression without quantifiers."""
    from pinmc.ir.walk import subexpressions

    return frozenset(node.name for node in subexpressions(expr) if isinstance(node, Bound))


def inner(type_: Scalar) -> Scalar:
    """The type without its ``none``."""
    return type_.inner if isinstance(type_, Optional) else type_
