"""The vector engine: explicit states, whole levels at a time, generated NumPy code."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pinmc.base.records import dataclass
from pinmc.engines.answers import asked_for
from pinmc.engines.base import ExploreOptions
from pinmc.engines.fallbacks import interpreted, never_begun
from pinmc.engines.intervals import Unsupported
from pinmc.engines.judge import Judge, TraceLine
from pinmc.engines.vector.memory import keep_memory
from pinmc.engines.vector.search import USUAL, Search, Sizes
from pinmc.engines.vector.traces import traces_of
from pinmc.engines.watch import peak_memory_bytes
from pinmc.ir.property import Property
from pinmc.ir.system import System
from pinmc.results.exploration import Exploration, Statistics


class NotVector(Exception):
    """The vector engine cannot explore this; the message says why."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What a search found, as the judge wants it."""

    whole: bool
    stuck_known: bool
    initial_errors: Mapping[int, int]
    traces: list[TraceLine]


@dataclass(frozen=True, slots=True)
class VectorEngine:
    """``strict``: raise NotVector instead of leaving to the interpreter what cannot be done.
    ``leave``: asked all the time; when it is true, ``attempt`` raises Left."""

    sizes: Sizes = USUAL
    strict: bool = False
    leave: Callable[[], bool] | None = None

    @property
    def name(self) -> str:
        return "vector"

    def explore(self, system: System, options: ExploreOptions) -> Exploration:
        """All selected properties in one run. Limits and Ctrl-C give what was found till then.

        What cannot be done is interpreted; ``note`` of the answer then says why.
        """
        try:
            return self.attempt(system, options)
        except NotVector as problem:
            if self.strict:
                raise
            return interpreted(self.name, system, options, str(problem))
        except KeyboardInterrupt:  # while compiling: the search has its own way to stop
            return never_begun(self.name, system, options)

    def attempt(
        self,
        system: System,
        options: ExploreOptions,
        started: float | None = None,
        prepared: Search | None = None,
    ) -> Exploration:
        """The same without falling back. Raises NotVector before anything is explored, and Left.

        ``started``: since when the limit of time counts, by ``perf_counter``; now without it.
        ``prepared``: by ``prepare`` for the same System and options; it can be run once.
        """
        search = prepared or self.prepare(system, options, started)
        search.run()
        return _exploration(search, asked_for(system, options))

    def prepare(
        self, system: System, options: ExploreOptions, started: float | None = None
    ) -> Search:
        """Everything compiled, nothing explored. Raises NotVector."""
        keep_memory()
        try:
            chosen = asked_for(system, options)
            return Search(system, chosen, options, self.sizes, started, self.leave)
        except Unsupported as problem:
            raise NotVector(str(problem)) from problem
        except RecursionError:
            raise NotVector("an expression is nested too deeply") from None


def _exploration(search: Search, properties: tuple[Property, ...]) -> Exploration:
    told = _Told(
        search.complete,
        search.stuck is not None,
        search.decided.initial_errors,
        traces_of(search),
    )
    model = search.model
    judge = Judge(model.system, model, told, search.stopped)
    return Exploration(
        engine="vector",
        findings=tuple(judge.finding(prop) for prop in properties),
        statistics=Statistics(
            states=search.log.count,
            transitions=search.transitions,
            depth=search.depth,
            seconds=search.watch.seconds,
            complete=search.complete,
            peak_memory_bytes=peak_memory_bytes(),
        ),
        marks=frozenset(m for m in range(len(model.system.marks)) if search.seen >> m & 1),
        witnesses=frozenset(search.witnesses),
        stopped=search.stopped,
        interrupted=search.interrupted,
    )
