"""What a user meant who wrote what the grammar refuses: a table of rules, the first that fits wins.

Each rule looks at the ``Situation`` and returns a ``Mistake`` or None. The rules stand in files by
subject; the order of the table matters, from the sure to the vague, and the last always fits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from pinmc.frontend.syntax import (
    mistakes_brackets as brackets,
)
from pinmc.frontend.syntax import (
    mistakes_missing as missing,
)
from pinmc.frontend.syntax import (
    mistakes_statements as statements,
)
from pinmc.frontend.syntax import (
    mistakes_words as words,
)
from pinmc.frontend.syntax.driver import END_OF_INPUT
from pinmc.frontend.syntax.situation import Mistake, Resume, Situation
from pinmc.frontend.syntax.words import describe

Rule: TypeAlias = Callable[[Situation], Mistake | None]

RULES: tuple[Rule, ...] = (
    missing.before_brace,
    missing.statement,
    brackets.unclosed_at_end,
    missing.operand_before_keyword,
    statements.after_return,
    statements.continued_line,
    words.assignment_for_comparison,
    words.comparison_for_assignment,
    words.chained_comparison,
    words.reserved_word,
    words.three_dots,
    statements.else_without_if,
    statements.conditional_operand,
    brackets.wrong_closer,
    brackets.closer_of_nothing,
    statements.decrement,
    statements.misspelt_statement,
    missing.assignment,
    statements.block_without_braces,
    statements.declaration_in_body,
    statements.bad_beginning,
    statements.lonely_expression,
    missing.verdict,
    missing.equals,
    missing.colon,
    words.unknown_declaration,
    words.statement_at_top,
    words.expression_at_top,
    brackets.unclosed,
    missing.comma,
    missing.colon_and_type,
    missing.type_,
    missing.conditional_part,
    missing.expression,
    missing.name,
)


def explain(situation: Situation) -> Mistake:
    """The mistake at the token found."""
    for rule in RULES:
        mistake = rule(situation)
        if mistake is not None:
            return mistake
    return _unexpected(situation)


def _unexpected(s: Situation) -> Mistake:
    expected = describe(s.accepts)
    remedy = f"{expected} could stand here" if expected else ""
    if s.found == END_OF_INPUT:
        return Mistake("PIN010", s.gap, "the declaration ends too early", remedy, Resume())
    return Mistake("PIN010", s.span, f"unexpected '{_short(s.text)}'", remedy, Resume())


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
