"""Printing: verdicts on standard output, everything else on standard error."""

from __future__ import annotations

import os
import sys
from typing import TextIO

from pinmc.base.diagnostics import Diagnostic, render


def out(text: str) -> None:
    """``text`` and a newline on standard output. A reader that has gone is no failure: the rest
    is dropped and the exit code stays what the check has found."""
    _write(sys.stdout, text)


def err(text: str) -> None:
    """``text`` and a newline on standard error."""
    _write(sys.stderr, text)


def diagnostics(found: tuple[Diagnostic, ...]) -> None:
    """Each of ``found`` on standard error, with an empty line after it."""
    for diagnostic in found:
        err(render(diagnostic) + "\n")


def finish() -> None:
    """Flush what is left, quietly."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (BrokenPipeError, ValueError):
            _silence(stream)


def _write(stream: TextIO, text: str) -> None:
    try:
        stream.write(text + "\n")
    except BrokenPipeError:
        _silence(stream)
    except UnicodeEncodeError:
        encoding = stream.encoding or "ascii"
        stream.write(text.encode(encoding, "replace").decode(encoding) + "\n")


def _silence(stream: TextIO) -> None:
    """Send what is still to come on ``stream`` nowhere."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        pass
