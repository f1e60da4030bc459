"""Proving what several specifications claim, whatever happens to each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from pinmc.base.records import dataclass
from pinmc.cli import stream
from pinmc.cli.exits import Exit
from pinmc.cli.progress import StatusLine
from pinmc.cli.proof_lines import Tally, answer_lines

if TYPE_CHECKING:
    from pinmc.engines.smt.proving.design import Open
    from pinmc.ir.system import System
    from pinmc.proofs.run import Answered
    from pinmc.proofs.work import Answer, Task


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to prove, and what to say of it; ``certificate`` is a folder."""

    definitions: Mapping[str, str]
    properties: frozenset[str] | None
    seconds: float
    certificate: Path | None
    lemmas: bool
    gaps: bool
    free: tuple[str, ...]
    surviving: bool
    workers: int | None
    quiet: bool


def prove_files(files: Iterable[Path], wanted: Wanted) -> list[Exit]:
    """Prove the designs of all files, and say what came of them; the exit codes."""
    from pinmc.proofs.run import run

    files = list(files)
    tally = Tally()
    with StatusLine() as line:
        found = run(
            _tasks(files, wanted, tally),
            wanted.workers,
            lambda done, count: line.show(f"{done} of {count} designs"),
        )
        try:
            for path, group in groupby(found, key=lambda one: one[0].system.path):
                _report_file(path, group, wanted, tally, line)
        except KeyboardInterrupt:
            line.erase()
            tally.interrupted()
    tally.close(several=len(files) > 1)
    return tally.codes


def _tasks(files: Iterable[Path], wanted: Wanted, tally: Tally) -> Iterator[Task]:
    from pinmc.api import SpecError
    from pinmc.matrix.plan import PlanError

    for file in files:
        try:
            yield from _of_file(file, wanted)
        except (SpecError, PlanError) as mistakes:
            stream.diagnostics(mistakes.diagnostics)
            tally.codes.append(Exit.BAD_INPUT)


def _of_file(file: Path, wanted: Wanted) -> Iterator[Task]:
    from pinmc import api
    from pinmc.engines.smt.proving.design import NOTHING_OPEN, Open

    loaded = api.load(file, constants=wanted.definitions)
    api.refuse_unknown_properties(loaded, wanted.properties)
    if wanted.free:
        spec = api.load_free(file, wanted.free, constants=wanted.definitions)
        every = f"every {' and '.join(spec.free)}"
        yield _task(spec.system, every, wanted, Open(spec.free, spec.instances))
    elif wanted.surviving:
        yield from _combinations(file, wanted)
    else:
        for label, system in zip(loaded.labels, loaded.systems, strict=True):
            yield _task(system, label, wanted, NOTHING_OPEN)


def _combinations(file: Path, wanted: Wanted) -> Iterator[Task]:
    from pinmc.engines.smt.proving.design import NOTHING_OPEN
    from pinmc.matrix.plan import Request, plan

    planned = plan(Request(str(file), constants=tuple(wanted.definitions.items())))
    names = [choice.name for choice in planned.choices]
    for values in planned.designs:
        label = ",".join(f"{n}={v}" for n, v in zip(names, values, strict=True))
        yield _task(planned.lower(values), label, wanted, NOTHING_OPEN)


def _task(system: System, label: str, wanted: Wanted, free: Open) -> Task:
    from pinmc.proofs.work import Task

    folder = wanted.certificate
    return Task(
        system,
        label,
        wanted.properties,
        wanted.seconds,
        free,
        None if folder is None else folder / _folder(system.path, label, wanted),
        wanted.surviving,
    )


def _folder(path: str, label: str, wanted: Wanted) -> Path:
    """For each specification and design one of its own."""
    fixed = [f"{name}={value}" for name, value in wanted.definitions.items()]
    design = ",".join([*fixed, *([label] if label else [])])
    return Path(Path(path).stem) / (re.sub(r"[^\w=,.-]", "_", design) or "default")


def _report_file(
    path: str, found: Iterable[Answered], wanted: Wanted, tally: Tally, line: StatusLine
) -> None:
    proved, holding = tally.proved, tally.holding
    for task, answers in found:
        if isinstance(answers, Exception):
            from pinmc.cli.crash import internal_error

            line.erase()
            internal_error(answers, ["prove", path])
            tally.codes.append(Exit.INTERNAL)
            continue
        _report_design(task, answers, wanted, tally, line)
    if wanted.quiet:
        line.erase()
        told = f"{tally.proved - proved} of {tally.holding - holding} proved"
        stream.out(f"{Path(path).name:<32} {told}")


def _report_design(
    task: Task, answers: Iterable[Answer], wanted: Wanted, tally: Tally, line: StatusLine
) -> None:
    where = f"{Path(task.system.path).name}{f' ({task.label})' if task.label else ''}"
    for number, answer in enumerate(answers):
        line.erase()
        if not wanted.quiet:
            said = [where] if number == 0 else []
            stream.out("\n".join([*said, *answer_lines(answer, wanted.lemmas, wanted.gaps)]))
        tally.take(where, answer, task.system)
        if answer.unwritten:
            stream.err(f"pinmc: {answer.certificate}: {answer.unwritten}")
            tally.codes.append(Exit.BAD_INPUT)
        elif answer.certificate is not None and not wanted.quiet:
            stream.err(f"certificate: {answer.certificate}")
