"""To come."""

from __future__ import annotations


def check_recursion(world: object) -> None:
    """To come."""
