"""Checking several specifications one after the other, whatever happens to each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from pinmc.base.records import dataclass
from pinmc.cli.exits import Exit
from pinmc.cli.progress import ProgressLine

if TYPE_CHECKING:
    from pinmc.api import CheckOptions
    from pinmc.base.diagnostics import Diagnostic
    from pinmc.results.result import Result


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one specification: a result, its mistakes, or a crash of pinmc."""

    path: Path
    code: Exit
    seconds: float
    result: Result | None = None
    mistakes: tuple[Diagnostic, ...] = ()
    crash: Exception | None = field(default=None, repr=False)
    interrupted: bool = False


def check_each(
    files: Iterable[Path],
    definitions: Mapping[str, str],
    options: CheckOptions,
    line: ProgressLine,
) -> Iterator[Outcome]:
    """The outcome of each of ``files`` in order. Ends early after Ctrl-C."""
    options = replace(options, progress=line.report)
    for file in files:
        line.title = file.name
        outcome = _outcome(file, definitions, options)
        line.erase()
        yield outcome
        if outcome.interrupted:
            return


def _outcome(file: Path, definitions: Mapping[str, str], options: CheckOptions) -> Outcome:
    from pinmc import api

    start = perf_counter()
    try:
        result = api.check_loaded(api.load(file, constants=definitions), options)
    except api.SpecError as mistakes:
        found = mistakes.diagnostics
        return Outcome(file, Exit.BAD_INPUT, perf_counter() - start, mistakes=found)
    except KeyboardInterrupt:  # before or after the exploration, which has its own way to stop
        return Outcome(file, Exit.UNDETERMINED, perf_counter() - start, interrupted=True)
    except Exception as problem:  # the other specifications deserve their answers
        return Outcome(file, Exit.INTERNAL, perf_counter() - start, crash=problem)
    seconds = perf_counter() - start
    code = Exit(result.exit_code)
    return Outcome(file, code, seconds, result, interrupted=result.interrupted)
