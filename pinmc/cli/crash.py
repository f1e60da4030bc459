"""What to say when pinmc itself is at fault."""

from __future__ import annotations

import os
import shlex
import sys
import traceback
from collections.abc import Sequence

from pinmc import __version__
from pinmc.cli import stream

_LONGEST = 300


def internal_error(problem: BaseException, args: Sequence[str]) -> None:
    """Say that pinmc is at fault; the traceback only for those who set PINMC_DEBUG=1."""
    if os.environ.get("PINMC_DEBUG") == "1":
        stream.err("".join(traceback.format_exception(problem)).rstrip())
    what = " ".join(str(problem).split())[:_LONGEST]
    stream.err(
        f"pinmc: internal error: {type(problem).__name__}: {what}\n"
        "This is a mistake in pinmc, not in your specification. Please report it with the\n"
        f"specification, the output of `PINMC_DEBUG=1 {shlex.join(['pinmc', *args])}`, and\n"
        f"pinmc {__version__}, Python {sys.version.split()[0]}."
    )
