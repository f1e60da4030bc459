"""The LALR machine, fed token by token: runs lark's tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from pinmc.frontend.syntax import ast
from pinmc.frontend.syntax.build import Build
from pinmc.frontend.syntax.limits import MAX_STACK
from pinmc.frontend.syntax.tables import Rule, tables
from pinmc.frontend.syntax.tokens import Token

END_OF_INPUT = "$END"

_BUILD = Build()


class Driver:
    """One run of the machine over one sequence of tokens."""

    def __init__(self) -> None:
        machine = tables()
        self._table = machine.states
        self._rules = machine.rules
        self._end = machine.end
        self._states: list[int] = [0]
        self._values: list[Any] = []

    def feed(self, token: Token) -> bool:
        """Take ``token``; False when it cannot stand here, and then the run is over.

        Ask ``can`` first where it must go on: a token may be refused only after reductions that
        were wrong.
        """
        states = self._states
        while (action := self._table[states[-1]].get(token.type)) is not None:
            if action >= 0:
                states.append(action)
                self._values.append(token)
                return True
            self._reduce(self._rules[-1 - action])
        return False

    def finish(self) -> tuple[ast.Decl, ...] | None:
        """The declarations, when the input may end here."""
        while (action := self._table[self._states[-1]].get(END_OF_INPUT)) is not None:
            if action >= 0:  # only behind the whole of the input
                break
            self._reduce(self._rules[-1 - action])
            if self._states[-1] == self._end:
                decls: tuple[ast.Decl, ...] = self._values[-1]
                return decls
        return None

    def _reduce(self, rule: Rule) -> None:
        states, values = self._states, self._values
        entries: list[Any] = []
        if rule.size:
            entries = values[-rule.size :]
            del values[-rule.size :], states[-rule.size :]
        values.append(_built(rule, entries))
        states.append(self._table[states[-1]][rule.origin])

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

    def _shifts(self, states: list[int], type_: str) -> bool:
        """Play the machine on ``states`` alone, no tree being built."""
        while True:
            action = self._table[states[-1]].get(type_)
            if action is None:
                return False
            if action >= 0:
                states.append(action)
                return True
            rule = self._rules[-1 - action]
            if rule.size:
                del states[-rule.size :]
            states.append(self._table[states[-1]][rule.origin])
            if type_ == END_OF_INPUT and states[-1] == self._end:
                return True


def _built(rule: Rule, entries: list[Any]) -> Any:
    """What the entries of the stack are reduced to."""
    children = entries if rule.parts is None else _children(rule, entries)
    if rule.single and len(children) == 1:
        return children[0]
    if rule.build is None:
        return children
    build: Callable[[list[Any]], Any] = getattr(_BUILD, rule.build)
    return build(children)


def _children(rule: Rule, entries: list[Any]) -> list[Any]:
    found: list[Any] = []
    for part in rule.parts or ():
        if part is None:
            found.append(None)
        elif isinstance(part, int):
            found.append(entries[part])
        elif found:
            found += entries[part[0]]
        else:  # no copy: a list grows by one with each reduction
            found = entries[part[0]]
    return found
