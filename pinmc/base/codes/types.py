"""PIN2xx: types."""

from __future__ import annotations

from pinmc.base.codes.model import Explanation

TYPES: tuple[Explanation, ...] = ()
