"""PIN5xx: warnings."""

from __future__ import annotations

from pinmc.base.codes.model import Explanation

WARNINGS: tuple[Explanation, ...] = ()
