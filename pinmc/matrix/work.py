"""What a worker process does: lower a design, explore it, and answer with plain data."""

from __future__ import annotations

import functools
import hashlib
from dataclasses import replace
from time import perf_counter

from pinmc.base.records import dataclass
from pinmc.engines.base import ExploreOptions, Limits
from pinmc.engines.catalog import make_engine
from pinmc.ir.text import text
from pinmc.matrix.plan import Plan, Request, plan
from pinmc.reports.base import Shown
from pinmc.reports.canvas import Canvas
from pinmc.reports.race import diagram
from pinmc.reports.terminal.traces import add_trace
from pinmc.results.judge import judge_design
from pinmc.results.matrix import Cell, Row, Values
from pinmc.results.result import DesignResult, PropertyResult

_WIDTH = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """How each design is explored. ``properties``: names, all of them when empty."""

    properties: tuple[str, ...] = ()
    limits: Limits = Limits()
    engine: str = "auto"


@functools.lru_cache(maxsize=4)
def _plan(request: Request) -> Plan:
    return plan(request)


def identity(request: Request, values: Values) -> str:
    """The same for designs that are the same System but for the names of their choices."""
    system = _plan(request).lower(values)
    bare = replace(system, constants=(), name="")
    return hashlib.sha256(text(bare).encode()).hexdigest()


def explore(request: Request, values: Values, asked: Asked) -> Row:
    """The row of one design."""
    began = perf_counter()
    system = _plan(request).lower(values)
    names = frozenset(asked.properties) or None
    options = ExploreOptions(asked.limits, properties=names, workers=1)
    exploration = make_engine(asked.engine).explore(system, options)
    design = judge_design(system, exploration)
    cells = tuple((found.name, _cell(design, found)) for found in design.properties)
    return Row(values, design.statistics.states, perf_counter() - began, cells)


def _cell(design: DesignResult, found: PropertyResult) -> Cell:
    if found.trace is None:
        return Cell(found.verdict, None, found.reason)
    shown = Shown(design, found, found.trace)
    canvas = Canvas(False, _WIDTH)
    add_trace(canvas, shown)
    race = "\n".join(diagram(shown)) if found.trace.steps or found.trace.error else ""
    return Cell(found.verdict, found.depth, found.reason, canvas.text().strip("\n"), race)
