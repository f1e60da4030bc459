"""From what the native program told to findings, confirmed by the definition on the way."""

from __future__ import annotations

from dataclasses import dataclass

from pinmc.engines.answers import (
    FIRST_VIOLATION,
    INTERRUPTED,
    NOT_YET,
    OUT_OF_MEMORY,
    depth_limit,
    error_in_claim,
    memory_limit,
    never_seen,
    state_limit,
    time_limit,
)
from pinmc.engines.base import Limits
from pinmc.engines.native.child import Answer, TraceLine
from pinmc.engines.native.source import Model
from pinmc.ir.evaluate import FoundError
from pinmc.ir.property import Property, PropertyKind, Verdict
from pinmc.ir.semantics import Failed, Next, evaluate, initial_states, step
from pinmc.ir.system import System
from pinmc.results.exploration import Finding
from pinmc.results.schedule import Schedule

_STATES, _DEPTH, _SECONDS, _MEMORY, _FIRST, _INTERRUPTED, _NO_MEMORY = range(1, 8)


class Disagreement(Exception):
    """The native program claims something that the definition does not confirm."""


def stopped_text(stop: int, limits: Limits) -> str:
    """Why it stopped, as every engine says it; empty when it did not."""
    match stop:
        case 0:
            return ""
        case 1:
            return state_limit(limits.states or 0)
        case 2:
            return depth_limit(limits.depth or 0)
        case 3:
            return time_limit(limits.timeout or 0)
        case 4:
            return memory_limit(limits.memory or 0)
        case 5:
            return FIRST_VIOLATION
        case 6:
            return INTERRUPTED
        case 7:
            return OUT_OF_MEMORY
        case _:
            raise ValueError(f"the native program stopped for reason {stop}")


@dataclass(frozen=True, slots=True)
class Judge:
    """Answers for one exploration; ``stopped`` is why it ended early."""

    system: System
    model: Model
    answer: Answer
    stopped: str

    def finding(self, prop: Property) -> Finding:
        if prop.kind is PropertyKind.TEMPORAL:
            return Finding(prop.name, Verdict.SKIPPED, NOT_YET)
        if prop in self.model.claims:
            position = self.answer.initial_errors.get(self.model.claims.index(prop))
            if position is not None:
                return self._initial_error(prop, position)
        trace = self._trace(prop)
        if trace is not None:
            return self._decided(prop, trace)
        whole = not self.answer.crash and not self.answer.stop
        known = self.answer.stuck_known if prop.kind is PropertyKind.STUCK else whole
        if not known:
            return Finding(prop.name, Verdict.UNKNOWN, self.stopped)
        return Finding(prop.name, never_seen(prop.kind))

    def _trace(self, prop: Property) -> TraceLine | None:
        kind, number = self._wanted(prop)
        for trace in self.answer.traces:
            if trace.kind == kind and trace.number == number:
                return trace
        return None

    def _wanted(self, prop: Property) -> tuple[str, int]:
        """How the native program calls the property."""
        match prop.kind:
            case PropertyKind.STEP_INVARIANT:
                return "step", self.model.steps.index(prop)
            case PropertyKind.ERRORS | PropertyKind.ASSERT:
                return "error", self.model.claims.index(prop)
            case PropertyKind.DEADLOCK:
                return "deadlock", 0
            case PropertyKind.STUCK:
                return "stuck", self.model.stuck.index(prop)
            case _:
                return "state", self.model.states.index(prop)

    def _initial_error(self, prop: Property, position: int) -> Finding:
        _, errors = initial_states(self.system)
        site = errors[position].site
        if site.claim != prop.name:
            raise Disagreement(f"error {position} of initialisation is not of {prop.name}")
        return Finding(prop.name, Verdict.VIOLATED, site.text, Schedule(position, (), True))

    def _decided(self, prop: Property, trace: TraceLine) -> Finding:
        moves = tuple(self.model.numbering.move(number) for number in trace.steps)
        schedule = Schedule(trace.initial, moves, trace.kind == "error")
        verdict, reason = self._judged(prop, trace)
        agents = tuple(a for a in range(len(self.system.agents)) if trace.agents >> a & 1)
        return Finding(prop.name, verdict, reason, schedule, agents)

    def _judged(self, prop: Property, trace: TraceLine) -> tuple[Verdict, str]:
        """The verdict and its reason, by the definition of the semantics."""
        state = self.model.layout.unpack(trace.last)
        if trace.kind in ("deadlock", "stuck"):
            return Verdict.VIOLATED, ""
        after = None
        if trace.kind in ("error", "step"):
            move = self.model.numbering.move(trace.steps[-1])
            outcome = step(self.system, state, move.command, move.args)
            if isinstance(outcome, Failed) and outcome.site.claim == prop.name:
                return Verdict.VIOLATED, outcome.site.text
            if not isinstance(outcome, Next) or trace.kind == "error":
                raise Disagreement(f"the last step of the trace of {prop.name} is not as told")
            after = outcome.state
        assert prop.expr is not None
        try:
            value = evaluate(self.system, prop.expr, state, {}, after)
        except FoundError as error:
            return Verdict.VIOLATED, error_in_claim(error.site.text)
        if bool(value) is not (prop.kind is PropertyKind.REACHABLE):
            raise Disagreement(f"the trace of {prop.name} does not decide it")
        return (Verdict.REACHED if value else Verdict.VIOLATED), ""
