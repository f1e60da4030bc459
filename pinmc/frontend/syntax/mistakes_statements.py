"""Rules on statements: how they begin, what they are, and the braces of their blocks."""

from __future__ import annotations

from pinmc.frontend.syntax.chunks import ALSO_IN_BODIES, STARTS
from pinmc.frontend.syntax.situation import (
    Insert,
    Mistake,
    Replace,
    ReplacePrevious,
    Resume,
    Situation,
    SkipItem,
)
from pinmc.frontend.syntax.tokens import token_types
from pinmc.frontend.syntax.words import (
    ASSIGNS,
    EXPRESSION_STARTS,
    OPERAND_ENDS,
    STATEMENT_KEYWORDS,
    STATEMENT_STARTS,
    keywords,
    misspelt,
    words_for,
)

_BLOCK_KEYWORDS = token_types("LOOP ATOMIC EITHER INIT ELSE OR")
_HEADS = token_types("IF WHILE FOR CHOOSE LOOP ATOMIC EITHER ELSE")


def after_return(s: Situation) -> Mistake | None:
    """``return`` and then a statement on the next line, which is taken for the value."""
    index = s.at - 1
    while index >= 0 and s.tokens[index].type in ("NAME", "LSQB", "RSQB", "DOT", "NUMBER"):
        index -= 1
    if index < 0 or s.tokens[index].type != "RETURN" or index + 1 >= len(s.tokens):
        return None
    value_line = s.tokens[index + 1].span.line
    if value_line == s.tokens[index].span.line or s.found == "RBRACE":
        return None
    return Mistake(
        "PIN035",
        s.tokens[index].span,
        "a 'return' without a value must be the last statement of its block",
        "what follows a 'return' is never reached: remove it, or give a value",
        Resume(),
    )


def continued_line(s: Situation) -> Mistake | None:
    """``[p] = 1``, which has been read as part of the line before."""
    if s.found not in ASSIGNS or not s.open or s.open[-1].type != "LBRACE":
        return None
    line = s.span.line
    first = next(token for token in s.tokens if token.span.line == line)
    if first.type not in ("LPAR", "LSQB", "MINUS") or first is s.tokens[0]:
        return None
    return Mistake(
        "PIN021",
        first.span,
        f"a statement cannot begin with '{first.text}'",
        "it is read as a continuation of the line before",
        Resume(),
    )


def else_without_if(s: Situation) -> Mistake | None:
    if s.found != "ELSE" or not s.at_statement:
        return None
    return Mistake(
        "PIN010",
        s.span,
        "this 'else' belongs to no 'if'",
        "'else' follows the closing brace of 'if c { }' or 'choose x: T { }'",
        Replace(("LOOP",)) if s.next == "LBRACE" else Replace(()),
        echo=True,
    )


def conditional_operand(s: Situation) -> Mistake | None:
    """``1 + if c then 2 else 3``."""
    if s.found != "IF" or not s.wants_expression:
        return None
    return Mistake(
        "PIN036",
        s.span,
        "a conditional expression cannot be an operand without parentheses",
        "write '(if c then a else b)'",
        Resume(),
    )


def decrement(s: Situation) -> Mistake | None:
    """``x--``."""
    if s.found != "MINUS" or s.next != "MINUS" or "PLUS_EQ" not in s.accepts:
        return None
    return Mistake("PIN020", s.span, "there is no '--'", "write 'x -= 1'", Resume())


def misspelt_statement(s: Situation) -> Mistake | None:
    """``whlie x {``: a name that is nearly the keyword that would fit."""
    if s.previous != "NAME" or "PLUS_EQ" not in s.accepts or not s.same_line:
        return None
    if s.found not in EXPRESSION_STARTS | {"LBRACE"}:
        return None
    known = words_for(STATEMENT_KEYWORDS)
    near = misspelt(s.before.text, known)
    if near is None:
        return None
    return Mistake(
        "PIN025",
        s.before.span,
        f"'{s.before.text}' does not begin a statement",
        f"did you mean '{near}'?",
        ReplacePrevious(known[near]),
    )


