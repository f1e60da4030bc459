"""Rules on something left out. It is reported at the end of what stands before the gap."""

from __future__ import annotations

from pinmc.frontend.syntax.chunks import CLOSING, STARTS
from pinmc.frontend.syntax.driver import END_OF_INPUT
from pinmc.frontend.syntax.mistakes_brackets import is_closed
from pinmc.frontend.syntax.situation import Insert, Mistake, Reopen, Resume, Situation
from pinmc.frontend.syntax.tokens import behind, token_types
from pinmc.frontend.syntax.words import (
    ASSIGNS,
    EXPRESSION_STARTS,
    OPERAND_ENDS,
    STATEMENT_KEYWORDS,
    TYPE_STARTS,
    keywords,
)

_NAMED_THINGS = token_types(
    "CONST CHOICE TYPE SCALARSET ENUM RECORD VAR COST DEF ACTION PROC ACTOR RULE INVARIANT"
    " REACHABLE LEMMA PROPERTY MUTEX RWLOCK EXPECT USE CHOOSE FOR FORALL EXISTS COUNT SUM"
)

_QUANTS = token_types("FORALL EXISTS COUNT SUM")


def _missing(s: Situation, message: str, remedy: str, *types: str) -> Mistake:
    return Mistake("PIN013", s.gap, message, remedy, Insert(types) if types else Resume())


def operand_before_keyword(s: Situation) -> Mistake | None:
    """``x =`` and then a statement on the next line, or a declaration, or the end."""
    if not s.wants_expression or s.same_line or s.previous in OPERAND_ENDS:
        return None
    if s.found not in (STARTS | STATEMENT_KEYWORDS) - EXPRESSION_STARTS:
        return None
    return _missing(s, _after(s, "an expression"), "", "NAME")


def before_brace(s: Situation) -> Mistake | None:
    """``when { x = 1 }``, ``if a == { skip }``: a body is taken for a set."""
    brace = s.brace
    if brace is None or brace == 0 or "SKIP" in s.accepts:
        return None
    word = s.tokens[brace - 1]
    if word.type in OPERAND_ENDS or word.type in ("EQ", "LPAR", "LSQB", "LBRACE", "_COMMA"):
        return None
    if s.found not in ASSIGNS and s.found not in STATEMENT_KEYWORDS - {"IF"}:
        return None
    what = {"COLON": "a type"}.get(word.type, "an expression")
    what = "a condition" if word.type in ("WHEN", "WHERE", "IF", "WHILE") else what
    message = f"{what} is missing after '{word.text}'"
    return Mistake("PIN013", behind(word.span), message, "", Reopen())


def assignment(s: Situation) -> Mistake | None:
    """``x[p] 1``."""
    if "PLUS_EQ" not in s.accepts or not s.same_line or s.next in ASSIGNS:
        return None
    if s.previous not in ("NAME", "RSQB") or s.found in ("IF", "LBRACE"):
        return None
    if s.found not in EXPRESSION_STARTS or not s.would_take("EQ"):
        return None
    return Mistake(
        "PIN013",
        s.gap,
        f"missing '=' after '{_short(s.before.text)}'",
        "a statement assigns, calls with parentheses, or begins with a keyword",
        Insert(("EQ",), sure=True),
    )


def statement(s: Situation) -> Mistake | None:
    """``end`` or ``label:`` with nothing behind it."""
    if s.previous not in ("END", "FAIR", "COLON") or s.found not in ("RBRACE", END_OF_INPUT):
        return None
    if "SKIP" not in s.accepts:
        return None
    remedy = "'end skip' is a place where an actor may stay" if s.previous == "END" else ""
    return _missing(s, _after(s, "a statement"), remedy, "SKIP")


def verdict(s: Situation) -> Mistake | None:
    """``expect NAME`` alone."""
    index = next((i for i in range(s.at - 1, -1, -1) if s.tokens[i].type == "EXPECT"), None)
    if index is None or index == s.at - 1 or "NAME" not in s.accepts or s.wants_expression:
        return None
    if "WHEN" in s.accepts:
        return _missing(s, "missing 'in'", "write 'in 9'", "IN") if s.would_take("IN") else None
    if s.previous not in ("NAME", "RPAR") or "LBRACE" in s.accepts:
        return None
    return _missing(
        s,
        f"a verdict is missing after '{s.before.text}'",
        "write holds, violated, reached, unreachable, proved, vacuous or unknown",
    )


