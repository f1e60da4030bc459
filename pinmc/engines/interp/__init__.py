"""The explicit-state engine that compiles a System to Python: the oracle of the faster ones."""

from pinmc.engines.interp.engine import InterpEngine

__all__ = ["InterpEngine"]
