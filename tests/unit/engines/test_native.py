"""The native engine: limits, interruptions, crashes, wide states, falling back."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from pinmc.engines.answers import time_limit
from pinmc.engines.base import ExploreOptions, Limits, Progress
from pinmc.engines.interp import InterpEngine
from pinmc.engines.native import cache, child, compilers
from pinmc.engines.native.ahead import Ahead
from pinmc.engines.native.building import Flags, runtime_files
from pinmc.engines.native.doctor import examine
from pinmc.engines.native.engine import NativeEngine, NotNative
from pinmc.engines.native.source import model_of
from pinmc.ir.property import Verdict
from pinmc.results.exploration import Exploration
from tests.benchmarks.pin_lease import pin_lease
from tests.checking import system_of
from tests.property.native import compare, needs_compiler, quick_engine, same_as_interpreted

WIDE = """
type I = 0..{top}
var a[i: I]: 0..3 = 0
rule up(i: I) when a[i] < 3 and (forall j: I where j != i {{ a[j] == 0 or a[i] > 0 }}) {{
  a[i] += 1
}}
invariant small: count i: I {{ a[i] == 3 }} < 3
reachable two: count i: I {{ a[i] == 3 }} == 2
"""

COUNTERS = """
var x: int = 0
var w: u64 = 0
rule up when x < 3 { x += 1  w -= 1 }
rule far when x == 3 { x = x * 3000000000  w = w * w + 0xffff_ffff_ffff_fff0 }
rule over when x > 3 { x = x * x }
invariant word: w != 5
reachable top: w > 0xffff_ffff_ffff_0000
"""

WORKERS = pytest.mark.parametrize("workers", [1, 2])


def options(workers: int = 1, **limits: float) -> ExploreOptions:
    return ExploreOptions(Limits(**limits), workers=workers)  # type: ignore[arg-type]


@needs_compiler
@WORKERS
@pytest.mark.parametrize(("top", "words"), [(29, 1), (39, 2), (79, 3), (160, 6)])
def test_wide_states(top: int, words: int, workers: int) -> None:
    system = system_of(WIDE.format(top=top))
    assert model_of(system, system.properties).layout.words == words
    same_as_interpreted(quick_engine(), system, options(workers, depth=4 if top < 50 else 2))


@needs_compiler
@WORKERS
def test_the_state_that_is_all_zeros(workers: int) -> None:
    system = system_of("var x: 0..7 = 5  rule down { x -= 1 }  reachable zero: x == 0")
    found = same_as_interpreted(quick_engine(), system, options(workers))
    assert found.statistics.states == 6


@needs_compiler
def test_numbers_of_64_bits_and_more() -> None:
    same_as_interpreted(quick_engine(), system_of(COUNTERS), options())


@needs_compiler
@WORKERS
def test_the_table_grows(workers: int) -> None:
    found = quick_engine().explore(pin_lease(2, 1), options(workers))
    large = quick_engine().explore(pin_lease(1, 3), options(workers, depth=30))
    assert found.statistics.states == 6912
    assert large.statistics.states > 100_000


@needs_compiler
@pytest.mark.parametrize("limits", [{"states": 1000}, {"states": 1}, {"depth": 7}, {"depth": 0}])
@WORKERS
def test_limits(limits: dict[str, int], workers: int) -> None:
    same_as_interpreted(quick_engine(), pin_lease(2, 1), options(workers, **limits))


@pytest.mark.slow
@needs_compiler
@WORKERS
def test_limits_of_time_and_memory(workers: int) -> None:
    late = quick_engine().explore(pin_lease(3, 2), options(workers, timeout=0.3))
    assert late.stopped == "time limit of 0.3 s reached" and not late.statistics.complete
    assert {f.verdict for f in late.findings} <= {Verdict.UNKNOWN, Verdict.VIOLATED}
    large = quick_engine().explore(pin_lease(3, 2), options(workers, memory=40 * 2**20))
    assert large.stopped == "memory limit of 40 MiB reached"
    assert large.statistics.peak_memory_bytes < 120 * 2**20


def _when_it_runs(then: signal.Signals, whom: str) -> ExploreOptions:
    """Sends a signal at the first progress report: to us, or to the program we have started."""
    sent: list[bool] = []

    def send(_: Progress) -> None:
        if sent:
            return
        sent.append(True)
        if whom == "us":
            os.kill(os.getpid(), then)
            return
        tasks = Path("/proc/self/task")
        children = " ".join((task / "children").read_text() for task in tasks.iterdir())
        os.kill(int(children.split()[-1]), then)

    return ExploreOptions(progress=send, workers=2)


@needs_compiler
def test_ctrl_c_gives_what_was_found() -> None:
    before = signal.getsignal(signal.SIGINT)
    found = quick_engine().explore(pin_lease(3, 2), _when_it_runs(signal.SIGINT, "us"))
    assert found.interrupted and found.stopped == "interrupted"
    assert found.statistics.states > 1000
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.slow
@needs_compiler
@WORKERS
def test_memory_that_only_does_when_compact(workers: int) -> None:
    system = pin_lease(2, 2)
    plain = quick_engine().explore(system, options(workers))
    compact = quick_engine().explore(system, ExploreOptions(workers=workers, compact=True))
    tight = quick_engine().explore(system, options(workers, memory=26 * 2**20))
    for found in (compact, tight):
        compare(found, plain)
        assert found.statistics.peak_memory_bytes <= 26 * 2**20
    assert plain.statistics.peak_memory_bytes > 30 * 2**20
    assert plain.statistics.peak_memory_bytes < 23 * plain.statistics.states
    assert compact.statistics.peak_memory_bytes < 12 * plain.statistics.states
    none = quick_engine().explore(system, options(workers, memory=5 * 2**20))
    assert none.stopped == "memory limit of 5 MiB reached"


@needs_compiler
def test_compact_states_of_several_words_say_so() -> None:
    system = system_of(WIDE.format(top=39))
    found = quick_engine().explore(system, ExploreOptions(Limits(depth=2), compact=True))
    assert found.note.startswith("not compact: a state takes 2 words")


@needs_compiler
def test_a_compiler_is_stopped(tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    sleeper = compilers.Compiler(("sleep",), "sleep", stop)
    with pytest.raises(compilers.CompileError, match="not needed"):
        sleeper.run(["60"], tmp_path)


@needs_compiler
@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell")
def test_a_compiler_is_stopped_with_what_it_has_started(tmp_path: Path) -> None:
    stop = threading.Event()
    shell = compilers.Compiler(("sh", "-c"), "sh", stop)
    threading.Timer(0.3, stop.set).start()
    with pytest.raises(compilers.CompileError, match="not needed"):
        shell.run(["(sleep 60; exit) & mktemp > made; sleep 60; exit"], tmp_path)
    assert Path((tmp_path / "made").read_text().strip()).parent == tmp_path
    told = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert "sleep 60; exit) & mktemp > made" not in told


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where compiled programs are kept, empty."""
    folder = tmp_path / "kept"
    monkeypatch.setattr(cache, "cache_folder", lambda: folder)
    return folder


