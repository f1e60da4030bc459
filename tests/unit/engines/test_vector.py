"""The vector engine: limits, interruptions, wide states and numbers, falling back, auto."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace

import pytest

from pinmc.engines.base import ExploreOptions, Limits, Progress
from pinmc.engines.catalog import make_engine
from pinmc.engines.layout import layout_of
from pinmc.engines.native.engine import NativeEngine
from pinmc.engines.vector import engine as vector_engine
from pinmc.engines.vector import search
from pinmc.engines.vector.engine import NotVector, VectorEngine
from pinmc.engines.vector.log import Log
from pinmc.engines.vector.search import Sizes
from pinmc.ir.expr import FALSE, TRUE, Expr, Ite, Unary, UnOp
from pinmc.ir.property import Verdict
from pinmc.ir.system import System
from tests.benchmarks.pin_lease import pin_lease
from tests.checking import system_of
from tests.property.test_vector_agreement import same_as_interpreted
from tests.unit.engines.test_native import COUNTERS, WIDE

ENGINE = VectorEngine(strict=True)

WORDS = """
var a: u32 = 0
var b: s32 = 0
var c: u64 = 7
var d: s64 = 0
const BIG: int = 0x7fff_ffff
rule sink when a < 5 or a > 0xffff_fff0 { a -= 3  b += 1 }
rule turn when b > 1 and b < 9 { b = b * s32(BIG)  c = c << 7 }
rule mix when c < 1000 { c = c * 0xffff_ffff_ffff_ff01 ^ 5  d = d - 0x7fff_ffff_ffff_ffff }
rule rest when c > 1000 { c = c % 17 + (c / 3) % 5  d = d >> 3 }
invariant small: not (c == 5 and a > 100)
reachable negative: b < -1000 and d < 0
step invariant grows: c' >= c or c' < 1000
"""

TEMPORARIES = """
type I = 0..6
var q: queue[4] I
var s: set I
var best: I = 0
action shuffle(n: I) when len(q) < 4 {
  var seen: array[I] 0..1
  for i: I { if i in s { seen[i] = 1 } }
  seen[(n + best) % 7] = 1
  push(q, n)
  s = {}
  for i: I { if seen[(i + 1) % 7] == 1 { s = s | {i} } }
  if n > 3 { best = head(q) }
}
action drop() { best = pop(q) }
actor one { loop { choose n: I where n < 3 or n in s { shuffle(n) } } }
actor two { loop { drop() } }
invariant few: size(s) < 3
reachable full_queue: len(q) == 4 and best > 3
"""


def options(**limits: float) -> ExploreOptions:
    return ExploreOptions(Limits(**limits))  # type: ignore[arg-type]


@pytest.mark.parametrize(("top", "words"), [(29, 1), (39, 2), (79, 3), (160, 6)])
def test_wide_states(top: int, words: int) -> None:
    system = system_of(WIDE.format(top=top))
    assert layout_of(system).words == words
    same_as_interpreted(ENGINE, system, options(depth=4 if top < 50 else 2))


def test_the_state_that_is_all_zeros() -> None:
    system = system_of("var x: 0..7 = 5  rule down { x -= 1 }  reachable zero: x == 0")
    found = same_as_interpreted(ENGINE, system, options())
    assert found.statistics.states == 6


@pytest.mark.parametrize("text", [COUNTERS, WORDS, TEMPORARIES], ids=["int", "words", "temps"])
def test_numbers_of_all_widths(text: str) -> None:
    found = same_as_interpreted(ENGINE, system_of(text), options(depth=9))
    assert found.statistics.states >= 5
    same_as_interpreted(VectorEngine(Sizes(3, 3, 4), True), system_of(text), options(states=500))


MANY_ARGUMENTS = """
type N = 0..40
var x: N = 0
var y: N = any
actor a { loop { choose n: N, m: N where n + m == y + 1 and n <= x + 1 { x = n  y = m } } }
rule fail(n: N, m: N) when n == 40 and m == x { y = y + n }
invariant low: x + y < 60
step invariant near: x' <= x + 1
"""


def test_instances_that_are_too_many_to_write_out() -> None:
    system = system_of(MANY_ARGUMENTS)
    same_as_interpreted(ENGINE, system, options())
    same_as_interpreted(ENGINE, system, options(states=100))
    same_as_interpreted(ENGINE, system, ExploreOptions(Limits(), first=True))


@pytest.mark.parametrize("limits", [{"states": 1000}, {"states": 1}, {"depth": 7}, {"depth": 0}])
def test_limits(limits: dict[str, int]) -> None:
    same_as_interpreted(ENGINE, pin_lease(2, 1), options(**limits))


def test_the_table_and_the_log_grow() -> None:
    found = VectorEngine(Sizes(places=4), True).explore(pin_lease(2, 1), options())
    large = ENGINE.explore(pin_lease(1, 3), options(depth=30))
    assert found.statistics.states == 6912
    assert large.statistics.states > 100_000


def test_limits_of_time_and_memory() -> None:
    late = ENGINE.explore(pin_lease(3, 2), options(timeout=0.5))
    assert late.stopped == "time limit of 0.5 s reached" and not late.statistics.complete
    assert late.statistics.seconds < 5
    assert {f.verdict for f in late.findings} <= {Verdict.UNKNOWN, Verdict.VIOLATED}
    large = ENGINE.explore(pin_lease(3, 2), options(memory=30 * 2**20))
    assert large.stopped == "memory limit of 30 MiB reached"


def _interrupting() -> ExploreOptions:
    """Ctrl-C at the first progress report."""
    sent: list[bool] = []

    def send(_: Progress) -> None:
        if not sent:
            sent.append(True)
            os.kill(os.getpid(), signal.SIGINT)

    return ExploreOptions(progress=send)


def test_ctrl_c_gives_what_was_found() -> None:
    found = ENGINE.explore(pin_lease(3, 2), _interrupting())
    assert found.interrupted and found.stopped == "interrupted"
    assert found.statistics.states > 100
    assert {f.reason for f in found.findings if f.verdict is Verdict.UNKNOWN} == {"interrupted"}


def test_ctrl_c_while_compiling(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(search, "model_of", interrupt)
    found = ENGINE.explore(pin_lease(1, 1), options())
    assert found.interrupted and found.stopped == "interrupted"


def test_out_of_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(Log, "append", refuse)
    found = ENGINE.explore(pin_lease(1, 1), options())
    assert found.stopped == "out of memory" and not found.statistics.complete


def test_works_in_another_thread() -> None:
    found = []
    thread = threading.Thread(
        target=lambda: found.append(ENGINE.explore(pin_lease(1, 1), options()))
    )
    thread.start()
    thread.join()
    assert found[0].statistics.complete


def test_what_cannot_be_done_is_interpreted() -> None:
    system = system_of(
        "type U = 0..64  var x: 0..1 = 0  actor a[u: U] { x = 1 }  expect stuck holds"
    )
    found = VectorEngine().explore(system, options(depth=1))
    assert found.engine == "interpreter"
    assert found.note == "interpreted, not vector: more than 64 actor instances"
    with pytest.raises(NotVector):
        ENGINE.explore(system, options(depth=1))


OPTIONAL_WORDS = """
var x: u64? = none
var y: u64 = 3
rule take when x == none { x = y  y = y * 0x1_0000_0001 }
rule give when x != none { x = none }
"""


def test_values_of_more_than_64_bits_are_interpreted() -> None:
    system = system_of(OPTIONAL_WORDS)
    for engine in (VectorEngine(), NativeEngine()):
        found = engine.explore(system, options(states=20))
        assert found.engine == "interpreter" and found.statistics.states == 20
        assert "values of 65 bits in x" in found.note or "no C compiler" in found.note


MANY_WORDS = """
type I = 0..99
var a[i: I]: u64 = 0
rule up(i: I) when i < 3 and a[i] < 2 { a[i] += 1  a[99 - i] = a[i] << 63 }
step invariant small: (forall i: I { a'[i] >= a[i] or i > 50 }) and a'[8] == a[8]
reachable top: a[98] > 5
"""


def test_the_words_of_a_step_have_names_of_their_own() -> None:
    system = system_of(MANY_WORDS)
    assert layout_of(system).words > 65
    same_as_interpreted(ENGINE, system, options())


def nested(depth: int) -> System:
    """With a claim of so many conditions in conditions."""
    system = system_of("var x: 0..1 = 0  rule up { x = 1 }  invariant deep: x == 0")
    first, *others = system.properties
    assert first.expr is not None
    deep: Expr = first.expr
    for _ in range(depth):
        deep = Ite(deep, Unary(UnOp.NOT, TRUE), Ite(TRUE, TRUE, FALSE))
    return replace(system, properties=(replace(first, expr=deep), *others))


def test_deep_nesting_is_no_crash() -> None:
    same_as_interpreted(ENGINE, nested(120), options())
    with pytest.raises(NotVector, match="nested too deeply"):
        ENGINE.explore(nested(5000), options(depth=0))


def test_numpy_is_imported_when_it_is_needed() -> None:
    code = (
        "import sys; from pinmc.api import check; from pinmc.engines.catalog import ENGINES;"
        "import pinmc.engines.auto; assert 'numpy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_engine_is_in_the_catalogue() -> None:
    assert make_engine("vector").name == "vector"
    assert vector_engine.VectorEngine().explore(pin_lease(1, 1), options()).engine == "vector"


INDICES = """
type I = 0..1
type J = 1..3
var p: I
var q: J = 2
var a[i: I]: 0..3
var b[i: I, j: J]: -1..2 = -1
var full[i: I, j: J]: bool
rule turn when not full[p, q] {
  a[p] = (a[p] + 1) % 4
  p = 1 - p
  b[p, q] = b[1 - p, q]
  a[p] = (a[p] + 2) % 4
  if a[p] > 1 { p = 1 - p  full[p, q] = true } else { full[p, q] = b[p, q] == 1 }
  a[p] = (a[p] + a[1 - p]) % 4
  for j: J { q = j  if b[p, q] < 2 { b[p, q] += 1 } }
  q = a[p] % 3 + 1
}
rule point(i: I, j: J) when p != i or q != j { p = i  q = j  a[p] = b[p, q] + 1 }
rule clear(j: J) when full[p, j] and b[p, j] >= 0 { full[p, j] = false  b[p, j] -= 1 }
invariant some: not full[p, q] or b[p, q] != 2
invariant fewer: not (b[p, q] > 1 and full[0, q])
step invariant stays: full'[p, q] or not full[p, q] or b'[p, q] < b[p, q]
reachable all: forall i: I, j: J { full[i, j] }
"""


def test_what_an_index_says_is_forgotten_when_it_changes() -> None:
    same_as_interpreted(ENGINE, system_of(INDICES), ExploreOptions(first=True))
    same_as_interpreted(ENGINE, system_of(INDICES), options(depth=6))
    found = ENGINE.explore(system_of(INDICES), options(depth=6))
    assert 500 < found.statistics.states < 20_000
