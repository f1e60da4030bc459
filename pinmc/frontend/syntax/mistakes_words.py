"""Rules on one word or operator for another, and on what may stand at the top level."""

from __future__ import annotations

from pinmc.frontend.syntax import foreign
from pinmc.frontend.syntax.chunks import STARTS
from pinmc.frontend.syntax.situation import GiveUp, Mistake, Replace, Situation
from pinmc.frontend.syntax.tokens import token_types
from pinmc.frontend.syntax.words import (
    COMPARISONS,
    STATEMENT_KEYWORDS,
    keywords,
    misspelt,
    words_for,
)

_STATEMENT_SIGNS = token_types("EQ PLUS_EQ MINUS_EQ STAR_EQ PIPE_EQ AMP_EQ CARET_EQ LSQB LPAR DOT")


def assignment_for_comparison(s: Situation) -> Mistake | None:
    """``if x = 1 {``."""
    if s.found != "EQ" or "EQEQ" not in s.accepts:
        return None
    return Mistake(
        "PIN015",
        s.span,
        "'=' assigns; it cannot stand in an expression",
        "a comparison is written with ==",
        Replace(("EQEQ",)),
    )


def comparison_for_assignment(s: Situation) -> Mistake | None:
    """``x == 1`` as a statement, ``const N == 2``."""
    if s.found != "EQEQ" or "EQ" not in s.accepts:
        return None
    what = "a statement" if "PLUS_EQ" in s.accepts else "a declaration"
    return Mistake(
        "PIN016",
        s.span,
        f"'==' compares; {what} gives a value with '='",
        "write =",
        Replace(("EQ",)),
    )


def chained_comparison(s: Situation) -> Mistake | None:
    """``a < b < c``."""
    if s.found not in COMPARISONS or "AND" not in s.accepts:
        return None
    return Mistake(
        "PIN034",
        s.span,
        "comparisons do not chain",
        "write 'a < b and b < c', or use parentheses",
        Replace(("AND",)),
    )


def reserved_word(s: Situation) -> Mistake | None:
    """A reserved word where a name would fit, and what follows fits too."""
    if s.found not in keywords() or "NAME" not in s.accepts:
        return None
    names_only = s.accepts <= {"NAME", "RBRACE", "RPAR", "RSQB"}
    if not names_only and not s.driver.can("NAME", s.next):
        return None
    if s.wants_expression and s.next in ("NAME", "NUMBER") and s.next_on_same_line:
        return None
    return Mistake(
        "PIN014",
        s.span,
        f"'{s.text}' is a reserved word and cannot be a name",
        f"choose another, such as '{s.text}_'",
        Replace(("NAME",)),
    )


def three_dots(s: Situation) -> Mistake | None:
    """``0...3``."""
    if s.found not in ("DOT", "DOTDOT") or s.previous != "DOTDOT":
        return None
    return Mistake(
        "PIN010", s.span, "a range has two dots", "write 'lo..hi', such as 0..3", Replace(())
    )


def unknown_declaration(s: Situation) -> Mistake | None:
    """``invarient NAME: …``, ``struct …``: a word that begins no declaration."""
    if not s.at_declaration or s.found != "NAME":
        return None
    known = words_for(STARTS)
    near = misspelt(s.text, known)
    if s.next != "NAME" and not (near and s.next in ("LBRACE", *keywords())):
        return None
    hint = foreign.DECLARATIONS.get(s.text)
    remedy = f"did you mean '{near}'?" if near and not hint else hint or _ALL_STARTS
    repair = Replace((known[near],)) if near and not hint else GiveUp()
    message = f"'{_short(s.text)}' does not begin a declaration"
    return Mistake("PIN025", s.span, message, remedy, repair)


_ALL_STARTS = (
    "a declaration begins with a keyword, such as var, action, proc, actor, rule or invariant"
)


def statement_at_top(s: Situation) -> Mistake | None:
    """``x = 1`` outside any body."""
    if not s.at_declaration:
        return None
    assigns = s.found == "NAME" and s.next in _STATEMENT_SIGNS
    if not assigns and s.found not in STATEMENT_KEYWORDS | {"ELSE", "EQ", "PLUS_EQ", "MINUS_EQ"}:
        return None
    return Mistake(
        "PIN023",
        s.span,
        "a statement stands outside any body",
        "put it into 'init { }', an action, a proc, an actor or a rule",
        GiveUp(),
    )


def expression_at_top(s: Situation) -> Mistake | None:
    """Anything else between declarations."""
    if not s.at_declaration:
        return None
    remedy = _ALL_STARTS
    if s.found == "COMMA" or s.text == ",":
        remedy = "no comma between declarations"
    message = f"a declaration is expected here, not '{_short(s.text)}'"
    return Mistake("PIN026", s.span, message, remedy, GiveUp())


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
