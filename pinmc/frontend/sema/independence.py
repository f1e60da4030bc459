"""To come."""

from __future__ import annotations


def check_independence(spec: object, reporter: object) -> None:
    """To come."""
