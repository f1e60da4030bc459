"""The types that have a name from the start."""

from __future__ import annotations

from pinmc.frontend.sema.types import Type
from pinmc.ir.types import Bool, Int, Word

_BASIC: dict[str, Type] = {
    "bool": Bool(),
    "int": Int(),
    **{f"u{w}": Word(w, False) for w in (8, 16, 32, 64)},
    **{f"s{w}": Word(w, True) for w in (8, 16, 32, 64)},
}


def basic_type(name: str) -> Type | None:
    """``bool``, ``int`` and the usual machine words."""
    return _BASIC.get(name)


def basic_names() -> tuple[str, ...]:
    """All of them, for suggestions."""
    return tuple(_BASIC)
