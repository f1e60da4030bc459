"""Reads SMT-LIB2 text as far as certificates need: nested lists of words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

Sexpr: TypeAlias = "str | tuple[Sexpr, ...]"
"""A word (quoted symbols with their bars) or a list."""

_TOKEN = re.compile(r"\s+|;[^\n]*|(\(|\)|\|[^|\\]*\||\"(?:[^\"]|\"\")*\"|[^\s();|\"]+)")
_DEEPEST = 100_000


class Malformed(Exception):
    """The text is not a sequence of well-formed expressions; the message says what is wrong."""


def parse_all(text: str) -> list[Sexpr]:
    """Every expression of ``text`` in order. Raises Malformed."""
    found: list[Sexpr] = []
    waiting: list[list[Sexpr]] = []
    for token in _tokens(text):
        if token == "(":
            waiting.append([])
            if len(waiting) > _DEEPEST:
                raise Malformed("brackets are nested too deeply")
        elif token == ")":
            if not waiting:
                raise Malformed("a bracket is closed that was not opened")
            done = tuple(waiting.pop())
            (waiting[-1] if waiting else found).append(done)
        else:
            (waiting[-1] if waiting else found).append(token)
    if waiting:
        raise Malformed("a bracket is not closed")
    return found


def _tokens(text: str) -> Iterator[str]:
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise Malformed(f"unexpected {text[position]!r}")
        if match[1] is not None:
            yield match[1]
        position = match.end()


def commands(text: str) -> Iterator[list[str]]:
    """The words of each expression of ``text``, brackets included. Raises Malformed."""
    words: list[str] = []
    depth = 0
    for token in _tokens(text):
        words.append(token)
        depth += (token == "(") - (token == ")")
        if depth < 0:
            raise Malformed("a bracket is closed that was not opened")
        if depth == 0:
            yield words
            words = []
    if words:
        raise Malformed("a bracket is not closed")


def parse(text: str) -> Sexpr:
    """The one expression that ``text`` is. Raises Malformed."""
    found = parse_all(text)
    if len(found) != 1:
        raise Malformed(f"{len(found)} expressions instead of one")
    return found[0]


def symbols(expr: Sexpr) -> Iterator[str]:
    """All words of an expression."""
    waiting = [expr]
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            yield node
        else:
            waiting.extend(node)


def is_linear(expr: Sexpr) -> bool:
    """Whether it has no product, quotient or remainder of two unknowns."""
    waiting = [expr]
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            continue
        waiting.extend(node)
        if node and node[0] == "*" and sum(not _is_number(arg) for arg in node[1:]) > 1:
            return False
        if node and node[0] in ("div", "mod") and not _is_number(node[2]):
            return False
    return True


def _is_number(expr: Sexpr) -> bool:
    if isinstance(expr, tuple):
        return len(expr) == 2 and expr[0] == "-" and _is_number(expr[1])
    return expr.isdigit()
