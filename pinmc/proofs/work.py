"""What a worker process does: prove the properties of one design, and answer with plain data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pinmc.base.records import dataclass
from pinmc.engines.smt.certificate.write import Proof, write_certificate
from pinmc.engines.smt.proving.design import NOTHING_OPEN, Attempt, Open, prove_design
from pinmc.ir.property import Verdict
from pinmc.ir.system import System
from pinmc.results.gap import InductionGap
from pinmc.results.spelling import spelled


@dataclass(frozen=True, slots=True)
class Task:
    """One design. ``label`` tells it from the others of its specification. ``properties``: names,
    all of them when None. ``seconds`` for each property. ``certificates``: a folder that gets one
    for each proof. ``survivors``: only if nothing is violated in it."""

    system: System
    label: str = ""
    properties: frozenset[str] | None = None
    seconds: float = 60.0
    free: Open = NOTHING_OPEN
    certificates: Path | None = None
    survivors: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one property. ``lemmas`` as a specification would have them, comments where it
    cannot say them; ``unwritten`` is why there is no certificate, though there is a proof.
    ``rung``: what has found the proof; ``gap``: where the induction fails, if there is none."""

    name: str
    verdict: Verdict
    reason: str
    seconds: float
    lemmas: tuple[str, ...] = ()
    certificate: Path | None = None
    unwritten: str = ""
    rung: str = ""
    gap: InductionGap | None = None


def answers(task: Task) -> Iterator[Answer]:
    """An answer for each property. Raises KeyboardInterrupt."""
    for attempt in prove_design(
        task.system, task.properties, task.seconds, task.free, task.survivors
    ):
        yield _answer(task, attempt)


def all_answers(task: Task) -> tuple[Answer, ...]:
    """The same at once: what another process can send."""
    return tuple(answers(task))


def _answer(task: Task, attempt: Attempt) -> Answer:
    name = attempt.property.name
    plain = Answer(name, attempt.verdict, attempt.reason, attempt.seconds, gap=attempt.gap)
    if attempt.proof is None:
        return plain
    lemmas = tuple(_lemma_lines(name, attempt.proof, task.system))
    found = replace(plain, lemmas=lemmas, rung=attempt.rung)
    if task.certificates is None:
        return found
    target = task.certificates / name
    return replace(found, certificate=target, unwritten=_written(target, attempt.proof))


def _lemma_lines(name: str, proof: Proof, system: System) -> Iterator[str]:
    """What can be pasted into the specification, and comments for the rest."""
    for number, expr in enumerate(proof.lemmas, 1):
        written = spelled(system, expr)
        line = f"lemma {name}_{number}: {written.text}"
        yield f"// {line}  ({written.obstacle})" if written.obstacle else line


def _written(target: Path, proof: Proof) -> str:
    """Why it could not be written; empty when it was."""
    try:
        write_certificate(target, proof)
    except OSError as problem:
        return problem.strerror or str(problem)
    return ""
