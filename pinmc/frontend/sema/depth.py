"""Room for recursive passes over deep trees."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_FRAMES = 12_000
"""Enough for the deepest tree that syntax/limits.py lets through."""


@contextmanager
def deep_recursion() -> Iterator[None]:
    """Lets recursive passes go as deep as the deepest tree the parser makes."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _FRAMES))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
