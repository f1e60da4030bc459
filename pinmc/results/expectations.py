"""Verdicts against what the author of the specification expects."""

from __future__ import annotations

from collections.abc import Sequence

from pinmc.base.records import dataclass
from pinmc.ir.property import Expectation, PropertyKind, Verdict
from pinmc.results.trace import Trace

_GOOD = frozenset({Verdict.HOLDS, Verdict.PROVED, Verdict.REACHED})
_OPEN = frozenset({Verdict.UNKNOWN, Verdict.SKIPPED, Verdict.VACUOUS})


@dataclass(frozen=True, slots=True)
class Judgement:
    """``skipped`` counts the expectations that cannot be checked yet."""

    expected: str | None
    as_expected: bool | None
    mismatch: str = ""
    skipped: int = 0


def judge(
    kind: PropertyKind,
    verdict: Verdict,
    trace: Trace | None,
    expectations: Sequence[Expectation],
) -> Judgement:
    """All of ``expectations`` must be met; without any, the property must hold."""
    if not expectations:
        return _unprompted(verdict)
    text = "; ".join(expectation_text(e) for e in expectations)
    answers = [_one(kind, verdict, trace, e) for e in expectations]
    wrong = [answer for answer in answers if isinstance(answer, str)]
    skipped = sum(
        1
        for answer, e in zip(answers, expectations, strict=True)
        if answer is None and (e.verdict is Verdict.PROVED or verdict is Verdict.SKIPPED)
    )
    if wrong:
        return Judgement(text, False, "; ".join(wrong), skipped)
    return Judgement(text, None if None in answers else True, skipped=skipped)


def expectation_text(expectation: Expectation) -> str:
    """``violated in 9 by device_write``."""
    steps = f" in {expectation.steps}" if expectation.steps is not None else ""
    by = f" by {expectation.by}" if expectation.by is not None else ""
    return f"{expectation.verdict.value}{steps}{by}"


def _unprompted(verdict: Verdict) -> Judgement:
    if verdict in _OPEN:
        return Judgement(None, None)
    return Judgement(None, verdict in _GOOD)


def _one(
    kind: PropertyKind, verdict: Verdict, trace: Trace | None, expectation: Expectation
) -> bool | str | None:
    """True when met, what is wrong when not, None when that cannot be told."""
    wanted = _for_kind(kind, expectation.verdict)
    if wanted is Verdict.PROVED and verdict is not Verdict.PROVED:
        return f"expected proved, but it {_found(verdict, trace)}" if _refutes(verdict) else None
    if verdict is not wanted and not (wanted is Verdict.HOLDS and verdict is Verdict.PROVED):
        undecided = verdict in (Verdict.UNKNOWN, Verdict.SKIPPED)
        return None if undecided else f"expected {wanted.value}, but it {_found(verdict, trace)}"
    return _about_trace(trace, expectation)


def _refutes(verdict: Verdict) -> bool:
    return verdict in (Verdict.VIOLATED, Verdict.UNREACHABLE)


def _found(verdict: Verdict, trace: Trace | None) -> str:
    told = "holds" if verdict is Verdict.HOLDS else f"is {verdict.value}"
    return told if trace is None else f"{told} in {len(trace)}"


def _for_kind(kind: PropertyKind, wanted: Verdict) -> Verdict:
    """That a ``reachable`` holds means that it is reached."""
    if kind is not PropertyKind.REACHABLE:
        return wanted
    by_verdict = {Verdict.HOLDS: Verdict.REACHED, Verdict.VIOLATED: Verdict.UNREACHABLE}
    return by_verdict.get(wanted, wanted)


def _about_trace(trace: Trace | None, expectation: Expectation) -> bool | str:
    steps, by = expectation.steps, expectation.by
    if trace is None:
        return True
    if steps is not None and steps != len(trace):
        return f"expected a trace of {steps} steps, but the shortest has {len(trace)}"
    if by is not None and not (trace.steps and by in trace.steps[-1].names):
        last = trace.steps[-1].shown if trace.steps else "no step at all"
        return f"expected the last step to be {by}, but it is {last}"
    return True
