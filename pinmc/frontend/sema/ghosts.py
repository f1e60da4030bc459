"""To come."""

from __future__ import annotations


def check_ghosts(spec: object, reporter: object) -> None:
    """To come."""
