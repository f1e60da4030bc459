"""What comes of trying to prove a property, and by which rung of the ladder."""

from __future__ import annotations

import enum

from pinmc.base.records import dataclass
from pinmc.engines.smt.certificate.write import Proof
from pinmc.engines.smt.proving.gaps import Gap


class Rung(enum.Enum):
    """The ways to prove, in the order in which they are tried."""

    LEMMAS = "lemmas"
    STEPS = "k-induction"
    SPACER = "Spacer"


@dataclass(frozen=True, slots=True)
class Outcome:
    """``proof`` if there is one, else ``reason``. ``gap``: where the last attempt at an induction
    over one step failed, after so many ``rounds`` of adding lemmas. ``rung``: what has found the
    proof: ``lemmas``, ``k-induction, k=3`` or ``Spacer``. ``refuted``: Z3 has found that the
    property does not hold. ``late``: there was not enough time."""

    proof: Proof | None
    reason: str = ""
    gap: Gap | None = None
    rounds: int = 0
    rung: str = ""
    refuted: bool = False
    late: bool = False
