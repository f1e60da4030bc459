"""PIN1xx: names, modules and constants."""

from __future__ import annotations

from pinmc.base.codes.model import Explanation

NAMES: tuple[Explanation, ...] = ()
