"""Writing: verdicts on standard output, everything else on standard error, files in one go."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
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


def write_file(path: Path, text: str) -> None:
    """Replace ``path`` by ``text``, whole or not at all. OSError when it cannot be written."""
    if path.exists() and not path.is_file():  # a pipe or a terminal: nothing to replace
        path.write_text(text, encoding="utf-8")
        return
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        temporary.chmod(_mode(path))
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _mode(path: Path) -> int:
    """The permissions of what is replaced, or those that a new file would have."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


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
