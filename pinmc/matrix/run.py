"""Explores the designs of a matrix in parallel, each System once."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import suppress
from dataclasses import replace
from time import perf_counter

from pinmc import __version__
from pinmc.base.diagnostics import Reporter, did_you_mean
from pinmc.base.records import dataclass
from pinmc.base.source import NOWHERE
from pinmc.base.workers import WorkerPool
from pinmc.ir.property import Verdict
from pinmc.matrix.journal import Journal, open_journal
from pinmc.matrix.plan import Plan, PlanError, Request, digest, plan
from pinmc.matrix.work import Asked, explore, identity
from pinmc.results.matrix import Matrix, Row, Values

_UNDECIDED = frozenset({Verdict.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Glimpse:
    """How far it is: ``done`` of ``total`` designs, and ``left`` seconds at this pace."""

    done: int
    total: int
    seconds: float
    left: float | None


@dataclass(frozen=True, slots=True)
class Options:
    """``workers``: processes, None for one a core. ``fresh``: explore again what is known."""

    asked: Asked
    workers: int | None = None
    fresh: bool = False
    progress: Callable[[Glimpse], None] | None = None


def run(request: Request, options: Options) -> Matrix:
    """The whole matrix, or after Ctrl-C the designs that are done (``Matrix.complete`` tells).

    Raises PlanError for mistakes in the specification or in what is asked.
    """
    planned = plan(request)
    known = _properties(planned)
    asked = options.asked
    _refuse_unknown(request.path, known, asked.properties)
    journal = open_journal(digest(planned, (asked, __version__)))
    if options.fresh:
        journal.forget()
    runner = _Runner(planned, options, journal)
    with suppress(KeyboardInterrupt):
        runner.everything()
    return runner.matrix(tuple(p for p in known if not asked.properties or p in asked.properties))


def _properties(planned: Plan) -> tuple[str, ...]:
    """The names of the default design's properties, and of those that only others have."""
    found: dict[str, None] = {}
    defaults = tuple(choice.default for choice in planned.choices)
    each = [
        (*defaults[:at], option, *defaults[at + 1 :])
        for at, choice in enumerate(planned.choices)
        for option in choice.options
    ]
    for values in dict.fromkeys([defaults, *each]):
        found.update(dict.fromkeys(prop.name for prop in planned.lower(values).properties))
    return tuple(found)


def _refuse_unknown(path: str, known: tuple[str, ...], asked: tuple[str, ...]) -> None:
    reporter = Reporter()
    for name in asked:
        if name not in known:
            remedy = did_you_mean(name, known) or f"there are: {', '.join(known)}"
            reporter.error("PIN402", NOWHERE, f"{path} has no property '{name}'", remedy)
    if reporter.has_errors:
        raise PlanError(reporter.sorted())


class _Runner:
    def __init__(self, planned: Plan, options: Options, journal: Journal) -> None:
        self._plan = planned
        self._options = options
        self._journal = journal
        self._designs = planned.designs
        self._rows: dict[Values, Row] = {}
        self._explored = 0
        self._began = perf_counter()

    def matrix(self, properties: tuple[str, ...]) -> Matrix:
        rows = tuple(self._rows[values] for values in self._designs if values in self._rows)
        varied = {choice.name for choice in self._plan.choices}
        fixed = tuple((n, v) for n, v in self._plan.default.values if n not in varied)
        return Matrix(
            self._plan.request.path,
            self._plan.choices,
            properties,
            rows,
            len(self._designs),
            fixed,
            self._explored,
        )

    def everything(self) -> None:
        kept = self._journal.rows()
        self._rows = {v: kept[v] for v in self._designs if v in kept and _is_decided(kept[v])}
        left = [values for values in self._designs if values not in self._rows]
        if not left:
            return
        workers = min(self._options.workers or os.cpu_count() or 1, len(left))
        with WorkerPool(workers) as pool:
            groups = self._groups(pool, left)
            self._explore(pool, groups)

    def _groups(self, pool: ProcessPoolExecutor, left: list[Values]) -> list[list[Values]]:
        """The designs that are left, those that are the same System together."""
        request = self._plan.request
        found: dict[str, list[Values]] = {}
        keys = pool.map(identity, [request] * len(left), left, chunksize=4)
        for values, key in zip(left, keys, strict=True):
            found.setdefault(key, []).append(values)
        return list(found.values())

    def _explore(self, pool: ProcessPoolExecutor, groups: list[list[Values]]) -> None:
        waiting: dict[Future[Row], list[Values]] = {
            pool.submit(explore, self._plan.request, group[0], self._options.asked): group
            for group in groups
        }
        self._tell()
        while waiting:
            done, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                row, group = future.result(), waiting.pop(future)
                self._explored += 1
                for values in group:
                    self._keep(replace(row, values=values))
            self._tell()

    def _keep(self, row: Row) -> None:
        self._rows[row.values] = row
        self._journal.add(row)

    def _tell(self) -> None:
        if self._options.progress is None:
            return
        done, total = len(self._rows), len(self._designs)
        spent = perf_counter() - self._began
        left = spent / done * (total - done) if done else None
        self._options.progress(Glimpse(done, total, spent, left))


def _is_decided(row: Row) -> bool:
    return all(cell.verdict not in _UNDECIDED for _, cell in row.cells)
