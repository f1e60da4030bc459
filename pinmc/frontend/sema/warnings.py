"""To come."""

from __future__ import annotations


def check_warnings(world: object, spec: object) -> None:
    """To come."""
