"""The parser's tables: what lark made of grammar.lark, kept in tables.json beside it.

Building them takes lark a fifth of a second, so it is done when the grammar changes, by
``python -m pinmc.frontend.syntax.generate``; the tests compare the file with the grammar.
"""

from __future__ import annotations

import functools
import importlib.resources
import json
from typing import Any

from pinmc.base.records import dataclass

FILE = "tables.json"

Part = int | list[int] | None
"""What a child of a node is made from: the part of the rule with this number, all members of a
list that is the part with this number, or nothing, for an optional part that is absent."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """``text`` is the token itself when ``fixed``, else a regular expression."""

    name: str
    text: str
    fixed: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """How to reduce the last ``size`` entries of the stack to an ``origin``, by the method
    ``build`` of the tree builder; without one the children are a list for the rule above.

    ``parts``: what the children are, None if they are just the entries; ``single``: one child
    stands for itself.
    """

    origin: str
    build: str | None
    size: int
    single: bool
    parts: list[Part] | None


@dataclass(frozen=True, slots=True)
class Tables:
    """An LALR machine. It begins in state 0. ``states[s][symbol]`` is the state to go to, or
    ``-1 - r`` to reduce by the rule ``r`` first; ``end`` is where the input may end."""

    terminals: tuple[Terminal, ...]
    rules: tuple[Rule, ...]
    states: tuple[dict[str, int], ...]
    end: int


@functools.cache
def tables() -> Tables:
    """The tables, read once a process."""
    package = importlib.resources.files("pinmc.frontend.syntax")
    return decoded(json.loads(package.joinpath(FILE).read_text(encoding="utf-8")))


def decoded(told: dict[str, Any]) -> Tables:
    """The tables of a JSON object."""
    return Tables(
        tuple(Terminal(*each) for each in told["terminals"]),
        tuple(Rule(*each) for each in told["rules"]),
        tuple(told["states"]),
        told["end"],
    )
