"""Writes C for expressions. One small method a kind of node.

Only numbers and names made here get into the text. ``text`` gives a C expression without side
effects; what may be a found error, and loops, become statements written before it, in the order
of evaluation. Where a part is evaluated only sometimes, so are its statements.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field, replace
from typing import assert_never

from pinmc.base.records import dataclass
from pinmc.engines.intervals import domain_bounds, fits64, interval, shift_bounds
from pinmc.engines.layout import Layout
from pinmc.engines.native.numbers import c_type
from pinmc.ir.expr import (
    COMPARISON,
    LOGICAL,
    AgentOf,
    Binary,
    BinOp,
    Bound,
    Check,
    Const,
    ErrorSite,
    Expr,
    Ite,
    Quant,
    QuantKind,
    Read,
    Require,
    Storage,
    Unary,
    UnOp,
    Var,
    Wrap,
    children,
)
from pinmc.ir.types import INT64_MIN, Scalar, bounds, size, values
from pinmc.ir.walk import subexpressions, substitute
from pinmc.passes.folding import fold

UNROLL_WEIGHT = 300
"""Quantifiers and loops of up to so many nodes in all are written out value by value."""

_MASK64 = 2**64 - 1
_LAZY = {BinOp.AND: "&&", BinOp.OR: "||"}
_RING = {
    BinOp.ADD: "+",
    BinOp.SUB: "-",
    BinOp.MUL: "*",
    BinOp.BITAND: "&",
    BinOp.BITOR: "|",
    BinOp.BITXOR: "^",
}
"""Operators that can be computed modulo 2**64."""


@dataclass(slots=True)
class Code:
    """The lines of one C function. ``failing`` tells that one of them is a way to fail."""

    lines: list[str] = field(default_factory=list)
    indent: int = 1
    made: int = 0
    failing: bool = False

    def put(self, line: str) -> None:
        self.lines.append(" " * self.indent + line)

    def fresh(self, letter: str) -> str:
        self.made += 1
        return f"{letter}{self.made}"


@dataclass(frozen=True, slots=True)
class ExprWriter:
    """``vector`` and ``primed`` name the packed states read; ``fail`` gives the C statement that
    leaves the function at a found error; ``bound`` and ``temps`` name Bounds and temporaries."""

    layout: Layout
    code: Code
    fail: Callable[[ErrorSite], str]
    vector: str = "s"
    primed: str = "u"
    bound: dict[str, str] = field(default_factory=dict)
    temps: dict[str, str] = field(default_factory=dict)

    def bind(self, name: str, text: str) -> ExprWriter:
        return replace(self, bound={**self.bound, name: text})

    def text(self, expr: Expr) -> str:
        """C for the value of ``expr``, in parentheses or as tight as if it were."""
        match expr:
            case Const(value=value):
                return literal(int(value))
            case Bound(name=name):
                return self.bound[name]
            case Read():
                return self._read(expr)
            case Unary():
                return self._unary(expr)
            case Binary(op=op) if op in LOGICAL:
                return self._logical(expr)
            case Binary(op=op) if op in COMPARISON:
                return self._comparison(expr)
            case Binary():
                return self._arithmetic(expr)
            case Ite():
                return self._ite(expr)
            case Quant():
                return self._quant(expr)
            case Check():
                return self._check(expr)
            case Require():
                return self._require(expr)
            case Wrap():
                return self._wrap(expr)
            case AgentOf(base=base, args=args, domains=domains):
                return sum_text([*self._row_major(args, domains), literal(base)])
            case _:
                assert_never(expr)

    def number(self, expr: Expr) -> str:
        """The value as an operand of arithmetic, never a C truth value."""
        text = self.text(expr)
        return f"((i64){text})" if _is_truth(expr) else text

    def as_number(self, expr: Expr, type_: str) -> str:
        """The value converted to the C type ``type_``, to compute in it."""
        text = self.number(expr)
        return text if type_ == "i64" else f"((i128){text})"

    # --- cells ---------------------------------------------------------------------------------

    def _read(self, read: Read) -> str:
        var = read.var
        if var.storage is Storage.TEMP:
            return self.temp(var, read.index)
        vector = self.primed if read.primed else self.vector
        return self._unpacked(var, self._stored(vector, var, self.position(var, read.index)))

    def temp(self, var: Var, index: Sequence[Expr]) -> str:
        """The C variable that is the temporary."""
        name = self.temps[var.name]
        if not var.dims:
            return name
        position = self.position(var, index)
        return f"{name}[{position}]"

    def position(self, var: Var, index: Sequence[Expr]) -> int | str:
        """The number of the cell within its variable: known, or C."""
        parts = self._row_major(index, var.dims)
        if all(_is_literal(part) for part in parts):
            return sum(_literal_value(part) for part in parts)
        return sum_text(parts)

    def _row_major(self, index: Sequence[Expr], dims: Sequence[Scalar]) -> list[str]:
        strides, stride = list[int](), 1
        for dim in reversed(dims):
            strides.append(stride)
            stride *= size(dim)
        parts = list[str]()
        for expr, dim, each in zip(index, dims, reversed(strides), strict=True):
            low = bounds(dim)[0]
            if isinstance(expr, Const):
                parts.append(literal((int(expr.value) - low) * each))
                continue
            text = sum_text([f"((i64){self.number(expr)})", literal(-low)])
            parts.append(text if each == 1 else f"({text} * {literal(each)})")
        return parts

    def _stored(self, vector: str, var: Var, position: int | str) -> str:
        """The bits of a cell, as u64."""
        packed = self.layout.field(var)
        mask = (1 << packed.bits) - 1
        if isinstance(position, int):
            at = packed.place(position)
            word = f"{vector}[{at.word}]"
            if at.bits == 64:
                return word
            return f"pm_get({word}, {at.shift}, {unsigned(mask)})"
        if packed.words == 1:
            shift = f"(unsigned)({packed.shift} + {packed.bits} * {position})"
            return f"pm_get({vector}[{packed.word}], {shift}, {unsigned(mask)})"
        return (
            f"pm_cell({vector} + {packed.word}, (u64){position}, {packed.per_word}, "
            f"{packed.bits}, {unsigned(mask)})"
        )

    def _unpacked(self, var: Var, stored: str) -> str:
        """The value that the bits stand for."""
        low, high = bounds(var.type)
        if not fits64((low, high)):
            return f"((i128){stored})"
        if low == 0:
            return f"((i64){stored})"
        if abs(low) < 2**62 and high < 2**62:
            return f"((i64){stored} + {literal(low)})"
        return f"((i64)({stored} + {unsigned(low & _MASK64)}))"

    def store(self, var: Var, position: int | str, value: str) -> str:
        """The C statement that writes a cell of the state."""
        packed, low = self.layout.field(var), bounds(var.type)[0]
        raw = f"(u64){value}" if low == 0 else f"((u64){value} - {unsigned(low & _MASK64)})"
        mask = unsigned((1 << packed.bits) - 1)
        if isinstance(position, int):
            at = packed.place(position)
            word, shift = f"{self.vector}[{at.word}]", str(at.shift)
        elif packed.words == 1:
            word = f"{self.vector}[{packed.word}]"
            shift = f"(unsigned)({packed.shift} + {packed.bits} * {position})"
        else:
            where = f"{self.vector} + {packed.word}, (u64){position}, {packed.per_word}"
            return f"pm_put({where}, {packed.bits}, {mask}, {raw});"
        return f"{word} = pm_set({word}, {shift}, {mask}, {raw});"

    # --- operators -----------------------------------------------------------------------------

    def _unary(self, expr: Unary) -> str:
        match expr.op:
            case UnOp.NOT:
                return f"(!{self.text(expr.operand)})"
            case UnOp.NEG | UnOp.INVERT:
                sign = "-" if expr.op is UnOp.NEG else "~"
                wide = c_type(_hull(expr, expr.operand))
                return f"({sign}{self.as_number(expr.operand, wide)})"
            case _:
                assert_never(expr.op)

    def _logical(self, expr: Binary) -> str:
        if needs_statements(expr.right):
            return self._lazily(expr)
        if expr.op is BinOp.IMPLIES:
            return f"(!{self.text(expr.left)} || {self.text(expr.right)})"
        joint = f" {_LAZY[expr.op]} "
        return f"({joint.join(self._chain(expr))})"

    def _chain(self, expr: Binary) -> list[str]:
        """A run of the same operator without nesting, however long."""
        parts: list[str] = []
        rest: Expr = expr
        while isinstance(rest, Binary) and rest.op is expr.op and not needs_statements(rest.right):
            parts.append(self.text(rest.right))
            rest = rest.left
        parts.append(self.text(rest))
        return parts[::-1]

    def _lazily(self, expr: Binary) -> str:
        """The right side has statements: they are executed only where it is evaluated."""
        name = self.code.fresh("x")
        self.code.put(f"int {name} = {self.text(expr.left)} != 0;")
        self.code.put(f"if ({'!' if expr.op is BinOp.OR else ''}{name})")
        self._within(lambda: self.code.put(f"{name} = {self.text(expr.right)} != 0;"))
        if expr.op is BinOp.IMPLIES:
            self.code.put(f"else {name} = 1;")
        return name

    def _within(self, write: Callable[[], None]) -> None:
        self.code.put("{")
        self.code.indent += 1
        write()
        self.code.indent -= 1
        self.code.put("}")

    def _comparison(self, expr: Binary) -> str:
        wide = c_type(_hull(expr.left, expr.right))
        left, right = self.as_number(expr.left, wide), self.as_number(expr.right, wide)
        if left == right:
            # Compilers warn about a comparison of something with itself.
            return "1" if expr.op in (BinOp.EQ, BinOp.LE, BinOp.GE) else "0"
        return f"({left} {expr.op.value} {right})"

    def _arithmetic(self, expr: Binary) -> str:
        op = expr.op
        wide = c_type(_hull(expr, expr.left, expr.right))
        if op in (BinOp.SHL, BinOp.SHR):
            return self._shift(expr, wide)
        left, right = self.as_number(expr.left, wide), self.as_number(expr.right, wide)
        match op:
            case BinOp.MIN | BinOp.MAX:
                return f"pm_{op.value}{'' if wide == 'i64' else '_wide'}({left}, {right})"
            case BinOp.DIV | BinOp.MOD:
                return self._division(expr, wide, left, right)
            case _:
                return f"({left} {op.value} {right})"

    @staticmethod
    def _division(expr: Binary, wide: str, left: str, right: str) -> str:
        if isinstance(expr.right, Const):
            # Zero is never divided by: the Require around it has failed.
            return f"({left} {expr.op.value} {right})" if expr.right.value else "0LL"
        name = "pm_divide" if expr.op is BinOp.DIV else "pm_remainder"
        return f"{name}{'' if wide == 'i64' else '_wide'}({left}, {right})"

    def _shift(self, expr: Binary, wide: str) -> str:
        most = shift_bounds(expr.right)[1]
        left, by = self.as_number(expr.left, wide), self.number(expr.right)
        if expr.op is BinOp.SHL:
            return f"({left} * (({wide})1 << {by}))"
        if most >= (64 if wide == "i64" else 127):
            by = f"pm_min({by}, 63)"
        return f"({left} >> {by})"

    def _ite(self, expr: Ite) -> str:
        wide = c_type(interval(expr))
        if not needs_statements(expr.then) and not needs_statements(expr.orelse):
            cond = self.text(expr.cond)
            then, other = self.as_number(expr.then, wide), self.as_number(expr.orelse, wide)
            whole = f"({cond} ? {then} : {other})"
            return f"({whole} != 0)" if _is_truth(expr) else whole
        name = self.code.fresh("x")
        self.code.put(f"{wide} {name};")
        self.code.put(f"if ({self.text(expr.cond)})")
        self._within(lambda: self._set(name, expr.then, wide))
        self.code.put("else")
        self._within(lambda: self._set(name, expr.orelse, wide))
        return name

    def _set(self, name: str, expr: Expr, wide: str) -> None:
        self.code.put(f"{name} = {self.as_number(expr, wide)};")

    # --- checks --------------------------------------------------------------------------------

    def _check(self, expr: Check) -> str:
        known = interval(expr.operand)
        if expr.lo <= known[0] and known[1] <= expr.hi:
            return self.text(expr.operand)
        wide = c_type(known)
        if known[1] < expr.lo or known[0] > expr.hi:
            self.code.put(f"(void){self.text(expr.operand)};")
            self._fail_when("1", expr.site)
            return literal(expr.lo)
        name = self.code.fresh("x")
        self.code.put(f"{wide} {name} = {self.as_number(expr.operand, wide)};")
        tests = []
        if known[0] < expr.lo:
            tests.append(f"{name} < {literal(expr.lo)}")
        if known[1] > expr.hi:
            tests.append(f"{name} > {literal(expr.hi)}")
        self._fail_when(" || ".join(tests), expr.site)
        within = interval(expr)
        return f"((i64){name})" if wide == "i128" and fits64(within) else name

    def _require(self, expr: Require) -> str:
        self._fail_when(f"!{self.text(expr.cond)}", expr.site)
        return self.text(expr.operand)

    def _fail_when(self, test: str, site: ErrorSite) -> None:
        self.code.failing = True
        self.code.put(f"if ({test}) {self.fail(site)}")

    # --- machine words -------------------------------------------------------------------------

    def _wrap(self, expr: Wrap) -> str:
        known = interval(expr.operand)
        lo, hi = interval(expr)
        if lo <= known[0] and known[1] <= hi:
            return self.text(expr.operand)
        word = self.modular(expr.operand)
        if expr.width == 64:
            return f"((i64){word})" if expr.signed else f"((i128){word})"
        low = f"({word} & {unsigned((1 << expr.width) - 1)})"
        if not expr.signed:
            return f"((i64){low})"
        half = unsigned(1 << (expr.width - 1))
        return f"(((i64)({low} ^ {half})) - (i64){half})"

    def modular(self, expr: Expr) -> str:
        """The value modulo 2**64, as u64, however large it is."""
        match expr:
            case Const(value=value):
                return unsigned(int(value) & _MASK64)
            case Binary(op=op, left=left, right=right) if op in _RING:
                return f"({self.modular(left)} {_RING[op]} {self.modular(right)})"
            case Binary(op=BinOp.SHL, left=left, right=right):
                return f"pm_shl({self.modular(left)}, (u64){self.number(right)})"
            case Unary(op=UnOp.NEG, operand=operand):
                return f"(0ULL - {self.modular(operand)})"
            case Unary(op=UnOp.INVERT, operand=operand):
                return f"(~{self.modular(operand)})"
            case _:
                return f"((u64){self.number(expr)})"

    # --- quantifiers ---------------------------------------------------------------------------

    def _quant(self, quant: Quant) -> str:
        if _looped(quant):
            return self._loop(quant)
        parts = [fold(part) for part in instances(quant)]
        if any(needs_statements(part) for part in parts):
            return self._in_turn(quant, parts)
        if quant.kind in (QuantKind.FORALL, QuantKind.EXISTS):
            joint = " && " if quant.kind is QuantKind.FORALL else " || "
            return f"({joint.join(f'({self.text(part)} != 0)' for part in parts)})"
        wide = c_type(interval(quant))
        return sum_text([self.as_number(part, wide) for part in parts])

    def _start(self, quant: Quant) -> tuple[str, str]:
        """Declares the result; its name and its type."""
        truth = quant.kind in (QuantKind.FORALL, QuantKind.EXISTS)
        wide = "int" if truth else c_type(interval(quant))
        name = self.code.fresh("x")
        self.code.put(f"{wide} {name} = {int(quant.kind is QuantKind.FORALL)};")
        return name, wide

    def _in_turn(self, quant: Quant, parts: Sequence[Expr]) -> str:
        """One value after the other, as long as the answer is open."""
        name, wide = self._start(quant)
        for part in parts:
            if quant.kind is QuantKind.FORALL:
                self.code.put(f"if ({name})")
            elif quant.kind is QuantKind.EXISTS:
                self.code.put(f"if (!{name})")
            self._within(lambda part=part: self._gather(self, quant, name, wide, part))  # type: ignore[misc]
        return name

    def _loop(self, quant: Quant) -> str:
        name, wide = self._start(quant)
        lo, hi = domain_bounds(quant.domain)
        each = self.code.fresh("q")
        go_on = {QuantKind.FORALL: f" && {name}", QuantKind.EXISTS: f" && !{name}"}
        test = f"{each} <= {literal(hi)}{go_on.get(quant.kind, '')}"
        self.code.put(f"for (i64 {each} = {literal(lo)}; {test}; {each}++)")
        inner = self.bind(quant.name, each)
        self._within(lambda: self._gather(inner, quant, name, wide, quant.body))
        return name

    @staticmethod
    def _gather(writer: ExprWriter, quant: Quant, name: str, wide: str, part: Expr) -> None:
        if wide == "int":
            writer.code.put(f"{name} = {writer.text(part)} != 0;")
        else:
            writer.code.put(f"{name} += {writer.as_number(part, wide)};")


def needs_statements(expr: Expr) -> bool:
    """Whether writing ``expr`` writes statements too."""
    return any(
        isinstance(node, Check | Require) or (isinstance(node, Quant) and _looped(node))
        for node in subexpressions(expr)
    )


def _looped(quant: Quant) -> bool:
    return weight(quant) > UNROLL_WEIGHT


def instances(quant: Quant) -> list[Expr]:
    """The body for each value of the domain."""
    return [
        substitute(quant.body, {quant.name: Const(value, quant.domain)})
        for value in values(quant.domain)
    ]


def weight(expr: Expr) -> int:
    """How many nodes the expression has when its quantifiers are written out."""
    inner = 1 + sum(weight(child) for child in children(expr))
    return inner * max(1, size(expr.domain)) if isinstance(expr, Quant) else inner


def literal(value: int) -> str:
    """A signed C constant. Raises Unsupported beyond 64 bits."""
    if value == INT64_MIN:
        return "INT64_MIN"
    if not fits64((value, value)):
        return _wide_literal(value)
    return f"{value}LL" if value >= 0 else f"({value}LL)"


def _wide_literal(value: int) -> str:
    c_type((value, value))
    high, low = value >> 64, value & _MASK64
    return f"(((i128){literal(high)} * ((i128)1 << 64)) + (i128){unsigned(low)})"


def unsigned(value: int) -> str:
    """An unsigned 64-bit C constant."""
    return f"{value}ULL"


def sum_text(parts: Sequence[str]) -> str:
    """The sum of the parts that are not zero."""
    some = [part for part in parts if part != "0LL"]
    if not some:
        return "0LL"
    return some[0] if len(some) == 1 else f"({' + '.join(some)})"


def _is_literal(text: str) -> bool:
    return text.strip("()").removesuffix("LL").lstrip("-").isdigit()


def _literal_value(text: str) -> int:
    return int(text.strip("()").removesuffix("LL"))


def _is_truth(expr: Expr) -> bool:
    """Whether C sees the text as a truth value: it warns when one takes part in arithmetic."""
    match expr:
        case Unary(op=UnOp.NOT):
            return True
        case Binary(op=op):
            return op in LOGICAL or op in COMPARISON
        case Quant(kind=kind):
            return kind in (QuantKind.FORALL, QuantKind.EXISTS)
        case Ite(then=then, orelse=orelse):
            return _is_truth(then) or _is_truth(orelse)
        case Require(operand=operand) | Check(operand=operand):
            return _is_truth(operand)
        case _:
            return False


def _hull(*exprs: Expr) -> tuple[int, int]:
    found = [interval(expr) for expr in exprs]
    return min(lo for lo, _ in found), max(hi for _, hi in found)
