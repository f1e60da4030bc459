"""From what an engine found to what a user is told: verdicts, expectations, the exit code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pinmc.base.diagnostics import Diagnostic
from pinmc.base.source import NOWHERE
from pinmc.ir.property import Property, Verdict
from pinmc.ir.system import System
from pinmc.results.coverage import coverable, executed, unseen, vacuous_properties
from pinmc.results.expectations import Judgement, judge
from pinmc.results.explain import explain
from pinmc.results.exploration import Exploration, Finding
from pinmc.results.replay import confirm, replay
from pinmc.results.result import DesignResult, PropertyResult, Result, Vacuous
from pinmc.results.trace import source_of


def judge_design(system: System, exploration: Exploration) -> DesignResult:
    """One design's answer. Raises ReplayError when a finding's schedule is not a real run."""
    hollow = vacuous_properties(system, exploration)
    properties: list[PropertyResult] = []
    skipped = 0
    by_name = {prop.name: prop for prop in system.properties}
    for finding in exploration.findings:
        result, more = _property(system, by_name[finding.property], finding, hollow)
        properties.append(result)
        skipped += more
    return DesignResult(
        label="",
        constants=tuple((constant.name, constant.value) for constant in system.constants),
        engine=exploration.engine,
        properties=tuple(properties),
        statistics=exploration.statistics,
        stopped=exploration.stopped,
        interrupted=exploration.interrupted,
        executed=executed(system, exploration),
        coverable=coverable(system, exploration),
        vacuous=frozenset(p.name for p in properties if p.verdict is Verdict.VACUOUS),
        skipped=skipped,
        note=exploration.note,
    )


def _property(
    system: System, prop: Property, finding: Finding, hollow: frozenset[str]
) -> tuple[PropertyResult, int]:
    """The answer to one property, and how many of its expectations are skipped."""
    expectations = [e for e in system.expectations if e.property == prop.name]
    verdict = finding.verdict
    wanted_vacuous = any(e.verdict is Verdict.VACUOUS for e in expectations)
    if wanted_vacuous and verdict is Verdict.HOLDS and prop.name in hollow:
        verdict = Verdict.VACUOUS
    trace = None
    if finding.schedule is not None:
        trace = replay(system, finding.schedule, prop.name)
        confirm(system, prop, finding, trace)
    judged: Judgement = judge(prop.kind, verdict, trace, expectations)
    result = PropertyResult(
        name=prop.name,
        kind=prop.kind,
        verdict=verdict,
        reason=finding.reason,
        expected=judged.expected,
        as_expected=judged.as_expected,
        depth=None if trace is None else len(trace),
        trace=trace,
        explanation=None if trace is None else explain(system, prop, finding, trace),
        source=None if prop.span.file is NOWHERE.file else source_of(prop.span),
        doc=prop.doc,
        mismatch=judged.mismatch,
    )
    return result, judged.skipped


def combine(
    spec: str,
    designs: Sequence[DesignResult],
    warnings: Iterable[Diagnostic] = (),
    judge_vacuity: bool = True,
) -> Result:
    """The whole specification's answer; the first of ``designs`` is the default one.

    Vacuity is judged over all of them together, and only if all were explored completely.
    ``judge_vacuity`` is off when the caller restricted the designs or the properties, since what
    never happens in a part may well happen in the whole.
    """
    if not designs:
        raise ValueError("a specification has at least its default design")
    vacuity = unseen(designs) if judge_vacuity else ()
    labelled = [_labelled(design, designs[0]) for design in designs]
    judged = tuple(_hollowed(design, vacuity) for design in labelled)
    default = judged[0]
    return Result(
        spec=spec,
        constants=default.constants,
        engine=default.engine,
        exit_code=_exit_code(judged, vacuity),
        properties=default.properties,
        statistics=default.statistics,
        vacuity=vacuity,
        designs=judged,
        warnings=tuple(warnings),
        skipped=sum(design.skipped for design in judged),
        interrupted=any(design.interrupted for design in judged),
    )


def _labelled(design: DesignResult, default: DesignResult) -> DesignResult:
    usual = dict(default.constants)
    differing = [f"{n} = {v}" for n, v in design.constants if usual.get(n) != v]
    return replace(design, label=", ".join(differing))


def _hollowed(design: DesignResult, vacuity: tuple[Vacuous, ...]) -> DesignResult:
    """Properties that hold only because there was nothing to say are no clean passes."""
    hollow = {entry.property: entry.text for entry in vacuity if entry.property is not None}
    properties = tuple(
        replace(p, verdict=Verdict.VACUOUS, reason=hollow[p.name], as_expected=None)
        if p.name in hollow and p.verdict is Verdict.HOLDS
        else p
        for p in design.properties
    )
    return replace(design, properties=properties)


def _exit_code(designs: Iterable[DesignResult], vacuity: tuple[Vacuous, ...]) -> int:
    """1 before 3 before 4 before 0; bad input and internal errors never get here."""
    properties = [prop for design in designs for prop in design.properties]
    if any(prop.as_expected is False for prop in properties):
        return 1
    open_ = any(p.verdict is Verdict.UNKNOWN and p.as_expected is None for p in properties)
    if open_ or any(design.interrupted for design in designs):
        return 3
    return 4 if vacuity else 0
