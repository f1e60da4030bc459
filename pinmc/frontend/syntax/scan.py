"""Text to tokens: the terminals of grammar.lark, and everything that is no terminal.

lark's own lexer stops at the first bad character. This one reports it and goes on, puts the word
of this language in the place of an operator of another (``&&`` becomes ``and``), and collects the
documentation comments.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import field

from pinmc.base.records import dataclass
from pinmc.base.source import Span
from pinmc.frontend.syntax import foreign
from pinmc.frontend.syntax.limits import (
    MAX_CHARACTERS,
    MAX_NAME,
    MAX_NESTING,
    MAX_NUMBER,
    MAX_REPORTS,
)
from pinmc.frontend.syntax.tables import Terminal
from pinmc.frontend.syntax.tokens import Run, Token

_SAME_STRANGER = 3
"""How often one operator of another language is reported: a habit would hide all the rest."""

_OPENING = frozenset(("LPAR", "LSQB", "LBRACE"))
_CLOSING = frozenset(("RPAR", "RSQB", "RBRACE"))


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment, its delimiters included; ``doc`` when it documents what follows."""

    span: Span
    doc: bool


@dataclass(slots=True)
class Scanned:
    """What a file consists of. ``fatal``: the scan gave up, and no tree can be had."""

    tokens: list[Token] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    doc: str = ""
    fatal: bool = False


class Vocabulary:
    """The terminals of the grammar, as the scanner wants them."""

    def __init__(self, terminals: Iterable[Terminal]) -> None:
        fixed = {t.text: t.name for t in terminals if t.fixed}
        patterns = {t.name: t.text for t in terminals if not t.fixed}
        self.keywords = {text: name for text, name in fixed.items() if text.isidentifier()}
        self.operators = {text: n for text, n in fixed.items() if text not in self.keywords}
        self.number = re.compile(patterns["NUMBER"])
        self.master = _master_pattern(self.operators, patterns["STRING"])


def _master_pattern(operators: dict[str, str], string: str) -> re.Pattern[str]:
    """One alternative for each kind of token; together they match every character."""
    fixed = sorted(operators, key=len, reverse=True)
    strangers = sorted(foreign.OPERATORS.keys() - {"!"}, key=len, reverse=True)
    kinds = {
        "SPACE": r"[ \t\r\n\f]+",
        "WORD": r"(?:[^\W\d]|\ufffd)[\w\ufffd]*",
        "NUMBER": r"[0-9][0-9A-Za-z_]*",
        "DOC": r"///(?!/)[^\r\n]*",
        "COMMENT": r"//[^\r\n]*|/\*[\s\S]*?\*/",
        "OPEN_COMMENT": r"/\*[\s\S]*",
        "STRING": string,
        "OPEN_STRING": r'"[^"\r\n{]*"?',
        "FOREIGN": "|".join(re.escape(s) for s in strangers) + "|!(?!=)",
        "OPERATOR": "|".join(re.escape(s) for s in fixed),
        "BAD": r"#[^\r\n]*|[^\s\w\"'(){}\[\],.:;=+\-*/%&|^~<>!?]+|[\s\S]",
    }
    return re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in kinds.items()))


def scan(run: Run, vocabulary: Vocabulary) -> Scanned:
    """The tokens of the run's file. Problems go to the run."""
    if len(run.file.text) > MAX_CHARACTERS:
        run.report(
            "PIN007",
            Span(run.file, 0, 0, 1, 1),
            f"the file has {len(run.file.text):,} characters; the limit is {MAX_CHARACTERS:,}",
            "split it into modules",
        )
        return Scanned(fatal=True)
    scanner = _Scanner(run, vocabulary)
    scanner.run_through()
    return scanner.found


