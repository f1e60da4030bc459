"""Chooses the engine as it goes: interpreted at once; whole levels at a time when that turns out to
be worth loading NumPy; native as soon as a program is compiled, which it is meanwhile.

Nobody waits for a compiler. What one engine has found is given up for the next: the answer is the
same, only sooner.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING

from pinmc.base.records import dataclass
from pinmc.engines.answers import INTERRUPTED, LEFT, OUT_OF_MEMORY, memory_limit, state_limit
from pinmc.engines.base import ExploreOptions
from pinmc.engines.interp import InterpEngine
from pinmc.engines.outlook import expected_states
from pinmc.engines.watch import Left
from pinmc.ir.property import Verdict
from pinmc.ir.system import System
from pinmc.results.exploration import Exploration

if TYPE_CHECKING:
    # Imported where they are needed: most designs are explored before that.
    from pinmc.engines.native.cache import Cache
    from pinmc.engines.native.engine import Prepared

MANY_STATES = 20_000
"""What the interpreter explores in the time that another engine takes to start."""

LARGE = 60_000
"""When so many states are to be expected, there is no use in interpreting the first."""

_A_FEW = 2000
"""States in three levels before these are taken for what they will be like."""

NARROW = 200
"""Levels of fewer states than that are interpreted faster than whole levels at a time."""

PATIENCE = 0.2
"""Seconds. What is explored sooner is not held up by a compiler, which takes some time from it even
if there are more cores."""

_ADVICE = "a C compiler (gcc, clang or tcc) would make this several times faster"

_COMPILERS = ("cc", "gcc", "clang", "tcc")


@dataclass(frozen=True, slots=True)
class AutoEngine:
    """``many``: after so many states another engine is worth starting. ``large``: when so many are
    expected, it is at once."""

    many: int = MANY_STATES
    large: int = LARGE

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
        found = InterpEngine(self._is_large).explore(system, few, started)
        if found.stopped not in (LEFT, state_limit(self.many)):
            return found
        narrow = found.statistics.states < NARROW * found.statistics.depth
        try:
            return _Faster(system, options, started, narrow).explored()
        except KeyboardInterrupt:  # between two engines, each of which has its own way to stop
            return _interrupted(found)

    def _is_large(self, levels: Sequence[int]) -> bool:
        return sum(levels[-3:]) > _A_FEW and expected_states(levels) >= self.large


def _interrupted(found: Exploration) -> Exploration:
    """What was found before, with Ctrl-C as the reason why it is not more."""
    findings = tuple(
        replace(f, reason=INTERRUPTED) if f.verdict is Verdict.UNKNOWN else f
        for f in found.findings
    )
    return replace(found, findings=findings, stopped=INTERRUPTED, interrupted=True)


@dataclass(frozen=True, slots=True)
class _Faster:
    """Explores what is large. ``started``: since when the limit of time counts. ``narrow``: it has
    small levels."""

    system: System
    options: ExploreOptions
    started: float
    narrow: bool

    def explored(self) -> Exploration:
        """``note`` of the answer says why it is not native, unless there was no need."""
        if not _may_compile():
            return self._without_compiler(_ADVICE)
        from pinmc.engines.native.engine import NotNative

        try:
            return self._sooner()
        except NotNative as problem:
            return self._without_compiler(f"not native: {problem}")

    def _sooner(self) -> Exploration:
        """By its program, if that is there before another engine is done. Raises NotNative."""
        from pinmc.engines.native.cache import PROGRAM, open_cache
        from pinmc.engines.native.engine import NativeEngine

        with open_cache() as cache:
            prepared = self._prepared() if cache.has_some(PROGRAM) else None
            if not (self.options.compact or (prepared and prepared.is_kept(cache))):
                found = self._while_compiling(prepared, cache)
                if isinstance(found, Exploration):
                    return found
                prepared = found
            return NativeEngine().attempt(self.system, self.options, self.started, prepared)

    def _prepared(self) -> Prepared:
        """Its C. Raises NotNative."""
        from pinmc.engines.native.engine import NativeEngine

        return NativeEngine().prepare(self.system, self.options)

    def _while_compiling(
        self, prepared: Prepared | None, cache: Cache
    ) -> Exploration | Prepared | None:
        """The answer, or else the program that is to give it, or None if that cannot be made."""
        from pinmc.engines.native.ahead import Ahead
        from pinmc.engines.native.engine import Prepared

        ahead: Ahead[Prepared | Exception] = Ahead(
            lambda stop: self._compiled(prepared, cache, stop), PATIENCE
        )
        with ahead:
            with suppress(Left):
                found = self._in_python(lambda: isinstance(ahead.made, Prepared))
                if found.stopped not in self._short_of_memory():
                    failed = isinstance(ahead.made, Exception)
                    return _noted(found, f"not native: {ahead.made}" if failed else "")
            ahead.wait()
        return ahead.made if isinstance(ahead.made, Prepared) else None

    def _compiled(
        self, prepared: Prepared | None, cache: Cache, stop: threading.Event
    ) -> Prepared | Exception:
        """With its program, or why there is none."""
        from pinmc.engines.native.compilers import CompileError
        from pinmc.engines.native.engine import NotNative

        try:
            prepared = prepared or self._prepared()
            return replace(prepared, program=prepared.made(cache, stop=stop))
        except (NotNative, CompileError, OSError) as problem:
            return problem

    def _short_of_memory(self) -> tuple[str, ...]:
        """What Python stops for, and a program perhaps does not."""
        limit = self.options.limits.memory
        return (OUT_OF_MEMORY,) if limit is None else (OUT_OF_MEMORY, memory_limit(limit))

    def _without_compiler(self, note: str) -> Exploration:
        return _noted(self._in_python(lambda: False), note)

    def _in_python(self, leave: Callable[[], bool]) -> Exploration:
        """The answer of an engine that needs no compiler. Raises Left when ``leave`` says so."""
        if self.narrow:
            found = self._interpreted(lambda levels: leave() or _are_wide(levels))
            if found.stopped != LEFT:
                return found
            if leave():
                raise Left
        from pinmc.engines.vector.engine import NotVector, VectorEngine

        try:
            return VectorEngine(leave=leave).attempt(self.system, self.options, self.started)
        except NotVector as problem:
            found = self._interpreted(lambda _: leave())
            if found.stopped == LEFT:
                raise Left from None
            return _noted(found, f"interpreted, not vector: {problem}")

    def _interpreted(self, leave: Callable[[Sequence[int]], bool]) -> Exploration:
        return InterpEngine(leave).explore(self.system, self.options, self.started)


def _are_wide(levels: Sequence[int]) -> bool:
    return sum(levels[-3:]) > 3 * NARROW


def _noted(found: Exploration, note: str) -> Exploration:
    """With one more note, if it is one."""
    return replace(found, note="; ".join(filter(None, (found.note, note))))


def _may_compile() -> bool:
    """Whether there seems to be a C compiler; costs next to nothing."""
    return bool(os.environ.get("CC", "").strip()) or any(map(shutil.which, _COMPILERS))
