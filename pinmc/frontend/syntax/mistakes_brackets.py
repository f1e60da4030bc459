"""Rules on brackets: left open, closed by the wrong one, closed twice."""

from __future__ import annotations

from pinmc.base.diagnostics import Note
from pinmc.frontend.syntax.chunks import CLOSING, OPENING, STARTS, body_end, suspect_brace
from pinmc.frontend.syntax.driver import END_OF_INPUT
from pinmc.frontend.syntax.situation import GiveUp, Insert, Mistake, Replace, Resume, Situation
from pinmc.frontend.syntax.tokens import Token, behind
from pinmc.frontend.syntax.words import STATEMENT_KEYWORDS, text_of


def unclosed_at_end(s: Situation) -> Mistake | None:
    """The declaration ends inside a bracket."""
    if s.found != END_OF_INPUT or not s.open:
        return None
    opening = s.open[-1]
    if opening.type == "LBRACE":
        opening = suspect_brace(s.tokens) or opening
    return _missing_closer(s, opening, GiveUp())


def wrong_closer(s: Situation) -> Mistake | None:
    """``(a]``: replaced when on its own, inserted when the found one closes something else."""
    if s.found not in CLOSING or not s.open or OPENING[s.open[-1].type] == s.found:
        return None
    opening = s.open[-1]
    closer = OPENING[opening.type]
    if any(OPENING[o.type] == s.found for o in s.open):
        return _missing_closer(s, opening, Insert((closer,)) if closer in s.accepts else Resume())
    message = f"'{text_of(closer)}' is expected here, not '{s.text}'"
    repair = Replace((closer,)) if closer in s.accepts else Resume()
    return Mistake("PIN012", s.span, message, "", repair, _opened(opening))


def closer_of_nothing(s: Situation) -> Mistake | None:
    """A closing bracket while none is open."""
    if s.found not in CLOSING or s.open:
        return None
    return Mistake(
        "PIN012",
        s.span,
        f"this '{s.text}' closes nothing",
        "remove it, or look for a bracket too many before it",
        Replace(()),
        echo=True,
    )


def unclosed(s: Situation) -> Mistake | None:
    """Something stands where only the closing bracket, or more of the list, could."""
    if not s.open:
        return None
    opening = s.open[-1]
    closer = OPENING[opening.type]
    if closer not in s.accepts or (opening.type == "LBRACE" and s.at_statement):
        return None
    if s.found == "NAME" and not s.same_line and is_closed(s):
        return None
    clear = s.would_take(closer) or not s.same_line or s.found in STARTS | STATEMENT_KEYWORDS
    if not clear:
        return None
    return _missing_closer(s, opening, Insert((closer,)))


def is_closed(s: Situation) -> bool:
    """Whether the innermost open bracket has a partner among the tokens to come."""
    depth = 0
    for token in s.tokens[s.at :]:
        if token.type in OPENING:
            depth += 1
        elif token.type in CLOSING:
            if depth == 0:
                return CLOSING[token.type] == s.open[-1].type
            depth -= 1
    return False


def _missing_closer(s: Situation, opening: Token, repair: Insert | Resume | GiveUp) -> Mistake:
    closer = text_of(OPENING[opening.type])
    last = body_end(s.tokens, opening) if opening.type == "LBRACE" else None
    gap = behind(last.span) if last else s.gap
    return Mistake("PIN011", gap, f"missing '{closer}'", "", repair, _opened(opening))


def _opened(opening: Token) -> tuple[Note, ...]:
    return (Note(opening.span, f"the '{opening.text}' is opened here"),)
