"""Writes NumPy code for the statements of a command instance, for many states at once.

What comes before the first change of a state looks at ``s0``, ``s1``, …, the words of all states;
then the rows in which it may go on are picked out, and ``t0``, ``t1``, … are their words. ``f``
knows which rows these are, and which of them were left behind in the middle (see ``frame``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import assert_never

from pinmc.engines.intervals import Unsupported
from pinmc.engines.layout import Field, Place
from pinmc.engines.unrolling import loop_weight
from pinmc.engines.vector.code import Known
from pinmc.engines.vector.exprs import UNROLL_WEIGHT, ExprWriter, all_bits, as_truths
from pinmc.engines.vector.values import (
    WORD,
    Kind,
    Value,
    as_array,
    as_kind,
    both,
    compared,
    dtype,
    kind_of,
    literal,
    negated,
    truth_constant,
)
from pinmc.ir.command import Command
from pinmc.ir.evaluate import cells
from pinmc.ir.expr import BinOp, Const, Expr, Storage, Var
from pinmc.ir.stmt import Assert, Assign, Assume, For, If, Mark, Stmt, Unused
from pinmc.ir.types import bounds, values
from pinmc.ir.walk import expressions, reads, statements, substitute_body
from pinmc.passes.folding import fold_body

_MOST_TEMPS = 1024


class Left(Exception):
    """What would be written next is never executed."""


class BodyWriter:
    """``known`` are the parameters with a known value; ``carried`` the names of arrays that must
    follow when rows are picked out."""

    def __init__(self, writer: ExprWriter, known: Mapping[str, Const]) -> None:
        self.writer = writer
        self.code = writer.code
        self.known = known
        self.static_marks = 0
        self.dynamic_marks: dict[int, str] = {}
        self.cond = truth_constant(True)
        self.moved = False
        self.exits = 0
        self.known_before: dict[str, Known] = {}
        self.carried = [value.text for value in writer.bound.values() if value.const is None]
        self.temps: dict[str, Var] = {}
        self.constant_bits: tuple[tuple[int, int, str], tuple[int, int]] = ((0, 0, ""), (0, 0))

    def write(self, command: Command, guard: Expr, body: Sequence[Stmt]) -> None:
        """Everything but what is done at the end. Raises Left when no end is ever reached."""
        self._count_marks(body)
        rest: list[Stmt] = [Assume(guard), *body]
        while rest and isinstance(rest[0], Assume | Mark | Unused) and not _reads_temps(rest[0]):
            self._statement(rest.pop(0))
        self._begin(command)
        self.block(rest)

    def end(self) -> str:
        """Picks the rows that have reached the end; the text of their words."""
        if self.code.exits > self.exits:
            self._pick(truth_constant(True))
        return ", ".join(f"t{word}" for word in range(self.writer.layout.words))

    def _count_marks(self, body: Sequence[Stmt]) -> None:
        """Marks within branches need to know in which rows."""
        nested = [stmt for stmt in body if isinstance(stmt, If | For)]
        for stmt in statements(nested):
            if isinstance(stmt, Mark):
                self.dynamic_marks.setdefault(stmt.mark, f"m{stmt.mark}")
        for name in self.dynamic_marks.values():
            self.code.put(f"{name} = False")

    def _begin(self, command: Command) -> None:
        """From all states to those that are going to change."""
        words = range(self.writer.layout.words)
        self.known_before = self.code.known
        self.code.forget()
        self.exits = self.code.exits
        self.code.put(f"k = f.keep({'None' if self.cond.const else self.cond.text})")
        self.code.put("while k is None or k.size:")
        self.code.indent += 1
        self.code.put("if k is None:")
        self.code.put(" " + "; ".join(f"t{word} = s{word}" for word in words))
        self.code.put(" n = len(s0)")
        self.code.put("else:")
        self.code.put(" " + "; ".join(f"t{word} = s{word}[k]" for word in words))
        self.code.put(" n = len(k)")
        for name in self.carried:
            self.code.put(f" {name} = {name}[k]")
        self.moved, self.cond = True, truth_constant(True)
        self._open_temps(command)
        self.writer = replace(self.writer, words="t")

    def _open_temps(self, command: Command) -> None:
        names = {temp.name: self.code.fresh("w") for temp in command.temps}
        for temp in command.temps:
            count, kind = cells(temp), kind_of(bounds(temp.type))
            if count > _MOST_TEMPS:
                raise Unsupported(f"a temporary of {count} cells")
            shape = f"({count}, n)" if temp.dims else "n"
            least = bounds(temp.type)[0]
            self.code.put(f"{names[temp.name]} = full({shape}, {least}, {dtype(kind)})")
        self.temps = {names[temp.name]: temp for temp in command.temps}
        self.writer = replace(self.writer, temps=names)

    def _pick(self, cond: Value) -> None:
        """Goes on with the rows in which ``cond`` holds and that were not left behind."""
        self.code.forget()
        self.exits = self.code.exits
        self.code.put(f"k = f.keep({'None' if cond.const else cond.text})")
        self.code.put("if k is not None:")
        self.code.indent += 1
        self.code.put("if not k.size: break")
        words = range(self.writer.layout.words)
        self.code.put("; ".join(f"t{word} = t{word}[k]" for word in words))
        self.code.put("n = len(k)")
        for name in self.carried:
            self.code.put(f"{name} = {name}[k]")
        for name, temp in self.temps.items():
            self.code.put(f"{name} = {name}[:, k]" if temp.dims else f"{name} = {name}[k]")
        for name in self.dynamic_marks.values():
            self.code.put(f"if {name} is not False: {name} = {name}[k]")
        self.code.indent -= 1

    # --- statements ----------------------------------------------------------------------------

    def block(self, body: Sequence[Stmt]) -> None:
        for stmt in body:
            self._statement(stmt)

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
                self.writer.fail_unless(self.writer.truth(cond), site)
            case Mark(mark=mark):
                self._mark(mark)
            case Unused():
                self._unused(stmt)
            case _:
                assert_never(stmt)

    def assume(self, cond: Expr) -> None:
        if not self.moved:
            value = self.writer.evaluated(self.cond, cond).truth(cond)
            joined = both(self.cond, value)
            if joined.const is None:
                joined = Value(self.code.name(joined.text), Kind.TRUTH)
            self.cond = joined
            if joined.const == 0:
                raise Left
            return
        self._go_on_where(self.writer.truth(cond))

    def _go_on_where(self, cond: Value) -> None:
        if cond.const:
            return
        path = self.writer.path
        if path is None:
            if cond.const is not None:
                raise Left
            self._pick(cond)
            return
        self.code.put(f"f.leave({as_truths(both(path, negated(cond)))})")
        self.code.exits += 1

    def _unused(self, stmt: Unused) -> None:
        least = bounds(stmt.domain)[0]
        known = self.known.get(stmt.name)
        if known is not None:
            cond = truth_constant(known.value == least)
        else:
            bound = self.writer.bound[stmt.name]
            cond = compared(bound.text, BinOp.EQ, literal(least, bound.kind))
        if self.moved:
            self._go_on_where(cond)
            return
        self.cond = both(self.cond, cond)
        if self.cond.const == 0:
            raise Left

    def _mark(self, mark: int) -> None:
        path = self.writer.path
        if path is None:
            self.static_marks |= 1 << mark
        else:
            name = self.dynamic_marks[mark]
            self.code.put(f"if not f.seen >> {mark} & 1: {name} = {name} | {path.text}")

    def _assign(self, stmt: Assign) -> None:
        if stmt.var.storage is Storage.TEMP:
            self._assign_temp(stmt)
            return
        packed = self.writer.layout.field(stmt.var)
        if packed.words > 1:
            self._assign_spread(stmt, packed)
            return
        shift = self.writer.shift(stmt.var, stmt.index)
        value = self.writer.modular(stmt.value)
        if not packed.bits:
            return
        stored = self._stored(value, packed.low)
        if shift.const is None:
            self._set_cell(stmt, packed, shift, stored)
        else:
            self._set_place(Place(packed.word, shift.const, packed.bits), stored)

    def _assign_spread(self, stmt: Assign, packed: Field) -> None:
        """To a variable whose cells are spread over several words."""
        writer = self.writer
        position = writer.position(stmt.var, stmt.index)
        stored = self._stored(writer.modular(stmt.value), packed.low)
        if isinstance(position, int):
            self._set_place(packed.place(position), stored)
            return
        spread = ", ".join(f"t{packed.word + n}" for n in range(packed.words))
        path = "None" if writer.path is None else writer.path.text
        self.code.put(
            f"{spread} = put(({spread}), {position}, {packed.per_word}, {packed.bits}, "
            f"{as_array(stored, Kind.UNSIGNED)}, {path})"
        )
        self.code.forget()

    def _stored(self, value: Value, low: int) -> Value:
        """The bits of a cell for a value modulo 2**64."""
        if value.const is not None:
            bits = (value.const - low) % 2**64
            return Value(literal(bits, WORD), WORD, bits)
        low %= 2**64
        return Value(f"({value.text} - {literal(low, WORD)})" if low else value.text, WORD)

    def _set_place(self, place: Place, stored: Value) -> None:
        """Sets a cell whose place is known."""
        mask = ((1 << place.bits) - 1) << place.shift
        if stored.const is not None:
            self._set_bits(place.word, mask, stored.const << place.shift & mask)
            return
        word, rest = f"t{place.word}", ~mask % 2**64
        by = literal(place.shift, WORD)
        added = f"({stored.text} << {by})" if place.shift else stored.text
        whole = f"({word} & {literal(rest, WORD)}) | {added}" if rest else added
        self._set_word(place.word, mask, whole)

    def _set_cell(self, stmt: Assign, packed: Field, shift: Value, stored: Value) -> None:
        """Sets a cell wherever it is in its word."""
        word, mask = f"t{packed.word}", (1 << packed.bits) - 1
        where = f"({literal(mask, WORD)} << {shift.text})"
        bits = self.writer.bits_read(stmt.index)
        there = self.code.name(where) if bits is None else self.code.once(where, bits)
        if stored.const == mask:
            whole = f"{word} | {there}"
        elif stored.const == 0:
            whole = f"{word} & ~{there}"
        else:
            whole = f"({word} & ~{there}) | ({stored.text} << {shift.text})"
        self._set_word(packed.word, all_bits(packed)[packed.word], whole)

    def _set_bits(self, word: int, mask: int, value: int) -> None:
        """Sets the bits of ``mask`` to known ones, together with those of the line before if that
        does the same."""
        path = "" if self.writer.path is None else self.writer.path.text
        line, before = self.constant_bits
        if line == (len(self.code.lines), word, path):
            self.code.lines.pop()
            value |= before[1] & ~mask
            mask |= before[0]
        kept, added = literal(~mask % 2**64, WORD), literal(value, WORD)
        if value == mask:
            whole = f"t{word} | {added}"
        elif value:
            whole = f"(t{word} & {kept}) | {added}"
        else:
            whole = f"t{word} & {kept}"
        self._set_word(word, mask, whole)
        self.constant_bits = ((len(self.code.lines), word, path), (mask, value))

    def _set_word(self, word: int, mask: int, text: str) -> None:
        path = self.writer.path
        if path is not None:
            text = f"where({path.text}, {text}, t{word})"
        self.code.put(f"t{word} = {text}")
        self.code.changed(word, mask)

    def _assign_temp(self, stmt: Assign) -> None:
        writer, kind = self.writer, kind_of(bounds(stmt.var.type))
        name = writer.temps[stmt.var.name]
        position = writer.position(stmt.var, stmt.index) if stmt.var.dims else None
        value = writer.value(stmt.value)
        text = as_array(value, kind)
        if isinstance(position, str):
            path = "None" if writer.path is None else writer.path.text
            self.code.put(f"place({name}, {position}, {text}, {path})")
            return
        target = name if position is None else f"{name}[{position}]"
        if writer.path is not None:
            choose = "choose" if kind is Kind.WIDE else "where"
            text = f"{choose}({writer.path.text}, {text}, {target})"
        elif value.const is None and position is None:
            text = as_kind(value, kind)
        self.code.put(f"{target} = {text}")

    def _if(self, stmt: If) -> None:
        cond = self.writer.truth(stmt.cond)
        if cond.const is not None:
            self.block(stmt.then if cond.const else stmt.orelse)
            return
        cond = Value(self.code.name(cond.text), Kind.TRUTH)
        self._branch(cond, stmt.then)
        if stmt.orelse:
            self._branch(negated(cond), stmt.orelse)

    def _branch(self, cond: Value, body: Sequence[Stmt]) -> None:
        outside = self.writer
        inner = outside.where(cond)
        assert inner.path is not None
        with self.code.block(f"if some({inner.path.text}):"):
            self.writer = inner
            self.block(body)
            self.writer = outside

    def _for(self, stmt: For) -> None:
        if loop_weight(stmt) <= UNROLL_WEIGHT:
            for value in values(stmt.domain):
                constant = {stmt.name: Const(value, stmt.domain)}
                self.block(fold_body(substitute_body(stmt.body, constant)))
            return
        outside = self.writer
        everywhere = outside if outside.path is not None else outside.where(self._everywhere())
        self.code.forget()
        with everywhere.looped(stmt.name, stmt.domain) as inner:
            self.writer = inner
            self.block(stmt.body)
            self.writer = outside
        self.code.forget()

    def _everywhere(self) -> Value:
        """A path like any other: rows must not be picked out in the middle of a loop."""
        return Value(self.code.name("full(n, True, bool)"), Kind.TRUTH)


def _reads_temps(stmt: Stmt) -> bool:
    if isinstance(stmt, Mark):
        return False
    return any(var.storage is Storage.TEMP for expr in expressions(stmt) for var in reads(expr))
