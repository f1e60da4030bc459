"""The System: everything an engine or a report may know of one design of one specification."""

from __future__ import annotations

import enum
from typing import TypeAlias

from pinmc.base.records import dataclass
from pinmc.base.source import Span
from pinmc.ir.command import Command, Fairness
from pinmc.ir.expr import Expr, Var
from pinmc.ir.property import Expectation, Property, Witness
from pinmc.ir.types import Scalar


class WaitKind(enum.Enum):
    LOCK = "lock"
    LOCK_SHARED = "lock_shared"
    AWAIT = "await"
    GUARD = "guard"
    CHOOSE = "choose"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who may hold a lock: ``expr`` gives an optional Agent, or whether ``agent`` holds it."""

    expr: Expr
    agent: int | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Why an actor at a place may be blocked; expressions use the actor's parameters as Bounds.

    ``holders`` are those who can end a lock wait; ``reads`` the variables another wait hangs on.
    """

    kind: WaitKind
    text: str
    holders: tuple[Holder, ...] = ()
    reads: tuple[Var, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceInfo:
    """A place of an actor's code. ``end``: the actor may stay there for ever. ``labels`` are the
    names by which claims ask whether an actor is at this place, or at one of several."""

    index: int
    name: str
    span: Span
    end: bool = False
    waits: tuple[Wait, ...] = ()
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Actor:
    """A family of sequential processes; ``params`` are its index types, () for a single one.

    Its instances are agents ``first_agent`` … in row-major order of the parameters.
    """

    name: str
    shown: str
    params: tuple[tuple[str, Scalar], ...]
    counter: Var
    places: tuple[PlaceInfo, ...]
    first_agent: int
    fairness: Fairness
    dormant: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Agent:
    """One actor instance: ``args`` are its parameter values."""

    number: int
    actor: str
    args: tuple[int, ...]


class MarkKind(enum.Enum):
    """ACTION: a call of an action or rule; STEP: another statement that is a step; BRANCH: one
    side of a condition (coverage only, never shown in a trace); COST: something was spent, the
    one argument tells how much, which is never negative and never fails (no coverage)."""

    ACTION = "action"
    STEP = "step"
    BRANCH = "branch"
    COST = "cost"


@dataclass(frozen=True, slots=True)
class MarkInfo:
    """What a ``Mark`` stands for. ``name`` is the action's name in the specification, ``shown``
    the name for traces (its ``as`` text), ``params`` the argument names for ``Mark.args``.
    ``covers``: whether never executing it is reported as vacuous."""

    kind: MarkKind
    name: str
    shown: str
    params: tuple[str, ...]
    span: Span
    covers: bool = True


@dataclass(frozen=True, slots=True)
class CellShape:
    """A scalar: ``var`` at the indices collected on the way."""

    var: Var


@dataclass(frozen=True, slots=True)
class RecordShape:
    name: str
    fields: tuple[tuple[str, Shape], ...]


@dataclass(frozen=True, slots=True)
class OptionalShape:
    """An optional record: ``present`` is a Bool variable."""

    present: Var
    inner: Shape


@dataclass(frozen=True, slots=True)
class SetShape:
    """``members`` is a Bool variable whose last dimension is ``element``."""

    members: Var
    element: Scalar


@dataclass(frozen=True, slots=True)
class QueueShape:
    """``length`` counts; the cells of ``element`` have a last dimension 0..capacity-1, front 0."""

    length: Var
    capacity: int
    element: Shape


@dataclass(frozen=True, slots=True)
class ArrayShape:
    """``dims`` more indices before ``element``."""

    dims: tuple[Scalar, ...]
    element: Shape


@dataclass(frozen=True, slots=True)
class LockShape:
    """``writer``: optional Agent. ``readers`` and ``queued``: Bool over agents, for an rwlock."""

    writer: Var
    readers: Var | None = None
    queued: Var | None = None


Shape: TypeAlias = (
    CellShape | RecordShape | OptionalShape | SetShape | QueueShape | ArrayShape | LockShape
)


@dataclass(frozen=True, slots=True)
class View:
    """How a report shows a source variable. ``dims`` come before ``shape``'s own."""

    name: str
    dims: tuple[Scalar, ...]
    shape: Shape
    ghost: bool
    span: Span
    actor: str | None = None


@dataclass(frozen=True, slots=True)
class Constant:
    """A ``const`` or ``choice`` as it was fixed. ``options`` are the values of a choice."""

    name: str
    value: str
    is_choice: bool
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class System:
    """One design, ready to be explored or proved.

    The state is a vector of ``slots`` ints; ``variables`` say which slots are whose.
    ``initial`` is a command without ``at``: it is run on the vector of least values, once for
    each of its parameters' values; its outcomes, in that order and without repetition, are the
    initial states. ``costs`` are the names of what COST marks count.
    """

    name: str
    path: str
    constants: tuple[Constant, ...]
    variables: tuple[Var, ...]
    slots: int
    views: tuple[View, ...]
    actors: tuple[Actor, ...]
    agents: tuple[Agent, ...]
    initial: Command
    commands: tuple[Command, ...]
    properties: tuple[Property, ...]
    witnesses: tuple[Witness, ...]
    marks: tuple[MarkInfo, ...]
    expectations: tuple[Expectation, ...]
    costs: tuple[str, ...] = ()
