"""A system without the sizes of some scalarsets, to see whether anything else depends on them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

from pinmc.base.records import dataclass
from pinmc.engines.smt.script.terms import NotExpressible
from pinmc.ir.command import Command
from pinmc.ir.expr import AgentOf, Binary, BinOp, Check, Const, ErrorSite, Expr, Var, type_of
from pinmc.ir.property import Property, PropertyKind
from pinmc.ir.system import Actor, System
from pinmc.ir.types import Agent, Optional, Scalarset

SIZELESS = 0
"""The size of a scalarset, and the number of actor instances, that is left open."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a property says, without what reports need."""

    name: str
    kind: PropertyKind
    expr: Expr | None


@dataclass(frozen=True, slots=True)
class Family:
    """The systems that differ in the sizes of the scalarsets ``any_size`` alone, as one."""

    any_size: frozenset[str]
    variables: tuple[Var, ...]
    actors: tuple[tuple[str, tuple[Any, ...]], ...]
    initial: Command
    commands: tuple[Command, ...]
    claims: tuple[Claimed, ...]


def family(systems: Sequence[System], any_size: Collection[str]) -> Family:
    """What the systems have in common. Raises NotExpressible unless it is everything."""
    names = frozenset(any_size)
    made = [_family(system, names) for system in systems]
    first = made[0]
    for other in made[1:]:
        for part in fields(Family):
            if getattr(first, part.name) != getattr(other, part.name):
                who = " and ".join(sorted(names))
                raise NotExpressible(f"the {part.name} depend on how many {who} there are")
    return first


def _family(system: System, names: frozenset[str]) -> Family:
    return Family(
        names,
        tuple(erased(var, names) for var in system.variables),
        tuple(_actor(actor, names) for actor in system.actors),
        _command(system.initial, names),
        tuple(_command(command, names) for command in system.commands),
        tuple(_claim(prop, names) for prop in system.properties),
    )


def _actor(actor: Actor, names: frozenset[str]) -> tuple[str, tuple[Any, ...]]:
    return actor.name, tuple(erased(domain, names) for _, domain in actor.params)


def _claim(prop: Property, names: frozenset[str]) -> Claimed:
    return Claimed(prop.name, prop.kind, erased(prop.expr, names))


def _command(command: Command, names: frozenset[str]) -> Command:
    made: Command = erased(command, names)
    return made


def erased(node: Any, names: Collection[str]) -> Any:
    """``node`` of the intermediate representation, the sizes of the scalarsets ``names`` and the
    numbers of actor instances, which hang on them, replaced by ``SIZELESS``."""
    match node:
        case Scalarset(name=name):
            return replace(node, size=SIZELESS) if name in names else node
        case Agent():
            return Agent(SIZELESS)
        case ErrorSite():
            return replace(node, text="")
        case tuple():
            return tuple(erased(each, names) for each in node)
        case Binary():
            member = _membership(node, names)
            if member is not None:
                return erased(member, names)
    if not is_dataclass(node) or isinstance(node, type):
        return node
    made: Any = type(node)(**{f.name: erased(getattr(node, f.name), names) for f in fields(node)})
    if isinstance(made, AgentOf):
        return replace(made, base=0, count=SIZELESS)
    if isinstance(made, Check) and is_open(made.type):
        return replace(made, lo=0, hi=SIZELESS)
    return made


def _membership(expr: Binary, names: Collection[str]) -> Expr | None:
    """``0 <= x and x <= last`` of an optional member says that there is one."""
    match expr:
        case Binary(
            BinOp.AND,
            Binary(BinOp.GE, one, Const(value=0)),
            Binary(BinOp.LE, other, Const(value=last)),
        ) if one == other:
            match type_of(one):
                case Optional(inner=Scalarset(name=name, size=size)) as found if (
                    name in names and last == size - 1
                ):
                    return Binary(BinOp.NE, one, Const(-1, found))
    return None


def is_open(type_: Any) -> bool:
    """Whether the type is a scalarset of any size, or that of actor instances."""
    return (isinstance(type_, Scalarset) and type_.size == SIZELESS) or isinstance(type_, Agent)
