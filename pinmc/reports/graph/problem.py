"""What can go wrong with a graph."""

from __future__ import annotations


class GraphError(Exception):
    """The graph cannot be made or written; the message says why and what would help."""
