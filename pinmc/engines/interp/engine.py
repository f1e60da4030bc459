"""The interpreter engine: explicit states, generated Python, breadth first."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pinmc.base.records import dataclass
from pinmc.engines.answers import NOT_YET, asked_for, never_seen
from pinmc.engines.base import ExploreOptions
from pinmc.engines.interp.claims import Hit
from pinmc.engines.interp.search import Search
from pinmc.engines.interp.traces import schedule_of
from pinmc.engines.watch import peak_memory_bytes
from pinmc.ir.property import Property, PropertyKind, Verdict
from pinmc.ir.system import System
from pinmc.results.exploration import Exploration, Finding, Statistics


@dataclass(frozen=True, slots=True)
class InterpEngine:
    """Explores every reachable state; the first counterexample found to a property is shortest.

    ``leave`` is asked at each level, with the sizes of the levels so far: whether to stop there,
    because another engine will be faster."""

    leave: Callable[[Sequence[int]], bool] | None = None

    @property
    def name(self) -> str:
        return "interpreter"

    def explore(
        self, system: System, options: ExploreOptions, started: float | None = None
    ) -> Exploration:
        """All selected properties in one run. Limits and Ctrl-C give what was found till then.

        ``started``: since when the limit of time counts, by ``perf_counter``; now without it.
        """
        properties = asked_for(system, options)
        search = Search(system, options, properties, started, self.leave)
        search.run()
        return Exploration(
            engine=self.name,
            findings=tuple(_finding(search, prop) for prop in properties),
            statistics=_statistics(search),
            marks=search.program.bits.marks_in(search.seen_bits),
            witnesses=frozenset(search.claims.witnesses),
            stopped=search.stopped,
            interrupted=search.interrupted,
        )


def _statistics(search: Search) -> Statistics:
    return Statistics(
        states=search.count,
        transitions=search.transitions,
        depth=search.depth,
        seconds=search.watch.seconds,
        complete=search.complete,
        peak_memory_bytes=peak_memory_bytes(),
    )


def _finding(search: Search, prop: Property) -> Finding:
    if prop.kind is PropertyKind.TEMPORAL:
        return Finding(prop.name, Verdict.SKIPPED, NOT_YET)
    hit = search.claims.hits.get(prop.name)
    if hit is not None:
        return _decided(search, prop, hit)
    known = search.stuck_known if prop.kind is PropertyKind.STUCK else search.complete
    if not known:
        return Finding(prop.name, Verdict.UNKNOWN, search.stopped)
    return Finding(prop.name, never_seen(prop.kind))


def _decided(search: Search, prop: Property, hit: Hit) -> Finding:
    verdict = Verdict.VIOLATED if hit.failed else Verdict.REACHED
    return Finding(prop.name, verdict, hit.reason, schedule_of(search, hit), hit.agents)
