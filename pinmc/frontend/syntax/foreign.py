"""Operators and characters of other languages, and what they are called here."""

from __future__ import annotations

from pinmc.base.records import dataclass


@dataclass(frozen=True, slots=True)
class Stranger:
    """``instead``: the tokens that stand for it, so that the parse goes on as meant."""

    code: str
    message: str
    remedy: str
    instead: tuple[str, ...]


def _operator(text: str, word: str, remedy: str = "") -> Stranger:
    return Stranger(
        "PIN017",
        f"'{text}' is not an operator of this language",
        remedy or f"write '{word}'",
        (word,),
    )


def _update(text: str, instead: tuple[str, ...], remedy: str) -> Stranger:
    return Stranger("PIN020", f"there is no '{text}'", remedy, instead)


OPERATORS: dict[str, Stranger] = {
    "&&": _operator("&&", "and"),
    "||": _operator("||", "or"),
    "!": _operator("!", "not"),
    "->": _operator("->", "implies"),
    "=>": _operator("=>", "implies", "write 'implies' (or >= for a comparison)"),
    "==>": _operator("==>", "implies"),
    "<=>": _operator("<=>", "iff"),
    "<->": _operator("<->", "iff", "write 'iff'"),
    "<==>": _operator("<==>", "iff"),
    "/\\": _operator("/\\", "and"),
    "\\/": _operator("\\/", "or"),
    "<>": _operator("<>", "!=", "write !="),
    "===": _operator("===", "==", "write =="),
    "!==": _operator("!==", "!=", "write !="),
    ":=": _operator(":=", "=", "an assignment is written with ="),
    "++": _update("++", ("+=", "1"), "write 'x += 1'"),
    "/=": _update("/=", ("=",), "write 'x = x / e' (or != for a comparison)"),
    "%=": _update("%=", ("=",), "write 'x = x % e'"),
    "<<=": _update("<<=", ("=",), "write 'x = x << e'"),
    ">>=": _update(">>=", ("=",), "write 'x = x >> e'"),
    ";": Stranger(
        "PIN018",
        "statements and declarations end without ';'",
        "leave it out; several statements may stand on one line",
        (),
    ),
}
"""By their text. ``!`` alone only: ``!=`` is an operator here."""

CHARACTERS: dict[str, str] = {
    "#": "a comment begins with //",
    "@": "",
    "`": 'text is written in "quotes"',
    "“": 'text is written in plain "quotes"',
    "”": 'text is written in plain "quotes"',
    "≠": "write !=",
    "≤": "write <=",
    "≥": "write >=",
    "∧": "write 'and'",
    "\u2228": "write 'or'",
    "¬": "write 'not'",
    "→": "write 'implies'",
    "⇒": "write 'implies'",
    "∈": "write 'in'",
    "∀": "write 'forall'",
    "∃": "write 'exists'",
    "\u2212": "write the minus sign as -",
    "\u00a0": "this is a no-break space: write a plain one",
}
"""What to write instead of a character that has no place in a specification."""

DECLARATIONS: dict[str, str] = {
    "function": "write 'def' for an expression, 'action' for one step, 'proc' for several",
    "func": "write 'def' for an expression, 'action' for one step, 'proc' for several",
    "fn": "write 'def' for an expression, 'action' for one step, 'proc' for several",
    "macro": "write 'def' for an expression, 'action' for one step",
    "import": "write 'use'",
    "include": "write 'use'",
    "extends": "write 'use'",
    "process": "write 'actor'",
    "thread": "write 'actor'",
    "proctype": "write 'actor'",
    "struct": "write 'record'",
    "typedef": "write 'type'",
    "constant": "write 'const'",
    "variable": "write 'var'",
    "let": "write 'var' for state, 'def' for an expression",
    "bool": "a variable is declared 'var name: bool'",
    "ltl": "write 'property'",
    "assertion": "write 'invariant', or 'assert' within a body",
    "lock": "write 'mutex' or 'rwlock'",
    "spinlock": "write 'mutex'",
    "semaphore": "write 'rwlock', or count with a variable",
}
"""What begins a declaration in another language, and what does here."""
