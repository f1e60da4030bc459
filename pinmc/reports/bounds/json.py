"""Bounds for programs: one ``pinmc-bound/1`` document, described by the schema beside the others.

A run is a ``pinmc-result/1`` document with one property.
"""

from __future__ import annotations

import json

from pinmc.reports.base import RenderOptions
from pinmc.reports.json import Document, document
from pinmc.results.bounds import Attained, BoundReport, Extreme, Interval, Seen, Side

SCHEMA = "pinmc-bound/1"


def render(report: BoundReport) -> str:
    return json.dumps(as_document(report), indent=2, ensure_ascii=False)


def as_document(report: BoundReport) -> Document:
    """The document as plain dicts and lists."""
    answer = report.answer
    return {
        "schema": SCHEMA,
        "spec": report.spec,
        "constants": dict(report.constants),
        "objective": report.objective or None,
        "conditions": list(report.conditions),
        "extreme": _extreme(answer) if isinstance(answer, Extreme) else None,
        "interval": _interval(answer) if isinstance(answer, Interval) else None,
    }


def _extreme(found: Extreme) -> Document:
    return {
        "greatest": found.greatest,
        "basis": found.basis.value,
        "value": found.value,
        "empty": found.empty,
        "unbounded": found.unbounded,
        "law": found.law or None,
        "free": list(found.free),
        "reason": found.reason,
        "lemmas": found.lemmas,
        "seen": [_seen(seen) for seen in found.seen],
        "attained": _attained(found.attained),
    }


def _seen(seen: Seen) -> Document:
    return {
        "value": seen.value,
        "states": seen.states,
        "complete": seen.complete,
        "constants": dict(seen.constants),
    }


def _attained(found: Attained | None) -> Document | None:
    if found is None:
        return None
    return {
        "value": found.value,
        "constants": dict(found.constants),
        "result": document(found.result, RenderOptions(traces="all")),
    }


def _interval(found: Interval) -> Document:
    return {
        "name": found.name,
        "around": found.around,
        "properties": list(found.properties),
        "below": _side(found.below),
        "above": _side(found.above),
        "reason": found.reason,
        "lemmas": found.lemmas,
        "shown": _attained(found.shown),
    }


def _side(side: Side | None) -> Document | None:
    if side is None:
        return None
    return {
        "end": side.end.value,
        "last": side.last,
        "properties": list(side.properties),
        "shown": _attained(side.shown),
    }
