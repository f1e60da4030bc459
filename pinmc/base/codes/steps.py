"""PIN3xx: steps and meaning."""

from __future__ import annotations

from pinmc.base.codes.model import Explanation

STEPS: tuple[Explanation, ...] = ()
