"""The lines of one generated function, and what it has already worked out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import field
from typing import TypeAlias

from pinmc.base.records import dataclass

Bits: TypeAlias = Mapping[int, int]
"""Bits of the words of a state that changes, by the number of the word."""


@dataclass(frozen=True, slots=True)
class Known:
    """The name of an array, and of which bits it was made."""

    name: str
    bits: Bits


@dataclass(slots=True)
class Code:
    """``known`` has the arrays already computed from the words of the state, by their text;
    ``failing`` tells that some line is a way to fail; ``exits`` counts the lines that may leave
    rows behind."""

    lines: list[str] = field(default_factory=list)
    indent: int = 1
    made: int = 0
    failing: bool = False
    exits: int = 0
    known: dict[str, Known] = field(default_factory=dict)

    def put(self, line: str) -> None:
        self.lines.append(" " * self.indent + line)

    def fresh(self, letter: str) -> str:
        self.made += 1
        return f"{letter}_{self.made}"

    def name(self, text: str) -> str:
        """A variable for the text; the text itself if it is one."""
        if text.isidentifier():
            return text
        name = self.fresh("x")
        self.put(f"{name} = {text}")
        return name

    def once(self, text: str, bits: Bits) -> str:
        """A variable for what depends on nothing else that may change."""
        known = self.known.get(text)
        if known is None:
            known = self.known[text] = Known(self.name(text), bits)
        return known.name

    def changed(self, word: int, bits: int) -> None:
        """These bits of the state have."""
        self.known = {t: k for t, k in self.known.items() if not k.bits.get(word, 0) & bits}

    def forget(self) -> None:
        """The rows have changed, or the words in a way that is not known."""
        self.known = {}

    @contextmanager
    def block(self, heading: str) -> Iterator[None]:
        """Lines that are perhaps not executed, or several times: then nothing may be known that
        they change."""
        self.put(heading)
        before = dict(self.known)
        self.indent += 1
        self.put("pass")
        yield
        self.indent -= 1
        self.known = {
            text: known for text, known in before.items() if self.known.get(text) == known
        }
