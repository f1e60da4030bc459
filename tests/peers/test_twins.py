"""The model of the benchmark: three languages, the same states and transitions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import pinmc
from tests.benchmarks.peers import murphi, spin
from tests.benchmarks.peers.measure import Limits, run
from tests.benchmarks.peers.sizes import SIZES, Size
from tests.benchmarks.peers.tool import MODELS, Tool

HERE = Limits(memory=2 << 30, seconds=120)

COUNTS = (
    ((1, 1, 2, 1), (1_504, 5_196, 24)),
    ((1, 1, 4, 2), (2_034, 7_661, 25)),
    ((2, 1, 2, 1), (10_352, 45_474, 29)),
    ((2, 1, 4, 1), (9_900, 43_450, 29)),
    ((2, 1, 3, 2), (15_528, 73_351, 30)),
    ((3, 1, 2, 1), (76_984, 411_204, 34)),
    ((1, 2, 3, 1), (129_788, 637_976, 44)),
)
"""USERS, PAGES, BIAS and LOOKUPS; states, transitions and depth."""

TWINS = [Size("twin", *sizes, *counts, repeats=1) for sizes, counts in COUNTS]


def _title(size: Size) -> str:
    return "-".join(map(str, size.constants.values()))


def _need(tool: Tool) -> None:
    if tool.missing():
        pytest.skip(tool.missing())


@pytest.mark.parametrize("size", TWINS[:4], ids=_title)
def test_our_own_counts(size: Size) -> None:
    result = pinmc.check(MODELS / "pin_lease.pin", constants=size.constants, engine="interpreter")
    found = result.statistics
    assert (found.states, found.transitions, found.depth) == (
        size.states,
        size.transitions,
        size.depth,
    )
    assert {each.verdict.value for each in result.properties} == {"holds"}
    assert result.exit_code == 0


@pytest.mark.slow
@pytest.mark.parametrize("size", [*TWINS[4:], SIZES["small"]], ids=_title)
def test_our_own_counts_of_more(size: Size) -> None:
    test_our_own_counts(size)


@pytest.mark.slow
@pytest.mark.parametrize("mode", [mode for mode in spin.MODES if mode.exact], ids=lambda m: m.name)
@pytest.mark.parametrize("size", TWINS[:3], ids=_title)
def test_every_exact_mode_of_spin_counts_the_same(
    mode: spin.Spin, size: Size, tmp_path: Path
) -> None:
    _need(mode)
    row = mode.measure(size, tmp_path, HERE)
    assert (row.states, row.transitions, row.why) == (size.states, size.transitions, "")


@pytest.mark.slow
@pytest.mark.parametrize("size", TWINS[3:], ids=_title)
def test_spin_counts_the_same(size: Size, tmp_path: Path) -> None:
    mode = spin.MODES[0]
    _need(mode)
    row = mode.measure(size, tmp_path, HERE)
    assert (row.states, row.transitions, row.why) == (size.states, size.transitions, "")


@pytest.mark.slow
@pytest.mark.parametrize("size", TWINS, ids=_title)
def test_rumur_counts_the_same(size: Size, tmp_path: Path) -> None:
    _need(murphi.MODES[0])
    row = murphi.MODES[0].measure(size, tmp_path, HERE)
    assert (row.states, row.transitions, row.why) == (size.states, size.transitions, "")


@pytest.mark.slow
def test_spin_searches_as_deep(tmp_path: Path) -> None:
    mode, size = spin.MODES[0], SIZES["tiny"]
    _need(mode)
    mode.measure(size, tmp_path, HERE)
    ran = run(["./pan"], tmp_path, HERE)
    assert re.search(rf"depth reached {size.depth},", ran.output)


def _changed(name: str, before: str, after: str) -> str:
    """A model in which truncation does not wait for leases."""
    text = (MODELS / name).read_text(encoding="utf-8")
    assert text.count(before) == 1
    return text.replace(before, after)


def test_we_notice_a_truncation_that_does_not_wait(tmp_path: Path) -> None:
    """The invariants say something: without the leases, they are violated."""
    spec = tmp_path / "hasty.pin"
    spec.write_text(_changed("pin_lease.pin", "await leases[p] == 0", "skip"), encoding="utf-8")
    found = pinmc.check(spec, engine="interpreter")
    assert found["no_freed_block_under_pin"].verdict.value == "violated"


@pytest.mark.slow
def test_spin_notices_a_truncation_that_does_not_wait(tmp_path: Path) -> None:
    _need(spin.MODES[0])
    text = _changed("pin_lease.pml", "     leases[p] == 0;", "     true;")
    (tmp_path / "hasty.pml").write_text(text, encoding="utf-8")
    run(["spin", "-a", "hasty.pml"], tmp_path, HERE)
    run(["gcc", "-w", "-DSAFETY", "-DNOREDUCE", "-DBFS", "-o", "pan", "pan.c"], tmp_path, HERE)
    output = run(["./pan"], tmp_path, HERE).output
    assert "assertion violated" in output
    assert spin.complaint(output)


@pytest.mark.slow
def test_rumur_notices_a_truncation_that_does_not_wait(tmp_path: Path) -> None:
    _need(murphi.MODES[0])
    text = _changed("pin_lease.m", "t_wait_leases & leases[p] = 0", "t_wait_leases")
    (tmp_path / "model.m").write_text(text, encoding="utf-8")
    run(murphi.generate(1), tmp_path, HERE)
    run([*murphi.COMPILE, "model.c", "-o", "model", "-lpthread"], tmp_path, HERE)
    output = run(["./model"], tmp_path, HERE).output
    assert "no_freed_block_under_pin" in output
    assert murphi.read(output) is None
