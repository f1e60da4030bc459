"""The graph of an actor's code: nodes, and what surrounds a statement while it is built."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field

from pinmc.base.records import dataclass
from pinmc.base.source import Span
from pinmc.frontend.lower.code import Code
from pinmc.frontend.lower.values import Value
from pinmc.frontend.sema import typed
from pinmc.ir.command import Fairness
from pinmc.ir.system import Shape, Wait


@dataclass(eq=False, slots=True)
class Node:
    """``alternatives`` are the ways to leave it, each ending in Gotos. Of a ``fork`` they are the
    entries of its branches, whose first steps belong to this place."""

    span: Span
    step: bool
    alternatives: list[Code] = field(default_factory=list)
    fork: bool = False
    finish: bool = False
    waits: tuple[Wait, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """A label, ``end`` or fairness put on the first step of a statement."""

    label: str | None
    end: bool
    fairness: Fairness
    node: Node
    span: Span


@dataclass(slots=True)
class Scope:
    stored: list[tuple[typed.Local, Shape]]


@dataclass(frozen=True, slots=True)
class Loop:
    after: Node
    again: Node
    depth: int


@dataclass(frozen=True, slots=True)
class Frame:
    after: Node
    result: Callable[[Value | None], Code]
    depth: int
