"""How much memory a check may take when nobody says so."""

from __future__ import annotations

import os
from pathlib import Path

_SHARE = 0.8
_CGROUP = Path("/sys/fs/cgroup/memory.max")


def default_limit() -> int | None:
    """Most of the memory there is, in bytes: a process that the system kills reports nothing.
    None where the system does not tell how much that is."""
    known = [size for size in (_physical(), _allowed()) if size is not None]
    return int(min(known) * _SHARE) if known else None


def _physical() -> int | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return None


def _allowed() -> int | None:
    """The limit of the control group (https://docs.kernel.org/admin-guide/cgroup-v2.html)."""
    try:
        return int(_CGROUP.read_text())
    except (OSError, ValueError):  # no such file, or "max"
        return None
