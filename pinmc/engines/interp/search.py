"""Breadth-first search over all reachable states.

Initial states in order, states first in first out, commands in order, arguments ascending: the
first path found to a state is the lexicographically least of the shortest.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence

from pinmc.engines.answers import (
    FIRST_VIOLATION,
    INTERRUPTED,
    LEFT,
    OUT_OF_MEMORY,
    depth_limit,
    state_limit,
)
from pinmc.engines.base import ExploreOptions, Progress
from pinmc.engines.interp.claims import Claims, Hit
from pinmc.engines.interp.layout import Key
from pinmc.engines.interp.program import Hooks, Program
from pinmc.engines.interp.stuck import OpenStates, stuck_agents
from pinmc.engines.watch import Stopped, Watch
from pinmc.ir.execute import least_values
from pinmc.ir.expr import ErrorSite
from pinmc.ir.property import Property, PropertyKind
from pinmc.ir.system import System


class Search:
    """One exploration in progress. Everything found so far is here at any moment, so that an
    interruption loses nothing.

    ``parents[i]`` is the state from which state ``i`` was first reached; initial states are their
    own. ``complete``: every reachable state was expanded; ``stopped`` says why the search, or the
    analysis of stuck agents after it, ended early. ``leave`` is asked at each level, with the sizes
    of the levels so far: whether to leave the rest to a faster engine. ``started`` is Watch's.
    """

    def __init__(
        self,
        system: System,
        options: ExploreOptions,
        properties: tuple[Property, ...],
        started: float | None = None,
        leave: Callable[[Sequence[int]], bool] | None = None,
    ) -> None:
        self.system = system
        self.options = options
        self.watch = Watch(options, self._sight, started)
        self.program = Program(system, Hooks(self._failed, self._tick))
        self.claims = Claims(system, self.program, properties, options.first)
        self.states: list[Key] = []
        self.parents: array[int] = array("I")
        self.transitions = 0
        self.depth = 0
        self.seen_bits = 0
        self.stopped = ""
        self.interrupted = False
        self.complete = False
        self.stuck_known = False
        self.open = OpenStates()
        kinds = {prop.kind for prop in properties}
        self._stuck = [prop for prop in properties if prop.kind is PropertyKind.STUCK]
        self._deadlock = next((p.name for p in properties if p.kind is PropertyKind.DEADLOCK), "")
        self._keep_edges = PropertyKind.STUCK in kinds
        self._index: dict[Key, int] = {}
        self._errors: list[tuple[ErrorSite, int, tuple[int, ...]]] = []
        self._initial_errors = 0
        self._reached: list[Key] = []
        self._frontier = 0
        self._sizes: list[int] = []
        self._leave = leave

    def run(self) -> None:
        """Explores until done, stopped or interrupted; never raises for any of these."""
        try:
            self._initialise()
            self._levels()
            self.complete = not self.stopped
            if self.complete and self._stuck:
                self._find_stuck()
                self.stuck_known = True
        except Stopped as stop:
            self.stopped = str(stop)
        except MemoryError:
            self.stopped = OUT_OF_MEMORY
        except KeyboardInterrupt:
            self.stopped, self.interrupted = INTERRUPTED, True
        self.watch.rest()

    @property
    def count(self) -> int:
        """How many states are certain: an interruption may come between two appends."""
        return min(len(self.states), len(self.parents))

    def _initialise(self) -> None:
        least = least_values(self.system.variables, self.system.slots)
        expand = self.program.initial(self._initial_failed)
        self.seen_bits |= expand(self.program.layout.encode(least), self._add_initial)

    def _add_initial(self, key: Key) -> None:
        number = len(self.states)
        if key in self._index:
            return
        if number == self.options.limits.states:
            raise Stopped(self._state_limit())
        self._index[key] = number
        self.states.append(key)
        self.parents.append(number)
        self.claims.see_state(number, key)
        self._stop_at_first()
        if not number & 255:
            self.watch.look()

    def _initial_failed(self, site: ErrorSite, command: int, args: tuple[int, ...]) -> None:
        hit = Hit(self._initial_errors, error=(command, args), reason=site.text)
        self._initial_errors += 1
        self.claims.see_error(site.claim, hit)
        self._stop_at_first()

    def _levels(self) -> None:
        begin, end = 0, len(self.states)
        while begin < end:
            self.watch.look()
            if self.depth == self.options.limits.depth:
                self.stopped = depth_limit(self.depth)
                return
            self._sizes.append(end - begin)
            if self._leave is not None and self._leave(self._sizes):
                self.stopped = LEFT
                return
            self._expand(begin, end)
            begin, end = end, len(self.states)
            if begin < end:
                self.depth += 1

    def _expand(self, begin: int, end: int) -> None:
        """Expands the states of one level. The hot loop: locals only, checks on rare paths."""
        states, parents, index = self.states, self.parents, self._index
        enter, places, at = index.setdefault, self.program.places, self.program.at
        reached, errors, look = self._reached, self._errors, self.watch.look
        add, claims, limit = reached.append, self.claims, self.options.limits.states
        everybody, keep_edges = self.program.bits.all_agents, self._keep_edges
        combinations = self.program.combinations
        total = len(states)
        for number in range(begin, end):
            if not number & 63:
                self._frontier = total - number
                look()
            key = states[number]
            where = places(key)
            candidates = combinations.get(where) or at(where)
            moved = 0
            for function in candidates.functions:
                moved |= function(key, add)
            self.seen_bits |= moved
            if errors:
                self._note_errors(number)
            for after in reached:
                if not claims.quiet_step(key, after):
                    claims.see_step(number, key, after)
                if enter(after, total) == total:
                    if total == limit:
                        del index[after]
                        raise Stopped(self._state_limit())
                    states.append(after)
                    parents.append(number)
                    total += 1
                    if not claims.quiet(after):
                        claims.see_state(total - 1, after)
            self.transitions += len(reached)
            fine = (moved | candidates.finished) & everybody
            if fine != everybody:
                if not moved and self._deadlock:
                    self._note_deadlock(number, everybody & ~fine)
                if keep_edges:
                    self.open.add(number, fine, [index[after] for after in reached])
            if claims.violated and claims.first:
                raise Stopped(FIRST_VIOLATION)
            reached.clear()

    def _note_errors(self, number: int) -> None:
        for site, command, args in self._errors:
            hit = Hit(number, error=(command, args), reason=site.text)
            self.claims.see_error(site.claim, hit)
        self._errors.clear()

    def _note_deadlock(self, number: int, unfinished: int) -> None:
        agents = self.program.bits.agents_in(unfinished)
        self.claims.hit(self._deadlock, Hit(number, agents=agents))

    def _find_stuck(self) -> None:
        """The first state with a stuck agent (of the actor, if the property names one)."""
        bits = self.program.bits
        found = stuck_agents(self.open, bits.all_agents, self.watch.look)
        for prop in self._stuck:
            mask = self._agents_of(prop.actor)
            for state, stuck in found.items():
                if stuck & mask:
                    self.claims.hit(prop.name, Hit(state, agents=bits.agents_in(stuck & mask)))
                    break

    def _agents_of(self, actor: str | None) -> int:
        mask = 0
        for agent in self.system.agents:
            if actor is None or agent.actor == actor:
                mask |= 1 << (1 + agent.number)
        return mask

    def _failed(self, site: ErrorSite, command: int, args: tuple[int, ...]) -> None:
        if site.claim not in self.claims.hits:
            self._errors.append((site, command, args))

    def _tick(self) -> None:
        """Called from long loops over arguments: even one expansion must respect the limits."""
        limit = self.options.limits.states
        if not self.watch.look() or limit is None or len(self._reached) <= limit:
            return
        if len(set(self._reached)) > limit:
            raise Stopped(self._state_limit())

    def _stop_at_first(self) -> None:
        if self.claims.violated and self.claims.first:
            raise Stopped(FIRST_VIOLATION)

    def _state_limit(self) -> str:
        return state_limit(self.options.limits.states or 0)

    def _sight(self, seconds: float, memory: int) -> Progress:
        frontier = self._frontier
        return Progress(len(self.states), self.transitions, self.depth, frontier, seconds, memory)
