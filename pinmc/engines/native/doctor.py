"""Whether native exploration works here."""

from __future__ import annotations

import os
from pathlib import Path

from pinmc.base.records import dataclass
from pinmc.base.source import NOWHERE
from pinmc.engines.base import Limits
from pinmc.engines.native.building import USUAL, build
from pinmc.engines.native.cache import cache_folder, open_cache
from pinmc.engines.native.child import Request, ask
from pinmc.engines.native.compilers import CompileError, Compiler, find_compiler
from pinmc.engines.native.source import model_of
from pinmc.ir.command import Command
from pinmc.ir.expr import TRUE
from pinmc.ir.system import System


@dataclass(frozen=True, slots=True)
class Examination:
    """``problem`` is empty when a model of one state could be compiled and explored. ``usable``:
    the cache's folder is kept; ``workers``: how many threads there would be."""

    compiler: Compiler | None
    problem: str
    workers: int
    folder: Path
    usable: bool
    files: int
    bytes: int


def examine() -> Examination:
    """Looks for a compiler and tries it."""
    compiler = find_compiler()
    problem = _try(compiler) if compiler is not None else ""
    with open_cache() as cache:
        entries = list(cache.entries()) if cache.lasting else []
        usable = cache.lasting
    total = sum(found.st_size for _, found in entries)
    workers = 1 if compiler is not None and compiler.is_tcc else os.cpu_count() or 1
    return Examination(compiler, problem, workers, cache_folder(), usable, len(entries), total)


def _try(compiler: Compiler) -> str:
    model = model_of(_nothing(), ())
    try:
        with open_cache() as cache:
            program = build(model.text, model.layout.words, compiler, cache, USUAL)
            answer = ask(program, Request(Limits(), None, False, 1))
    except (CompileError, OSError) as problem:
        return f"does not work: {problem}"
    return f"does not work: {answer.crash}" if answer.crash else ""


def _nothing() -> System:
    """One state and no step."""
    initial = Command("initial", "initial", (), None, TRUE, (), (), NOWHERE)
    return System(
        name="nothing",
        path="",
        constants=(),
        variables=(),
        slots=0,
        views=(),
        actors=(),
        agents=(),
        initial=initial,
        commands=(),
        properties=(),
        witnesses=(),
        marks=(),
        expectations=(),
    )
