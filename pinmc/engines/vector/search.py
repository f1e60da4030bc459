"""Breadth-first search, whole levels at a time.

What is decided is noted with its level only, and the traces are found afterwards (``traces``): the
order of states within a level does not matter. Only a search that may stop in the middle of a
level, at a certain state (a limit of states, the first violation), keeps the order of steps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field

import numpy as np

from pinmc.base.records import dataclass
from pinmc.engines.answers import (
    FIRST_VIOLATION,
    INTERRUPTED,
    OUT_OF_MEMORY,
    depth_limit,
    memory_limit,
    state_limit,
)
from pinmc.engines.base import ExploreOptions, Progress
from pinmc.engines.vector.asleep import Asleep
from pinmc.engines.vector.expand import PAIRS, Expander, Steps
from pinmc.engines.vector.frame import Rows, Words
from pinmc.engines.vector.log import Log
from pinmc.engines.vector.model import Model, model_of
from pinmc.engines.vector.stuck import OpenStates, Stuck, find_stuck
from pinmc.engines.vector.table import FIRST_PLACES, RowSet, WordSet
from pinmc.engines.vector.watches import Watches, watches_of
from pinmc.engines.watch import Stopped, Watch, memory_bytes
from pinmc.ir.execute import least_values
from pinmc.ir.property import Property
from pinmc.ir.system import System


@dataclass(frozen=True, slots=True)
class Sizes:
    """``chunk``: so many states are expanded at a time, ``ordered`` if their order matters;
    ``places`` of the table at first."""

    chunk: int = 1 << 15
    ordered: int = 1 << 11
    places: int = FIRST_PLACES


USUAL = Sizes()


@dataclass(slots=True)
class Decided:
    """At which level each property is decided, by kind and number: the level of the state, or of
    the state before the step or error. ``initial_errors`` has, for claims that initialisation runs
    into, which of its errors is the first."""

    levels: dict[tuple[str, int], int] = field(default_factory=dict)
    initial_errors: dict[int, int] = field(default_factory=dict)

    def note(self, kind: str, number: int, level: int) -> None:
        self.levels.setdefault((kind, number), level)


@dataclass(frozen=True, slots=True)
class _Cut:
    """Where a search in order stops within the steps from some states: ``rows`` of these count as
    expanded, ``steps`` are looked at, ``counted`` are transitions, ``new`` states are added."""

    rows: int
    steps: int
    counted: int
    new: int
    why: str


class Search:
    """One exploration in progress. Everything found so far is here at any moment, so that an
    interruption loses nothing.

    ``levels[d]`` is the number of the first state at distance ``d``. ``complete``: every reachable
    state was expanded; ``stopped`` says why the search, or the analysis of stuck agents after it,
    ended early.
    """

    def __init__(
        self,
        system: System,
        properties: Sequence[Property],
        options: ExploreOptions,
        sizes: Sizes = USUAL,
        started: float | None = None,
        leave: Callable[[], bool] | None = None,
    ) -> None:
        """Compiles the System. Raises Unsupported. ``started`` and ``leave`` are Watch's."""
        self.options = options
        self.watch = Watch(options, self.sight, started, leave)
        self.model: Model = model_of(system, properties)
        self.sizes = sizes
        self.log = Log(self.model.layout.words)
        self.levels: list[int] = [0]
        self.transitions = 0
        self.depth = 0
        self.seen = 0
        self.witnesses: set[int] = set()
        self.decided = Decided()
        self.stopped = ""
        self.interrupted = False
        self.complete = False
        self.stuck: Stuck | None = None
        self.expander = Expander(self.model.program, self.watch.look)
        self.watches: Watches = watches_of(self.model, self.watch.look)
        self.open = OpenStates(len(system.agents))
        kind = WordSet if self.model.layout.words == 1 else RowSet
        self._set: WordSet | RowSet = kind(self.log, self._allow, sizes.places)
        self._state_watches = dict(self.watches.states)
        self._step_watches = dict(self.watches.steps)
        self._witnesses = dict(self.watches.witnesses)
        self._in_order = options.first or options.limits.states is not None
        self._frontier = 0
        self._asleep = Asleep.of(self.model.program.sleep)

    def run(self) -> None:
        """Explores until done, stopped or interrupted; never raises for any of these. Raises
        Left."""
        try:
            self._initialise()
            self._go_on()
            self.complete = not self.stopped
            if self.complete and self.model.stuck:
                self.stuck = find_stuck(self.open, self.log, self.expander)
        except Stopped as stop:
            self.stopped = str(stop)
        except MemoryError:
            self.stopped = OUT_OF_MEMORY
        except KeyboardInterrupt:
            self.stopped, self.interrupted = INTERRUPTED, True
        self.watch.rest()

    def sight(self, seconds: float, memory: int) -> Progress:
        states = self.log.count
        return Progress(states, self.transitions, self.depth, self._frontier, seconds, memory)

    def _allow(self, more: int) -> None:
        """Raises Stopped when so many more bytes would be too many."""
        limit = self.options.limits.memory
        if limit is not None and memory_bytes() + more > limit:
            raise Stopped(memory_limit(limit))

    # --- the beginning -------------------------------------------------------------------------

    def _initialise(self) -> None:
        """The initial states, always in order."""
        system, seen, errors = self.model.system, 0, 0
        least = self.model.layout.pack(least_values(system.variables, system.slots))
        words = tuple(np.full(1, word, np.uint64) for word in least)
        total = self.model.program.initial.target.count
        for begin in range(0, total, PAIRS):
            steps = self.expander.initial(words, begin, min(begin + PAIRS, total), seen)
            errors = self._add_initial(steps, errors)
            seen = steps.seen
            self.watch.look()
        self.seen |= seen

    def _add_initial(self, steps: Steps, errors: int) -> int:
        """Adds some outcomes of initialisation before which there were so many errors; how many
        there are then."""
        assert steps.keys is not None
        claims, keys = _initial_errors(steps)
        new = self._set.add_in_order(steps.words)
        states = tuple(word[new] for word in steps.words)
        last, why = self._first_violation(states, steps.keys[new], claims, keys), FIRST_VIOLATION
        limit = self.options.limits.states
        if limit is not None and self.log.count + len(new) > limit:
            over = int(steps.keys[new[limit - self.log.count]]) - 1
            if last is None or over < last:
                last, why = over, state_limit(limit)
        if last is not None:
            kept = int(np.count_nonzero(steps.keys[new] <= last))
            states = tuple(word[:kept] for word in states)
            claims = claims[keys <= last]
        self._add(states, 0)
        for position, claim in enumerate(claims.tolist()):
            if claim >= 0:
                self.decided.initial_errors.setdefault(claim, errors + position)
        if last is not None:
            raise Stopped(why)
        return errors + len(claims)

    def _first_violation(
        self, states: Words, instances: Rows, claims: Rows, keys: Rows
    ) -> int | None:
        """The instance of the first violation in these initial states and errors, if it matters."""
        if not self.options.first:
            return None
        found = keys[claims >= 0].tolist()[:1]
        found += instances[self._violating(states)].tolist()[:1]
        return min(found, default=None)

    # --- levels --------------------------------------------------------------------------------

    def _go_on(self) -> None:
        begin, end = 0, self.log.count
        while begin < end:
            self.watch.look()
            if self.depth == self.options.limits.depth:
                self.stopped = depth_limit(self.depth)
                return
            self.levels.append(end)
            self._asleep.next_level(end - begin)
            self._level(begin, end)
            begin, end = end, self.log.count
            if begin < end:
                self.depth += 1

    def _level(self, begin: int, end: int) -> None:
        usual = self.sizes.ordered if self._in_order else self.sizes.chunk
        chunk = self.expander.most_states(usual)
        for first in range(begin, end, chunk):
            last = min(first + chunk, end)
            self._frontier = self.log.count - first
            self.watch.look()
            if self._in_order:
                self._expand_in_order(first, last)
            else:
                self._expand(first, last)

    def _expand(self, begin: int, end: int) -> None:
        states = self.log.part(begin, end)
        stuck = bool(self.model.stuck)
        steps = self.expander.expand(states, self.seen, moved=stuck, kinds=self._asleep.some)
        if stuck:
            self._note_open(begin, states, steps)
        self._note_errors(steps.errors)
        self._note_deadlocks(states, steps)
        self._look_at_steps(states, steps)
        self._enter(steps, begin - self.levels[-2], end - self.levels[-2])
        self.transitions += steps.count
        self.seen |= steps.seen

    def _enter(self, steps: Steps, begin: int, end: int) -> None:
        """Adds what steps lead to from the states ``begin`` to ``end`` of the level. Those that are
        asleep are left out: others lead to the same states."""
        words, kinds = steps.words, steps.kinds
        if kinds is not None:
            taken = self._asleep.awake(begin, end, steps.rows, kinds)
            words = tuple(word[taken] for word in words)
        new = self._set.add(words)
        self._add(tuple(word[new] for word in words), self.depth + 1)
        if kinds is not None:
            self._asleep.reached(kinds[taken[new]])

    def _expand_in_order(self, begin: int, end: int) -> None:
        states = self.log.part(begin, end)
        stuck = bool(self.model.stuck)
        steps = self.expander.expand(states, self.seen, keys=True, moved=stuck)
        steps = steps.in_order(self.model.numbering.total)
        new = self._set.add_in_order(steps.words)
        cut = self._cut(states, steps, new)
        if cut is not None:
            states = tuple(word[: cut.rows] for word in states)
            again = self.expander.expand(states, self.seen)
            self.seen |= again.seen
            self._note_errors(again.errors)
            self._note_deadlocks(states, again)
            self._look_at_steps(states, steps.until(cut.steps))
            new = new[: cut.new]
            self._add(tuple(word[new] for word in steps.words), self.depth + 1)
            self.transitions += cut.counted
            raise Stopped(cut.why)
        if stuck:
            self._note_open(begin, states, steps)
        self._note_errors(steps.errors)
        self._note_deadlocks(states, steps)
        self._look_at_steps(states, steps)
        self._add(tuple(word[new] for word in steps.words), self.depth + 1)
        self.transitions += steps.count
        self.seen |= steps.seen

    def _cut(self, states: Words, steps: Steps, new: Rows) -> _Cut | None:
        """Where to stop within these steps, None to go on."""
        row = self._violating_row(states, steps, new) if self.options.first else None
        limit = self.options.limits.states
        if limit is not None and self.log.count + len(new) > limit:
            added = limit - self.log.count
            over = int(new[added])
            at = int(steps.rows[over])
            if row is None or at <= row:
                counted = int(np.searchsorted(steps.rows, at))
                return _Cut(at + 1, over + 1, counted, added, state_limit(limit))
        if row is None:
            return None
        counted = int(np.searchsorted(steps.rows, row, side="right"))
        added = int(np.searchsorted(new, counted))
        return _Cut(row + 1, counted, counted, added, FIRST_VIOLATION)

    # --- what is decided -----------------------------------------------------------------------

    def _add(self, states: Words, level: int) -> None:
        """Appends new states, then looks at them: what is decided must be found in the log."""
        if not len(states[0]):
            return
        self.log.append(states)
        for number, watch in tuple(self._state_watches.items()):
            if watch.decided(states)[0].any():
                self.decided.note("state", number, level)
                del self._state_watches[number]
        for number, watch in tuple(self._witnesses.items()):
            if watch.true(states):
                self.witnesses.add(number)
                del self._witnesses[number]

    def _note_errors(self, errors: tuple[tuple[int, Rows, object], ...]) -> None:
        for claim, _, _ in errors:
            if claim >= 0:
                self.decided.note("error", claim, self.depth)

    def _wants_deadlock(self) -> bool:
        return self.model.deadlock and ("deadlock", 0) not in self.decided.levels

    def dead(self, states: Words, steps: Steps) -> Rows:
        """The states from which nothing goes on although somebody is not finished."""
        idle = np.flatnonzero(~steps.active(len(states[0])))
        if not len(idle):
            return idle
        finished = self.expander.all_finished(tuple(word[idle] for word in states))
        return idle[~finished]

    def unfinished(self, state: Words) -> int:
        """The bits of the agents that are not at an end."""
        return sum(
            1 << number
            for number, agent in enumerate(self.model.program.agents)
            if not self.expander.ended(agent, state)[0]
        )

    def _note_deadlocks(self, states: Words, steps: Steps) -> None:
        if self._wants_deadlock() and len(self.dead(states, steps)):
            self.decided.note("deadlock", 0, self.depth)

    def _look_at_steps(self, states: Words, steps: Steps) -> None:
        for number, watch in tuple(self._step_watches.items()):
            before = tuple(word[steps.rows] for word in states)
            if watch.decided(before, steps.words)[0].any():
                self.decided.note("step", number, self.depth)
                del self._step_watches[number]

    def _note_open(self, begin: int, states: Words, steps: Steps) -> None:
        assert steps.moved is not None
        self.open.add(begin, steps.moved | self.expander.finished(states))

    # --- the first violation -------------------------------------------------------------------

    def _violating(self, states: Words) -> Rows:
        """Which states violate something undecided."""
        found = np.zeros(len(states[0]), bool)
        for watch in self._state_watches.values():
            found |= watch.decided(states)[1]
        return np.flatnonzero(found)

    def _violating_row(self, states: Words, steps: Steps, new: Rows) -> int | None:
        """The first state from which a violation is met."""
        found = [int(rows[0]) for claim, rows, _ in steps.errors if claim >= 0]
        if self._wants_deadlock():
            found += self.dead(states, steps).tolist()[:1]
        for watch in self._step_watches.values():
            before = tuple(word[steps.rows] for word in states)
            found += steps.rows[watch.decided(before, steps.words)[1]].tolist()[:1]
        bad = self._violating(tuple(word[new] for word in steps.words))
        found += steps.rows[new[bad]].tolist()[:1]
        return min(found, default=None)


def _initial_errors(steps: Steps) -> tuple[Rows, Rows]:
    """The claims of initialisation's errors and their instances, in order."""
    claims = [np.full(len(rows), claim) for claim, rows, _ in steps.errors]
    keys = [np.asarray(keys) for _, _, keys in steps.errors]
    if not keys:
        return np.arange(0), np.arange(0)
    all_keys = np.concatenate(keys)
    order = np.argsort(all_keys)
    return np.concatenate(claims)[order], all_keys[order]