@needs_compiler
def test_compiled_ahead(kept: Path) -> None:
    system = pin_lease(1, 1)

    prepared = NativeEngine().prepare(system, options())
    flags = Flags("-O0", "-O0")

    def make(stop: threading.Event) -> Path:
        with cache.open_cache() as there:
            return prepared.made(there, flags, stop)

    with Ahead(make, 3600) as ahead:
        ahead.wait()
    assert ahead.made is None and not kept.exists()
    with Ahead(make, 0) as ahead:
        while not kept.exists():
            pass
        ahead.wait()
    assert ahead.made is not None and ahead.made in kept.iterdir()
    with cache.open_cache() as there:
        assert prepared.is_kept(there, flags) and not prepared.is_kept(there)
    able = replace(prepared, program=ahead.made)
    found = NativeEngine().attempt(system, options(), prepared=able)
    compare(found, InterpEngine().explore(system, options()))


@needs_compiler
def test_what_is_not_needed_is_not_made(kept: Path) -> None:
    with Ahead(lambda stop: stop.wait() and None, 0) as ahead:
        pass
    assert ahead.made is None


@needs_compiler
def test_time_is_limited_when_the_search_is_made_again() -> None:
    """Without a log, what is found at the end takes a second search to show."""
    system = system_of("""
        type C = 0..2
        var a[c: C]: 0..127 = 0
        rule up(c: C) when a[c] < 127 { a[c] += 1 }
        invariant full: exists c: C { a[c] < 127 }
    """)

    def explore(asked: str, timeout: float | None = None) -> Exploration:
        limits = Limits(timeout=timeout)
        wanted = ExploreOptions(limits, properties=frozenset((asked,)), workers=1, compact=True)
        return quick_engine().explore(system, wanted)

    explore("full", timeout=0)  # compiled
    for _ in range(20):  # until the machine is about as quick twice
        once = explore("errors").statistics.seconds
        found = explore("full", timeout=1.2 * once)
        if found.findings[0].verdict is Verdict.UNKNOWN:
            break
    assert found.findings[0].verdict is Verdict.UNKNOWN
    assert found.stopped == time_limit(1.2 * once)
    # What is found at once can be shown, however little time is left.
    beginning = system_of(
        "rule up when x < 1 << 40 { x += 1 }  var x: int = 0  invariant no: x < 9"
    )
    wanted = ExploreOptions(Limits(timeout=0.2), workers=1, compact=True)
    found = quick_engine().explore(beginning, wanted)
    assert found.findings[0].verdict is Verdict.VIOLATED
    assert found.stopped == time_limit(0.2)


