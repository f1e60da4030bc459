"""The matrix on a terminal: columns as narrow as their contents, repeated values left out."""

from __future__ import annotations

from pinmc.ir.property import Verdict
from pinmc.reports.canvas import Canvas, Piece, Style
from pinmc.reports.matrix.table import (
    cell_text,
    fixed_text,
    lines,
    matrix_of,
    shows_lengths,
    summary,
)
from pinmc.results.matrix import Cell, Matrix, MergedMatrix

_STYLES: dict[Verdict, Style] = {
    Verdict.HOLDS: "green",
    Verdict.REACHED: "green",
    Verdict.VIOLATED: "red",
    Verdict.UNKNOWN: "yellow",
}


def render(table: Matrix | MergedMatrix, colour: bool, width: int) -> str:
    """Properties have numbers where their names would not fit into ``width`` columns."""
    matrix = matrix_of(table)
    canvas = Canvas(colour, width)
    canvas.add(Piece(matrix.spec, "bold"))
    if matrix.fixed:
        canvas.wrapped(["with "], fixed_text(matrix))
    canvas.gap()
    heads, legend = _heads(table, width)
    for number, name in legend:
        canvas.add(Piece(f"  [{number}] ", "dim"), name)
    if legend:
        canvas.gap()
    _rows(canvas, table, heads)
    canvas.gap()
    canvas.add(summary(table))
    return canvas.text()


def _texts(table: Matrix | MergedMatrix) -> list[list[tuple[str, Cell | None]]]:
    lengths = shows_lengths(table)
    found: list[list[tuple[str, Cell | None]]] = []
    for line in lines(table):
        cells = [line.row[name] for name in matrix_of(table).properties]
        last = f"{line.row.states:,}" if isinstance(table, Matrix) else str(line.designs)
        found.append(
            [
                *((value, None) for value in line.values),
                *((cell_text(cell, lengths), cell) for cell in cells),
                (last, None),
            ]
        )
    return found


def _heads(table: Matrix | MergedMatrix, width: int) -> tuple[list[str], list[tuple[int, str]]]:
    """The heads of the columns, and a legend if those of properties are numbers."""
    matrix = matrix_of(table)
    choices = [choice.name for choice in matrix.choices]
    last = "states" if isinstance(table, Matrix) else "designs"
    full = [*choices, *matrix.properties, last]
    columns = zip(full, *([text for text, _ in row] for row in _texts(table)), strict=True)
    if 2 + sum(max(map(len, column)) + 2 for column in columns) <= width:
        return full, []
    numbers = [f"[{n}]" for n in range(1, len(matrix.properties) + 1)]
    return [*choices, *numbers, last], list(enumerate(matrix.properties, 1))


def _rows(canvas: Canvas, table: Matrix | MergedMatrix, heads: list[str]) -> None:
    rows = _texts(table)
    choices = len(matrix_of(table).choices)
    widths = [
        max(len(head), *(len(row[n][0]) for row in rows), 0) if rows else len(head)
        for n, head in enumerate(heads)
    ]
    canvas.add(Piece("  " + _joined(heads, widths), "bold"))
    before: list[str] = []
    for row in rows:
        texts = [text for text, _ in row]
        pieces: list[Piece | str] = ["  "]
        repeated = True
        for n, (text, cell) in enumerate(row):
            repeated = repeated and n < choices and bool(before) and before[n] == text
            shown = "″" if repeated and n < choices - 1 else text
            style: Style = "" if cell is None else _STYLES.get(cell.verdict, "")
            pieces.append(Piece(f"{shown:<{widths[n]}}  ", "dim" if shown == "″" else style))
        canvas.add(*pieces)
        before = texts


def _joined(texts: list[str], widths: list[int]) -> str:
    return "  ".join(f"{text:<{width}}" for text, width in zip(texts, widths, strict=True))
