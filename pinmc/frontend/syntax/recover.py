"""Parsing a file that has mistakes: each is reported, mended for the moment, and the parse goes on.

The file is cut into declarations, so that one mistake cannot spoil another declaration. Within
one, what follows closely on a mistake is not reported: it is likely to be a consequence.
"""

from __future__ import annotations

from typing import assert_never

from pinmc.frontend.syntax import ast
from pinmc.frontend.syntax.chunks import CLOSING, OPENING, chunks, starts_line
from pinmc.frontend.syntax.driver import Driver
from pinmc.frontend.syntax.limits import MAX_REPORTS
from pinmc.frontend.syntax.mistakes import explain
from pinmc.frontend.syntax.situation import (
    GiveUp,
    Insert,
    Mistake,
    Reopen,
    Replace,
    ReplacePrevious,
    Resume,
    Situation,
    SkipItem,
)
from pinmc.frontend.syntax.tokens import Run, Token
from pinmc.frontend.syntax.words import ELSE_IFS, STATEMENT_STARTS, text_of

_QUIET = 3
"""Tokens after a mistake in which no other is reported, unless its repair fits."""

_PATIENCE = 3
"""Repairs tried at one token before it is skipped."""

_WITH_BODIES = frozenset(("ACTION", "PROC", "ACTOR", "RULE", "INIT"))


def recover(run: Run, tokens: list[Token]) -> tuple[ast.Decl, ...]:
    """Report the mistakes, at most MAX_REPORTS, and return what declarations can be read."""
    decls: list[ast.Decl] = []
    for chunk in chunks(_without_elif(run, tokens)):
        if len(run.problems) >= MAX_REPORTS:
            break
        decls += _Declaration(run, chunk).parse()
    return tuple(decls)


def _without_elif(run: Run, tokens: list[Token]) -> list[Token]:
    """The tokens with ``else if`` in the place of ``elif`` and its like."""
    result: list[Token] = []
    for token in tokens:
        if token.text in ELSE_IFS and result and result[-1].type == "RBRACE":
            run.report("PIN019", token.span, f"there is no '{token.text}'", "write 'else if'")
            result += [token.become("ELSE", "else"), token.become("IF", "if")]
        else:
            result.append(token)
    return result


