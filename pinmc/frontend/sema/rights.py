"""What an expression may look at, by where it stands."""

from __future__ import annotations

import enum

from pinmc.base.records import dataclass


@dataclass(frozen=True, slots=True)
class Rights:
    """``what`` names the place in messages. ``state``: variables and locks; ``primes``: the next
    state; ``places``: ``at`` and the locals of actors; ``held``: an actor may be executing."""

    what: str
    state: bool = True
    primes: bool = False
    places: bool = False
    held: bool = False


CONSTANT = Rights("a constant expression", state=False)
INITIAL = Rights("an initial value", state=False)
INITIAL_WHERE = Rights("the 'where' of a variable")
CODE = Rights("code", held=True)
RULE = Rights("a rule")
INIT = Rights("the init block")
DEF = Rights("a def", places=True, held=True)
INVARIANT = Rights("an invariant", places=True)
STEP_INVARIANT = Rights("a step invariant", primes=True, places=True)


class Lead(enum.Enum):
    """Where a call with a value may stand: nowhere, as the whole, or at the front."""

    NO = "no"
    WHOLE = "whole"
    FRONT = "front"
