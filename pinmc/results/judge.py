"""From what an engine found to verdicts, expectations met or not, and an exit code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pinmc.base.diagnostics import Diagnostic
from pinmc.ir.property import Expectation, Property, PropertyKind, Verdict
from pinmc.ir.system import MarkInfo, MarkKind, System
from pinmc.results.changes import Viewer
from pinmc.results.explain import explain
from pinmc.results.exploration import Exploration, Finding
from pinmc.results.replay import replay, source_of
from pinmc.results.result import DesignResult, PropertyResult, Result, Vacuous
from pinmc.results.trace import Trace

_GOOD = (Verdict.HOLDS, Verdict.REACHED, Verdict.PROVED)
_BAD = (Verdict.VIOLATED, Verdict.UNREACHABLE)

# --- one design --------------------------------------------------------------------------------


def judge_design(system: System, exploration: Exploration) -> DesignResult:
    """The answer for one design: every trace replayed, every expectation compared.

    Raises ``ReplayError`` if the engine's schedule is not one of the system.
    """
    viewer = Viewer(system)
    by_name = {finding.property: finding for finding in exploration.findings}
    properties = tuple(
        _property(viewer, prop, by_name[prop.name])
        for prop in system.properties
        if prop.name in by_name
    )
    return DesignResult(
        "",
        tuple((c.name, c.value) for c in system.constants),
        exploration.engine,
        properties,
        exploration.statistics,
        exploration.stopped,
        exploration.interrupted,
        frozenset(_happened(system, exploration)),
        tuple(_coverable(system)),
    )


def _property(viewer: Viewer, prop: Property, finding: Finding) -> PropertyResult:
    system = viewer.system
    trace = None
    if finding.schedule is not None:
        trace = replay(system, finding.schedule, prop.name, viewer)
    explanation = None
    if trace is not None and finding.verdict is Verdict.VIOLATED and trace.states:
        explanation = explain(viewer, prop, trace, finding.agents)
    expectations = [e for e in system.expectations if e.property == prop.name]
    verdict, reason = finding.verdict, finding.reason
    return PropertyResult(
        prop.name,
        prop.kind,
        verdict,
        reason,
        "; ".join(expectation_text(e) for e in expectations) or None,
        _as_expected(finding, trace, expectations),
        len(trace) if trace is not None else None,
        trace,
        explanation,
        source_of(prop.span) if prop.span.file.text else None,
        prop.doc,
    )


def expectation_text(expectation: Expectation) -> str:
    """``violated in 9 by device_write``."""
    text = expectation.verdict.value
    if expectation.steps is not None:
        text += f" in {expectation.steps}"
    return f"{text} by {expectation.by}" if expectation.by else text


def _as_expected(
    finding: Finding, trace: Trace | None, expectations: Sequence[Expectation]
) -> bool | None:
    if not expectations:
        if finding.verdict in _GOOD:
            return True
        return False if finding.verdict in _BAD else None
    met = [_meets(finding, trace, e) for e in expectations]
    if False in met:
        return False
    return None if None in met else True


def _meets(finding: Finding, trace: Trace | None, expected: Expectation) -> bool | None:
    """None: cannot be told, or not yet."""
    verdict = finding.verdict
    if expected.verdict is Verdict.PROVED:
        return False if verdict in _BAD else None
    if verdict is Verdict.SKIPPED:
        return None
    if verdict is Verdict.UNKNOWN:
        return True if expected.verdict is Verdict.UNKNOWN else None
    if expected.verdict is Verdict.VACUOUS:
        # Whether it is vacuous is known once all designs are: see ``combine``.
        return verdict in _GOOD
    if verdict is not expected.verdict:
        return False
    if expected.steps is not None and (trace is None or len(trace) != expected.steps):
        return False
    return expected.by is None or (trace is not None and expected.by in last_actors(trace))


def last_actors(trace: Trace) -> frozenset[str]:
    """Every name ``expect … by`` may use for the last step: actions, rule or actor."""
    if not trace.steps:
        return frozenset()
    last = trace.steps[-1]
    command = trace.system.commands[trace.schedule.moves[-1].command]
    names = {name for call in last.calls for name in (call.name, call.shown)}
    return frozenset(names | {command.actor})


# --- vacuity -----------------------------------------------------------------------------------

_Key = tuple[str, str, str, int]


def _mark_key(info: MarkInfo) -> _Key:
    return (info.kind.value, info.name, info.span.path, info.span.start)


def _coverable(system: System) -> Iterable[tuple[_Key, Vacuous]]:
    """Everything whose never happening is worth a word."""
    for info in system.marks:
        if info.covers and info.kind is not MarkKind.STEP:
            text = f"{info.shown}() never ran"
            if info.kind is MarkKind.BRANCH:
                text = f"the branch '{info.shown}' was never taken"
            yield _mark_key(info), Vacuous(info.kind.value, text, source_of(info.span))
    for witness in system.witnesses:
        key = ("witness", witness.property, witness.text, witness.span.start)
        found = Vacuous("witness", witness.text, source_of(witness.span), witness.property)
        yield key, found


def _happened(system: System, exploration: Exploration) -> Iterable[_Key]:
    for mark in exploration.marks:
        yield _mark_key(system.marks[mark])
    for position in exploration.witnesses:
        witness = system.witnesses[position]
        yield ("witness", witness.property, witness.text, witness.span.start)


def _vacuous(designs: Sequence[DesignResult]) -> tuple[Vacuous, ...]:
    """What never happened in any of the designs; nothing unless all were explored whole."""
    if not all(d.statistics.complete for d in designs):
        return ()
    happened = frozenset(key for d in designs for key in d.executed)
    never: dict[_Key, Vacuous] = {}
    for design in designs:
        for key, vacuous in design.coverable:
            if key not in happened:
                never.setdefault(key, vacuous)
    order = sorted(never.values(), key=lambda v: (v.source.file, v.source.line, v.text))
    return tuple(order)


# --- a whole specification ---------------------------------------------------------------------


def combine(
    spec: str,
    designs: Sequence[DesignResult],
    warnings: Sequence[Diagnostic] = (),
    judge_vacuity: bool = True,
) -> Result:
    """All designs of one specification, the default one first, into one answer.

    ``judge_vacuity`` is off when the caller restricted the designs or the properties, since what
    never happens in a part may well happen in the whole.
    """
    labelled = [_labelled(design, designs[0]) for design in designs]
    vacuity = _vacuous(labelled) if judge_vacuity else ()
    empty = {v.property for v in vacuity if v.property is not None}
    final = tuple(_with_vacuity(design, empty) for design in labelled)
    first = final[0]
    skipped = sum(_is_skipped(p) for d in final for p in d.properties)
    return Result(
        spec,
        first.constants,
        first.engine,
        _exit_code(final, vacuity),
        first.properties,
        first.statistics,
        vacuity,
        final,
        tuple(warnings),
        skipped,
        any(d.interrupted for d in final),
    )


def _labelled(design: DesignResult, first: DesignResult) -> DesignResult:
    usual = dict(first.constants)
    other = [f"{n} = {v}" for n, v in design.constants if usual.get(n) != v]
    return replace(design, label=", ".join(other))


def _with_vacuity(design: DesignResult, empty: set[str]) -> DesignResult:
    """Properties that hold only because nothing happened are vacuous, not held."""
    return replace(
        design, properties=tuple(_emptied(p, p.name in empty) for p in design.properties)
    )


def _emptied(found: PropertyResult, empty: bool) -> PropertyResult:
    expects_vacuous = found.expected is not None and found.expected.startswith("vacuous")
    if not empty or found.verdict is not Verdict.HOLDS:
        return replace(found, as_expected=False) if expects_vacuous else found
    reason = "what it speaks of never happened in any design"
    return replace(
        found,
        verdict=Verdict.VACUOUS,
        reason=reason,
        as_expected=True if expects_vacuous else None,
    )


def _is_skipped(found: PropertyResult) -> bool:
    """An expectation that the tool cannot check yet."""
    if found.expected is None or found.as_expected is not None:
        return False
    return found.kind is PropertyKind.TEMPORAL or "proved" in found.expected


def _exit_code(designs: Sequence[DesignResult], vacuity: Sequence[Vacuous]) -> int:
    """1 before 3 before 4: see the exit codes in the command line's help."""
    properties = [p for d in designs for p in d.properties]
    if any(p.as_expected is False for p in properties):
        return 1
    if any(p.verdict is Verdict.UNKNOWN and p.as_expected is not True for p in properties):
        return 3
    if any(d.stopped and not d.statistics.complete for d in designs) and not all(
        p.as_expected for p in properties
    ):
        return 3
    wanted = {p.name for p in properties if p.verdict is Verdict.VACUOUS and p.as_expected}
    if any(v.property is None or v.property not in wanted for v in vacuity):
        return 4
    return 0
