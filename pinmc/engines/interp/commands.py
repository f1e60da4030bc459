"""Generates the Python function of one command for one actor instance.

``f(s, add)`` tries every instance of the command in the state ``s``, calls ``add`` with each state
reached, in the order of the arguments, and returns the bits of what happened (see ``Bits``).
Instances are written out one after another while they are few; further parameters are loops.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import field
from typing import assert_never

from pinmc.base.records import dataclass
from pinmc.engines.interp.expressions import (
    UNROLL_WEIGHT,
    ExprWriter,
    Names,
    Sites,
    loop_range,
    weight,
)
from pinmc.engines.interp.layout import Layout
from pinmc.ir.command import Command, Param
from pinmc.ir.evaluate import cells
from pinmc.ir.execute import assignments
from pinmc.ir.expr import Const, Expr, Read, Storage
from pinmc.ir.stmt import Assert, Assign, Assume, For, If, Mark, Stmt, Unused
from pinmc.ir.types import bounds, size, values
from pinmc.ir.walk import expressions, statements, substitute, substitute_body
from pinmc.passes.folding import can_fail, fold, fold_body

UNROLLED_INSTANCES = 32
"""Up to so many instances of a command are written out for one actor instance."""

INDENT = " "


@dataclass(frozen=True, slots=True)
class Bits:
    """What a generated function returns: bit 0 something is enabled, then the agents that can
    move, then the marks of steps that reach a state."""

    agents: int

    def moved(self, agent: int | None) -> int:
        return 1 if agent is None else 1 | 1 << (1 + agent)

    def mark(self, mark: int) -> int:
        return 1 << (1 + self.agents + mark)

    @property
    def all_agents(self) -> int:
        return ((1 << self.agents) - 1) << 1

    def agents_in(self, bits: int) -> tuple[int, ...]:
        return tuple(a for a in range(self.agents) if bits >> (1 + a) & 1)

    def marks_in(self, bits: int) -> frozenset[int]:
        marks = bits >> (1 + self.agents)
        return frozenset(m for m in range(marks.bit_length()) if marks >> m & 1)


@dataclass(frozen=True, slots=True)
class Target:
    """The function to make: ``command`` number ``number`` for the agent with arguments ``args``.

    ``tagged`` gives each state reached together with the instance's arguments.
    """

    number: int
    command: Command
    agent: int | None
    args: tuple[int, ...]
    tagged: bool = False


class _Never(Exception):
    """What was being generated is never enabled from here on."""


@dataclass(slots=True)
class _Code:
    """The lines generated so far for one instance."""

    lines: list[str] = field(default_factory=list)
    indent: int = 0
    vector: str = "s"
    static_marks: int = 0
    dynamic: bool = False
    can_fail: bool = False

    def put(self, text: str) -> None:
        self.lines.append(INDENT * self.indent + text)


def function_source(target: Target, name: str, layout: Layout, bits: Bits, sites: Sites) -> str:
    """The function as Python text; the empty string when no instance is ever enabled."""
    names = Names()
    writer = ExprWriter(layout, sites, names)
    unrolled, looped = _split(target.command.params[len(target.args) :])
    parts: list[str] = []
    for values_ in assignments([param.domain for param in unrolled]):
        instance = _Instance(target, target.args + values_, looped, writer, bits)
        parts += instance.generate()
    if not parts:
        return ""
    return "\n".join([f"def {name}(s, add):", " r = 0", *parts, " return r", ""])


def _split(params: Sequence[Param]) -> tuple[Sequence[Param], Sequence[Param]]:
    """Which parameters are written out, which are loops."""
    count, position = 1, 0
    for param in params:
        count *= size(param.domain)
        if count > UNROLLED_INSTANCES:
            break
        position += 1
    return params[:position], params[position:]


@dataclass(frozen=True, slots=True)
class _Instance:
    """One instance, or all of those that differ in the looped parameters."""

    target: Target
    args: tuple[int, ...]
    looped: Sequence[Param]
    writer: ExprWriter
    bits: Bits

    def generate(self) -> list[str]:
        command = self.target.command
        known = {
            param.name: Const(value, param.domain)
            for param, value in zip(command.params, self.args, strict=False)
        }
        code = _Code()
        writer, arguments = self._loops(code)
        try:
            self._body(command, known, _Body(writer, code, self.bits, known, arguments))
        except _Never:
            if not code.can_fail:
                return []
        return self._guarded(code, arguments)

    def _loops(self, code: _Code) -> tuple[ExprWriter, list[str]]:
        """Opens the loops over the other parameters, or one that is left after one turn."""
        code.indent = 2
        writer, arguments = self.writer, [str(value) for value in self.args]
        for param in self.looped:
            name = self.writer.names.fresh("p")
            code.put(f"for {name} in {loop_range(param.domain)}:")
            code.indent += 1
            writer = writer.bind(param.name, name)
            arguments.append(name)
        if self.looped:
            code.put(f"if not {arguments[-1]} & 1023: tick()")
        else:
            code.put("while 1:")
            code.indent += 1
        # The same for every instance, so that an inner loop can be told from this one.
        return writer, arguments

    def _body(self, command: Command, known: Mapping[str, Const], body: _Body) -> None:
        guard = fold(substitute(command.guard, known))
        small = fold_body(substitute_body(command.body, known))
        body.leave = "continue" if self.looped else "break"
        body.open_temps(command)
        body.assume(guard)
        body.block(small)
        self._success(body)

    def _success(self, body: _Body) -> None:
        code = body.code
        state = "s" if code.vector == "s" else f"{self.writer.layout.freeze}({code.vector})"
        if self.target.tagged:
            state = f"({state}, ({', '.join(body.arguments)}{',' if body.arguments else ''}))"
        gained = self.bits.moved(self.target.agent) | code.static_marks
        code.put(f"add({state})")
        code.put(f"r |= {gained}{' | m' if code.dynamic else ''}")
        if not self.looped:
            code.put("break")

    def _guarded(self, code: _Code, arguments: Sequence[str]) -> list[str]:
        """Catches found errors and the jump out of inner loops, each instance by itself."""
        if self.looped:
            return self._guarded_loop(code, arguments)
        return [" try:", *code.lines, *self._handlers(1, arguments)]

    def _guarded_loop(self, code: _Code, arguments: Sequence[str]) -> list[str]:
        """The loops' headings stay outside of the ``try``."""
        headings = len(self.looped) + 1
        depth = 1 + len(self.looped)
        lines = [line[1:] for line in code.lines[:headings]]
        body = code.lines[headings:]
        return [*lines, INDENT * depth + "try:", *body, *self._handlers(depth, arguments)]

    def _handlers(self, depth: int, arguments: Sequence[str]) -> Iterator[str]:
        pad = INDENT * depth
        args = f"({', '.join(arguments)}{',' if arguments else ''})"
        yield f"{pad}except Found as e:"
        yield f"{pad} r |= {self.bits.moved(self.target.agent)}"
        yield f"{pad} failed(e.site, {self.target.number}, {args})"
        yield f"{pad}except Off:"
        yield f"{pad} pass"


