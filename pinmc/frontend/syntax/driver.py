"""The LALR machine, fed token by token: the only place that touches lark's parser state."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lark.exceptions import UnexpectedToken
from lark.parsers.lalr_analysis import Shift

from pinmc.base.source import NOWHERE
from pinmc.frontend.syntax import ast
from pinmc.frontend.syntax.limits import MAX_STACK
from pinmc.frontend.syntax.tables import tables
from pinmc.frontend.syntax.tokens import Token

END_OF_INPUT = "$END"


class Driver:
    """One run of the machine over one sequence of tokens."""

    def __init__(self) -> None:
        state: Any = tables().parse_interactive().parser_state
        self._feed = state.feed_token
        self._states: list[Any] = state.state_stack
        self._values: list[Any] = state.value_stack
        self._table: dict[Any, dict[str, tuple[Any, Any]]] = state.parse_conf.states
        self._end: Any = state.parse_conf.end_state

    def feed(self, token: Token) -> bool:
        """Take ``token``; False when it cannot stand here, and then the run is over.

        Ask ``can`` first where it must go on: a token may be refused only after reductions that
        were wrong.
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

    @property
    def height(self) -> int:
        """Entries on the stack, the initial state not counted."""
        return len(self._values)

    def drop(self) -> None:
        """Forget the topmost entry of the stack."""
        del self._states[-1], self._values[-1]

    def can(self, *types: str) -> bool:
        """Whether tokens of these types could come next, one after the other."""
        states = list(self._states)
        return all(self._shifts(states, type_) for type_ in types)

    def accepts(self) -> frozenset[str]:
        """The types of token that can come next."""
        return frozenset(t for t in self._choices() if self.can(t))

    def _choices(self) -> Iterable[str]:
        return (name for name in self._table[self._states[-1]] if name.isupper())

    def _shifts(self, states: list[Any], type_: str) -> bool:
        """Play the machine on ``states`` alone, no tree being built."""
        while True:
            action, target = self._table[states[-1]].get(type_, (None, None))
            if action is None:
                return False
            if action is Shift:
                states.append(target)
                return True
            if target.expansion:
                del states[-len(target.expansion) :]
            states.append(self._table[states[-1]][target.origin.name][1])
            if type_ == END_OF_INPUT and states[-1] == self._end:
                return True
