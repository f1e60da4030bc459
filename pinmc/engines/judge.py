"""From what an engine for packed states told to findings, confirmed by the definition on the way.

Such an engine names what it watches and what steps there are by numbers; ``Watched`` says what they
mean, ``Told`` what was found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from pinmc.base.records import dataclass
from pinmc.engines.answers import NOT_YET, error_in_claim, never_seen
from pinmc.engines.layout import Layout
from pinmc.engines.moves import Numbering
from pinmc.ir.evaluate import FoundError
from pinmc.ir.property import Property, PropertyKind, Verdict
from pinmc.ir.semantics import Failed, Next, evaluate, initial_states, step
from pinmc.ir.system import System
from pinmc.results.exploration import Finding
from pinmc.results.schedule import Schedule


@dataclass(frozen=True, slots=True)
class TraceLine:
    """A shortest trace: the property by ``kind`` and ``number``, the initial state's position, the
    numbers of the instances, the words of the last state, the bits of the agents concerned."""

    kind: str
    number: int
    initial: int
    steps: tuple[int, ...]
    last: tuple[int, ...]
    agents: int


class Watched(Protocol):
    """What the numbers mean. ``states``, ``steps``, ``claims`` and ``stuck`` are the properties
    decided by states, by steps, by found errors and by stuck agents, each in the order of their
    numbers."""

    @property
    def layout(self) -> Layout: ...
    @property
    def numbering(self) -> Numbering: ...
    @property
    def states(self) -> Sequence[Property]: ...
    @property
    def steps(self) -> Sequence[Property]: ...
    @property
    def claims(self) -> Sequence[Property]: ...
    @property
    def stuck(self) -> Sequence[Property]: ...


class Told(Protocol):
    """What was found. ``whole``: every state was explored. ``stuck_known``: the search for stuck
    agents came to its end. ``initial_errors``: for claims that initialisation runs into, which of
    its errors is the first."""

    @property
    def whole(self) -> bool: ...
    @property
    def stuck_known(self) -> bool: ...
    @property
    def initial_errors(self) -> Mapping[int, int]: ...
    @property
    def traces(self) -> Sequence[TraceLine]: ...


class Disagreement(Exception):
    """An engine claims something that the definition does not confirm."""


@dataclass(frozen=True, slots=True)
class Judge:
    """Answers for one exploration; ``stopped`` is why it ended early."""

    system: System
    model: Watched
    answer: Told
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
        stuck = prop.kind is PropertyKind.STUCK
        known = self.answer.stuck_known if stuck else self.answer.whole
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
        """How traces name the property."""
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
