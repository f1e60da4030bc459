"""The definitions of a script again for later moments: what induction over several steps needs.

A cell ``|x|`` is ``|x|`` now, ``|x'|`` after a step, ``|x''|`` after two, and every other name is
primed in the same way: ``|a step'|`` is the second step.
"""

from __future__ import annotations

from pinmc.engines.smt.script.sexpr import commands, parse_all
from pinmc.engines.smt.script.system import INIT

INVARIANT, BAD, BAD_START = "the invariant", "against the property", "against it at the start"
"""Names with a space, which no cell without an index has."""

AGAIN = "\n; The same after"
"""What comes before the definitions of a later moment."""

_ONCE = frozenset(f"|{name}|" for name in (INIT, BAD_START, INVARIANT))


def at_moment(symbol: str, moment: int) -> str:
    """``|x'|`` at moment 1 is ``|x''|``."""
    return f"{symbol[:-1]}{chr(39) * moment}|"


def unrolled(head: str, k: int) -> str:
    """``head``, which ends with the invariant, and its declarations and definitions again for
    each of the moments 1 to ``k - 1``. Raises Malformed."""
    if k == 1:
        return head
    cells = _cells(head)
    again = [words for words in commands(head) if _again(words, cells)]
    blocks = [head]
    for moment in range(1, k):
        lines = (_text(_later(words, moment)) for words in again)
        title = f"{AGAIN} {moment} step{'s' * (moment > 1)}."
        blocks.append("\n".join([title, *lines, ""]))
    return "".join(blocks)


def _cells(head: str) -> frozenset[str]:
    """The symbols that the invariant is about."""
    for form in parse_all(head):
        if len(form) > 2 and form[1] == f"|{INVARIANT}|":
            return frozenset(str(pair[0]) for pair in form[2])
    return frozenset()


def _again(words: list[str], cells: frozenset[str]) -> bool:
    """Whether it is of a moment: not of the beginning, no option of the script, and no cell that
    is there already as what the step before leads to."""
    match words:
        case ["(", "declare-const", name, *_]:
            return name not in cells
        case ["(", "define-fun", name, *_]:
            return name not in _ONCE
    return False


def _later(words: list[str], moment: int) -> list[str]:
    return [at_moment(word, moment) if word.startswith("|") else word for word in words]


def _text(words: list[str]) -> str:
    """On one line, with blanks where they are needed."""
    parts: list[str] = []
    for before, word in zip(["(", *words], words, strict=False):
        parts += [word] if before == "(" or word == ")" else [" ", word]
    return "".join(parts)
