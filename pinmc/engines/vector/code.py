"""The lines of one generated function, and what it has already worked out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import field

from pinmc.base.records import dataclass


@dataclass(slots=True)
class Code:
    """``known`` has the names of arrays already computed from the words of the state, by their
    text; ``failing`` tells that some line is a way to fail."""

    lines: list[str] = field(default_factory=list)
    indent: int = 1
    made: int = 0
    failing: bool = False
    known: dict[str, str] = field(default_factory=dict)

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

    def once(self, text: str) -> str:
        """A variable for what only depends on words of states."""
        name = self.known.get(text)
        if name is None:
            name = self.known[text] = self.name(text)
        return name

    def forget(self) -> None:
        """The rows or the words have changed."""
        self.known = {}

    @contextmanager
    def block(self, heading: str) -> Iterator[None]:
        """Lines that are perhaps not executed, or several times."""
        self.put(heading)
        before = dict(self.known)
        self.indent += 1
        self.put("pass")
        yield
        self.indent -= 1
        self.known = before
