"""The design matrix: every combination of choices against every property, as plain data."""

from __future__ import annotations

from pinmc.base.records import dataclass
from pinmc.ir.property import Verdict

Values = tuple[str, ...]
"""One value for each choice, in the order of ``Matrix.choices``."""


@dataclass(frozen=True, slots=True)
class ChoiceInfo:
    """``default`` is the value that the specification gives it."""

    name: str
    options: tuple[str, ...]
    default: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One property in one design. ``steps``: of the shortest trace, if there is one. ``trace`` and
    ``race``: the trace as the text report and the race diagram show it, empty without one."""

    verdict: Verdict
    steps: int | None = None
    reason: str = ""
    trace: str = ""
    race: str = ""

    def same(self, other: Cell | None, lengths: bool) -> bool:
        """Whether the verdicts agree, and with ``lengths`` the lengths as well."""
        if other is None or self.verdict is not other.verdict:
            return False
        return not lengths or self.steps == other.steps


@dataclass(frozen=True, slots=True)
class Row:
    """One design. ``cells`` by property; a property that the design does not have is missing."""

    values: Values
    states: int
    seconds: float
    cells: tuple[tuple[str, Cell], ...]

    def __getitem__(self, prop: str) -> Cell | None:
        return dict(self.cells).get(prop)


@dataclass(frozen=True, slots=True)
class Matrix:
    """``rows`` in row-major order of the choices; fewer than ``total`` after an interruption.
    ``fixed``: the constants and choices that are the same in all rows."""

    spec: str
    choices: tuple[ChoiceInfo, ...]
    properties: tuple[str, ...]
    rows: tuple[Row, ...]
    total: int
    fixed: tuple[tuple[str, str], ...] = ()
    explored: int = 0

    @property
    def complete(self) -> bool:
        return len(self.rows) == self.total


@dataclass(frozen=True, slots=True)
class Merged:
    """Designs that agree: every combination of ``values``, which are some of the options of each
    choice. ``row`` is one of them; ``count`` of designs it stands for."""

    values: tuple[tuple[str, ...], ...]
    row: Row
    count: int


@dataclass(frozen=True, slots=True)
class MergedMatrix:
    """``rows`` cover every design of ``matrix``, and none but those that agree with them."""

    matrix: Matrix
    rows: tuple[Merged, ...]
    lengths: bool
