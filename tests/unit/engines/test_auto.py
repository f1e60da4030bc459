"""Which engine gives the answer, and that it is the same answer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pinmc.engines import auto
from pinmc.engines.answers import OUT_OF_MEMORY
from pinmc.engines.auto import AutoEngine
from pinmc.engines.base import ExploreOptions, Limits
from pinmc.engines.catalog import make_engine
from pinmc.engines.interp import InterpEngine
from pinmc.engines.native import cache
from pinmc.engines.native.engine import NativeEngine, NotNative, Prepared
from pinmc.engines.vector import model
from pinmc.engines.vector.engine import VectorEngine
from pinmc.engines.watch import Left
from pinmc.ir.property import Verdict
from pinmc.ir.system import System
from pinmc.results.exploration import Exploration
from tests.benchmarks.pin_lease import pin_lease
from tests.checking import system_of
from tests.property.native import compare, needs_compiler

SOON = AutoEngine(many=1000)
"""Starts another engine soon."""

NARROW = system_of("""
    var x: 0..3000 = 0
    rule up when x < 3000 { x += 1 }
    invariant small: x < 2500
""")

LARGE = system_of("""
    type C = 0..5
    var a[c: C]: 0..9 = 0
    rule up(c: C) when a[c] < 9 { a[c] += 1 }
""")
"""A million states."""

LATER_WIDE = system_of("""
    type C = 0..2
    var x: 0..1200 = 0
    var a[c: C]: 0..31 = 0
    rule up when x < 1200 { x += 1 }
    rule more(c: C) when x == 1200 and a[c] < 31 { a[c] += 1 }
    invariant few: a[0] + a[1] + a[2] < 93
""")


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where compiled programs are kept, empty."""
    folder = tmp_path / "kept"
    monkeypatch.setattr(cache, "cache_folder", lambda: folder)
    return folder


@pytest.fixture
def no_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CC", raising=False)


