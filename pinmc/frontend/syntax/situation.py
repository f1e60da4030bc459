"""What the parser knows at a mistake, what is made of it, and how it is mended for the moment."""

from __future__ import annotations

from typing import TypeAlias

from pinmc.base.diagnostics import Note
from pinmc.base.records import dataclass
from pinmc.base.source import Span
from pinmc.frontend.syntax.driver import END_OF_INPUT, Driver
from pinmc.frontend.syntax.tokens import Token, behind


@dataclass(frozen=True, slots=True)
class Insert:
    """Go on as if tokens of these types stood before the one found.

    ``sure``: what follows is judged on its own, never as a consequence.
    """

    types: tuple[str, ...]
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Replace:
    """Go on as if tokens of these types stood in the place of the one found (none: without it)."""

    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReplacePrevious:
    """The previous token, still on top of the parser's stack, was meant to be of this type."""

    type: str


@dataclass(frozen=True, slots=True)
class Reopen:
    """The innermost brace was taken for a set; an operand is missing before it. Go back there."""


@dataclass(frozen=True, slots=True)
class Resume:
    """Skip to the next statement, the end of the block, or the end of the declaration."""


@dataclass(frozen=True, slots=True)
class SkipItem:
    """Skip what begins here, to the next line or the end of its block."""


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Nothing more can be learned from this declaration."""


Repair: TypeAlias = Insert | Replace | ReplacePrevious | Reopen | Resume | SkipItem | GiveUp


@dataclass(frozen=True, slots=True)
class Mistake:
    """``echo``: likely a consequence of an earlier mistake in the declaration, if there is one."""

    code: str
    span: Span
    message: str
    remedy: str
    repair: Repair
    notes: tuple[Note, ...] = ()
    echo: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """A token that cannot stand where it is found.

    ``tokens`` are those of the declaration and ``at`` the index of the one found, their number at
    the end; ``open`` are the brackets open there, ``accepts`` what could have stood there.
    """

    tokens: list[Token]
    at: int
    driver: Driver
    open: tuple[Token, ...]
    accepts: frozenset[str]

    @property
    def found(self) -> str:
        """The type of the token found."""
        return self.tokens[self.at].type if self.at < len(self.tokens) else END_OF_INPUT

    @property
    def text(self) -> str:
        return self.tokens[self.at].text if self.at < len(self.tokens) else ""

    @property
    def span(self) -> Span:
        """Of the token found, or the end of what stands before it."""
        return self.tokens[self.at].span if self.at < len(self.tokens) else self.gap

    @property
    def previous(self) -> str:
        """The type of the token before; the empty string at the beginning."""
        return self.tokens[self.at - 1].type if self.at else ""

    @property
    def before(self) -> Token:
        """The token before the one found; the first token itself at the beginning."""
        return self.tokens[max(0, self.at - 1)]

    @property
    def next(self) -> str:
        """The type of the token behind the one found."""
        return self.tokens[self.at + 1].type if self.at + 1 < len(self.tokens) else END_OF_INPUT

    @property
    def gap(self) -> Span:
        """Where something missing before the token found is reported."""
        return behind(self.before.span) if self.at else self.tokens[0].span

    @property
    def same_line(self) -> bool:
        return self.before.span.line == self.span.line

    @property
    def next_on_same_line(self) -> bool:
        following = self.tokens[self.at + 1 : self.at + 2]
        return bool(following) and following[0].span.line == self.span.line

    @property
    def at_statement(self) -> bool:
        """Whether a statement could begin here (``skip`` does nothing but begin one)."""
        return "SKIP" in self.accepts

    @property
    def at_declaration(self) -> bool:
        """Whether a declaration could begin here."""
        return END_OF_INPUT in self.accepts

    @property
    def wants_expression(self) -> bool:
        return "NUMBER" in self.accepts

    @property
    def brace(self) -> int | None:
        """The index of the innermost open bracket, when that is a brace."""
        if not self.open or self.open[-1].type != "LBRACE":
            return None
        return next((i for i, token in enumerate(self.tokens) if token is self.open[-1]), None)

    def would_take(self, *types: str) -> bool:
        """Whether these, then the token found, could stand here."""
        return self.driver.can(*types, self.found)
