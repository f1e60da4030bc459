"""The properties of one exploration: compiled, watched, and dropped once they are decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pinmc.base.records import dataclass
from pinmc.engines.answers import error_in_claim
from pinmc.engines.interp.layout import Key
from pinmc.engines.interp.program import Claim, Program, StepClaim, never
from pinmc.ir.evaluate import FoundError
from pinmc.ir.expr import Expr, Unary, UnOp
from pinmc.ir.property import Property, PropertyKind
from pinmc.ir.system import System


@dataclass(frozen=True, slots=True)
class Hit:
    """What decided a property: in state number ``state``, or in the step from it to ``after``,
    or in the found error that instance ``error`` of a command runs into there."""

    state: int
    after: Key | None = None
    error: tuple[int, tuple[int, ...]] | None = None
    reason: str = ""
    agents: tuple[int, ...] = ()
    failed: bool = True


@dataclass(frozen=True, slots=True)
class _Claim:
    """``wanted``: the value that decides the property when it is seen."""

    name: str
    expr: Expr
    holds: Callable[..., Any]
    wanted: bool

    def look(self, *states: Key) -> tuple[bool, str]:
        """Whether these states decide the property, and the error met in evaluating it."""
        try:
            return bool(self.holds(*states)) is self.wanted, ""
        except FoundError as error:
            return True, error_in_claim(error.site.text)

    @property
    def decisive(self) -> Expr:
        """What is true exactly when the property is decided."""
        return self.expr if self.wanted else Unary(UnOp.NOT, self.expr)


@dataclass(frozen=True, slots=True)
class _Pending:
    """A witness not yet seen true."""

    number: int
    expr: Expr
    holds: Callable[[Key], Any]


_CALM = 64
"""After so many calls that decided nothing, all that is undecided becomes one function."""


class Claims:
    """What is still to be seen. ``hits`` has the first occurrence for each decided property.

    ``quiet(key)`` and ``quiet_step(key, after)`` are true when there is certainly nothing new to
    be seen: one generated function for all undecided claims. While claims are being decided they
    are always false, as the function would have to be made again and again.
    """

    def __init__(
        self, system: System, program: Program, properties: Sequence[Property], first: bool
    ) -> None:
        self.first = first
        self.violated = False
        self.hits: dict[str, Hit] = {}
        self.witnesses: set[int] = set()
        self.quiet: Claim = never
        self.quiet_step: StepClaim = never
        self._program = program
        self._on_states: list[_Claim] = []
        self._on_steps: list[_Claim] = []
        self._errors_wanted: set[str] = set()
        self._calm = self._calm_steps = 0
        for prop in properties:
            self._watch_for(prop)
        self._pending = [
            _Pending(number, witness.expr, program.claim(witness.expr))
            for number, witness in enumerate(system.witnesses)
        ]
        if not self._on_steps:
            self.quiet_step = _always

    def _watch_for(self, prop: Property) -> None:
        if prop.kind in (PropertyKind.ERRORS, PropertyKind.ASSERT):
            self._errors_wanted.add(prop.name)
        elif prop.expr is not None and prop.kind is PropertyKind.STEP_INVARIANT:
            holds = self._program.step_claim(prop.expr)
            self._on_steps.append(_Claim(prop.name, prop.expr, holds, False))
        elif prop.expr is not None:
            wanted = prop.kind is PropertyKind.REACHABLE
            claim = _Claim(prop.name, prop.expr, self._program.claim(prop.expr), wanted)
            self._on_states.append(claim)

    def see_state(self, number: int, key: Key) -> None:
        """Evaluates what is undecided in a new state."""
        before = len(self._on_states) + len(self._pending)
        for claim in tuple(self._on_states):
            decided, reason = claim.look(key)
            if decided:
                self._on_states.remove(claim)
                bad = not claim.wanted or bool(reason)
                self.hit(claim.name, Hit(number, reason=reason, failed=bad))
        for witness in tuple(self._pending):
            if _is_true(witness.holds, key):
                self._pending.remove(witness)
                self.witnesses.add(witness.number)
        self._settle(before > len(self._on_states) + len(self._pending))

    def _settle(self, decided: bool) -> None:
        self._calm = 0 if decided else self._calm + 1
        if decided:
            self.quiet = never
        elif self._calm == _CALM:
            exprs = [claim.decisive for claim in self._on_states]
            exprs += [witness.expr for witness in self._pending]
            self.quiet = self._program.all_false(exprs)

    def see_step(self, number: int, key: Key, after: Key) -> None:
        """Evaluates the undecided step invariants in a step that reaches a state."""
        before = len(self._on_steps)
        for claim in tuple(self._on_steps):
            seen, reason = claim.look(key, after)
            if seen:
                self._on_steps.remove(claim)
                self.hit(claim.name, Hit(number, after=after, reason=reason))
        decided = before > len(self._on_steps)
        self._calm_steps = 0 if decided else self._calm_steps + 1
        if decided:
            self.quiet_step = never
        elif self._calm_steps == _CALM:
            self.quiet_step = self._program.all_false_step([c.decisive for c in self._on_steps])

    def see_error(self, claim: str, hit: Hit) -> None:
        """A found error counts for its claim, if that is to be checked."""
        if claim in self._errors_wanted:
            self.hit(claim, hit)

    def hit(self, name: str, hit: Hit) -> None:
        """Notes the first occurrence."""
        if name not in self.hits:
            self.hits[name] = hit
            self.violated = self.violated or hit.failed


def _is_true(holds: Callable[[Key], Any], key: Key) -> bool:
    try:
        return bool(holds(key))
    except FoundError:
        return False


def _always(*states: Key) -> bool:
    return True
