"""Writes C for the statements of a command instance.

A step works on ``t``, a copy of the state. ``return`` leaves the instance: not enabled, or after a
found error was noted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import assert_never

from pinmc.engines.intervals import Unsupported, domain_bounds
from pinmc.engines.native.exprs import UNROLL_WEIGHT, ExprWriter, literal, unsigned, weight
from pinmc.engines.native.numbers import c_type
from pinmc.ir.command import Command
from pinmc.ir.evaluate import cells
from pinmc.ir.expr import Const, Expr, Storage
from pinmc.ir.stmt import Assert, Assign, Assume, For, If, Mark, Stmt, Unused
from pinmc.ir.types import bounds, size, values
from pinmc.ir.walk import expressions, statements, substitute_body
from pinmc.passes.folding import fold_body

_MOST_TEMPS = 4096


class Left(Exception):
    """What would be written next is never executed."""


class BodyWriter:
    """``known`` are the parameters with a known value."""

    def __init__(self, writer: ExprWriter, known: Mapping[str, Const]) -> None:
        self.writer = writer
        self.code = writer.code
        self.known = known
        self.mark_words: list[int] = []

    def open(self, command: Command, body: Sequence[Stmt]) -> None:
        """Declares the temporaries and what collects the marks."""
        marks = {stmt.mark // 64 for stmt in statements(body) if isinstance(stmt, Mark)}
        self.mark_words = sorted(marks)
        for word in self.mark_words:
            self.code.put(f"u64 m{word} = 0;")
            self.code.put(f"(void)m{word};")
        names = {temp.name: self.code.fresh("w") for temp in command.temps}
        for temp in command.temps:
            name, least = names[temp.name], literal(bounds(temp.type)[0])
            kind, count = c_type(bounds(temp.type)), cells(temp)
            if count > _MOST_TEMPS:
                raise Unsupported(f"a temporary of {count} cells")
            if temp.dims:
                self.code.put(f"{kind} {name}[{count}];")
                self.code.put(f"for (int i = 0; i < {count}; i++) {name}[i] = {least};")
            else:
                self.code.put(f"{kind} {name} = {least};")
            self.code.put(f"(void){name};")
        self.writer = replace(self.writer, temps=names)

    def block(self, body: Sequence[Stmt]) -> None:
        for stmt in body:
            self._statement(stmt)

    def assume(self, cond: Expr) -> None:
        if isinstance(cond, Const):
            if not cond.value:
                self._leave()
            return
        self.code.put(f"if (!{self.writer.text(cond)}) return;")

    def _leave(self) -> None:
        self.code.put("return;")
        raise Left

    def _statement(self, stmt: Stmt) -> None:
        match stmt:
            case Assign():
                self._assign(stmt)
            case If():
                self._if(stmt)
            case For():
                self._for(stmt)
            case Assume(cond=cond):
                self.assume(cond)
            case Assert(cond=cond, site=site):
                self.code.failing = True
                self.code.put(f"if (!{self.writer.text(cond)}) {self.writer.fail(site)}")
            case Mark(mark=mark):
                self.code.put(f"m{mark // 64} |= {unsigned(1 << mark % 64)};")
            case Unused():
                self._unused(stmt)
            case _:
                assert_never(stmt)

    def _assign(self, stmt: Assign) -> None:
        writer, var = self.writer, stmt.var
        if var.storage is Storage.TEMP:
            target = writer.temp(var, stmt.index)
            self.code.put(f"{target} = {writer.number(stmt.value)};")
            return
        position = writer.position(var, stmt.index)
        self.code.put(writer.store(var, position, writer.number(stmt.value)))

    def _if(self, stmt: If) -> None:
        self.code.put(f"if ({self.writer.text(stmt.cond)})")
        self._inner(stmt.then)
        if stmt.orelse:
            self.code.put("else")
            self._inner(stmt.orelse)

    def _inner(self, body: Sequence[Stmt]) -> None:
        self.code.put("{")
        self.code.indent += 1
        with suppress(Left):
            self.block(body)
        self.code.indent -= 1
        self.code.put("}")

    def _for(self, stmt: For) -> None:
        if _loop_weight(stmt) <= UNROLL_WEIGHT:
            for value in values(stmt.domain):
                constant = {stmt.name: Const(value, stmt.domain)}
                self.block(fold_body(substitute_body(stmt.body, constant)))
            return
        lo, hi = domain_bounds(stmt.domain)
        name = self.code.fresh("q")
        self.code.put(f"for (i64 {name} = {literal(lo)}; {name} <= {literal(hi)}; {name}++)")
        outside = self.writer
        self.writer = outside.bind(stmt.name, name)
        self._inner(stmt.body)
        self.writer = outside

    def _unused(self, stmt: Unused) -> None:
        least = bounds(stmt.domain)[0]
        known = self.known.get(stmt.name)
        if known is None:
            self.code.put(f"if ({self.writer.bound[stmt.name]} != {literal(least)}) return;")
        elif known.value != least:
            self._leave()


def _loop_weight(loop: For) -> int:
    """How many nodes the loop has when it is written out."""
    return size(loop.domain) * max(1, sum(_weight(stmt) for stmt in loop.body))


def _weight(stmt: Stmt) -> int:
    own = 1 + sum(weight(expr) for expr in expressions(stmt))
    match stmt:
        case For():
            return own + _loop_weight(stmt)
        case If(then=then, orelse=orelse):
            return own + sum(_weight(inner) for inner in (*then, *orelse))
        case _:
            return own
