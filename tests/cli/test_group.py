"""The command group, its help, misspelt names and internal errors."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest

import pinmc
from pinmc.cli import main as entry
from pinmc.cli.commands.check import command as check
from pinmc.cli.group import SUBCOMMANDS
from pinmc.reports.catalog import REPORTS
from pinmc.reports.graph.views import VIEWS

HEAVY = ("lark", "networkx", "numpy", "rich", "z3", "pinmc.api", "pinmc.frontend", "pinmc.engines")


def test_help_lists_every_subcommand_and_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.run(["--help"]) == 0
    text = capsys.readouterr().out
    assert all(name in text for name in SUBCOMMANDS)
    assert all(f"\n    {code}  " in text for code in range(6))


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_every_subcommand_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.run([name, "--help"]) == 0
    assert f"Usage: pinmc {name}" in capsys.readouterr().out


def test_without_arguments_help_is_shown_and_nothing_passes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert entry.run([]) == 2
    assert "Usage:" in capsys.readouterr().err


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.run(["--version"]) == 0
    assert capsys.readouterr().out == f"pinmc {pinmc.__version__}\n"


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        (["chek"], "did you mean 'check'?"),
        (["specs/x.pin"], "did you mean 'pinmc check specs/x.pin'?"),
        (["check", "--max-state", "3", "x"], "--max-states"),
    ],
)
def test_misspelt_words_get_a_suggestion(
    args: list[str], hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert entry.run(args) == 2
    assert hint in capsys.readouterr().err


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom pinmc.cli.main import run\nrun(['--help'])\n"
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"


@pytest.mark.parametrize("debug", ["0", "1"])
def test_a_crash_is_an_internal_error(
    debug: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def crash(*_: object) -> None:
        raise ZeroDivisionError("by the way")

    monkeypatch.setenv("PINMC_DEBUG", debug)
    monkeypatch.setattr(entry.cli, "invoke", crash)
    assert entry.run(["explain"]) == 5
    text = capsys.readouterr().err
    assert "internal error: ZeroDivisionError: by the way" in text
    assert ("Traceback" in text) == (debug == "1")


def test_python_m_pinmc(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pinmc", "explain", "PIN401"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("PIN401: ")


def choices(option: str) -> list[str]:
    """What ``pinmc check`` accepts for ``option``."""
    found = next(p for p in check.params if f"--{option}" in p.opts)
    assert isinstance(found.type, click.Choice)
    return list(found.type.choices)


def test_help_knows_every_report_and_view_without_importing_them() -> None:
    assert choices("format") == list(REPORTS)
    assert choices("graph-view") == list(VIEWS)
