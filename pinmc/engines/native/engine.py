"""The native engine: explicit states, generated C in a process of its own."""

from __future__ import annotations

import os
import threading
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from pinmc.base.records import dataclass
from pinmc.engines.answers import INTERRUPTED, asked_for
from pinmc.engines.base import ExploreOptions
from pinmc.engines.fallbacks import interpreted, never_begun
from pinmc.engines.intervals import Unsupported
from pinmc.engines.judge import Judge
from pinmc.engines.native.building import USUAL, Flags, build, has_program
from pinmc.engines.native.cache import Cache, open_cache
from pinmc.engines.native.child import Answer, Compact, Request, ask
from pinmc.engines.native.compilers import CompileError, Compiler, find_compiler
from pinmc.engines.native.source import Model, model_of
from pinmc.engines.native.stops import stopped_text
from pinmc.engines.native.tiers import ask_soonest
from pinmc.ir.property import Property
from pinmc.ir.system import System
from pinmc.results.exploration import Exploration, Statistics


class NotNative(Exception):
    """The native engine cannot explore this here; the message says why."""


@dataclass(frozen=True, slots=True)
class NativeEngine:
    """``flags``: None begins with what is compiled soonest. ``compiler``: None finds one.
    ``strict``: raise NotNative instead of leaving to the interpreter what cannot be done natively.
    ``first_lines``: how large the table of states is at first, for tests of its growth."""

    flags: Flags | None = None
    compiler: Compiler | None = None
    strict: bool = False
    first_lines: int | None = None

    @property
    def name(self) -> str:
        return "native"

    def explore(self, system: System, options: ExploreOptions) -> Exploration:
        """All selected properties in one run. Limits and Ctrl-C give what was found till then.

        What cannot be done natively is interpreted; ``note`` of the answer then says why.
        """
        try:
            return self.attempt(system, options)
        except NotNative as problem:
            if self.strict:
                raise
            return interpreted(self.name, system, options, str(problem))
        except KeyboardInterrupt:  # while compiling: the program itself has its own way to stop
            return never_begun(self.name, system, options)

    def attempt(
        self,
        system: System,
        options: ExploreOptions,
        started: float | None = None,
        prepared: Prepared | None = None,
    ) -> Exploration:
        """The same without falling back. Raises NotNative before anything is explored.

        ``started``: since when the limit of time counts, by ``perf_counter``; now without it.
        ``prepared``: by ``prepare`` for the same System and options.
        """
        started = perf_counter() if started is None else started
        prepared = prepared or self.prepare(system, options)
        try:
            with open_cache() as cache:
                answer = self._answer(prepared, cache, options, started)
        except CompileError as problem:
            raise NotNative(str(problem)) from problem
        chosen = asked_for(system, options)
        return _exploration(system, options, _Run(prepared.model, chosen, answer, started))

    def _request(self, options: ExploreOptions, started: float) -> Request:
        timeout = options.limits.timeout
        left = None if timeout is None else max(0.0, timeout - (perf_counter() - started))
        return Request(
            options.limits,
            left,
            options.first,
            options.workers or os.cpu_count() or 1,
            Compact.ALWAYS if options.compact else Compact.IF_NEEDED,
            self.first_lines,
            options.progress,
        )

    def prepare(self, system: System, options: ExploreOptions) -> Prepared:
        """All but compiling. Raises NotNative."""
        compiler = self.compiler or find_compiler()
        if compiler is None:
            raise NotNative("there is no C compiler: set CC, or install gcc, clang or tcc")
        try:
            return Prepared(model_of(system, asked_for(system, options)), compiler)
        except Unsupported as problem:
            raise NotNative(str(problem)) from problem

    def _answer(
        self, prepared: Prepared, cache: Cache, options: ExploreOptions, started: float
    ) -> Answer:
        def request() -> Request:
            return self._request(options, started)

        if prepared.program is not None:
            return ask(prepared.program, request())
        if self.flags is None:
            return ask_soonest(prepared.model, prepared.compiler, cache, request)
        return ask(prepared.made(cache, self.flags), request())


@dataclass(frozen=True, slots=True)
class Prepared:
    """A model in C, what compiles it, and perhaps its program."""

    model: Model
    compiler: Compiler
    program: Path | None = None

    def is_kept(self, cache: Cache, flags: Flags = USUAL) -> bool:
        """Whether its program need not be made."""
        model, compiler = self.model, self.compiler
        return has_program(model.text, model.layout.words, compiler, cache, flags)

    def made(self, cache: Cache, flags: Flags = USUAL, stop: threading.Event | None = None) -> Path:
        """Its program. Raises CompileError, also as soon as ``stop`` is set."""
        able = self.compiler if stop is None else replace(self.compiler, stop=stop)
        return build(self.model.text, self.model.layout.words, able, cache, flags)


@dataclass(frozen=True, slots=True)
class _Run:
    model: Model
    properties: tuple[Property, ...]
    answer: Answer
    started: float


def _exploration(system: System, options: ExploreOptions, run: _Run) -> Exploration:
    answer = run.answer
    stopped = answer.crash or stopped_text(answer.stop or answer.later_stop, options.limits)
    judge = Judge(system, run.model, answer, stopped)
    return Exploration(
        engine="native",
        findings=tuple(judge.finding(prop) for prop in run.properties),
        statistics=Statistics(
            states=answer.states,
            transitions=answer.transitions,
            depth=answer.depth,
            seconds=perf_counter() - run.started,
            complete=answer.searched and not answer.stop and not answer.crash,
            peak_memory_bytes=answer.peak_memory,
        ),
        marks=frozenset(m for m in range(len(system.marks)) if answer.marks >> m & 1),
        witnesses=answer.witnesses,
        stopped=stopped,
        interrupted=answer.interrupted or stopped == INTERRUPTED,
        note=_note(options, run.model),
    )


def _note(options: ExploreOptions, model: Model) -> str:
    words = model.layout.words
    if options.compact and words > 1:
        return f"not compact: a state takes {words} words of 64 bits, and only one can be"
    return ""
