"""A schedule: which command instance ran at each step. What engines return instead of states."""

from __future__ import annotations

from pinmc.base.records import dataclass


@dataclass(frozen=True, slots=True)
class Move:
    """One step: the command's position in ``System.commands`` and its parameters' values."""

    command: int
    args: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Schedule:
    """``initial`` is the position in the list of initial states. ``ends_in_error`` tells that the
    last move (or, without moves, the initialisation) is a found error and reaches no state."""

    initial: int
    moves: tuple[Move, ...]
    ends_in_error: bool = False
