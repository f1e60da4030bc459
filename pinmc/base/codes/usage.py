"""PIN4xx: usage."""

from __future__ import annotations

from pinmc.base.codes.model import Explanation

USAGE: tuple[Explanation, ...] = ()
