"""What is known of the extreme value of an expression, and of the values of a constant that are
safe."""

from __future__ import annotations

import enum
from collections.abc import Mapping

from pinmc.base.records import dataclass
from pinmc.results.result import Result


class Basis(enum.Enum):
    """Why no reachable state is beyond the bound. PROVED: an inductive invariant has none.
    EXPLORED: all reachable states were looked at. NONE: there is no bound that is known."""

    PROVED = "proved"
    EXPLORED = "explored"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Attained:
    """A run to a state with this ``value``, in the design in which the free constants are
    ``constants``. ``result`` has one property, reached or violated, with the run."""

    value: int
    constants: Mapping[str, int]
    result: Result


@dataclass(frozen=True, slots=True)
class Seen:
    """What exploration saw: ``value`` is the furthest, None if no state met the condition.
    ``complete``: these are all reachable ``states``. ``constants``: of the free ones."""

    value: int | None
    states: int
    complete: bool
    constants: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Extreme:
    """The least value, or the ``greatest``, in reachable states that meet the condition.

    ``basis`` tells whether ``value`` bounds it; ``empty`` that there is no such state instead.
    ``law``: with free constants, what bounds it as a function of them, for all their values;
    ``value`` is then over all of them, None if that is without bound. ``unbounded``: the invariant
    that was found has states with values beyond ``value``, which is no bound. ``reason``: why there
    is no bound.
    """

    greatest: bool
    basis: Basis
    value: int | None
    seen: tuple[Seen, ...]
    empty: bool = False
    law: str = ""
    unbounded: bool = False
    reason: str = ""
    lemmas: int = 0
    attained: Attained | None = None
    free: tuple[str, ...] = ()


class End(enum.Enum):
    """Why an interval of safe values ends where it does. UNPROVED: the value after it is not
    proved safe. VIOLATED: a run shows that it is not safe. OPEN: it does not end. LIMIT: the
    specification allows no value after it."""

    UNPROVED = "not proved"
    VIOLATED = "violated"
    OPEN = "open"
    LIMIT = "not allowed"


@dataclass(frozen=True, slots=True)
class Side:
    """``last`` is the last safe value on this side, None where it is open. ``properties`` are
    those that the value after it is not proved for, ``shown`` a run that violates one of them."""

    end: End
    last: int | None
    properties: tuple[str, ...] = ()
    shown: Attained | None = None


@dataclass(frozen=True, slots=True)
class Interval:
    """The values of the constant ``name`` around ``around`` for which the properties are proved.
    Without sides, ``reason`` says why they are not proved for ``around`` itself, and ``shown`` is a
    run that violates one of them."""

    name: str
    around: int
    properties: tuple[str, ...]
    below: Side | None = None
    above: Side | None = None
    reason: str = ""
    lemmas: int = 0
    shown: Attained | None = None


@dataclass(frozen=True, slots=True)
class BoundReport:
    """What is said of ``spec``, with the values of its ``constants``: of the ``objective`` where
    the ``conditions`` hold, as the user wrote them, or of the safe values of a constant."""

    spec: str
    constants: tuple[tuple[str, str], ...]
    answer: Extreme | Interval
    objective: str = ""
    conditions: tuple[str, ...] = ()
