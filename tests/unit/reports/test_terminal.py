"""The report for people, as they read it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from pinmc.ir.property import Verdict
from pinmc.reports.base import RenderOptions
from pinmc.reports.canvas import Canvas, Piece, counted, folded
from pinmc.reports.catalog import REPORTS, render
from pinmc.reports.terminal.places import place
from pinmc.reports.terminal.summary import summary
from pinmc.results.result import Result
from pinmc.results.trace import Source
from tests.conftest import Golden
from tests.unit.reports import sample
from tests.unit.reports.real import LOCKS, result_of

HERE = Path(__file__).parent / "golden"
COMMAND = "pinmc check specs/lease.pin -D USERS=2"


def text(result: Result = sample.WHOLE, **options: object) -> str:
    return render(result, "text", replace(RenderOptions(), **options))  # type: ignore[arg-type]


def test_whole_report(golden: Golden) -> None:
    golden(HERE / "whole.txt", text(command=COMMAND) + "\n")


def test_narrow_report(golden: Golden) -> None:
    narrow = text(width=60, traces="all")
    golden(HERE / "narrow.txt", narrow + "\n")


def test_coloured_report_says_the_same() -> None:
    coloured = text(colour=True)
    assert "\x1b[1;31m" in coloured
    plain = [re.sub(r"\x1b\[[0-9;]*m", "", line).rstrip() for line in coloured.splitlines()]
    assert plain == text().splitlines()


def test_plain_text_has_no_escape_and_fits() -> None:
    lines = text().splitlines()
    assert not any("\x1b" in line for line in lines)
    assert max(map(len, lines)) <= 100
    assert not any(line != line.rstrip() for line in lines)


def test_traces_shown() -> None:
    """Default: counterexamples of the default design, and whatever is not as expected."""
    titles = re.compile(r"^(\w+) is (?:violated|reached)", re.MULTILINE)
    assert titles.findall(text()) == ["checksum_stability", "deadlock", "errors"]
    assert titles.findall(text(traces="all")) == [
        "checksum_stability",
        "can_pin",
        "deadlock",
        "errors",
    ]
    assert titles.findall(text(traces="none")) == []
    assert titles.findall(text(properties=("errors",))) == ["errors"]


def test_expected_counterexample_of_another_design_is_not_shown() -> None:
    other = sample.design(sample.STABLE, label="WRITEOUT = bounce")
    shown = text(sample.result(sample.design(), other))
    assert "checksum_stability  in 2 steps by writeback, as expected" in shown
    assert "initially" not in shown


def test_failure_of_the_initialisation() -> None:
    broken = sample.answer(
        "errors",
        Verdict.VIOLATED,
        as_expected=False,
        trace=replace(sample.trace("errors", error="refs[p] = 9 is not in 0..3"), initial={}),
    )
    shown = text(sample.result(sample.design(broken), exit_code=1))
    assert "errors is violated in initialisation" in shown
    assert "error  refs[p] = 9 is not in 0..3" in shown


def test_a_deadlock_is_shown_once() -> None:
    shown = text(result_of(LOCKS))
    assert shown.count("cycle  one → two → one") == 1
    assert "stuck is violated by the same 2 steps as deadlock" in shown


def test_what_was_cut_short_is_said() -> None:
    stopped = replace(
        sample.design(statistics=replace(sample.STATISTICS, complete=False)),
        stopped="100,000 states",
    )
    shown = text(replace(sample.result(stopped), interrupted=True))
    assert "stopped  100,000 states" in shown
    assert "interrupted" in shown
    assert "(not complete)" in shown


def test_control_characters_of_a_specification_do_nothing() -> None:
    bad = replace(sample.STABLE, doc="\x1b[2J gone", name="x\x07y")
    shown = text(sample.result(sample.design(bad)), colour=True)
    assert "\x1b[2J" not in shown
    assert "\x07" not in shown


def test_summary() -> None:
    row = " ".join(summary([sample.WHOLE]).splitlines()[1].split())
    assert row == (
        "specs/lease.pin 2 94,422 3 holds, 3 violated, 1 reached, 1 unreachable, 1 vacuous, "
        "1 unknown, 1 skipped (2 unexpected) 1 0.84 s"
    )


def test_every_report_renders() -> None:
    for name in REPORTS:
        assert render(sample.WHOLE, name, RenderOptions())
    with pytest.raises(KeyError):
        render(sample.WHOLE, "xml", RenderOptions())


# --- the canvas --------------------------------------------------------------------------------


def test_folding() -> None:
    assert folded("short", 10, 20) == ["short"]
    assert folded("one two three four five", 8, 16) == ["one two", "three four five"]
    assert folded("supercalifragilistic words", 8, 16) == [
        "",
        "supercalifragili",
        "stic words",
    ]


def test_wrapping_hangs_below_the_text() -> None:
    canvas = Canvas(width=24)
    canvas.wrapped([Piece("a: ", "red")], "one two three four five six seven")
    assert canvas.text() == "a: one two three four\n   five six seven"


def test_gaps_do_not_add_up() -> None:
    canvas = Canvas()
    canvas.gap()
    canvas.add("x")
    canvas.gap()
    canvas.gap()
    assert canvas.text() == "x"


def test_counted() -> None:
    assert [counted(n, "step") for n in (0, 1, 4711)] == ["0 steps", "1 step", "4,711 steps"]


def test_long_paths_keep_their_end() -> None:
    long = "/usr/lib/python3/site-packages/pinmc/_library/models/mm/page.pin"
    assert place(Source(long, 7)) == "…/pinmc/_library/models/mm/page.pin:7"
    assert place(Source("x" * 50 + ".pin", 7)).endswith("xxx.pin:7")
    assert len(place(Source("x" * 50 + ".pin", 7))) == 38