class _Scanner:
    """One pass over one file."""

    def __init__(self, run: Run, vocabulary: Vocabulary) -> None:
        self.run = run
        self.words = vocabulary
        self.found = Scanned()
        self.depth = 0
        self.docs: list[tuple[int, str]] = []
        self.strangers: dict[str, int] = {}
        self.line = 1
        lengths = [len(x) for x in run.file.text.splitlines(keepends=True)]
        self.starts = [*itertools.accumulate(lengths, initial=0), len(run.file.text) + 1]

    def run_through(self) -> None:
        text = self.run.file.text
        steps = {
            "WORD": self.word,
            "NUMBER": self.number,
            "OPERATOR": self.operator,
            "STRING": self.string,
            "FOREIGN": self.foreign,
            "DOC": self.doc_comment,
            "COMMENT": self.comment,
            "OPEN_COMMENT": self.open_comment,
            "OPEN_STRING": self.open_string,
            "BAD": self.bad,
        }
        for match in self.words.master.finditer(text, 1 if text.startswith("\ufeff") else 0):
            kind = match.lastgroup or "BAD"
            if kind == "SPACE":
                continue
            steps[kind](match.group(), self.span(match.start(), match.end()))
            if self.found.fatal:
                return
        self.documentation(self.line + 2)

    def span(self, start: int, end: int) -> Span:
        starts = self.starts
        while starts[self.line] <= start:
            self.line += 1
        return Span(self.run.file, start, end, self.line, start - starts[self.line - 1] + 1)

    def report(self, code: str, span: Span, message: str, remedy: str = "") -> None:
        self.run.report(code, span, message, remedy)
        if len(self.run.problems) >= MAX_REPORTS:
            self.found.fatal = True

    def emit(self, type: str, text: str, span: Span) -> None:
        doc = self.documentation(span.line) if self.docs else ""
        self.found.tokens.append(Token(type, text, span, doc))

    # --- words, numbers, operators ---

    def word(self, text: str, span: Span) -> None:
        if not text.isascii():
            bad = next(c for c in text if not c.isascii())
            self.report(
                "PIN001",
                span,
                f"the name {_short(text)} has the character {_shown(bad)}",
                "names are made of the letters A to Z, digits and _",
            )
        elif len(text) > MAX_NAME:
            self.report(
                "PIN009",
                span,
                f"this name has {len(text)} characters; the limit is {MAX_NAME}",
            )
        self.emit(self.words.keywords.get(text, "NAME"), text, span)

    def number(self, text: str, span: Span) -> None:
        if not self.words.number.fullmatch(text):
            self.report(
                "PIN005",
                span,
                f"{_short(text)} is not a number, and a name cannot begin with a digit",
                "numbers are written 12, 1_000 or 0xff",
            )
            text = "0"
        elif _too_large(text):
            self.report(
                "PIN004",
                span,
                "this number is larger than 2^64",
                "machine words have at most 64 bits",
            )
            text = "0"
        self.emit("NUMBER", text, span)

    def operator(self, text: str, span: Span) -> None:
        type_ = self.words.operators[text]
        if type_ in _OPENING:
            self.depth += 1
            if self.depth > MAX_NESTING:
                self.report(
                    "PIN006",
                    span,
                    f"more than {MAX_NESTING} brackets are open here",
                    "name a part of it with 'def', 'action' or 'proc'",
                )
                self.found.fatal = True
        elif type_ in _CLOSING:
            self.depth = max(0, self.depth - 1)
        self.emit(type_, text, span)

    def string(self, text: str, span: Span) -> None:
        self.emit("STRING", text, span)

    def foreign(self, text: str, span: Span) -> None:
        stranger = foreign.OPERATORS[text]
        self.strangers[text] = self.strangers.get(text, 0) + 1
        if self.strangers[text] <= _SAME_STRANGER:
            self.report(stranger.code, span, stranger.message, stranger.remedy)
        for replacement in stranger.instead:
            type_ = self.words.keywords.get(replacement) or self.words.operators.get(replacement)
            self.emit(type_ or "NUMBER", replacement, span)

    # --- comments ---

    def doc_comment(self, text: str, span: Span) -> None:
        tokens = self.found.tokens
        alone = not tokens or tokens[-1].span.line < span.line
        self.found.comments.append(Comment(span, alone))
        if alone:
            self.docs.append((span.line, text[3:].removeprefix(" ").rstrip()))

    def comment(self, text: str, span: Span) -> None:
        self.found.comments.append(Comment(span, False))

    def documentation(self, line: int) -> str:
        """The comments waiting for what stands at ``line``, which is theirs.

        The block that a file begins with, when a blank line sets it off, is the file's own.
        """
        blocks = _blocks(self.docs)
        self.docs = []
        first_in_file = not self.found.tokens
        if blocks and first_in_file and (len(blocks) > 1 or blocks[0].last + 1 < line):
            self.found.doc = blocks.pop(0).text
        return "\n\n".join(b.text for b in blocks)

    # --- what is no token ---

    def open_comment(self, text: str, span: Span) -> None:
        opening = Span(span.file, span.start, span.start + 2, span.line, span.column)
        self.report("PIN002", opening, "this comment is never closed", "close it with */")

    def open_string(self, text: str, span: Span) -> None:
        if text.endswith('"') and len(text) > 1:
            self.report("PIN003", span, "a text in quotes cannot hold control characters or tabs")
        else:
            self.report("PIN003", span, "this text is not closed on its line", 'close it with "')
        self.emit("STRING", '""', span)

    def bad(self, text: str, span: Span) -> None:
        last = self.run.problems[-1] if self.run.problems else None
        if last and last.code == "PIN001" and last.span.line == span.line:
            return  # one report a line is enough
        first = Span(span.file, span.start, span.start + 1, span.line, span.column)
        self.report(
            "PIN001",
            first,
            f"unexpected character {_shown(text[0])}",
            foreign.CHARACTERS.get(text[0], ""),
        )


@dataclass(slots=True)
class _Block:
    text: str
    last: int


def _blocks(docs: list[tuple[int, str]]) -> list[_Block]:
    """Documentation lines joined where they follow each other."""
    blocks: list[_Block] = []
    for line, text in docs:
        if blocks and blocks[-1].last + 1 == line:
            blocks[-1].text += "\n" + text
            blocks[-1].last = line
        else:
            blocks.append(_Block(text, line))
    return blocks


def _too_large(text: str) -> bool:
    digits = text.replace("_", "").lower()
    if digits.startswith("0x"):
        significant = digits[2:].lstrip("0")
        return len(significant) > 17 or int(significant or "0", 16) > MAX_NUMBER
    significant = digits.lstrip("0")
    return len(significant) > 20 or int(significant or "0") > MAX_NUMBER


def _shown(character: str) -> str:
    """A character in quotes, or its number when it cannot be seen."""
    return f"'{character}'" if character.isprintable() else f"U+{ord(character):04X}"


def _short(text: str) -> str:
    return f"'{text}'" if len(text) <= 40 else f"'{text[:40]}…'"
