"""The matrix as one HTML page that needs nothing else: cells open their trace."""

from __future__ import annotations

import importlib.resources
import json

from pinmc.ir.property import Verdict
from pinmc.reports.matrix.table import (
    Line,
    cell_text,
    fixed_text,
    is_good,
    lines,
    matrix_of,
    shows_lengths,
    summary,
    survives,
)
from pinmc.results.matrix import Cell, Matrix, MergedMatrix


def render(table: Matrix | MergedMatrix) -> str:
    package = importlib.resources.files("pinmc.reports.matrix")
    page = package.joinpath("page.html").read_text(encoding="utf-8")
    return page.replace("@DATA@", _embedded(_data(table)))


def _embedded(data: dict[str, object]) -> str:
    """JSON that cannot end the script element it is in."""
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")


def _data(table: Matrix | MergedMatrix) -> dict[str, object]:
    matrix = matrix_of(table)
    fixed = f"With {fixed_text(matrix)}. " if matrix.fixed else ""
    merged = "" if isinstance(table, Matrix) else "Rows that agree are merged. "
    return {
        "title": matrix.spec,
        "about": f"{fixed}{merged}{summary(table).capitalize()}.",
        "choices": [{"name": c.name, "options": c.options} for c in matrix.choices],
        "properties": matrix.properties,
        "last": "states" if isinstance(table, Matrix) else "designs",
        "lines": [_line(table, number, line) for number, line in enumerate(lines(table))],
    }


def _line(table: Matrix | MergedMatrix, number: int, line: Line) -> dict[str, object]:
    matrix, lengths = matrix_of(table), shows_lengths(table)
    plain = isinstance(table, Matrix)
    options = [[v] for v in line.row.values] if plain else table.rows[number].values
    return {
        "values": line.values,
        "options": options,
        "example": line.row.values,
        "good": survives(line.row),
        "last": f"{line.row.states:,}" if plain else str(line.designs),
        "cells": [_cell(line.row[name], lengths) for name in matrix.properties],
    }


def _cell(cell: Cell | None, lengths: bool) -> dict[str, str] | None:
    if cell is None:
        return None
    return {
        "text": cell_text(cell, lengths),
        "tone": _tone(cell),
        "reason": cell.reason,
        "trace": cell.trace,
        "race": cell.race,
    }


def _tone(cell: Cell) -> str:
    if is_good(cell):
        return "good"
    return "bad" if cell.verdict is Verdict.VIOLATED else "doubt"
