"""Runs a program under a limit of time and memory, and says what it took."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

LOOK_EVERY = 0.5
"""Seconds between two looks at how much memory a program has."""

PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Limits:
    """``memory`` in bytes and ``seconds``, of one program with its children."""

    memory: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Ran:
    """``seconds`` on the wall; ``peak``: the most bytes resident in any one process. ``stopped``
    says which limit ended it, and is empty if none did."""

    output: str
    status: int
    seconds: float
    peak: int
    stopped: str


def run(
    command: Sequence[str],
    folder: Path,
    limits: Limits,
    environment: Mapping[str, str] | None = None,
) -> Ran:
    """Run ``command`` in ``folder``; its standard output and error are one text."""
    with tempfile.TemporaryFile() as output:
        start = perf_counter()
        child = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,
        )
        watch = _Watch(child.pid, limits)
        watch.start()
        try:
            _, status, usage = os.wait4(child.pid, 0)
        finally:
            watch.end()
        seconds = perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read().decode(errors="replace")
    return Ran(text, child.returncode, seconds, usage.ru_maxrss * 1024, watch.stopped)


class _Watch(threading.Thread):
    """Looks at the processes of a session, and kills them when they go over a limit."""

    def __init__(self, session: int, limits: Limits) -> None:
        super().__init__(daemon=True)
        self.stopped = ""
        self._session = session
        self._limits = limits
        self._over = threading.Event()

    def run(self) -> None:
        start = perf_counter()
        while not self._over.wait(LOOK_EVERY):
            if resident(self._session) > self._limits.memory:
                self.stopped = f"stopped: more than {self._limits.memory / 2**30:.0f} GiB"
            elif perf_counter() - start > self._limits.seconds:
                self.stopped = f"stopped after {self._limits.seconds:,.0f} s"
            if self.stopped:
                self._kill()
                return

    def end(self) -> None:
        """Stop looking, and leave no process of the session behind."""
        self._over.set()
        self.join()
        self._kill()

    def _kill(self) -> None:
        for process in _processes(self._session):
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                continue


def resident(session: int) -> int:
    """Bytes of memory of a session's processes, what they share counted once."""
    own, shared = 0, 0
    for process in _processes(session):
        try:
            numbers = Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()
        except OSError:  # it has ended meanwhile
            continue
        if len(numbers) > 2:
            own += int(numbers[1]) - int(numbers[2])
            shared = max(shared, int(numbers[2]))
    return (own + shared) * PAGE


def _processes(session: int) -> Iterator[int]:
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            stat = (entry / "stat").read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        if int(stat.rpartition(")")[2].split()[3]) == session:
            yield int(entry.name)
