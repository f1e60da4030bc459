"""What pinmc is meant to reach, as ratios within one run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tests.benchmarks.peers.rows import Row
from tests.benchmarks.peers.sizes import Size

Rows = Mapping[str, Row]
"""The rows of one size by the tool's name."""

ONE, TWO = "pinmc native, 1 thread", "pinmc native, 2 threads"
VECTOR, CHECK = "pinmc vector", "pinmc check, everything"
PARALLEL = "SPIN, parallel breadth-first on 2 cores"
TO_TELL = 100_000
"""With fewer states, rates say more of the start than of the search."""


@dataclass(frozen=True, slots=True)
class Goal:
    """``least``: the measured value should be at least the goal; else at most. ``measured`` is
    None if a row that it needs is not there; ``by`` says what it was compared with."""

    size: str
    what: str
    goal: float
    unit: str
    least: bool
    measured: float | None
    by: str = ""

    @property
    def verdict(self) -> str:
        if self.measured is None:
            return "not measured"
        met = self.measured >= self.goal if self.least else self.measured <= self.goal
        return "met" if met else "not met"


def goals(size: Size, rows: Rows) -> Iterator[Goal]:
    """Those that say something about this size."""
    if size.states >= TO_TELL:
        yield from _rates(size, rows)
    yield from _totals(size, rows)
    if size.states >= 50 * TO_TELL:
        for name in (ONE, TWO):
            row = rows.get(name)
            found = row.bytes_a_state if row else None
            yield Goal(size.name, f"{name}: memory", 20.0, "bytes a state", False, found)
            row = rows.get(f"{name}, compact")
            found = row.bytes_a_state if row else None
            yield Goal(size.name, f"{name}, compact: memory", 10.0, "bytes a state", False, found)


def _rates(size: Size, rows: Rows) -> Iterator[Goal]:
    one, two, vector = (_rate(rows, name) for name in (ONE, TWO, VECTOR))
    spin = best_spin(rows, lambda row: row.rate)
    name, rate = (spin.tool, spin.rate) if spin else ("", None)

    def ratio(what: str, goal: float, over: float | None, under: float | None, by: str) -> Goal:
        measured = over / under if over and under else None
        return Goal(size.name, what, goal, "times", True, measured, by)

    if size.states >= 10 * TO_TELL:
        goal = 10.0 if size.states >= 50 * TO_TELL else 5.0
        yield ratio("native, 1 thread / SPIN's best", goal, one, rate, name)
        yield ratio("native, 2 threads / 1 thread", 1.6, two, one, "")
        yield ratio("native, 2 threads / SPIN on 2 cores", 10.0, two, _rate(rows, PARALLEL), "")
        for threads, own in (("1 thread", one), ("2 threads", two)):
            peer = _rate(rows, f"rumur, {threads}")
            yield ratio(f"native / rumur, {threads} each", 60.0, own, peer, "")
    yield ratio("vector / SPIN's best", 2.0, vector, rate, name)


def _totals(size: Size, rows: Rows) -> Iterator[Goal]:
    spin = best_spin(rows, lambda row: 1 / row.total if row.total else None)
    limit = spin.total if spin else None
    for name in (ONE, TWO, CHECK):
        total = _total(rows, name)
        what = f"{name}: total / SPIN's least total"
        measured = total / limit if total and limit else None
        yield Goal(size.name, what, 1.0, "times", False, measured, spin.tool if spin else "")
    if TO_TELL <= size.states < 2 * TO_TELL:
        quickest = [_total(rows, name) for name in (ONE, TWO, VECTOR, CHECK)]
        known = [total for total in quickest if total]
        least = min(known, default=None)
        yield Goal(size.name, "pinmc's least total, from a cold start", 0.5, "s", False, least)
        what = f"{CHECK}: total, from a cold start"
        yield Goal(size.name, what, 0.5, "s", False, _total(rows, CHECK))


def best_spin(rows: Rows, score: Callable[[Row], float | None]) -> Row | None:
    """The exact, sequential mode of SPIN with the highest score."""
    known = [row for row in rows.values() if row.tool.startswith("SPIN") and row.exact]
    scored = [(value, row) for row in known if not row.wrong and (value := score(row))]
    return max(scored, key=lambda pair: pair[0])[1] if scored else None


def _rate(rows: Rows, name: str) -> float | None:
    row = rows.get(name)
    return row.rate if row and not row.wrong else None


def _total(rows: Rows, name: str) -> float | None:
    row = rows.get(name)
    return row.total if row and not row.wrong else None
