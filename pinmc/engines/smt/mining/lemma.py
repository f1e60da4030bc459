"""A lemma that might help a proof: what it says, how to write it down, and where it is from."""

from __future__ import annotations

import enum

from pinmc.base.records import dataclass
from pinmc.ir.expr import Expr


class Origin(enum.Enum):
    """How a candidate was found, the most useful kinds first."""

    AFFINE = "affine"
    BOUND = "bound"
    IMPLICATION = "implication"
    EXCLUSION = "exclusion"
    DIFFERENCE = "difference"
    CONDITIONAL = "conditional bound"
    SUM = "weighted sum"


@dataclass(frozen=True, slots=True)
class Lemma:
    """``expr`` is a truth value over one state. ``text`` is what a ``lemma`` declaration would say
    after its colon; ``obstacle`` tells why it cannot be pasted as it stands, empty if it can."""

    expr: Expr
    text: str
    origin: Origin
    obstacle: str = ""