def comma(s: Situation) -> Mistake | None:
    """``f(a b)``, ``enum Io { a b }``."""
    if "_COMMA" not in s.accepts or not s.would_take("_COMMA") or s.found in keywords():
        return None
    if s.found in ("MINUS", "LPAR", "LBRACE") or not (s.same_line or is_closed(s)):
        return None
    return _missing(s, "missing ','", "", "_COMMA")


def colon_and_type(s: Situation) -> Mistake | None:
    """``var x = 3``, ``action f(p)``."""
    if "COLON" not in s.accepts or s.previous not in ("NAME", "RSQB") or s.wants_expression:
        return None
    if "EQ" in s.accepts and s.found == "EQ":
        return None
    if not s.would_take("COLON", "NAME") or s.found in ("LPAR", "LSQB", "DOT", "NAME", "PRIME"):
        return None
    name = s.before.text if s.previous == "NAME" else "name"
    remedy = f"write '{name}: T', where T is bool, a range such as 0..3, or a declared type"
    return _missing(s, f"'{name}' needs a type", remedy, "COLON", "NAME")


def type_(s: Situation) -> Mistake | None:
    """``var x: = 3``."""
    if not {"QUEUE", "SET"} <= s.accepts or s.found in TYPE_STARTS:
        return None
    return _missing(
        s,
        _after(s, "a type"),
        "types are bool, int, u32, 0..3, a declared name, T?, set T, queue[n] T, array[I] T",
        "NAME",
    )


def colon(s: Situation) -> Mistake | None:
    """``var x bool``, ``invariant safe x > 0``."""
    if "COLON" not in s.accepts or not s.would_take("COLON") or s.wants_expression:
        return None
    if s.at_declaration and not s.same_line:
        return None
    return _missing(s, f"missing ':' after '{_short(s.before.text)}'", "", "COLON")


def equals(s: Situation) -> Mistake | None:
    """``const N 2``, ``def f(x: T) x + 1``."""
    if "EQ" not in s.accepts or not s.would_take("EQ"):
        return None
    if not s.same_line or "PLUS_EQ" in s.accepts or s.next in ("EQ", "QUESTION", "DOTDOT"):
        return None
    return _missing(s, f"missing '=' after '{_short(s.before.text)}'", "", "EQ")


def conditional_part(s: Situation) -> Mistake | None:
    """``if c then a`` without its ``else``, ``if c a else b``."""
    for word in ("THEN", "ELSE"):
        if word in s.accepts and "PLUS" in s.accepts:
            take = (word,) if s.would_take(word) else (word, "NAME")
            return Mistake(
                "PIN036",
                s.gap,
                f"missing '{word.lower()}' of a conditional expression",
                "it is written 'if c then a else b'",
                Insert(take),
            )
    return None


def expression(s: Situation) -> Mistake | None:
    """``x = }``, ``a + )``, ``when {``."""
    if not s.wants_expression or s.found in EXPRESSION_STARTS or s.found == "STRING":
        return None
    message = _after(s, "an expression")
    if s.found == END_OF_INPUT or s.found in CLOSING or s.found in keywords():
        return _missing(s, message, "", "NAME")
    return Mistake(
        "PIN013",
        s.span,
        f"an expression is expected here, not '{_short(s.text)}'",
        "",
        Insert(("NAME",)) if s.would_take("NAME") else Resume(),
    )


def name(s: Situation) -> Mistake | None:
    """``var : bool``, ``action (p: Page)``."""
    if "NAME" not in s.accepts or s.found in EXPRESSION_STARTS - {"LPAR", "LBRACE"}:
        return None
    if s.previous not in _NAMED_THINGS | {"DOT", "AS", "WITH", "AT", "START", "_COMMA"}:
        return None
    if s.wants_expression:
        return None
    word = s.before.text
    reserved = f"'{word}' is a reserved word: '{word} p: Page {{ … }}'"
    remedy = reserved if s.previous in _QUANTS else ""
    return _missing(s, _after(s, "a name"), remedy, "NAME")


def _after(s: Situation, what: str) -> str:
    return f"{what} is missing after '{_short(s.before.text)}'"


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
