"""The pytest plugin, in runs of pytest of its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cli.specs import CHOICE, GOOD, MISTAKES, VACUOUS, VIOLATED

pytest_plugins = ("pytester",)

Run = Callable[..., pytest.RunResult]


@pytest.fixture
def plugin(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """The arguments by which pytest has the plugin, whether or not pinmc is installed."""
    installed = request.config.pluginmanager.has_plugin("pinmc")
    return () if installed else ("-p", "pinmc.pytest_plugin")


@pytest.fixture
def run(pytester: pytest.Pytester, plugin: tuple[str, ...]) -> Run:
    """pytest with the plugin."""

    def call(*args: str, **specs: str) -> pytest.RunResult:
        for name, text in specs.items():
            (pytester.path / f"{name}.pin").write_text(text, encoding="utf-8")
        return pytester.runpytest_inprocess(*plugin, *args)

    return call


def test_one_item_for_each_property_of_each_design(run: Run) -> None:
    ran = run("a.pin", "-v", "-p", "no:cacheprovider", a=CHOICE)
    ran.assert_outcomes(passed=9)
    ran.stdout.fnmatch_lines(
        ["a.pin::below PASSED*", "a.pin::below?LIMIT=high? PASSED*", "a.pin::vacuity PASSED*"]
    )


def test_a_violation_fails_with_the_report(run: Run) -> None:
    ran = run("a.pin", a=VIOLATED)
    ran.assert_outcomes(passed=6, failed=1)
    ran.stdout.fnmatch_lines(["*smaller is violated in 6 steps*", "*x  2 ? 3*"])
    ran.stdout.no_fnmatch_line("*Traceback*")


def test_vacuity_fails(run: Run) -> None:
    ran = run("a.pin", a=VACUOUS)
    ran.assert_outcomes(passed=5, failed=2)
    ran.stdout.fnmatch_lines(["never happened in any design:"])


def test_mistakes_are_collection_errors(run: Run) -> None:
    ran = run("a.pin", a=MISTAKES)
    ran.assert_outcomes(errors=1)
    ran.stdout.fnmatch_lines(["error?PIN*", "*a.pin:2:*"])
    ran.stdout.no_fnmatch_line("*Traceback*")


def test_what_cannot_be_checked_yet_is_skipped(run: Run) -> None:
    ran = run("a.pin", a=GOOD + "property ends: eventually x == MAX\nexpect small proved\n")
    ran.assert_outcomes(passed=5, skipped=2)


def test_folders_are_searched(run: Run) -> None:
    run(a=GOOD, b=GOOD).assert_outcomes(passed=12)


def test_the_ini_option_says_which_files_count_in_folders(
    run: Run, pytester: pytest.Pytester
) -> None:
    pytester.makeini("[pytest]\npinmc_files = b*.pin\n")
    run(a=GOOD, b=GOOD).assert_outcomes(passed=6)
    run("a.pin", a=GOOD, b=GOOD).assert_outcomes(passed=6)


def test_one_item_can_be_chosen(run: Run) -> None:
    ran = run("a.pin::below[LIMIT=high]", a=CHOICE)
    ran.assert_outcomes(passed=1)


@pytest.mark.slow
def test_in_several_processes(pytester: pytest.Pytester, plugin: tuple[str, ...]) -> None:
    """With pytest-xdist every process collects the same items."""
    pytest.importorskip("xdist")
    for name, text in {"a": CHOICE, "b": GOOD, "c": VIOLATED}.items():
        (pytester.path / f"{name}.pin").write_text(text, encoding="utf-8")
    ran = pytester.runpytest_subprocess(*plugin, "-n", "2")
    ran.assert_outcomes(passed=21, failed=1)
    ran.stdout.fnmatch_lines(["*smaller is violated in 6 steps*"])