@pytest.fixture
def no_vector(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Nothing is explored by levels: that waits for a program. How often it was begun."""
    begun: list[int] = []

    def wait(engine: VectorEngine, *_: object) -> Exploration:
        begun.append(1)
        while engine.leave is None or not engine.leave():
            pass
        raise Left

    monkeypatch.setattr(VectorEngine, "attempt", wait)
    return begun


def same(found: Exploration, system: System, options: ExploreOptions) -> None:
    compare(found, InterpEngine().explore(system, options))


def explore(system: System, engine: AutoEngine = SOON, limits: Limits | None = None) -> Exploration:
    """The answer, which is the interpreter's."""
    options = ExploreOptions(limits or Limits())
    found = engine.explore(system, options)
    same(found, system, options)
    return found


def test_little_is_interpreted() -> None:
    assert make_engine("auto") == AutoEngine()
    found = explore(pin_lease(2, 1), AutoEngine())
    assert found.engine == "interpreter" and not found.note
    assert explore(pin_lease(2, 1), SOON, Limits(states=900)).engine == "interpreter"


@needs_compiler
def test_what_is_done_before_it_is_compiled(kept: Path) -> None:
    found = explore(pin_lease(2, 1))
    assert found.engine == "vector" and not found.note
    assert not list(kept.glob(".new-*"))


@needs_compiler
def test_no_c_is_written_before_it_is_needed(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no program is kept none can be used at once."""
    prepared = []

    def prepare(engine: NativeEngine, *given: Any) -> Prepared:
        prepared.append(1)
        return original(engine, *given)

    original = NativeEngine.prepare
    monkeypatch.setattr(NativeEngine, "prepare", prepare)
    monkeypatch.setattr(auto, "PATIENCE", 60)
    assert explore(pin_lease(2, 1)).engine == "vector" and not prepared
    (kept / "model-1").write_text("is one for another model")
    assert explore(pin_lease(2, 1)).engine == "vector" and prepared


@needs_compiler
def test_a_system_that_cannot_be_native(monkeypatch: pytest.MonkeyPatch) -> None:
    """That is found out meanwhile."""

    def refuse(*_: object) -> Prepared:
        raise NotNative("for a test")

    monkeypatch.setattr(NativeEngine, "prepare", refuse)
    monkeypatch.setattr(auto, "PATIENCE", 0)
    monkeypatch.setattr(VectorEngine, "attempt", _after_compiling(VectorEngine.attempt))
    found = explore(pin_lease(2, 1))
    assert found.engine == "vector" and found.note == "not native: for a test"


@pytest.mark.usefixtures("no_compiler")
def test_what_is_expected_to_be_large_is_not_interpreted_for_long() -> None:
    patient = AutoEngine(many=50_000)
    few = Limits(depth=14)  # at a depth of 11 it is plain that there is more to come
    assert explore(LARGE, patient, few).engine == "vector"
    assert explore(LARGE, replace(patient, large=10**9), few).engine == "interpreter"


@needs_compiler
def test_the_program_takes_over(no_vector: list[int]) -> None:
    for _ in range(2):
        found = explore(pin_lease(2, 1))
        assert found.engine == "native" and not found.note
    assert len(no_vector) == 1  # the second time it is there at once


@needs_compiler
def test_compact_from_the_beginning(no_vector: list[int]) -> None:
    found = SOON.explore(pin_lease(2, 1), ExploreOptions(compact=True))
    assert found.engine == "native" and not no_vector


@needs_compiler
def test_a_program_may_have_enough_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def give_up(engine: VectorEngine, system: System, *_: object) -> Exploration:
        found = InterpEngine().explore(system, ExploreOptions(Limits(states=10)))
        return replace(found, stopped=OUT_OF_MEMORY)

    monkeypatch.setattr(VectorEngine, "attempt", give_up)
    assert explore(pin_lease(2, 1)).engine == "native"


@needs_compiler
def test_a_program_that_cannot_be_kept(
    no_vector: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "_is_private", lambda folder: False)
    assert explore(pin_lease(2, 1)).engine == "native"


@needs_compiler
def test_a_compiler_that_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told why there was no program, if there was time to find out."""
    broken = tmp_path / "cc"
    broken.write_text('#!/bin/sh\n[ "$1" = --version ] && echo cc 1 && exit\nexit 7\n')
    broken.chmod(0o700)
    monkeypatch.setenv("CC", str(broken))
    monkeypatch.setattr(VectorEngine, "attempt", _after_compiling(VectorEngine.attempt))
    found = explore(pin_lease(2, 1))
    assert found.engine == "vector"
    assert found.note == f"not native: {broken} ended with 7: "


def _after_compiling(whole: Callable[..., Exploration]) -> Callable[..., Exploration]:
    """``whole`` begins when the compiler is done."""

    def late(engine: VectorEngine, *given: object) -> Exploration:
        for thread in threading.enumerate():
            if isinstance(thread, threading.Timer):
                thread.join()
        return whole(engine, *given)

    return late


@pytest.mark.usefixtures("no_compiler")
def test_without_a_compiler() -> None:
    found = explore(pin_lease(2, 1))
    assert found.engine == "vector"
    assert found.note.startswith("a C compiler") and "\n" not in found.note
    assert explore(pin_lease(2, 1), AutoEngine()).note == ""


@pytest.mark.usefixtures("no_compiler")
def test_what_is_left_is_interpreted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "_MOST_AGENTS", 0)
    found = explore(pin_lease(2, 1))
    assert found.engine == "interpreter"
    assert found.note.startswith(
        "interpreted, not vector: more than 0 actor instances; a C compiler"
    )


@needs_compiler
@pytest.mark.parametrize("agents", [0, 64])
def test_interpreted_until_it_is_compiled(agents: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "_MOST_AGENTS", agents)
    monkeypatch.setattr(InterpEngine, "explore", _after_the_beginning(InterpEngine.explore))
    system = NARROW if agents else pin_lease(2, 1)
    assert SOON.explore(system, ExploreOptions()).engine == "native"


def _after_the_beginning(whole: Callable[..., Exploration]) -> Callable[..., Exploration]:
    """``whole``, when it is without a limit of states, waits for a program."""

    def late(engine: InterpEngine, system: System, options: ExploreOptions, *more: float) -> object:
        if options.limits.states is None and engine.leave is not None:
            while not engine.leave([1]):
                pass
        return whole(engine, system, options, *more)

    return late  # type: ignore[return-value]


@pytest.mark.usefixtures("no_compiler")
def test_small_levels_are_interpreted() -> None:
    assert explore(NARROW).engine == "interpreter"
    assert explore(LATER_WIDE).engine == "vector"


def test_a_time_limit_counts_from_the_beginning() -> None:
    found = SOON.explore(pin_lease(2, 1), ExploreOptions(Limits(timeout=0.0)))
    assert found.stopped == "time limit of 0 s reached"


def test_ctrl_c_between_two_engines(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(VectorEngine, "attempt", interrupt)
    found = AutoEngine(many=100).explore(pin_lease(2, 1), ExploreOptions())
    assert found.interrupted and found.statistics.states == 100
    assert {f.reason for f in found.findings if f.verdict is Verdict.UNKNOWN} == {"interrupted"}