@needs_compiler
def test_ctrl_c_while_compiling(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cache.Cache, "get", interrupt)
    found = NativeEngine().explore(pin_lease(1, 1), options())
    assert found.interrupted and found.stopped == "interrupted"


@needs_compiler
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc")
def test_a_killed_program_is_no_verdict() -> None:
    found = quick_engine().explore(pin_lease(3, 2), _when_it_runs(signal.SIGKILL, "it"))
    assert (
        found.stopped == "the native program was ended by signal SIGKILL; was there enough memory?"
    )
    assert {finding.verdict for finding in found.findings} == {Verdict.UNKNOWN}
    assert not found.statistics.complete


@needs_compiler
def test_works_in_another_thread() -> None:
    found = []
    system = pin_lease(1, 1)
    thread = threading.Thread(
        target=lambda: found.append(quick_engine().explore(system, options()))
    )
    thread.start()
    thread.join()
    assert found[0].statistics.complete


@needs_compiler
def test_a_program_that_ends_too_soon(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\necho search 0 5 5 5 0.1\necho stuck 1 0\n")
    program.chmod(0o700)
    answer = child.ask(program, child.Request(Limits(), None, False, 1))
    assert answer.crash == "the native program ended with code 0: it gave no reason"


def test_without_a_compiler_it_is_interpreted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CC", raising=False)
    system = pin_lease(1, 1)
    found = NativeEngine().explore(system, options())
    assert found.engine == "interpreter" and found.statistics.complete
    assert found.note.startswith("interpreted, not native: there is no C compiler")
    with pytest.raises(NotNative):
        NativeEngine(strict=True).explore(system, options())
    assert examine().compiler is None


def test_what_cannot_be_done_natively_is_interpreted() -> None:
    system = system_of("type U = 0..64  var x: 0..1 = 0  actor a[u: U] { x = 1 }")
    found = NativeEngine().explore(system, options(depth=1))
    assert found.engine == "interpreter"
    assert "more than 64 actor instances" in found.note or "no C compiler" in found.note


@needs_compiler
def test_a_compiler_that_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Flags(more=("-no-such-flag-at-all",))
    found = NativeEngine(broken).explore(pin_lease(1, 1), options())
    assert found.engine == "interpreter" and "no-such-flag" in found.note


@needs_compiler
def test_the_second_time_nothing_is_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    quick_engine().explore(pin_lease(1, 1), options())
    monkeypatch.setattr(compilers.Compiler, "run", None)
    assert quick_engine().explore(pin_lease(1, 1), options()).statistics.complete
    assert cache.cache_folder().stat().st_mode & 0o077 == 0


def test_the_cache_is_checked_and_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "_MOST_FILES", 3)
    kept = cache.Cache(tmp_path, True)

    def made(folder: Path) -> Path:
        (folder / "it").write_text("good")
        return folder / "it"

    first = kept.get("a", made)
    first.write_text("evil")
    assert kept.get("a", made).read_text() == "good"
    first.chmod(0o777)
    assert kept.get("a", made).stat().st_mode & 0o022 == 0
    for key in "bcdef":
        kept.get(key, made)
    names = {path.name for path, _ in kept.entries()}
    assert len(names) == 3 and "f" in names


def test_a_folder_open_to_others_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    cache.cache_folder().mkdir(parents=True)
    cache.cache_folder().chmod(0o777)
    with cache.open_cache() as kept:
        assert not kept.lasting
        folder = kept.folder
    assert not folder.exists()


def test_nothing_of_a_specification_reaches_c() -> None:
    """Only numbers and generated names do, and names of commands within comments."""
    text = "var zebra: 0..3 = 0  rule gnu when zebra < 3 { zebra += 1 }  invariant okapi: zebra < 9"
    system = system_of(text)
    generated = model_of(system, system.properties).text
    code = re.sub(r"/\*.*?\*/", "", generated)
    assert not re.search("zebra|gnu|okapi", code)


def test_the_runtime_is_complete() -> None:
    included = set()
    for content in runtime_files().values():
        included |= set(re.findall(r'#include "(\w+\.h)"', content))
    assert included <= set(runtime_files())
