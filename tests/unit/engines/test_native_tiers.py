"""Compiled soon or compiled well: when which is made, and that the answer is the same."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from pinmc.engines.base import Limits
from pinmc.engines.interp import InterpEngine
from pinmc.engines.native import building, cache, early, tiers
from pinmc.engines.native.building import FIRST, QUICK, USUAL, build, has_runtime, runtime
from pinmc.engines.native.cache import Cache, open_cache
from pinmc.engines.native.child import Request
from pinmc.engines.native.compilers import CompileError, Compiler, find_compiler
from pinmc.engines.native.engine import NativeEngine
from pinmc.engines.native.source import Model, model_of
from tests.benchmarks.pin_lease import pin_lease
from tests.property.native import needs_compiler, same_as_interpreted
from tests.unit.engines.test_native import options

pytestmark = needs_compiler


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where compiled programs are kept, empty."""
    folder = tmp_path / "kept"
    monkeypatch.setattr(cache, "cache_folder", lambda: folder)
    return folder


@pytest.fixture
def compiler() -> Compiler:
    found = find_compiler()
    assert found is not None
    return found


def _model(*size: int) -> Model:
    system = pin_lease(*size)
    return model_of(system, system.properties)


def test_the_answer_is_the_same(kept: Path) -> None:
    same_as_interpreted(NativeEngine(flags=None, strict=True), pin_lease(2, 1), options())


def test_optimised_only_if_it_takes_long(kept: Path, compiler: Compiler) -> None:
    request = Request(Limits(), None, False, 1)
    model = _model(1, 1)
    with open_cache() as there:
        assert tiers.first_flags(model, compiler, there) is FIRST
        answer = tiers.ask_soonest(model, compiler, there, lambda: request, patience=60)
        assert answer.whole
        assert not has_runtime(1, compiler, there, USUAL)
        assert has_runtime(1, compiler, there, QUICK)
        assert tiers.first_flags(model, compiler, there) is QUICK
        build(model.text, 1, compiler, there, USUAL)
        assert tiers.first_flags(model, compiler, there) is USUAL


def test_a_long_model_is_not_optimised_at_first(kept: Path, compiler: Compiler) -> None:
    model = _model(1, 1)
    long = replace(model, text=model.text + " " * tiers.SHORT)
    with open_cache() as there:
        assert tiers.first_flags(long, compiler, there) is QUICK


def test_the_optimised_program_takes_over(
    kept: Path, compiler: Compiler, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one is held up, until it is killed."""
    sleeper = kept.parent / "sleeper"
    sleeper.write_text("#!/bin/sh\nexec sleep 600\n")
    sleeper.chmod(0o700)

    def pretend(*given: object) -> Path:
        return sleeper if given[-1] is FIRST else build(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(tiers, "build", pretend)
    asked = []

    def request() -> Request:
        asked.append(1)
        return Request(Limits(), None, False, 1)

    with open_cache() as there:
        answer = tiers.ask_soonest(_model(2, 1), compiler, there, request, patience=0)
    expected = InterpEngine().explore(pin_lease(2, 1), options()).statistics
    assert (answer.states, answer.transitions) == (expected.states, expected.transitions)
    assert answer.ended and not answer.crash and len(asked) == 2


def test_without_an_optimised_program_the_other_goes_on(
    kept: Path, compiler: Compiler, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*given: object) -> Path:
        if given[-1] is USUAL:
            raise CompileError("no")
        return build(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(tiers, "build", refuse)
    with open_cache() as there:
        request = Request(Limits(), None, False, 1)
        answer = tiers.ask_soonest(_model(1, 1), compiler, there, lambda: request, patience=0)
    assert answer.whole and answer.ended


def test_what_another_thread_compiles_is_waited_for(kept: Path, compiler: Compiler) -> None:
    runs = []

    def make(folder: Path) -> Path:
        runs.append(folder)
        begun.set()
        may_end.wait()
        (folder / "file").write_text("made")
        return folder / "file"

    def get() -> None:
        with open_cache() as there:
            got.append(there.get_once("runtime-x", make, compiler.wait))

    got: list[Path] = []
    begun, may_end = threading.Event(), threading.Event()
    threads = [threading.Thread(target=get) for _ in range(3)]
    for thread in threads:
        thread.start()
    begun.wait()
    may_end.set()
    for thread in threads:
        thread.join()
    assert len(runs) == 1 and got == [kept / "runtime-x"] * 3


def test_waiting_ends_when_it_is_not_needed(kept: Path, compiler: Compiler) -> None:
    stop = threading.Event()

    def make(folder: Path) -> Path:
        able = replace(compiler, stop=stop)
        stop.set()
        with pytest.raises(CompileError, match="not needed"):
            Cache(kept, True).get_once("runtime-x", make, able.wait)
        (folder / "file").write_text("made")
        return folder / "file"

    with open_cache() as there:
        assert there.get_once("runtime-x", make, compiler.wait).read_text() == "made"


def test_the_first_time_the_runtime_is_compiled_early(kept: Path, compiler: Compiler) -> None:
    early.begin()
    _wait_for_it()
    with open_cache() as there:
        assert has_runtime(early.USUAL_WORDS, compiler, there, QUICK)


def test_it_returns_when_the_compiler_runs(
    kept: Path, compiler: Compiler, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the end, and not before the beginning."""
    may_end = threading.Event()
    seen = []

    def run(self: Compiler, *_: object) -> tuple[int, bytes]:
        assert self.runs is not None
        seen.append(self.runs)
        self.runs.set()
        may_end.wait()
        return 1, b"no"

    monkeypatch.setattr(Compiler, "_run", run)
    early.begin()
    assert [runs.is_set() for runs in seen] == [True]
    may_end.set()
    _wait_for_it()


def test_whatever_goes_wrong_is_left_to_others(
    kept: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(building, "_runtime", lambda *_: 1 / 0)
    early.begin()
    _wait_for_it()
    assert capfd.readouterr() == ("", "")


def test_later_it_is_not(kept: Path, compiler: Compiler) -> None:
    with open_cache() as there:
        runtime(early.USUAL_WORDS, compiler, there, USUAL)
    early.begin()
    _wait_for_it()
    with open_cache() as there:
        assert not has_runtime(early.USUAL_WORDS, compiler, there, QUICK)


def _wait_for_it() -> None:
    for thread in threading.enumerate():
        if thread.name == early.THREAD:
            thread.join()
