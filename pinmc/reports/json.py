"""The report for programs: one ``pinmc-result/1`` document, described by the schema beside it."""

from __future__ import annotations

import json
from collections.abc import Iterable

from pinmc.base.diagnostics import Diagnostic
from pinmc.reports.base import RenderOptions, wanted
from pinmc.results.exploration import Statistics
from pinmc.results.result import (
    Blocked,
    DesignResult,
    Explanation,
    FailedClause,
    LastWrite,
    PropertyResult,
    Result,
    Vacuous,
)
from pinmc.results.trace import Change, Source, Step, Trace

SCHEMA = "pinmc-result/1"

Document = dict[str, object]


def render(result: Result, options: RenderOptions) -> str:
    return json.dumps(document(result, options), indent=2, ensure_ascii=False)


def document(result: Result, options: RenderOptions) -> Document:
    """The document as plain dicts and lists. ``designs`` has the default design first, whose
    answers the envelope's own fields repeat."""
    designs: list[object] = [_design(design, options) for design in result.designs]
    return {
        "schema": SCHEMA,
        "spec": result.spec,
        "constants": dict(result.constants),
        "engine": result.engine,
        "exit_code": result.exit_code,
        "properties": _properties(result.properties, options),
        "statistics": _statistics(result.statistics),
        "vacuity": [_vacuous(never) for never in result.vacuity],
        "designs": designs,
        "warnings": [_warning(diagnostic) for diagnostic in result.warnings],
        "skipped": result.skipped,
        "interrupted": result.interrupted,
        "command": options.command,
    }


def _design(design: DesignResult, options: RenderOptions) -> Document:
    return {
        "label": design.label,
        "constants": dict(design.constants),
        "engine": design.engine,
        "properties": _properties(design.properties, options),
        "statistics": _statistics(design.statistics),
        "stopped": design.stopped,
        "interrupted": design.interrupted,
    }


def _properties(properties: tuple[PropertyResult, ...], options: RenderOptions) -> list[object]:
    return [_property(found, options) for found in wanted(properties, options)]


def _property(found: PropertyResult, options: RenderOptions) -> Document:
    shown = found.trace if options.traces != "none" else None
    return {
        "name": found.name,
        "kind": found.kind.value,
        "verdict": found.verdict.value,
        "reason": found.reason,
        "expected": found.expected,
        "as_expected": found.as_expected,
        "depth": found.depth,
        "doc": found.doc,
        "source": _source(found.source),
        "trace": None if shown is None else _trace(shown),
        "explanation": _explanation(found.explanation),
    }


def _statistics(statistics: Statistics) -> object:
    return {
        "states": statistics.states,
        "transitions": statistics.transitions,
        "depth": statistics.depth,
        "seconds": round(statistics.seconds, 6),
        "complete": statistics.complete,
        "peak_memory_bytes": statistics.peak_memory_bytes,
    }


# --- traces ------------------------------------------------------------------------------------


def _trace(trace: Trace) -> list[object]:
    """The initial state as a step that nobody took, then the steps."""
    initial: Document = {
        "actor": None,
        "action": None,
        "arguments": {},
        "calls": [],
        "source": None,
        "changes": [],
        "state": dict(trace.initial),
        "error": (trace.error or None) if not trace.steps else None,
    }
    return [initial, *(_step(step) for step in trace.steps)]


def _step(step: Step) -> Document:
    return {
        "actor": step.actor,
        "action": step.action,
        "arguments": dict(step.arguments),
        "calls": [
            {"name": call.name, "shown": call.shown, "arguments": dict(call.arguments)}
            for call in step.calls
        ],
        "source": _source(step.source),
        "changes": [_change(change) for change in step.changes],
        "state": dict(step.state),
        "error": step.error or None,
    }


def _change(change: Change) -> Document:
    return {
        "name": change.name,
        "before": change.before,
        "after": change.after,
        "ghost": change.ghost,
    }


def _source(source: Source | None) -> object:
    return None if source is None else {"file": source.file, "line": source.line}


# --- explanations, vacuity, warnings -----------------------------------------------------------


def _explanation(explanation: Explanation | None) -> object:
    if explanation is None:
        return None
    return {
        "clause": _clause(explanation.clause),
        "last_writes": [_last_write(write) for write in explanation.last_writes],
        "blocked": [_blocked(waiting) for waiting in explanation.blocked],
        "cycle": _texts(explanation.cycle),
    }


def _clause(clause: FailedClause | None) -> object:
    if clause is None:
        return None
    return {
        "text": clause.text,
        "source": _source(clause.source),
        "binders": dict(clause.binders),
        "terms": [{"text": text, "value": value} for text, value in clause.terms],
    }


def _last_write(write: LastWrite) -> Document:
    begun = write.step == 0
    return {
        "variable": write.variable,
        "value": write.value,
        "step": write.step,
        "actor": None if begun else write.actor,
        "action": None if begun else write.action,
    }


def _blocked(waiting: Blocked) -> Document:
    return {
        "actor": waiting.actor,
        "source": _source(waiting.source),
        "waits_for": waiting.waits_for,
        "is_lock": waiting.is_lock,
        "holders": _texts(waiting.holders),
        "needs": _texts(waiting.needs),
        "writers": _texts(waiting.writers),
    }


def _vacuous(never: Vacuous) -> Document:
    return {
        "kind": never.kind,
        "text": never.text,
        "property": never.property,
        "source": _source(never.source),
    }


def _warning(diagnostic: Diagnostic) -> Document:
    return {
        "code": diagnostic.code,
        "message": diagnostic.message,
        "remedy": diagnostic.remedy,
        "source": {"file": diagnostic.span.path, "line": diagnostic.span.line},
        "column": diagnostic.span.column,
    }


def _texts(texts: Iterable[str]) -> list[object]:
    return [*texts]
