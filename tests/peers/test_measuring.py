"""The benchmark's own arithmetic, and that it stops what goes over a limit."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.benchmarks.bench_peers import main
from tests.benchmarks.peers import murphi, spin
from tests.benchmarks.peers.goals import best_spin, goals
from tests.benchmarks.peers.measure import Limits, run
from tests.benchmarks.peers.rows import Row, middle
from tests.benchmarks.peers.sizes import SIZES
from tests.benchmarks.peers.table import rows_table
from tests.benchmarks.peers.tool import Counted, differs

ROOMY = Limits(memory=1 << 30, seconds=60)
FAST = Row("SPIN, fast", 1_000_000, 5, search=1.0, total=2.0, peak=100 << 20)
SLOW = replace(FAST, tool="SPIN, slow", search=2.0, total=1.0)
HASHED = replace(FAST, tool="SPIN, hashed", search=0.1, exact=False)
NATIVE = replace(FAST, tool="pinmc native, 1 thread", search=0.2, total=0.9)


def test_a_program_is_run_and_measured(tmp_path: Path) -> None:
    text = "b = bytearray(150 << 20); b[::4096] = b'x' * len(b[::4096]); print('done')"
    ran = run([sys.executable, "-c", text], tmp_path, ROOMY)
    assert (ran.output, ran.status, ran.stopped) == ("done\n", 0, "")
    assert ran.peak > 150 << 20
    assert ran.seconds > 0


def test_too_long_is_stopped(tmp_path: Path) -> None:
    asleep = [sys.executable, "-c", "import time; time.sleep(60)"]
    ran = run(asleep, tmp_path, replace(ROOMY, seconds=0.3))
    assert ran.stopped == "stopped after 0 s"
    assert ran.seconds < 30


def test_too_much_memory_is_stopped(tmp_path: Path) -> None:
    text = (
        "import time; b = bytearray(300 << 20); b[::4096] = b'x' * len(b[::4096]); time.sleep(60)"
    )
    ran = run([sys.executable, "-c", text], tmp_path, replace(ROOMY, memory=100 << 20))
    assert "more than" in ran.stopped
    assert ran.seconds < 30


def test_medians(tmp_path: Path) -> None:
    rows = [replace(FAST, search=float(n), total=float(10 * n)) for n in (3, 1, 2)]
    assert (middle(rows).search, middle(rows).total) == (2.0, 20.0)
    assert middle([*rows, replace(FAST, why="stopped")]).why == "stopped"


def test_only_exact_modes_that_are_right_are_compared_with() -> None:
    wrong = replace(HASHED, exact=True, wrong=True)
    rows = {row.tool: row for row in (FAST, SLOW, HASHED)}
    assert best_spin(rows, lambda row: row.rate) == FAST
    assert best_spin(rows, lambda row: 1 / row.total if row.total else None) == SLOW
    assert best_spin({wrong.tool: wrong}, lambda row: row.rate) is None


def test_goals_are_met_or_not_or_not_measured() -> None:
    rows = {row.tool: row for row in (FAST, SLOW, NATIVE)}
    found = {goal.what: goal for goal in goals(SIZES["medium"], rows)}
    best = found["native, 1 thread / SPIN's best"]
    assert (best.measured, best.verdict, best.by) == (5.0, "met", "SPIN, fast")
    slower = {**rows, NATIVE.tool: replace(NATIVE, search=0.21)}
    assert next(iter(goals(SIZES["medium"], slower))).verdict == "not met"
    assert found["vector / SPIN's best"].verdict == "not measured"
    total = found["pinmc native, 1 thread: total / SPIN's least total"]
    assert (total.measured, total.verdict) == (0.9, "met")


def test_counts_that_differ_are_wrong() -> None:
    size = SIZES["huge"]
    assert differs(Counted(size.states, size.transitions), size) == ""
    assert "states" in differs(Counted(size.states + 1, size.transitions), size, spin.DIGITS)
    assert differs(Counted(size.states, 730_747_300), size, spin.DIGITS) == ""
    assert "transitions" in differs(Counted(size.states, 730_747_300), size)
    assert "transitions" in differs(Counted(size.states, 730_747_410), size, spin.DIGITS)


def test_what_the_tools_print_is_read() -> None:
    pan = """State-vector 68 byte, depth reached 58, errors: 0
 91433584 states, stored
7.307473e+08 transitions (= stored+matched)
pan: elapsed time 301 seconds
"""
    assert spin.read(pan) == Counted(91_433_584, 730_747_299, 301.0)
    assert spin.complaint(pan) == ""
    assert "error" in spin.complaint(pan.replace("errors: 0", "errors: 1"))
    assert "stack" in spin.complaint(pan + "error: max search depth too small")
    assert spin.read("pan: out of memory") is None
    summary = '<summary states="5" rules_fired="7" errors="0" duration_seconds="0"/>'
    assert murphi.read(summary) == Counted(5, 7)
    assert murphi.read(summary.replace('errors="0"', 'errors="1"')) is None


def test_every_constant_of_the_murphi_model_is_put_in(tmp_path: Path) -> None:
    murphi.write_model(SIZES["huge"], tmp_path / "model.m")
    text = (tmp_path / "model.m").read_text(encoding="utf-8")
    for name, value in SIZES["huge"].constants.items():
        assert f"\n  {name}: {value};\n" in text


def test_tables() -> None:
    skipped = Row("other", why="left out: needs about 12 GiB")
    text = rows_table([FAST, skipped], markdown=False).splitlines()
    assert len(text) == 3
    assert "1,000,000" in text[1]
    assert text[2].endswith("needs about 12 GiB")
    marked = rows_table([FAST, skipped], markdown=True).splitlines()
    assert len({line.count("|") for line in marked}) == 1
    assert marked[1].startswith("| --- | ---: |")


def test_what_is_not_there_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    assert main(["--sizes", "tiny", "--tools", "spin,rumur"]) == 0
    said = capsys.readouterr()
    assert "apt install spin" in said.err
    assert "apt install rumur" in said.out
    assert "not measured" in said.out


def test_names_that_are_none() -> None:
    with pytest.raises(SystemExit):
        main(["--sizes", "enormous"])


@pytest.mark.slow
def test_the_whole_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    tools = "native,interpreter,check"
    assert main(["--sizes", "tiny", "--tools", tools, "--repeats", "1", "--markdown"]) == 0
    said = capsys.readouterr().out
    assert "10,352" in said
    assert "WRONG" not in said
