"""What was explored already, so that an interrupted matrix goes on where it stopped.

A file of JSON lines in a private folder of the user's cache, named by the digest of everything
that the answer depends on; a line is added as soon as a design is done. Lines that cannot be read
(the last one of a run that was killed) are as if they were not there.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import platformdirs

from pinmc.base.records import dataclass
from pinmc.ir.property import Verdict
from pinmc.results.matrix import Cell, Row, Values

_MOST_JOURNALS = 40


@dataclass(frozen=True, slots=True)
class Journal:
    """``path`` None keeps nothing."""

    path: Path | None

    def rows(self) -> dict[Values, Row]:
        """The designs that are done."""
        if self.path is None:
            return {}
        try:
            lines = self.path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            return {}
        return {row.values: row for row in filter(None, map(_read, lines))}

    def add(self, row: Row) -> None:
        """Keeps one more; a full disk only means that it will be explored again."""
        if self.path is None:
            return
        with suppress(OSError), self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(_written(row), ensure_ascii=False) + "\n")

    def forget(self) -> None:
        if self.path is not None:
            self.path.unlink(missing_ok=True)


def open_journal(digest: str) -> Journal:
    """The journal of that digest, in a folder that nobody else can write to."""
    folder = Path(platformdirs.user_cache_dir("pinmc", appauthor=False)) / "matrix"
    if not _is_private(folder):
        return Journal(None)
    _prune(folder)
    path = folder / f"{digest}.jsonl"
    with suppress(OSError):
        path.touch(mode=0o600)
        os.utime(path)
    return Journal(path)


def _is_private(folder: Path) -> bool:
    """Make ``folder`` if need be; whether it is ours and closed to everybody else."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return False
    if not stat.S_ISDIR(found.st_mode):
        return False
    ours = not hasattr(os, "getuid") or found.st_uid == os.getuid()
    return ours and stat.S_IMODE(found.st_mode) & 0o077 == 0


def _prune(folder: Path) -> None:
    """Drops the journals that were not used for longest."""
    with suppress(OSError):
        files = sorted(folder.glob("*.jsonl"), key=lambda path: path.stat().st_mtime)
        for path in files[: max(0, len(files) - _MOST_JOURNALS)]:
            path.unlink(missing_ok=True)


# --- lines -------------------------------------------------------------------------------------


def _written(row: Row) -> dict[str, Any]:
    return {
        "values": row.values,
        "states": row.states,
        "seconds": round(row.seconds, 4),
        "cells": {
            name: [cell.verdict.value, cell.steps, cell.reason, cell.trace, cell.race]
            for name, cell in row.cells
        },
    }


def _read(line: str) -> Row | None:
    try:
        found = json.loads(line)
        cells = tuple(_cells(found["cells"]))
        values = tuple(str(value) for value in found["values"])
        return Row(values, int(found["states"]), float(found["seconds"]), cells)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _cells(found: dict[str, Any]) -> Iterator[tuple[str, Cell]]:
    for name, (verdict, steps, reason, trace, race) in found.items():
        number = None if steps is None else int(steps)
        yield str(name), Cell(Verdict(verdict), number, str(reason), str(trace), str(race))
