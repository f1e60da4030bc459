"""Chooses the engine as it goes: interpreted at once, and when there turns out to be a lot, native
or, without a C compiler, vector.

Most designs are explored before a compiler could have been asked. It is asked for those that take
longer, while they are interpreted, so that going over to native code costs no waiting. What the
interpreter has found until then is given up: the other answer is the same, only sooner.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING

from pinmc.base.records import dataclass
from pinmc.engines.answers import INTERRUPTED, state_limit
from pinmc.engines.base import ExploreOptions
from pinmc.engines.interp import InterpEngine
from pinmc.ir.property import Verdict
from pinmc.ir.system import System
from pinmc.results.exploration import Exploration

if TYPE_CHECKING:
    from pinmc.engines.native.ahead import Ahead
    from pinmc.engines.native.engine import NativeEngine, Prepared

MANY_STATES = 20_000
"""What the interpreter explores in the time that generating, compiling and starting take."""

_ADVICE = "a C compiler (gcc, clang or tcc) would make this several times faster"

SMALL_SECONDS = 0.03
"""What is not explored in that time may be large: compiling begins, and stops if it is not."""

_COMPILERS = ("cc", "gcc", "clang", "tcc")


@dataclass(frozen=True, slots=True)
class AutoEngine:
    """``many``: after so many states it is worth compiling."""

    many: int = MANY_STATES

    @property
    def name(self) -> str:
        return "auto"

    def explore(self, system: System, options: ExploreOptions) -> Exploration:
        """The answer of whichever engine got to the end."""
        limit = options.limits.states
        if limit is not None and limit <= self.many:
            return InterpEngine().explore(system, options)
        started = perf_counter()
        few = replace(options, limits=replace(options.limits, states=self.many))
        with _ahead(system, options) as ahead:
            found = InterpEngine().explore(system, few)
            if found.stopped != state_limit(self.many):
                return found
            try:
                ahead.wait()
            except KeyboardInterrupt:
                return _interrupted(found)
        try:
            return _faster(system, options, started, ahead.made)
        except KeyboardInterrupt:  # while compiling: the program itself has its own way to stop
            return _interrupted(found)


def _ahead(system: System, options: ExploreOptions) -> Ahead[Prepared]:
    from pinmc.engines.native.ahead import Ahead

    return Ahead(lambda stop: _native().prepare(system, options, stop), SMALL_SECONDS)


def _native() -> NativeEngine:
    # Imported here: most designs are explored before this.
    from pinmc.engines.native.engine import NativeEngine

    return NativeEngine()


def _interrupted(found: Exploration) -> Exploration:
    """What was found before, with Ctrl-C as the reason why it is not more."""
    findings = tuple(
        replace(f, reason=INTERRUPTED) if f.verdict is Verdict.UNKNOWN else f
        for f in found.findings
    )
    return replace(found, findings=findings, stopped=INTERRUPTED, interrupted=True)


def _faster(
    system: System, options: ExploreOptions, started: float, prepared: Prepared | None
) -> Exploration:
    """The fastest engine that can do it; ``note`` of the answer says why it is not native."""
    if not _may_compile():
        return _without_compiler(system, options, started, _ADVICE)
    from pinmc.engines.native.engine import NotNative

    try:
        return _native().attempt(system, options, started, prepared)
    except NotNative as problem:
        return _without_compiler(system, options, started, f"not native: {problem}")


def _without_compiler(
    system: System, options: ExploreOptions, started: float, note: str
) -> Exploration:
    from pinmc.engines.vector.engine import NotVector, VectorEngine

    try:
        return replace(VectorEngine().attempt(system, options, started), note=note)
    except NotVector as problem:
        left = _left(options, perf_counter() - started)
        found = InterpEngine().explore(system, left)
        return replace(found, note=f"interpreted, not vector: {problem}; {note}")


def _left(options: ExploreOptions, spent: float) -> ExploreOptions:
    timeout = options.limits.timeout
    if timeout is None:
        return options
    return replace(options, limits=replace(options.limits, timeout=max(0.0, timeout - spent)))


def _may_compile() -> bool:
    """Whether there seems to be a C compiler; costs next to nothing."""
    return bool(os.environ.get("CC", "").strip()) or any(map(shutil.which, _COMPILERS))
