"""Finds a C compiler and compiles with it."""

from __future__ import annotations

import functools
import os
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import field
from pathlib import Path

from pinmc.base.records import dataclass
from pinmc.engines.native.processor import processor

_CANDIDATES = ("cc", "gcc", "clang", "tcc")
_COMPILE_SECONDS = 300
_LOOK_SECONDS = 0.02
_NICE = 10
_NOT_NEEDED = "it is not needed any more"


class CompileError(Exception):
    """The compiler refused, or could not be started; the message says what it said."""


@dataclass(frozen=True, slots=True)
class Compiler:
    """``command`` may have arguments of its own (from ``$CC``); ``version`` is its own words."""

    command: tuple[str, ...]
    version: str
    stop: threading.Event | None = field(default=None, compare=False, repr=False)
    """When it is set, compiling ends with an error."""
    runs: threading.Event | None = field(default=None, compare=False, repr=False)
    """It is set when compiling has begun."""

    @property
    def shown(self) -> str:
        return " ".join(self.command)

    @property
    def is_tcc(self) -> bool:
        return self.version.startswith("tcc")

    def flags(self, optimise: str) -> tuple[str, ...]:
        """What all C here is compiled with."""
        return ("-std=c11", optimise) if self.is_tcc else ("-std=c11", optimise, "-pthread")

    @property
    def tuning(self) -> tuple[str, ...]:
        """For the processor of this machine; nothing where that is not known well enough."""
        return ("-march=native",) if processor() and not self.is_tcc else ()

    def wait(self) -> None:
        """A moment of waiting for what another compiler makes. Raises CompileError at a stop."""
        if self.stop is None:
            time.sleep(_LOOK_SECONDS / 4)
        elif self.stop.wait(_LOOK_SECONDS / 4):
            raise CompileError(_NOT_NEEDED)

    def run(self, arguments: Sequence[str], folder: Path) -> None:
        """Raises CompileError unless it succeeds."""
        try:
            code, told = self._run([*self.command, *arguments], folder)
        except (OSError, subprocess.TimeoutExpired) as problem:
            raise CompileError(f"{self.shown}: {problem}") from problem
        if code:
            said = told.decode(errors="replace").strip().splitlines()
            first = next((line for line in said if "error" in line), said[0] if said else "")
            raise CompileError(f"{self.shown} ended with {code}: {first[:300]}")

    def _run(self, command: list[str], folder: Path) -> tuple[int, bytes]:
        """The exit code and what it said on standard error."""
        with subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, "TMPDIR": str(folder)},  # nothing is left behind if it is ended
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        ) as process:
            try:
                if self.runs is not None:
                    self.runs.set()
                if self.stop is not None:
                    _give_way(process)
                told = self._await(process)
                return process.returncode, told
            except BaseException:
                _end(process)
                raise

    def _await(self, process: subprocess.Popen[bytes]) -> bytes:
        if self.stop is None:
            return process.communicate(timeout=_COMPILE_SECONDS)[1]
        while not self.stop.is_set():
            try:
                return process.communicate(timeout=_LOOK_SECONDS)[1]
            except subprocess.TimeoutExpired:
                continue
        raise CompileError(_NOT_NEEDED)


def _give_way(process: subprocess.Popen[bytes]) -> None:
    """Lets what needs no compiler go first, where there are not enough cores for both."""
    if sys.platform != "win32":
        with suppress(OSError):
            os.setpriority(os.PRIO_PGRP, process.pid, _NICE)


def _end(process: subprocess.Popen[bytes]) -> None:
    """With all that it has started: compilers are several programs."""
    if sys.platform == "win32":
        process.kill()
        return
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)


def find_compiler() -> Compiler | None:
    """``$CC`` if it is set and works, else the first of cc, gcc, clang, tcc on the PATH."""
    return _find(os.environ.get("CC", ""), os.environ.get("PATH", ""))


@functools.lru_cache(maxsize=8)
def _find(cc: str, path: str) -> Compiler | None:
    for words in ([shlex.split(cc)] if cc.strip() else []) + [[name] for name in _CANDIDATES]:
        where = shutil.which(words[0], path=path)
        version = _version([where, *words[1:]]) if where else ""
        if where and version:
            return Compiler((where, *words[1:]), version)
    return None


def _version(command: list[str]) -> str:
    """The first line it tells about itself; empty when it does not work."""
    for option in ("--version", "-v"):
        try:
            told = subprocess.run([*command, option], capture_output=True, timeout=20, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return ""
        lines = (told.stdout or told.stderr).decode(errors="replace").splitlines()
        if not told.returncode and lines:
            return lines[0].strip()
    return ""