def block_without_braces(s: Situation) -> Mistake | None:
    """``if x`` and then a statement, ``if x:`` and ``if x then``."""
    if "LBRACE" not in s.accepts or s.wants_expression:
        return None
    if s.previous not in OPERAND_ENDS | _BLOCK_KEYWORDS or (s.at_statement and s.found != "COLON"):
        return None
    head = _head(s)
    what = f"the body of '{head}'" if head else "the body"
    if s.found in ("COLON", "THEN"):
        repair = Replace(()) if s.next == "LBRACE" else Replace(("LBRACE", "RBRACE"))
        message = f"{what} stands in braces, without '{s.text}'"
        return Mistake("PIN022", s.span, message, "", repair)
    if s.found not in STATEMENT_STARTS | STARTS | {"RETURN", "RBRACE"}:
        return None
    message = f"missing '{{': {what} stands in braces"
    types = [token.type for token in s.tokens]
    closed_later = types.count("RBRACE") > types.count("LBRACE")
    invented = ("LBRACE",) if closed_later else ("LBRACE", "RBRACE")
    return Mistake("PIN022", s.gap, message, "", Insert(invented))


def _head(s: Situation) -> str:
    """The keyword whose block is missing, as far as the tokens tell."""
    for index in range(s.at - 1, -1, -1):
        token = s.tokens[index]
        if token.type in _HEADS or token.type in STARTS - ALSO_IN_BODIES:
            return token.text
        if token.type in ("LBRACE", "RBRACE"):
            return ""
    return ""


def declaration_in_body(s: Situation) -> Mistake | None:
    if s.found not in STARTS - ALSO_IN_BODIES or not s.at_statement:
        return None
    return Mistake(
        "PIN024",
        s.span,
        f"'{s.text}' begins a declaration, which cannot stand in a body",
        "move it out of the braces (or is a '}' missing before it?)",
        SkipItem(),
    )


def bad_beginning(s: Situation) -> Mistake | None:
    """A statement that begins with a bracket, a sign or a literal."""
    if not s.at_statement or s.found in STATEMENT_STARTS or s.found == "RBRACE":
        return None
    if s.found in ("LPAR", "LSQB", "MINUS", "LBRACE"):
        return Mistake(
            "PIN021",
            s.span,
            f"a statement cannot begin with '{s.text}'",
            "a block of its own is written 'atomic { }'" if s.found == "LBRACE" else "",
            SkipItem(),
        )
    if s.found not in EXPRESSION_STARTS:
        return None
    return Mistake(
        "PIN027",
        s.span,
        "an expression alone is not a statement",
        "assign it, or write 'await', 'assert' or 'if' before it",
        SkipItem(),
    )


def lonely_expression(s: Situation) -> Mistake | None:
    """``x`` or ``x[p]`` where something should be done with it."""
    if "PLUS_EQ" not in s.accepts:
        return None
    if s.found == "COLON":
        message = "a label is one name"
        return Mistake("PIN027", s.span, message, "write 'name: statement'", Resume())
    if s.same_line and s.found not in STATEMENT_STARTS | {"RBRACE"}:
        operator = f"'{s.text}' cannot follow the name of a variable at the start of a statement"
        return Mistake(
            "PIN027", s.span, operator, "a statement assigns to a variable or calls", Resume()
        )
    if s.found in keywords() and s.found not in STATEMENT_KEYWORDS | STARTS:
        return None
    text = s.before.text if s.previous == "NAME" else "this"
    shown = f"'{text}'" if s.previous == "NAME" else text
    return Mistake(
        "PIN027",
        s.before.span,
        f"{shown} alone is not a statement",
        f"assign to it with '=', or call it: {text if s.previous == 'NAME' else 'name'}()",
        Insert(("LPAR", "RPAR") if s.previous == "NAME" else ("EQ", "NAME"), sure=True),
    )
