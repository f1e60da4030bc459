"""Which C integer an expression's value needs: 64 or 128 bits, or none that C has."""

from __future__ import annotations

from pinmc.engines.intervals import Interval, Unsupported, fits64

_INT128_MIN, _INT128_MAX = -(2**127), 2**127 - 1


def c_type(of: Interval) -> str:
    """The C type for values in ``of``. Raises Unsupported beyond 128 bits."""
    if fits64(of):
        return "i64"
    if of[0] >= _INT128_MIN and of[1] <= _INT128_MAX:
        return "i128"
    raise Unsupported("a number in an expression may need more than 128 bits")