@dataclass(slots=True)
class _Body:
    """Generates the statements of an instance."""

    writer: ExprWriter
    code: _Code
    bits: Bits
    known: Mapping[str, Const]
    arguments: list[str]
    leave: str = "break"
    branches: int = 0
    loops: int = 0

    def open_temps(self, command: Command) -> None:
        if any(isinstance(stmt, If | For) for stmt in command.body) and _has_marks(command.body):
            self.code.put("m = 0")
        names = {temp.name: self.writer.names.fresh("w") for temp in command.temps}
        for temp in command.temps:
            least = bounds(temp.type)[0]
            value = f"[{least}] * {cells(temp)}" if temp.dims else str(least)
            self.code.put(f"{names[temp.name]} = {value}")
        self.writer = ExprWriter(
            self.writer.layout,
            self.writer.sites,
            self.writer.names,
            bound=self.writer.bound,
            temps=names,
        )

    def block(self, body: Sequence[Stmt]) -> None:
        for stmt in body:
            if not self.branches and not self.loops and self.code.vector == "s":
                self._copy_before(stmt)
            self._statement(stmt)

    def _copy_before(self, stmt: Stmt) -> None:
        """The state is copied as late as possible: many instances are not enabled after all."""
        if _writes_state(stmt):
            self.code.put(f"t = {self.writer.layout.thaw}(s)")
            self.code.vector = "t"
            self.writer = self.writer.with_vector("t")

    def _statement(self, stmt: Stmt) -> None:
        self._note_failures(stmt)
        match stmt:
            case Assign():
                self._assign(stmt)
            case If(cond=cond, then=then, orelse=orelse):
                self._if(cond, then, orelse)
            case For():
                self._for(stmt)
            case Assume(cond=cond):
                self.assume(cond)
            case Assert(cond=cond, site=site):
                number = self.writer.sites.number(site)
                self.code.can_fail = True
                self.code.put(f"if not {self.writer.text(cond, 4)}: fail({number})")
            case Mark(mark=mark):
                self._mark(mark)
            case Unused():
                self._unused(stmt)
            case _:
                assert_never(stmt)

    def _note_failures(self, stmt: Stmt) -> None:
        if not isinstance(stmt, Mark) and any(can_fail(expr) for expr in expressions(stmt)):
            self.code.can_fail = True

    def _assign(self, stmt: Assign) -> None:
        """Python evaluates the value before the index, which shows when both can fail."""
        index = stmt.index
        writer = self.writer
        if any(can_fail(expr) for expr in index):
            name = writer.names.fresh("i")
            self.code.put(f"{name} = {writer.position(stmt.var, index)}")
            vector = writer.vector
            if stmt.var.storage is Storage.TEMP:
                vector = writer.temps[stmt.var.name]
            target = f"{vector}[{name}]"
        else:
            target = writer.cell(Read(stmt.var, index))
        value = writer.linear(stmt.value)
        stored = value._replace(plus=value.plus - writer.layout.shift(stmt.var))
        self.code.put(f"{target} = {stored.python()}")

    def _if(self, cond: Expr, then: Sequence[Stmt], orelse: Sequence[Stmt]) -> None:
        self.code.put(f"if {self.writer.text(cond)}:")
        self._inner(then)
        if orelse:
            self.code.put("else:")
            self._inner(orelse)

    def _inner(self, body: Sequence[Stmt]) -> None:
        self.branches += 1
        self.code.indent += 1
        before = len(self.code.lines)
        with suppress(_Never):
            self.block(body)
        if len(self.code.lines) == before:
            self.code.put("pass")
        self.code.indent -= 1
        self.branches -= 1

    def _for(self, stmt: For) -> None:
        if _body_weight(stmt) <= UNROLL_WEIGHT:
            for value in values(stmt.domain):
                constant = {stmt.name: Const(value, stmt.domain)}
                self.block(fold_body(substitute_body(stmt.body, constant)))
            return
        name = self.writer.names.fresh("q")
        self.code.put(f"for {name} in {loop_range(stmt.domain)}:")
        outside = self.writer
        self.writer = self.writer.bind(stmt.name, name)
        self.loops += 1
        self._inner(stmt.body)
        self.loops -= 1
        self.writer = outside

    def assume(self, cond: Expr) -> None:
        if can_fail(cond):
            self.code.can_fail = True
        if isinstance(cond, Const):
            if not cond.value:
                self._leave_now()
            return
        self.code.put(f"if not {self.writer.text(cond, 4)}: {self._leaving()}")

    def _leaving(self) -> str:
        """How to get out of this instance from here."""
        return "raise Off" if self.loops else self.leave

    def _leave_now(self) -> None:
        self.code.put(self._leaving())
        raise _Never

    def _unused(self, stmt: Unused) -> None:
        least = bounds(stmt.domain)[0]
        known = self.known.get(stmt.name)
        if known is None:
            self.code.put(f"if {self.writer.bound[stmt.name]} != {least}: {self._leaving()}")
        elif known.value != least:
            self._leave_now()

    def _mark(self, mark: int) -> None:
        if self.branches:
            self.code.dynamic = True
            self.code.put(f"m |= {self.bits.mark(mark)}")
        else:
            self.code.static_marks |= self.bits.mark(mark)


def _has_marks(body: Sequence[Stmt]) -> bool:
    return any(isinstance(stmt, Mark) for stmt in statements(body))


def _writes_state(stmt: Stmt) -> bool:
    return any(
        isinstance(inner, Assign) and inner.var.storage is not Storage.TEMP
        for inner in statements((stmt,))
    )


def _body_weight(loop: For) -> int:
    """How many nodes the loop has when it is written out."""
    return size(loop.domain) * max(1, sum(_weight(stmt) for stmt in loop.body))


def _weight(stmt: Stmt) -> int:
    own = 1 + sum(weight(expr) for expr in expressions(stmt))
    match stmt:
        case For():
            return own + _body_weight(stmt)
        case If(then=then, orelse=orelse):
            return own + sum(_weight(inner) for inner in (*then, *orelse))
        case _:
            return own
