"""The LALR machine, fed token by token: the only place that touches lark's parser state."""

from __future__ import annotations

from typing import Any

from lark.exceptions import UnexpectedToken

from pinmc.base.source import NOWHERE
from pinmc.frontend.syntax import ast
from pinmc.frontend.syntax.limits import MAX_STACK
from pinmc.frontend.syntax.tables import tables
from pinmc.frontend.syntax.tokens import Token

END_OF_INPUT = "$END"


class Driver:
    """One run of the machine over one sequence of tokens."""

    def __init__(self) -> None:
        self._parser = tables().parse_interactive()
        state: Any = self._parser.parser_state
        self._feed = state.feed_token
        self._states: list[Any] = state.state_stack
        self._values: list[Any] = state.value_stack

    def feed(self, token: Token) -> bool:
        """Take ``token``; False when it cannot stand here.

        After False some reductions may have been done; what is acceptable has not changed, for
        a token that is refused then was refused before.
        """
        try:
            self._feed(token)
        except UnexpectedToken:
            return False
        return True

    def finish(self) -> tuple[ast.Decl, ...] | None:
        """The declarations, when the input may end here."""
        try:
            decls: tuple[ast.Decl, ...] = self._feed(Token(END_OF_INPUT, "", NOWHERE), True)
        except UnexpectedToken:
            return None
        return decls

    @property
    def overflows(self) -> bool:
        """The stack is higher than any reasonable input makes it."""
        return len(self._values) > MAX_STACK

    def accepts(self) -> set[str]:
        """The terminals that can come next."""
        return self._parser.accepts()

    def drop(self) -> None:
        """Forget the topmost entry of the stack."""
        del self._states[-1], self._values[-1]

    @property
    def height(self) -> int:
        """Entries on the stack, the initial state not counted."""
        return len(self._values)
