"""Costs for programs: one ``pinmc-cost/1`` document, described by the schema beside the others."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction

from pinmc.reports.costs.terminal import Labelled
from pinmc.results.costs import CostReport, Extreme, GoalCost, LoopCost, bill
from pinmc.results.replay import replay
from pinmc.results.trace import Step

SCHEMA = "pinmc-cost/1"

Document = dict[str, object]


def render(spec: str, reports: Sequence[Labelled]) -> str:
    document = {"schema": SCHEMA, "spec": spec, "designs": [_design(each) for each in reports]}
    return json.dumps(document, indent=2, ensure_ascii=False)


def _design(each: Labelled) -> Document:
    report = each.report
    return {
        "label": each.label,
        "constants": {c.name: c.value for c in report.system.constants},
        "states": report.states,
        "unknown": report.unknown,
        "goals": [_goal(report, found) for found in report.goals],
        "loops": [_loop(report, found) for found in report.loops],
    }


def _goal(report: CostReport, found: GoalCost) -> Document:
    return {
        "cost": found.cost,
        "goal": found.goal,
        "least": _extreme(report, found.least),
        "greatest": _extreme(report, found.greatest),
    }


def _loop(report: CostReport, found: LoopCost) -> Document:
    return {
        "cost": found.cost,
        "per": found.per,
        "least": _extreme(report, found.least),
        "greatest": _extreme(report, found.greatest),
    }


def _extreme(report: CostReport, extreme: Extreme | None) -> Document | None:
    if extreme is None:
        return None
    steps = replay(report.system, extreme.schedule).steps
    spent = bill(report.system, extreme.schedule).spent
    return {
        "value": _value(extreme.value),
        "unbounded": extreme.value is None,
        "loop": extreme.loop,
        "steps": [_step(step, paid) for step, paid in zip(steps, spent, strict=True)],
    }


def _value(value: Fraction | None) -> Document | None:
    if value is None:
        return None
    return {"numerator": value.numerator, "denominator": value.denominator}


def _step(step: Step, spent: dict[str, int]) -> Document:
    source = {"file": step.source.file, "line": step.source.line}
    return {"actor": step.actor, "action": step.shown, "source": source, "spent": spent}
