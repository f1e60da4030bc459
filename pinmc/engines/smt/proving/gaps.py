"""A counterexample to induction: where an invariant says too little."""

from __future__ import annotations

from pinmc.base.records import dataclass
from pinmc.ir.semantics import State
from pinmc.results.gap import Where


@dataclass(frozen=True, slots=True)
class Gap:
    """A state that the invariant allows, and that it must not: the property fails there
    (``safety``), or a step leads out of the invariant (``step``), or it is an initial state that
    the invariant excludes (``init``).

    ``after``: the state after the step, if the gap is about one. ``claim``: the property itself
    fails, not only a lemma; ``lost``: the numbers of the lemmas that do.
    """

    where: Where
    state: State
    after: State | None = None
    claim: bool = False
    lost: tuple[int, ...] = ()
