"""What the exit codes mean and which wins."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum


class Exit(IntEnum):
    OK = 0
    VIOLATED = 1
    BAD_INPUT = 2
    UNDETERMINED = 3
    VACUOUS = 4
    INTERNAL = 5


_PRECEDENCE = (
    Exit.INTERNAL,
    Exit.BAD_INPUT,
    Exit.VIOLATED,
    Exit.UNDETERMINED,
    Exit.VACUOUS,
    Exit.OK,
)

EXIT_CODES_HELP = """\
\b
Exit codes, the first that applies of 5, 2, 1, 3, 4, 0:
  0  everything is as expected
  1  a violation, or an `expect` that does not match
  2  a mistake in a specification or on the command line
  3  undetermined: a limit was reached, or Ctrl-C
  4  vacuous: something that should have happened never did
  5  an internal error of pinmc
"""


def combined(codes: Iterable[int]) -> Exit:
    """The one code that stands for all of ``codes``; OK for none."""
    present = {Exit(code) for code in codes}
    return next((code for code in _PRECEDENCE if code in present), Exit.OK)
