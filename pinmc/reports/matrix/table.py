"""A matrix, merged or not, as rows of text: what all of its reports are made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pinmc.base.records import dataclass
from pinmc.ir.property import Verdict
from pinmc.results.matrix import Cell, Matrix, MergedMatrix, Row

ANY = "*"
"""Every option of a choice."""


@dataclass(frozen=True, slots=True)
class Line:
    """``values``: a text for each choice; ``row``: one of the ``designs`` it is about."""

    values: tuple[str, ...]
    row: Row
    designs: int


def lines(table: Matrix | MergedMatrix) -> list[Line]:
    if isinstance(table, Matrix):
        return [Line(row.values, row, 1) for row in table.rows]
    options = [choice.options for choice in table.matrix.choices]
    return [
        Line(tuple(map(_options, merged.values, options)), merged.row, merged.count)
        for merged in table.rows
    ]


def _options(some: Sequence[str], every: Sequence[str]) -> str:
    return ANY if len(some) == len(every) else " | ".join(some)


def matrix_of(table: Matrix | MergedMatrix) -> Matrix:
    return table if isinstance(table, Matrix) else table.matrix


def shows_lengths(table: Matrix | MergedMatrix) -> bool:
    """Whether a length says something about all designs of a line."""
    return isinstance(table, Matrix) or table.lengths


def is_good(cell: Cell) -> bool:
    """Whether the verdict is what one hopes for of any property."""
    return cell.verdict in (Verdict.HOLDS, Verdict.REACHED)


def survives(row: Row) -> bool:
    """Whether nothing is violated in the design."""
    return all(cell.verdict is not Verdict.VIOLATED for _, cell in row.cells)


def cell_text(cell: Cell | None, lengths: bool = True) -> str:
    """``holds``, ``violated 9``, ``reached 4``; a dash where the design has no such property."""
    if cell is None:
        return "–"
    word = cell.verdict.value
    return f"{word} {cell.steps}" if lengths and cell.steps is not None else word


def heading(table: Matrix | MergedMatrix) -> list[str]:
    """The names of the columns: choices, properties, and what counts."""
    matrix = matrix_of(table)
    last = ["states"] if isinstance(table, Matrix) else ["designs"]
    return [*(choice.name for choice in matrix.choices), *matrix.properties, *last]


def body(table: Matrix | MergedMatrix) -> Iterator[list[str]]:
    """The texts of each line, as many as ``heading`` has."""
    lengths = shows_lengths(table)
    for line in lines(table):
        cells = [cell_text(line.row[name], lengths) for name in matrix_of(table).properties]
        last = f"{line.row.states:,}" if isinstance(table, Matrix) else str(line.designs)
        yield [*line.values, *cells, last]


def summary(table: Matrix | MergedMatrix) -> str:
    """``540 designs, 212 of them explored, 96 in which nothing is violated``."""
    matrix = matrix_of(table)
    done = len(matrix.rows)
    count = f"{matrix.total} designs" if matrix.complete else f"{done} of {matrix.total} designs"
    good = sum(survives(row) for row in matrix.rows)
    return f"{count}, {good} in which nothing is violated"


def fixed_text(matrix: Matrix) -> str:
    return ", ".join(f"{name} = {value}" for name, value in matrix.fixed)
