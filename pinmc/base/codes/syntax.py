"""PIN0xx: syntax."""

from __future__ import annotations

from pinmc.base.codes.model import Explanation

SYNTAX: tuple[Explanation, ...] = ()
