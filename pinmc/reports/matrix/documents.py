"""The matrix as Markdown, CSV and JSON."""

from __future__ import annotations

import csv
import io
import json

from pinmc.reports.matrix.table import body, heading, matrix_of
from pinmc.results.matrix import Cell, Matrix, MergedMatrix

SCHEMA = "pinmc-matrix/1"

Document = dict[str, object]


def markdown(table: Matrix | MergedMatrix) -> str:
    """A table as GitHub and others show it."""
    head = heading(table)
    rows = [head, ["---"] * len(head), *body(table)]
    return "\n".join("| " + " | ".join(map(_escaped, row)) + " |" for row in rows)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("*", "\\*")


def comma_separated(table: Matrix | MergedMatrix) -> str:
    """As RFC 4180 has it, but for line ends."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(heading(table))
    writer.writerows(body(table))
    return file.getvalue().rstrip("\n")


def json_text(table: Matrix | MergedMatrix) -> str:
    return json.dumps(document(table), indent=2, ensure_ascii=False)


def document(table: Matrix | MergedMatrix) -> Document:
    """``rows`` are designs, or with ``merged`` sets of designs that agree."""
    matrix = matrix_of(table)
    return {
        "schema": SCHEMA,
        "spec": matrix.spec,
        "choices": [
            {"name": c.name, "options": list(c.options), "default": c.default}
            for c in matrix.choices
        ],
        "fixed": dict(matrix.fixed),
        "properties": list(matrix.properties),
        "total": matrix.total,
        "complete": matrix.complete,
        "merged": not isinstance(table, Matrix),
        "rows": list(_rows(table)),
    }


def _rows(table: Matrix | MergedMatrix) -> list[Document]:
    if isinstance(table, Matrix):
        return [
            {
                "values": dict(zip(_names(table), row.values, strict=True)),
                "states": row.states,
                "seconds": round(row.seconds, 3),
                "cells": {name: _cell(cell) for name, cell in row.cells},
            }
            for row in table.rows
        ]
    names = _names(table.matrix)
    return [
        {
            "values": dict(zip(names, map(list, merged.values), strict=True)),
            "designs": merged.count,
            "cells": {name: _cell(cell, table.lengths) for name, cell in merged.row.cells},
        }
        for merged in table.rows
    ]


def _names(matrix: Matrix) -> list[str]:
    return [choice.name for choice in matrix.choices]


def _cell(cell: Cell, lengths: bool = True) -> Document:
    return {
        "verdict": cell.verdict.value,
        "steps": cell.steps if lengths else None,
        "reason": cell.reason,
    }
