"""The words of the language, sorted by what they are good for, and their texts for messages."""

from __future__ import annotations

import difflib
import functools

from pinmc.frontend.syntax.chunks import STARTS
from pinmc.frontend.syntax.driver import END_OF_INPUT
from pinmc.frontend.syntax.tables import tables
from pinmc.frontend.syntax.tokens import token_types

ELSE_IFS = token_types("elif elseif elsif")

STATEMENT_KEYWORDS = token_types(
    "VAR CHOOSE IF WHILE LOOP FOR EITHER ATOMIC AWAIT SKIP BREAK CONTINUE RETURN ASSERT"
    " START END FAIR STRONG"
)
STATEMENT_STARTS = STATEMENT_KEYWORDS | {"NAME"}

ASSIGNS = token_types("EQ PLUS_EQ MINUS_EQ STAR_EQ PIPE_EQ AMP_EQ CARET_EQ")

COMPARISONS = token_types("EQEQ NE LE LT GE GT IN")

EXPRESSION_STARTS = token_types(
    "NAME NUMBER TRUE FALSE NONE NONDET LPAR LBRACE FORALL EXISTS COUNT SUM INT MINUS TILDE"
    " NOT ALWAYS EVENTUALLY IF"
)
TYPE_STARTS = token_types("NAME NUMBER SET QUEUE ARRAY BOOL INT UINT SINT MINUS LPAR")

OPERAND_ENDS = token_types(
    "NAME NUMBER TRUE FALSE NONE NONDET RPAR RSQB RBRACE PRIME END BOOL INT QUESTION STRING"
)
"""What an expression or a type can end with."""


@functools.cache
def _texts() -> dict[str, str]:
    return {t.name: t.text for t in tables().terminals if t.fixed}


def text_of(type_: str) -> str:
    """How a token of this type is written; a stand-in for names, numbers and texts."""
    return _texts().get(type_) or {"NUMBER": "1", "STRING": '""'}.get(type_, "_")


@functools.cache
def keywords() -> frozenset[str]:
    """The types of the reserved words."""
    return frozenset(name for name, text in _texts().items() if text.isidentifier())


def words_for(types: frozenset[str]) -> dict[str, str]:
    """Type by text, of the reserved words among ``types``."""
    return {text_of(t): t for t in types & keywords()}


def misspelt(text: str, known: dict[str, str]) -> str | None:
    """The word among ``known`` that ``text`` is a slip of the fingers away from."""
    found = difflib.get_close_matches(text, sorted(known), n=1, cutoff=0.75)
    return found[0] if found else None


_GROUPS = (
    ("a declaration", token_types("USE CONST SCALARSET"), STARTS),
    ("a statement", token_types("SKIP AWAIT"), STATEMENT_STARTS | {"RETURN"}),
    ("an expression", token_types("NUMBER TRUE"), EXPRESSION_STARTS),
    (
        "an operator",
        token_types("PLUS STAR"),
        token_types(
            "PLUS MINUS STAR SLASH PERCENT SHL SHR AMP CARET PIPE EQEQ NE LE LT GE GT IN NOT AT AND"
            " OR IMPLIES LEADS_TO UNTIL IFF"
        ),
    ),
    (
        "an assignment",
        token_types("PLUS_EQ"),
        ASSIGNS,
    ),
    ("a type", token_types("QUEUE SET"), TYPE_STARTS),
)
_NAMED = {
    "NAME": "a name",
    "NUMBER": "a number",
    "STRING": 'a text in "quotes"',
    END_OF_INPUT: "the end of the file",
}
_RARELY_MEANT = token_types("PRIME DOT LSQB DOTDOT QUESTION LPAR")


def describe(accepts: frozenset[str]) -> str:
    """What could have stood here, in words, or the empty string when that would be a long list."""
    rest = set(accepts)
    parts = []
    for name, signs, members in _GROUPS:
        if signs <= rest:
            parts.append(name)
            rest -= members
    if "a declaration" in parts:
        rest.discard(END_OF_INPUT)
    if len(rest) + len(parts) > 4:
        rest -= _RARELY_MEANT
    parts += sorted(_NAMED.get(t) or f"'{text_of(t)}'" for t in rest)
    return listed(parts) if len(parts) <= 5 else ""


def listed(parts: list[str]) -> str:
    """``a, b or c``."""
    return " or ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))
