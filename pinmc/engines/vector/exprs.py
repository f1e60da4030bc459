"""Writes NumPy code for expressions. One small method a kind of node.

A value is an array with one element a row. Rows in which a part is not evaluated have some number
there that nobody looks at; what may be a found error is tested, in the order of evaluation, only
where ``path`` is true. Only numbers and names made here get into the text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import field, replace
from functools import reduce
from typing import assert_never

from pinmc.base.records import dataclass
from pinmc.engines.intervals import Interval, domain_bounds, fits64, interval, shift_bounds
from pinmc.engines.layout import Field, Layout, Place
from pinmc.engines.unrolling import instances, weight
from pinmc.engines.vector.code import Bits, Code
from pinmc.engines.vector.values import (
    WORD,
    Kind,
    Value,
    as_array,
    as_kind,
    both,
    compared,
    constant,
    dtype,
    either,
    kind_of,
    literal,
    negated,
    truth_constant,
)
from pinmc.ir.evaluate import apply
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
)
from pinmc.ir.types import INT64_MAX, INT64_MIN, Scalar, bounds, size
from pinmc.ir.walk import reads
from pinmc.passes.folding import can_fail, fold

UNROLL_WEIGHT = 300
"""Quantifiers and loops of up to so many nodes in all are written out value by value."""

_LONG = 160
"""Texts of more characters get a name, so that nothing is nested too deeply for Python."""

_MASK64 = 2**64 - 1

CHANGING = "t"
"""The letter of the words that generated code changes."""
_RING = frozenset({BinOp.ADD, BinOp.SUB, BinOp.MUL, BinOp.BITAND, BinOp.BITOR, BinOp.BITXOR})
"""Operators that can be computed modulo 2**64."""


@dataclass(frozen=True, slots=True)
class ExprWriter:
    """``words`` and ``primed`` are the letters of the packed states read; ``claim_of`` numbers what
    an error counts under; ``bound`` and ``temps`` are known Bounds and temporaries; ``path`` is
    where what is written now is evaluated, None everywhere."""

    layout: Layout
    code: Code
    claim_of: Callable[[ErrorSite], int]
    words: str = "s"
    primed: str = "u"
    bound: Mapping[str, Value] = field(default_factory=dict)
    temps: Mapping[str, str] = field(default_factory=dict)
    path: Value | None = None

    def bind(self, name: str, value: Value) -> ExprWriter:
        return replace(self, bound={**self.bound, name: value})

    def where(self, cond: Value) -> ExprWriter:
        """The writer of what is evaluated only where ``cond`` is true too."""
        return self if cond.const else replace(self, path=self._named(both(self.path, cond)))

    def value(self, expr: Expr) -> Value:
        """The value, a truth or a number of the kind that its interval needs."""
        found = self._value(expr)
        return self._named(found) if len(found.text) > _LONG else found

    def _value(self, expr: Expr) -> Value:
        match expr:
            case Const(value=value):
                return constant(int(value))
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
            case Require(cond=cond, operand=operand, site=site):
                self.fail_unless(self.truth(cond), site)
                return self.value(operand)
            case Wrap():
                return self._wrap(expr)
            case AgentOf(base=base, args=args, domains=domains):
                return self._row_major(args, domains, base)
            case _:
                assert_never(expr)

    def truth(self, expr: Expr) -> Value:
        """Whether the value is not zero."""
        if isinstance(expr, Read):
            tested = self._tested(expr, BinOp.NE, 0)
            if tested is not None:
                return tested
        found = self.value(expr)
        if found.const is not None:
            return truth_constant(bool(found.const))
        if found.kind is Kind.TRUTH:
            return found
        return compared(found.text, BinOp.NE, literal(0, found.kind))

    def number(self, expr: Expr, kind: Kind) -> str:
        """The value as an operand of arithmetic in ``kind``."""
        return as_kind(self.value(expr), kind)

    def _named(self, value: Value) -> Value:
        if value.const is not None:
            return value
        return replace(value, text=self.code.name(value.text), opposite="")

    # --- cells ---------------------------------------------------------------------------------

    def _read(self, read: Read) -> Value:
        var = read.var
        if var.storage is Storage.TEMP:
            return self._temp(var, read.index)
        low, high = bounds(var.type)
        kind = kind_of((low, high))
        if low == high:
            self.position(var, read.index)
            return constant(low)
        stored = self.cell(read)
        if kind is Kind.WIDE:
            text = f"{stored}.astype(object)"
        else:
            text = stored if kind is Kind.UNSIGNED else f"{stored}.view(int64)"
        return Value(f"({text} + {literal(low, kind)})" if low else text, kind)

    def _letter(self, read: Read) -> str:
        return self.primed if read.primed else self.words

    def _tested(self, read: Read, op: BinOp, value: int) -> Value | None:
        """A cell compared with a known value as it is stored; None when that does not do."""
        if read.var.storage is Storage.TEMP:
            return None
        packed = self.layout.field(read.var)
        stored = value - packed.low
        if not packed.bits or not 0 <= stored < 1 << packed.bits:
            return None
        place = self._place(packed, read.var, read.index)
        if place is None or op not in (BinOp.EQ, BinOp.NE):
            return compared(self.cell(read), op, literal(stored, WORD))
        # Without shifting it down.
        mask = ((1 << place.bits) - 1) << place.shift
        word = f"{self._letter(read)}{place.word}"
        masked = word if mask == _MASK64 else f"({word} & {literal(mask, WORD)})"
        found = compared(masked, op, literal(stored << place.shift, WORD))
        if found.opposite in self.code.known:
            return negated(Value(self.code.known[found.opposite].name, Kind.TRUTH))
        return Value(self.code.once(found.text, self._bits(read) or {}), Kind.TRUTH)

    def _place(self, packed: Field, var: Var, index: Sequence[Expr]) -> Place | None:
        """Where a cell is, when that is known."""
        if not all(isinstance(each, Const) for each in index):
            return None
        position = self.position(var, index)
        return packed.place(position) if isinstance(position, int) else None

    def cell(self, read: Read) -> str:
        """The bits of a cell that has some, unsigned."""
        letter, packed = self._letter(read), self.layout.field(read.var)
        mask, bits = (1 << packed.bits) - 1, self._bits(read)
        if packed.words > 1:
            position = self.position(read.var, read.index)
            if isinstance(position, str):
                spread = ", ".join(f"{letter}{packed.word + n}" for n in range(packed.words))
                return f"cell(({spread}), {position}, {packed.per_word}, {packed.bits})"
            place = packed.place(position)
            word, shift = place.word, constant(place.shift)
        else:
            word, shift = packed.word, self.shift(read.var, read.index)
        by = as_kind(shift, WORD)
        shifted = f"{letter}{word}" if shift.const == 0 else f"({letter}{word} >> {by})"
        text = f"({shifted} & {literal(mask, WORD)})" if mask < _MASK64 else shifted
        return text if bits is None else self.code.once(text, bits)

    def shift(self, var: Var, index: Sequence[Expr]) -> Value:
        """The bit at which a cell begins in its word, known or unsigned, if all cells of the
        variable are in one."""
        packed = self.layout.field(var)
        stride, known, parts = packed.bits, packed.shift, list[str]()
        strides = list[int]()
        for dim in reversed(var.dims):
            strides.append(stride)
            stride *= size(dim)
        for expr, dim, each in zip(index, var.dims, reversed(strides), strict=True):
            known -= bounds(dim)[0] * each
            found = self.modular(expr)
            if found.const is not None:
                known += found.const * each
            else:
                by = literal(each % 2**64, WORD)
                parts.append(found.text if each == 1 else f"({found.text} * {by})")
        if not parts:
            return constant(known % 2**64)
        known = (known + 2**63) % 2**64 - 2**63
        text = " + ".join(parts)
        if known:
            text += f" {'+' if known > 0 else '-'} {literal(abs(known), WORD)}"
        bits = self.bits_read(index)
        whole = text if len(parts) == 1 and not known else f"({text})"
        return Value(self.code.name(whole) if bits is None else self.code.once(whole, bits), WORD)

    def _bits(self, read: Read) -> Bits | None:
        """The bits that the value of a cell depends on, as far as they change; None if that also
        depends on something else."""
        bits = self.bits_read(read.index)
        if bits is None or self._letter(read) != CHANGING:
            return bits
        packed = self.layout.field(read.var)
        place = self._place(packed, read.var, read.index)
        if place is None:
            return _united(bits, all_bits(packed))
        return _united(bits, {place.word: ((1 << place.bits) - 1) << place.shift})

    def bits_read(self, exprs: Sequence[Expr]) -> Bits | None:
        """The same for some expressions, with all cells of each variable."""
        found: Bits = {}
        for var in sorted(set().union(*map(reads, exprs)), key=lambda var: var.name):
            if var.storage is Storage.TEMP:
                return None
            if self.words == CHANGING:
                found = _united(found, all_bits(self.layout.field(var)))
        return found

    def _temp(self, var: Var, index: Sequence[Expr]) -> Value:
        name, kind = self.temps[var.name], kind_of(bounds(var.type))
        if not var.dims:
            return Value(name, kind)
        position = self.position(var, index)
        if isinstance(position, int):
            return Value(f"{name}[{position}]", kind)
        return Value(f"picked({name}, {position})", kind)

    def position(self, var: Var, index: Sequence[Expr]) -> int | str:
        """The number of the cell within its variable: known, or text of signed numbers."""
        found = self._row_major(index, var.dims, 0)
        return found.text if found.const is None else found.const

    def _row_major(self, index: Sequence[Expr], dims: Sequence[Scalar], base: int) -> Value:
        strides, stride = list[int](), 1
        for dim in reversed(dims):
            strides.append(stride)
            stride *= size(dim)
        known, parts = base, list[str]()
        for expr, dim, each in zip(index, dims, reversed(strides), strict=True):
            known -= bounds(dim)[0] * each
            found = self.value(expr)
            if found.const is not None:
                known += found.const * each
                continue
            text = as_kind(found, Kind.SIGNED)
            parts.append(text if each == 1 else f"({text} * {literal(each, Kind.SIGNED)})")
        if not parts:
            return constant(known)
        if known:
            parts.append(literal(known, Kind.SIGNED))
        text = parts[0] if len(parts) == 1 else f"({' + '.join(parts)})"
        return Value(text, Kind.SIGNED)

    # --- operators -----------------------------------------------------------------------------

    def _unary(self, expr: Unary) -> Value:
        if expr.op is UnOp.NOT:
            return negated(self.truth(expr.operand))
        operand = self.value(expr.operand)
        if operand.const is not None:
            return constant(-operand.const if expr.op is UnOp.NEG else ~operand.const)
        kind = kind_of(_hull(interval(expr), interval(expr.operand)))
        sign = "-" if expr.op is UnOp.NEG else "~"
        return self._fitted(f"({sign}{as_kind(operand, kind)})", kind, expr)

    def _fitted(self, text: str, kind: Kind, expr: Expr) -> Value:
        """What was computed in ``kind``, as what ``expr`` needs."""
        own = kind_of(interval(expr))
        return Value(as_kind(Value(text, kind), own), own)

    def _logical(self, expr: Binary) -> Value:
        left = self.truth(expr.left)
        if expr.op is BinOp.OR:
            return either(left, self._lazily(negated(left), left, expr.right))
        right = self._lazily(left, left, expr.right)
        return both(left, right) if expr.op is BinOp.AND else either(negated(left), right)

    def _lazily(self, cond: Value, left: Value, right: Expr) -> Value:
        """The right side, evaluated where ``cond`` is true. If it is nowhere, nobody looks."""
        if cond.const == 0:
            return left
        return self.evaluated(cond, right).truth(right)

    def evaluated(self, cond: Value, expr: Expr) -> ExprWriter:
        """The writer for ``expr``, which is evaluated only where ``cond`` is true."""
        return self.where(cond) if can_fail(expr) else self

    def _comparison(self, expr: Binary) -> Value:
        equality = expr.op in (BinOp.EQ, BinOp.NE)
        if isinstance(expr.left, Read) and isinstance(expr.right, Const):
            found = self._tested(expr.left, expr.op, int(expr.right.value))
            if found is not None:
                return found
        left, right = self.value(expr.left), self.value(expr.right)
        if left.const is not None and right.const is not None:
            return truth_constant(bool(apply(expr.op, left.const, right.const)))
        if equality and left.kind is right.kind is Kind.TRUTH:
            return compared(left.text, expr.op, right.text)
        kind = kind_of(_hull(interval(expr.left), interval(expr.right)))
        return compared(as_kind(left, kind), expr.op, as_kind(right, kind))

    def _arithmetic(self, expr: Binary) -> Value:
        if expr.op in (BinOp.SHL, BinOp.SHR):
            return self._shift(expr)
        kind = kind_of(_hull(*map(interval, (expr, expr.left, expr.right))))
        left, right = self.value(expr.left), self.value(expr.right)
        if left.const is not None and right.const is not None:
            return self._known(expr.op, left.const, right.const)
        a, b = as_kind(left, kind), as_kind(right, kind)
        match expr.op:
            case BinOp.MIN | BinOp.MAX:
                text = f"{expr.op.value}imum({a}, {b})"
            case BinOp.DIV:
                text = f"divide({a}, {b})"
            case BinOp.MOD:
                text = f"remainder({a}, {b})"
            case _:
                text = f"({a} {expr.op.value} {b})"
        return self._fitted(text, kind, expr)

    @staticmethod
    def _known(op: BinOp, left: int, right: int) -> Value:
        if op in (BinOp.DIV, BinOp.MOD) and right == 0:
            return constant(0)  # nobody looks: the Require around it has failed
        return constant(apply(op, left, right))

    def _shift(self, expr: Binary) -> Value:
        shift_bounds(expr.right)
        kind = kind_of(_hull(interval(expr), interval(expr.left)))
        left = as_array(self.value(expr.left), kind)
        by = as_array(self.value(expr.right), Kind.SIGNED)
        return self._fitted(f"shift{expr.op.name[2].lower()}({left}, {by})", kind, expr)

    def _ite(self, expr: Ite) -> Value:
        cond = self._named(self.truth(expr.cond))
        if cond.const is not None:
            return self.value(expr.then if cond.const else expr.orelse)
        then = self.evaluated(cond, expr.then).value(expr.then)
        orelse = self.evaluated(negated(cond), expr.orelse).value(expr.orelse)
        return self.chosen(cond, then, orelse, kind_of(interval(expr)))

    @staticmethod
    def chosen(cond: Value, then: Value, orelse: Value, kind: Kind) -> Value:
        """``then`` where ``cond`` is true, ``orelse`` elsewhere."""
        if then.kind is orelse.kind is Kind.TRUTH:
            kind = Kind.TRUTH
            texts = [then.text, orelse.text]
        else:
            texts = [as_kind(value, kind) for value in (then, orelse)]
        name = "choose" if kind is Kind.WIDE else "where"
        return Value(f"{name}({cond.text}, {texts[0]}, {texts[1]})", kind)

    # --- checks --------------------------------------------------------------------------------

    def _check(self, expr: Check) -> Value:
        known = interval(expr.operand)
        if expr.lo <= known[0] and known[1] <= expr.hi:
            return self.value(expr.operand)
        if known[1] < expr.lo or known[0] > expr.hi:
            self.value(expr.operand)
            self.fail_unless(truth_constant(False), expr.site)
            return constant(expr.lo)
        found, tests = self._tried(expr, known)
        wraps = bool(tests)
        if known[0] < expr.lo and not (wraps and expr.lo == INT64_MIN):
            tests.append(compared(found.text, BinOp.GE, literal(expr.lo, found.kind)))
        if known[1] > expr.hi and not (wraps and expr.hi == INT64_MAX):
            tests.append(compared(found.text, BinOp.LE, literal(expr.hi, found.kind)))
        self.fail_unless(reduce(both, tests), expr.site)
        own = kind_of(interval(expr))
        return Value(as_kind(found, own), own)

    def _tried(self, check: Check, known: Interval) -> tuple[Value, list[Value]]:
        """The named value of a Check's operand, and what must hold for it to be right: sums that
        leave 64 bits by a little wrap around, which shows."""
        match check.operand:
            case Binary(op=BinOp.ADD | BinOp.SUB as op, left=left, right=right) if (
                not fits64(known)
                and fits64((check.lo, check.hi))
                and fits64(interval(left))
                and fits64(interval(right))
            ):
                a = self.code.name(as_kind(self.value(left), Kind.SIGNED))
                b = self.code.name(as_kind(self.value(right), Kind.SIGNED))
                total = self.code.name(f"({a} {op.value} {b})")
                other = b if op is BinOp.ADD else f"~{b}"
                signs = f"(({a} ^ {total}) & ({other} ^ {total}))"
                return Value(total, Kind.SIGNED), [
                    compared(signs, BinOp.GE, literal(0, Kind.SIGNED))
                ]
            case _:
                found = self.value(check.operand)
                kind = kind_of(known)
                return Value(self.code.name(as_array(found, kind)), kind), []

    def fail_unless(self, cond: Value, site: ErrorSite) -> None:
        """A found error where this is evaluated and ``cond`` is false."""
        if cond.const:
            return
        self.code.failing = True
        bad = both(self.path, negated(cond))
        if bad.const == 0:
            return
        name = self.code.name(as_truths(bad))
        self.code.put(f"if some({name}): f.fail({self.claim_of(site)}, {name})")
        self.code.exits += 1

    # --- machine words -------------------------------------------------------------------------

    def _wrap(self, expr: Wrap) -> Value:
        known = interval(expr.operand)
        lo, hi = interval(expr)
        if lo <= known[0] and known[1] <= hi:
            return self.value(expr.operand)
        word = self.modular(expr.operand)
        if word.const is not None:
            return constant((word.const - lo) % (1 << expr.width) + lo)
        if expr.width == 64:
            return Value(f"{word.text}.view(int64)", Kind.SIGNED) if expr.signed else word
        low = f"({word.text} & {literal((1 << expr.width) - 1, WORD)})"
        if not expr.signed:
            return Value(f"{low}.view(int64)", Kind.SIGNED)
        half = 1 << (expr.width - 1)
        turned = f"({low} ^ {literal(half, WORD)})"
        return Value(f"({turned}.view(int64) - {literal(half, Kind.SIGNED)})", Kind.SIGNED)

    def modular(self, expr: Expr) -> Value:
        """The value modulo 2**64, unsigned, however large it is."""
        match expr:
            case Const(value=value):
                return constant(int(value) & _MASK64)
            case Read(var=var) if var.storage is not Storage.TEMP and self.layout.field(var).bits:
                return self._modular_cell(expr)
            case Binary(op=op, left=left, right=right) if op in _RING:
                a, b = self.modular(left), self.modular(right)
                if a.const is not None and b.const is not None:
                    return constant(apply(op, a.const, b.const) & _MASK64)
                texts = as_kind(a, WORD), as_kind(b, WORD)
                return Value(f"({texts[0]} {op.value} {texts[1]})", WORD)
            case Binary(op=BinOp.SHL, left=left, right=right):
                shifted = as_array(self.modular(left), Kind.UNSIGNED)
                by = as_array(self.value(right), Kind.SIGNED)
                return Value(f"({shifted} << {by}.view(uint64))", Kind.UNSIGNED)
            case Unary(op=UnOp.NEG | UnOp.INVERT as op, operand=operand):
                word = self.modular(operand)
                if word.const is not None:
                    turned = -word.const if op is UnOp.NEG else ~word.const
                    return constant(turned & _MASK64)
                negative = f"({literal(0, WORD)} - {word.text})"
                text = negative if op is UnOp.NEG else f"(~{word.text})"
                return Value(text, Kind.UNSIGNED)
            case _:
                found = self.value(expr)
                if found.const is not None:
                    return constant(found.const & _MASK64)
                return Value(as_kind(found, Kind.UNSIGNED), Kind.UNSIGNED)

    def _modular_cell(self, read: Read) -> Value:
        stored, low = self.cell(read), self.layout.field(read.var).low
        if not low:
            return Value(stored, Kind.UNSIGNED)
        sign = "+" if low > 0 else "-"
        return Value(f"({stored} {sign} {literal(abs(low), WORD)})", WORD)

    # --- quantifiers ---------------------------------------------------------------------------

    def _quant(self, quant: Quant) -> Value:
        if weight(quant) > UNROLL_WEIGHT:
            return self._loop(quant)
        parts = [fold(part) for part in instances(quant)]
        if quant.kind in (QuantKind.FORALL, QuantKind.EXISTS):
            return self._junction(parts, quant.kind is QuantKind.FORALL)
        kind = kind_of(interval(quant))
        known, texts = 0, list[str]()
        for part in parts:
            found = self.value(part)
            if found.const is None:
                texts.append(as_kind(found, kind))
            known += found.const or 0
        if not texts:
            return constant(known)
        texts += [literal(known, kind)] if known else []
        return Value(f"({' + '.join(texts)})", kind)

    def _junction(self, parts: Sequence[Expr], conjunction: bool) -> Value:
        found = truth_constant(conjunction)
        for part in parts:
            if found.const is not None and bool(found.const) is not conjunction:
                break
            going = found if conjunction else negated(found)
            value = self.evaluated(going, part).truth(part)
            found = self._named((both if conjunction else either)(found, value))
        return found

    def _loop(self, quant: Quant) -> Value:
        truth = quant.kind in (QuantKind.FORALL, QuantKind.EXISTS)
        kind = Kind.TRUTH if truth else kind_of(interval(quant))
        found = Value(self.code.fresh("r"), kind)
        self.code.put(
            f"{found.text} = full(n, {int(quant.kind is QuantKind.FORALL)}, {dtype(kind)})"
        )
        with self.looped(quant.name, quant.domain) as inner:
            if truth:
                name = found.text
                over = f"not some({name})" if quant.kind is QuantKind.FORALL else f"{name}.all()"
                self.code.put(f"if {over}: break")
            else:
                text = inner.number(quant.body, kind)
                self.code.put(f"{found.text} = {found.text} + {text}")
                return found
            going = found if quant.kind is QuantKind.FORALL else negated(found)
            value = inner.evaluated(going, quant.body).truth(quant.body)
            joined = both(found, value) if going is found else either(found, value)
            self.code.put(f"{found.text} = {as_truths(joined)}")
        return found

    @contextmanager
    def looped(self, name: str, domain: Scalar) -> Iterator[ExprWriter]:
        """A loop over the domain; the writer for what is in it."""
        lo, hi = domain_bounds(domain)
        each, kind = self.code.fresh("i"), kind_of((lo, hi))
        with self.code.block(f"for {each} in range({lo}, {hi + 1}):"):
            array = self.code.fresh("q")
            self.code.put("f.look()")
            self.code.put(f"{array} = full(n, {each}, {dtype(kind)})")
            yield self.bind(name, Value(array, kind))


def as_truths(value: Value) -> str:
    """An array of truth values."""
    return as_array(value, Kind.TRUTH) if value.const is None else f"full(n, {value.text}, bool)"


def all_bits(packed: Field) -> Bits:
    """Those of all cells."""
    if packed.words > 1:
        return {packed.word + n: _MASK64 for n in range(packed.words)}
    return {packed.word: ((1 << packed.count * packed.bits) - 1) << packed.shift}


def _united(left: Bits, right: Bits) -> Bits:
    return {word: left.get(word, 0) | right.get(word, 0) for word in {*left, *right}}


def _hull(*intervals: Interval) -> Interval:
    return min(lo for lo, _ in intervals), max(hi for _, hi in intervals)
