"""To come."""

from __future__ import annotations


def check_contexts(world: object, spec: object) -> None:
    """To come."""
