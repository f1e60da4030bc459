"""Programs of two speeds: one that is compiled soon, one that explores fast.

A model is first explored by a program that the compiler did not optimise. When that takes longer,
the optimised one is compiled at the same time, and begins anew in the place of the other as soon
as it is there. Both give the same answer.
"""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from pinmc.engines.native.ahead import Ahead
from pinmc.engines.native.building import FIRST, QUICK, USUAL, Flags, build, has_runtime
from pinmc.engines.native.cache import Cache
from pinmc.engines.native.child import Answer, Request, ask
from pinmc.engines.native.compilers import CompileError, Compiler
from pinmc.engines.native.source import Model

PATIENCE = 0.25
"""After so many seconds the optimised program is compiled too."""

SHORT = 32_000
"""Characters of C that are compiled with a little optimisation sooner than the runtime is without
any: 0.15 s, where that takes 0.2 s."""


def first_flags(model: Model, compiler: Compiler, cache: Cache) -> Flags:
    """How to compile what is needed soon: optimised if most of it is compiled already, or else if
    it is compiled before the runtime is."""
    words = model.layout.words
    if has_runtime(words, compiler, cache, USUAL):
        return USUAL
    waits = len(model.text) < SHORT and not has_runtime(words, compiler, cache, QUICK)
    return FIRST if waits else QUICK


def ask_soonest(
    model: Model,
    compiler: Compiler,
    cache: Cache,
    request: Callable[[], Request],
    patience: float = PATIENCE,
) -> Answer:
    """The answer to ``request``, which is called for each program that is asked.

    Raises CompileError when there is no program.
    """
    flags = first_flags(model, compiler, cache)
    program = build(model.text, model.layout.words, compiler, cache, flags)
    if flags == USUAL:
        return ask(program, request())
    slow = _Slow()
    better = Ahead(lambda stop: _optimised(model, compiler, cache, stop), patience, slow.end)
    with better:
        answer = ask(program, request(), slow.watch)
    if not slow.ended or better.made is None:
        return answer
    if answer.interrupted:
        raise KeyboardInterrupt
    return ask(better.made, request())


def _optimised(
    model: Model, compiler: Compiler, cache: Cache, stop: threading.Event
) -> Path | None:
    # Without it the other program goes on.
    with suppress(CompileError, OSError):
        able = replace(compiler, stop=stop)
        return build(model.text, model.layout.words, able, cache, USUAL)
    return None


class _Slow:
    """The program that explores meanwhile."""

    def __init__(self) -> None:
        self.ended = False
        self._process: subprocess.Popen[str] | None = None

    def watch(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def end(self, _: Path) -> None:
        """Ends it, if it has not done so by itself."""
        if self._process is not None and self._process.poll() is None:
            self.ended = True
            self._process.kill()
