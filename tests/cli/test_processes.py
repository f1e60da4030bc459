"""Signals and pipes need a process of their own."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from tests.cli.specs import HUGE, VIOLATED

PINMC = [sys.executable, "-m", "pinmc"]
ROOT = Path(__file__).parents[2]


def heed_ctrl_c() -> None:
    """A test run in the background ignores SIGINT, and children would inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def start(folder: Path, *args: str, stderr: int = subprocess.PIPE) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"}
    return subprocess.Popen(
        [*PINMC, *args],
        cwd=folder,
        stdin=subprocess.PIPE,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        preexec_fn=heed_ctrl_c,
    )


def read_terminal(terminal: int, wanted: str | None) -> str:
    """What is written to ``terminal`` until ``wanted`` is in it, or to its end."""
    seen = b""
    while wanted is None or wanted not in seen.decode(errors="replace"):
        try:
            piece = os.read(terminal, 4096)
        except OSError:  # how Linux says that the other end is closed
            break
        if not piece:
            break
        seen += piece
    return seen.decode(errors="replace")


def wait_until_it_reads(process: subprocess.Popen[str]) -> None:
    """Before, a signal would meet Python while it starts."""
    assert process.stdin is not None
    process.stdin.write("#")
    process.stdin.flush()
    deadline = time.monotonic() + 60
    while unread(process.stdin.fileno()) and time.monotonic() < deadline:
        time.sleep(0.02)


def unread(pipe: int) -> int:
    """How many bytes are in it."""
    return int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)), sys.byteorder)


@pytest.mark.parametrize(
    ("more", "code"), [("", 3), ("invariant early: x[1] == 0\n", 1)], ids=["open", "violated"]
)
def test_ctrl_c_shows_what_was_found(tmp_path: Path, more: str, code: int) -> None:
    (tmp_path / "huge.pin").write_text(HUGE + more)
    (tmp_path / "next.pin").write_text(VIOLATED)
    terminal, other = pty.openpty()
    process = start(tmp_path, "check", "huge.pin", "next.pin", stderr=other)
    os.close(other)
    progress = read_terminal(terminal, " MiB")
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    rest = read_terminal(terminal, None)
    os.close(terminal)
    assert re.search(r"huge.pin: [\d,]+ states, [\d,]+/s, depth \d+, frontier [\d,]+,", progress)
    assert "\x1b[2K" in rest
    assert rest.rstrip().endswith("pinmc: interrupted")
    assert process.returncode == code
    assert "in_range" in out
    assert "1 not reached" in out.splitlines()[-1]


def test_ctrl_c_before_anything(tmp_path: Path) -> None:
    process = start(tmp_path, "fmt", "-")
    wait_until_it_reads(process)
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


PRODUCT = """
var pages: 1..400 = 1
var maps: 0..8
var refs: int
rule grow() when maps == 0 and pages < 400 { pages += 1 }
rule map() when maps < 8 { maps += 1  refs += pages }
rule unmap() when maps > 0 { maps -= 1  refs -= pages }
invariant referenced: maps >= 1 implies refs >= pages
"""
"""No lemma that can be mined says what a product is, and Spacer thinks about it for as long as it
may."""


def test_ctrl_c_ends_a_proof_and_the_solver_that_works_for_it(tmp_path: Path) -> None:
    (tmp_path / "a.pin").write_text(PRODUCT)
    running = start(tmp_path, "prove", "a.pin", "--property", "referenced", "--timeout", "20")
    solver = child_of(running)
    time.sleep(0.3)
    began = time.perf_counter()
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=20)
    assert running.returncode == 3 and "interrupted" in err and "Traceback" not in err
    assert "0 of 0 proved" in out
    assert time.perf_counter() - began < 10
    assert not works(solver)


def works(process: int) -> bool:
    """Whether it is there and not only waiting for somebody to take note of its end."""
    try:
        return "(zombie)" not in Path(f"/proc/{process}/status").read_text()
    except FileNotFoundError:
        return False


def child_of(process: subprocess.Popen[str]) -> int:
    """The process that ``process`` starts, once it does."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    for _ in range(600):
        found = children.read_text().split()
        if found:
            return int(found[0])
        assert process.poll() is None, f"it ended instead: {process.communicate()}"
        time.sleep(0.05)
    raise AssertionError("no process was started")
