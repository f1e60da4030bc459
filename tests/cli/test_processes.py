"""Signals and pipes need a process of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.specs import HUGE, VIOLATED

PINMC = [sys.executable, "-m", "pinmc"]
ROOT = Path(__file__).parents[2]


def start(folder: Path, *args: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [*PINMC, *args],
        cwd=folder,
        stdin=subprocess.PIPE,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize(
    ("more", "code"), [("", 3), ("invariant early: x[1] == 0\n", 1)], ids=["open", "violated"]
)
def test_ctrl_c_shows_what_was_found(tmp_path: Path, more: str, code: int) -> None:
    (tmp_path / "huge.pin").write_text(HUGE + more)
    (tmp_path / "next.pin").write_text(VIOLATED)
    process = start(tmp_path, "check", "huge.pin", "next.pin")
    time.sleep(3)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == code, err
    assert "in_range" in out
    assert "1 not reached" in out.splitlines()[-1]
    assert "Traceback" not in err


def test_ctrl_c_before_anything(tmp_path: Path) -> None:
    process = start(tmp_path, "fmt", "-")
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 3
    assert "Traceback" not in err


def test_a_closed_pipe_changes_nothing_and_is_quiet(tmp_path: Path) -> None:
    (tmp_path / "a.pin").write_text(VIOLATED)
    process = start(tmp_path, "check", "a.pin", "--format", "json")
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait(timeout=60) == 1


def test_help_into_a_closed_pipe_is_quiet(tmp_path: Path) -> None:
    process = start(tmp_path, "check", "--help")
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait(timeout=60) == 0
