"""Keeps the memory that arrays give back, for the next arrays.

A search by levels makes and drops thousands of arrays of up to some megabytes. By default the C
library returns such memory to the system at once and asks for it again, and the system clears every
page of it anew: a third of the time of a search that is over soon.
"""

from __future__ import annotations

import ctypes
import functools
import sys

_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD = -1, -2, -3
"""Parameters of glibc's mallopt(3). Other C libraries have no such function."""

_KEPT = 64 << 20
_AT_A_TIME = 16 << 20
_LARGE = 8 << 20
"""Bytes. Arrays from that size on are worth going to the system for; so is growing them, which is
then done without copying."""


@functools.cache
def keep_memory() -> None:
    """Lets this process keep some memory from now on."""
    mallopt = None if sys.platform == "win32" else getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, _LARGE)
        mallopt(_TRIM_THRESHOLD, _KEPT)
        mallopt(_TOP_PAD, _AT_A_TIME)
