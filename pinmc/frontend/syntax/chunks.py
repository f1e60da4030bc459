"""Cutting a faulty file into its declarations, so that a mistake in one spares the others."""

from __future__ import annotations

from pinmc.frontend.syntax.tokens import Token, token_types

MODIFIERS = token_types("FREE GHOST STEP FAIR STRONG DORMANT")
"""Words before the keyword of a declaration."""

STARTS = MODIFIERS | token_types(
    "USE CONST CHOICE TYPE SCALARSET ENUM RECORD VAR COST MUTEX RWLOCK DEF ACTION PROC ACTOR RULE"
    " INIT INVARIANT REACHABLE LEMMA PROPERTY EXPECT"
)
"""The words a declaration begins with."""

ALSO_IN_BODIES = token_types("VAR FAIR STRONG")
"""Those of them that a statement may begin with."""

OPENING = {"LPAR": "RPAR", "LSQB": "RSQB", "LBRACE": "RBRACE"}
CLOSING = {close: open_ for open_, close in OPENING.items()}

_ENDS = token_types(
    "NAME NUMBER STRING RBRACE RPAR RSQB TRUE FALSE NONE NONDET BOOL INT QUESTION PRIME END DORMANT"
)
"""What a declaration can end with."""


def chunks(tokens: list[Token]) -> list[list[Token]]:
    """The tokens of each declaration; the first chunk may begin with something else.

    Where brackets do not balance, a declaration keyword at the left margin begins a declaration
    although a bracket is still open.
    """
    found: list[list[Token]] = [[]]
    trust_margin = not _balanced(tokens)
    depth = 0
    for token in tokens:
        chunk = found[-1]
        if chunk and token.type in STARTS and _begins(chunk, token, depth, trust_margin):
            found.append([])
            depth = 0
        found[-1].append(token)
        if token.type in OPENING:
            depth += 1
        elif token.type in CLOSING:
            depth = max(0, depth - 1)
    return found


def starts_line(tokens: list[Token], index: int) -> bool:
    """Whether the token at ``index`` is the first on its line."""
    return index == 0 or tokens[index - 1].span.line < tokens[index].span.line


def _begins(chunk: list[Token], token: Token, depth: int, trust_margin: bool) -> bool:
    previous = chunk[-1]
    at_margin = previous.span.line < token.span.line and token.span.column <= chunk[0].span.column
    if depth:
        return trust_margin and at_margin
    if previous.type in MODIFIERS:
        return False
    return previous.type in _ENDS or at_margin


def _balanced(tokens: list[Token]) -> bool:
    open_: list[str] = []
    for token in tokens:
        if token.type in OPENING:
            open_.append(token.type)
        elif token.type in CLOSING and (not open_ or open_.pop() != CLOSING[token.type]):
            return False
    return not open_


def body_end(tokens: list[Token], opening: Token) -> Token | None:
    """The last token that indentation puts between the brace ``opening`` and its partner.

    None when everything to the end is indented further than the line of the brace.
    """
    line = opening.span.line
    margin = next(t.span.column for t in tokens if t.span.line == line)
    for index, token in enumerate(tokens):
        if token.span.line > line and token.span.column <= margin and starts_line(tokens, index):
            return tokens[index - 1]
    return None


def suspect_brace(tokens: list[Token]) -> Token | None:
    """The brace that looks unclosed by indentation.

    It is one whose partner stands first on a line that is indented less than the brace's line.
    """
    indents: dict[int, int] = {}
    open_: list[Token] = []
    for index, token in enumerate(tokens):
        indents.setdefault(token.span.line, token.span.column)
        if token.type == "LBRACE":
            open_.append(token)
        elif token.type == "RBRACE" and open_:
            partner = open_.pop()
            margin = indents[partner.span.line]
            if starts_line(tokens, index) and token.span.column < margin:
                return partner
    return None