class _Declaration:
    """One declaration, or what is left of it."""

    def __init__(self, run: Run, tokens: list[Token]) -> None:
        self.run = run
        self.tokens = tokens
        self.at = 0
        self.driver = Driver()
        self.open: list[tuple[Token, int, bool]] = []
        """Open brackets: token, height of the stack below it, whether it opens a block."""
        self.quiet_until = -1
        self.tries: dict[int, int] = {}
        self.lost = False
        self.reported = False

    def parse(self) -> tuple[ast.Decl, ...]:
        while not self.lost and len(self.run.problems) < MAX_REPORTS:
            if self.at == len(self.tokens):
                return self.end()
            token = self.tokens[self.at]
            if self.driver.can(token.type):
                self.take(token)
                self.at += 1
            else:
                self.mend()
        return ()

    def end(self) -> tuple[ast.Decl, ...]:
        decls = self.driver.finish() if self.driver.can("$END") else None
        if decls is None and self.at > self.quiet_until and not self.spoilt():
            self.report(explain(self.situation()))
        return decls or ()

    def spoilt(self) -> bool:
        """Whether a text or comment that is not closed has swallowed part of the declaration."""
        begin, end = self.tokens[0].span.start, self.tokens[-1].span.end
        return any(
            p.code in ("PIN002", "PIN003") and (begin <= p.span.start <= end or p.code == "PIN002")
            for p in self.run.problems
        )

    def take(self, token: Token) -> None:
        height = self.driver.height
        self.driver.feed(token)
        if token.type in OPENING:
            self.open.append((token, height, self.driver.can("SKIP")))
        elif token.type in CLOSING and self.open:
            self.open.pop()
        if self.driver.overflows:
            self.run.report(
                "PIN006", token.span, "this is nested too deep", "name a part of it with 'def'"
            )
            self.lost = True

    # --- mistakes ---

    def situation(self) -> Situation:
        return Situation(
            self.tokens,
            self.at,
            self.driver,
            tuple(token for token, _, _ in self.open),
            self.driver.accepts(),
        )

    def report(self, mistake: Mistake) -> None:
        self.reported = True
        self.run.report(mistake.code, mistake.span, mistake.message, mistake.remedy, mistake.notes)

    def mend(self) -> None:
        """Report the mistake at the current token unless it is a consequence, and mend it."""
        self.tries[self.at] = self.tries.get(self.at, 0) + 1
        if self.tries[self.at] > _PATIENCE or self.at <= self.quiet_until:
            self.resume(self.at + 1)
            return
        mistake = explain(self.situation())
        if not (mistake.echo and self.reported):
            self.report(mistake)
        self.apply(mistake)

    def apply(self, mistake: Mistake) -> None:
        match mistake.repair:
            case Insert(types, sure):
                self.insert(types, sure)
            case Replace(types):
                old = self.tokens[self.at]
                new = [old.become(t, text_of(t)) for t in types]
                self.tokens[self.at : self.at + 1] = new
                self.quiet_until = -1 if new else self.at
            case ReplacePrevious(type_):
                self.driver.drop()
                self.take(self.tokens[self.at - 1].become(type_, text_of(type_)))
            case Reopen():
                self.reopen()
            case Resume():
                self.resume(self.at)
            case SkipItem():
                self.skip_item()
            case GiveUp():
                self.give_up()
            case _:
                assert_never(mistake.repair)

    def insert(self, types: tuple[str, ...], sure: bool) -> None:
        before = self.tokens[max(0, self.at - 1)]
        if not self.driver.can(*types):
            self.resume(self.at)
            return
        for type_ in types:
            self.take(before.after(type_, text_of(type_)))
        following = [token.type for token in self.tokens[self.at : self.at + 2]]
        fits = len(following) == 2 and self.driver.can(*following)
        self.quiet_until = -1 if sure or fits else self.at + _QUIET - 1

    def reopen(self) -> None:
        """Go back to before the innermost brace, and stand in for the operand missing there."""
        brace, height, _ = self.open[-1]
        while self.driver.height > height:
            self.driver.drop()
        self.open.pop()
        self.at = next(i for i, token in enumerate(self.tokens) if token is brace)
        if self.driver.can("NAME", "LBRACE"):
            self.take(self.tokens[self.at - 1].after("NAME", "_"))
        else:
            self.give_up()

    # --- finding the way back ---

    def resume(self, start: int) -> None:
        """Skip from ``start`` to where the parse can go on, and take it there."""
        self.quiet_until = max(self.quiet_until, start)
        block = self.innermost_brace()
        if block is None:
            self.give_up()
            return
        self.at = self.landing(start, in_block=block)
        if self.at == len(self.tokens):
            self.lost = True
            return
        self.unwind("RBRACE" if self.tokens[self.at].type == "RBRACE" else "SKIP")

    def innermost_brace(self) -> bool | None:
        """Whether the innermost open brace is that of a block; None without any."""
        for token, _, block in reversed(self.open):
            if token.type == "LBRACE":
                return block
        return None

    def landing(self, start: int, in_block: bool) -> int:
        """The index from ``start`` of the closing brace, or of a statement on a line of its own."""
        depth = 0
        for index in range(start, len(self.tokens)):
            type_ = self.tokens[index].type
            if type_ == "LBRACE":
                depth += 1
            elif type_ == "RBRACE":
                if depth == 0:
                    return index
                depth -= 1
            elif depth == 0 and in_block and self.starts_statement(index):
                return index
        return len(self.tokens)

    def starts_statement(self, index: int) -> bool:
        return self.tokens[index].type in STATEMENT_STARTS and starts_line(self.tokens, index)

    def unwind(self, wanted: str) -> None:
        """Forget what was begun until ``wanted`` can come next."""
        while self.driver.height and not self.driver.can(wanted):
            self.driver.drop()
        while self.open and self.open[-1][1] >= self.driver.height:
            self.open.pop()

    def skip_item(self) -> None:
        """Skip a declaration in a body: to its closing brace, or to the next line."""
        depth = 0
        for index in range(self.at, len(self.tokens)):
            type_ = self.tokens[index].type
            fresh_line = index > self.at and starts_line(self.tokens, index)
            if depth == 0 and (type_ == "RBRACE" or (fresh_line and type_ != "LBRACE")):
                self.at = index
                return
            depth += (type_ == "LBRACE") - (type_ == "RBRACE")
        self.lost = True

    def give_up(self) -> None:
        """Leave the declaration; its body, when it has one and is not begun, is still read."""
        kinds = {t.type for t in self.tokens[: self.at + 1]}
        body = next(
            (i for i in range(self.at, len(self.tokens)) if self.tokens[i].type == "LBRACE"), None
        )
        if body is None or not kinds & _WITH_BODIES or self.open_braces():
            self.lost = True
            return
        self.driver = Driver()
        self.open.clear()
        self.driver.feed(self.tokens[body].become("INIT", "init"))
        self.at = body

    def open_braces(self) -> bool:
        return any(token.type == "LBRACE" for token, _, _ in self.open)
