"""The whole state space as arrays: states, steps, and what each step costs."""

from __future__ import annotations

from array import array
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from pinmc.base.records import dataclass
from pinmc.engines.answers import OUT_OF_MEMORY, state_limit
from pinmc.engines.base import ExploreOptions, Limits, Progress
from pinmc.engines.interp.layout import Key
from pinmc.engines.interp.program import Hooks, Program
from pinmc.engines.watch import Stopped, Watch
from pinmc.ir.evaluate import FoundError
from pinmc.ir.execute import least_values
from pinmc.ir.expr import ErrorSite, Expr
from pinmc.ir.semantics import State
from pinmc.ir.system import System
from pinmc.ir.types import bounds
from pinmc.passes.metering import Metered, metered

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

_MOST_SPENT = 2**31
"""More than this in one step, and sums over long runs could leave 64 bits."""


class TooMuch(Exception):
    """The state space cannot be had whole; the message says why."""


@dataclass(frozen=True, slots=True)
class CostGraph:
    """``sources``, ``targets``: the states of each step, (steps,); ``costs``: (costs, steps), what
    it spends of ``names``. States are numbered breadth first, the ``initial`` ones, in order,
    first; ``keys`` are the states as ``program`` stores them."""

    system: System
    names: tuple[str, ...]
    program: Program
    keys: tuple[Key, ...]
    initial: int
    sources: Ints
    targets: Ints
    costs: Ints

    @property
    def count(self) -> int:
        return len(self.keys)

    def state(self, number: int) -> State:
        return self.program.layout.decode(self.keys[number])[: self.system.slots]

    def where(self, expr: Expr) -> Flags:
        """(states,): the states in which ``expr`` is true, and evaluating it no error."""
        claim = self.program.claim(expr)

        def holds(key: Key) -> bool:
            try:
                return bool(claim(key))
            except FoundError:
                return False

        return np.fromiter(map(holds, self.keys), dtype=np.bool_, count=self.count)

    def cost(self, name: str) -> Ints:
        """(steps,): what each step spends of ``name``."""
        spent: Ints = self.costs[self.names.index(name)]
        return spent


def cost_graph(
    system: System,
    names: tuple[str, ...],
    limits: Limits,
    progress: Callable[[Progress], None] | None = None,
) -> CostGraph:
    """Explores everything. Raises TooMuch at a limit."""
    builder = _Builder(metered(system, names), limits, progress)
    try:
        builder.explore()
    except Stopped as reason:
        raise TooMuch(str(reason)) from reason
    except MemoryError:
        raise TooMuch(OUT_OF_MEMORY) from None
    return builder.graph(system)


class _Builder:
    def __init__(
        self, meter: Metered, limits: Limits, progress: Callable[[Progress], None] | None
    ) -> None:
        if any(bounds(var.type)[1] > _MOST_SPENT for var in meter.meters):
            raise TooMuch(f"a step may cost more than {_MOST_SPENT}")
        self._meter = meter
        self._limits = limits
        self._watch = Watch(ExploreOptions(limits, progress=progress), self._sight)
        self._program = Program(meter.system, Hooks(_no_state, lambda: None))
        self._index: dict[Key, int] = {}
        self._keys: list[Key] = []
        self._sources, self._targets = array("q"), array("q")
        self._costs = [array("q") for _ in meter.meters]
        self._width = len(meter.meters)
        self._zeros: Key = bytes(self._width) if self._program.layout.packed else (0,) * self._width
        self._initial = 0
        self._done = 0

    def explore(self) -> None:
        least = least_values(self._meter.system.variables, self._meter.system.slots)
        start = self._program.initial(_no_state)
        start(self._program.layout.encode(least), self._number)
        self._initial = len(self._keys)
        self._expand_all()

    def _expand_all(self) -> None:
        program, reached = self._program, list[Key]()
        number = 0
        while number < len(self._keys):
            if not number & 255:
                self._done = number
                self._look()
            key = self._keys[number]
            for function in program.at(program.places(key)).functions:
                function(key, reached.append)
            for after in reached:
                self._step(number, after)
            reached.clear()
            number += 1
        self._look()

    def _look(self) -> None:
        self._watch.look()
        most = self._limits.states
        if most is not None and len(self._keys) > most:
            raise TooMuch(state_limit(most))

    def _sight(self, seconds: float, memory: int) -> Progress:
        waiting = len(self._keys) - self._done
        return Progress(len(self._keys), len(self._sources), 0, waiting, seconds, memory)

    def _step(self, source: int, after: Key) -> None:
        if self._width:
            cut = len(after) - self._width
            for spent, amount in zip(self._costs, after[cut:], strict=True):
                spent.append(amount)
            after = after[:cut] + self._zeros  # type: ignore[operator]
        self._sources.append(source)
        self._targets.append(self._number(after))

    def _number(self, key: Key) -> int:
        found = self._index.setdefault(key, len(self._keys))
        if found == len(self._keys):
            self._keys.append(key)
        return found

    def graph(self, system: System) -> CostGraph:
        costs = [np.frombuffer(spent, dtype=np.int64) for spent in self._costs if len(spent)]
        steps = len(self._sources)
        return CostGraph(
            system,
            self._meter.costs,
            self._program,
            tuple(self._keys),
            self._initial,
            np.frombuffer(self._sources, dtype=np.int64) if steps else np.zeros(0, np.int64),
            np.frombuffer(self._targets, dtype=np.int64) if steps else np.zeros(0, np.int64),
            np.array(costs, dtype=np.int64).reshape(self._width, steps),
        )


def _no_state(site: ErrorSite, command: int, args: tuple[int, ...]) -> None:
    """A found error reaches no state."""
