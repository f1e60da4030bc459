"""What lowering knows while it translates one piece of code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from typing import Protocol

from pinmc.base.diagnostics import Reporter
from pinmc.base.records import dataclass
from pinmc.base.source import Span
from pinmc.frontend.lower.cells import make_shape, scalar_type
from pinmc.frontend.lower.code import Names
from pinmc.frontend.lower.values import Value
from pinmc.frontend.sema import typed
from pinmc.frontend.sema.types import ArrayT, Type
from pinmc.ir import evaluate
from pinmc.ir.command import Fairness
from pinmc.ir.expr import Expr, Storage, Var
from pinmc.ir.system import (
    CellShape,
    LockShape,
    MarkInfo,
    MarkKind,
    Shape,
)
from pinmc.ir.types import Agent, Bool, Optional, Range, Scalar

MAX_CELLS = 1_000_000
_DEEPEST_SHARED_HOLD = 7


@dataclass(frozen=True, slots=True)
class Stored:
    """A local that lives in the state (or a temporary), at ``index``. ``trusted``: it always has
    a value where it can be named, so no check for ``unset`` is needed."""

    shape: Shape
    index: tuple[Expr, ...]
    trusted: bool


@dataclass(frozen=True, slots=True)
class Fixed:
    """A local that stands for a value: a parameter, a bound variable, an unrolled loop's."""

    value: Value


class Places(Protocol):
    """What properties may ask of actors' code; known once all actors are lowered."""

    def at(self, actor: typed.Actor, label: str) -> tuple[Var, tuple[int, ...]]: ...

    def local(self, actor: typed.Actor, local: typed.Local) -> Shape | None: ...


class Cells:
    """All variables of the System, made when first used: what nobody uses costs no state."""

    def __init__(self, agents: int) -> None:
        self.agents = agents
        self._vars: dict[str, Var] = {}
        self._shapes: dict[object, Shape] = {}
        self._names: dict[str, int] = {}

    def unique(self, name: str) -> str:
        number = self._names.get(name, 0) + 1
        self._names[name] = number
        return name if number == 1 else f"{name}~{number}"

    def add(self, var: Var) -> Var:
        self._vars[var.name] = var
        return var

    def variable(self, variable: typed.Variable) -> Shape:
        if variable not in self._shapes:
            storage = Storage.GHOST if variable.ghost else Storage.SHARED
            type_: Type = ArrayT(variable.dims, variable.type) if variable.dims else variable.type
            unset = variable.init is None and not variable.any
            self._shapes[variable] = self._make(variable.name, type_, storage, unset)
        return self._shapes[variable]

    def is_used(self, symbol: object) -> bool:
        return symbol in self._shapes

    def _make(self, name: str, type_: Type, storage: Storage, unset: bool) -> Shape:
        def make(cell: str, scalar: Scalar, dims: tuple[Scalar, ...]) -> Var:
            return self.add(Var(self.unique(cell), scalar, dims, storage))

        return make_shape(name, type_, (), make, unset)

    def lock(self, lock: typed.Lock) -> LockShape:
        if lock not in self._shapes:
            self._shapes[lock] = self._make_lock(lock)
        shape = self._shapes[lock]
        assert isinstance(shape, LockShape)
        return shape

    def _make_lock(self, lock: typed.Lock) -> LockShape:
        dims = tuple(scalar_type(d) for d in lock.dims)
        agent = Agent(max(1, self.agents))

        def make(suffix: str, type_: Scalar, more: tuple[Scalar, ...] = ()) -> Var:
            name = self.unique(f"{lock.name}{suffix}")
            return self.add(Var(name, type_, (*dims, *more), Storage.LOCK))

        writer = make("", Optional(agent))
        if not lock.rw:
            return LockShape(writer)
        readers = make(".readers", Range(0, _DEEPEST_SHARED_HOLD), (agent,))
        queued = None if lock.unfair else make(".queued", Bool(), (agent,))
        return LockShape(writer, readers, queued)

    def local(
        self, actor: str, name: str, type_: Type, dims: tuple[Scalar, ...], unset: bool = True
    ) -> Shape:
        """Cells for a local of every instance of ``actor``."""

        def make(cell: str, scalar: Scalar, all_dims: tuple[Scalar, ...]) -> Var:
            unique = self.unique(f"{actor}.{cell}")
            return self.add(Var(unique, scalar, all_dims, Storage.LOCAL, actor=actor))

        return make_shape(name, type_, dims, make, unset)

    def all(self) -> Iterator[Var]:
        return iter(self._vars.values())


class Marks:
    """The table behind ``System.marks``; the same place in the source is one mark."""

    def __init__(self) -> None:
        self._found: dict[tuple[MarkKind, str, Span], int] = {}
        self._infos: list[MarkInfo] = []
        self._fairness: dict[int, Fairness] = {}

    def get(
        self,
        kind: MarkKind,
        name: str,
        shown: str,
        params: tuple[str, ...],
        span: Span,
        covers: bool = True,
    ) -> int:
        key = (kind, name, span)
        if key not in self._found:
            self._found[key] = len(self._infos)
            self._infos.append(MarkInfo(kind, name, shown, params, span, covers))
        return self._found[key]

    def set_fairness(self, mark: int, fairness: Fairness) -> None:
        """A step in which a fair action is called is a fair step."""
        self._fairness[mark] = fairness

    def fairness(self, mark: int) -> Fairness:
        return self._fairness.get(mark, Fairness.NONE)

    def all(self) -> tuple[MarkInfo, ...]:
        return tuple(self._infos)


@dataclass(slots=True)
class Context:
    """One actor's, rule's, property's or initialiser's code.

    ``me`` is the acting instance's number, None where nobody acts. ``results`` holds the values
    of calls that were lowered before the condition they occur in.
    """

    cells: Cells
    marks: Marks
    reporter: Reporter
    names: Names
    me: Expr | None = None
    places: Places | None = None
    env: dict[typed.Local, Stored | Fixed] = field(default_factory=dict)
    results: dict[typed.CallValue, Value] = field(default_factory=dict)
    temps: list[Var] = field(default_factory=list)
    primed: bool = False

    def make_temp(self, name: str, type_: Scalar, dims: tuple[Scalar, ...]) -> Var:
        offset = sum(evaluate.cells(temp) for temp in self.temps)
        var = Var(self.names.fresh(f"temp {name}"), type_, dims, Storage.TEMP, offset)
        self.temps.append(var)
        return var

    def temp(self, local: typed.Local) -> Shape:
        """A temporary of the command for an action's local."""
        return make_shape(local.name, local.type, (), self.make_temp, True)


def one_cell(shape: Shape) -> Var:
    assert isinstance(shape, CellShape)
    return shape.var
