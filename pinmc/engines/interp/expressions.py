"""Generates Python text for expressions. One small method a kind of node.

Only ints and names made here get into the text, never anything a specification's author wrote.
The text of an expression comes with how tightly it binds, so that parentheses stay few: Python
refuses deeply nested ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field, replace
from typing import NamedTuple, assert_never

from pinmc.base.records import dataclass
from pinmc.engines.interp.layout import Layout
from pinmc.ir.expr import (
    COMPARISON,
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
from pinmc.ir.extent import extent
from pinmc.ir.types import Scalar, bounds, size, values
from pinmc.ir.walk import substitute
from pinmc.passes.folding import fold

UNROLL_WEIGHT = 600
"""Quantifiers and loops of up to so many nodes in all are written out value by value."""

# How tightly Python's operators bind, loosest first.
_TERNARY, _OR, _AND, _NOT, _COMPARE = 1, 2, 3, 4, 5
_ADD, _TERM, _UNARY, _ATOM = 10, 11, 12, 13
_LEVEL = {
    BinOp.BITOR: 6,
    BinOp.BITXOR: 7,
    BinOp.BITAND: 8,
    BinOp.SHL: 9,
    BinOp.SHR: 9,
    BinOp.ADD: _ADD,
    BinOp.SUB: _ADD,
    BinOp.MUL: _TERM,
}


class Linear(NamedTuple):
    """``text`` plus the number ``plus``; an empty text is the number alone."""

    text: str
    level: int
    plus: int = 0

    def python(self, level: int = 0) -> str:
        """The text with its number added, in parentheses if it binds less tightly than asked."""
        if not self.text:
            return str(self.plus) if self.plus >= 0 else f"({self.plus})"
        if not self.plus:
            return _parenthesised(self.text, self.level, level)
        sign = "+" if self.plus > 0 else "-"
        inner = _parenthesised(self.text, self.level, _ADD)
        return _parenthesised(f"{inner} {sign} {abs(self.plus)}", _ADD, level)


@dataclass(slots=True)
class Sites:
    """The error sites generated code refers to."""

    known: list[ErrorSite] = field(default_factory=list)

    def number(self, site: ErrorSite) -> int:
        self.known.append(site)
        return len(self.known) - 1


@dataclass(slots=True)
class Names:
    """Makes identifiers that are unique in one generated function."""

    made: int = 0

    def fresh(self, letter: str) -> str:
        self.made += 1
        return f"{letter}{self.made}"


@dataclass(frozen=True, slots=True)
class ExprWriter:
    """Where an expression stands: the names of the state, the next state, Bounds and temporaries.

    Bounds that are known have been substituted before.
    """

    layout: Layout
    sites: Sites
    names: Names
    vector: str = "s"
    primed: str = "u"
    bound: dict[str, str] = field(default_factory=dict)
    temps: dict[str, str] = field(default_factory=dict)

    def with_vector(self, vector: str) -> ExprWriter:
        return replace(self, vector=vector)

    def bind(self, name: str, python: str) -> ExprWriter:
        return replace(self, bound={**self.bound, name: python})

    def text(self, expr: Expr, level: int = 0) -> str:
        """Python for ``expr``, in parentheses if it binds less tightly than ``level``."""
        return self.linear(expr).python(level)

    def linear(self, expr: Expr) -> Linear:
        match expr:
            case Const(value=value):
                return Linear("", _ATOM, int(value))
            case Bound(name=name):
                return Linear(self.bound[name], _ATOM)
            case Read():
                return Linear(self.cell(expr), _ATOM, self.layout.shift(expr.var))
            case Unary():
                return self._unary(expr)
            case Binary():
                return self._binary(expr)
            case Ite(cond=cond, then=then, orelse=orelse):
                yes, test, no = self.text(then, _OR), self.text(cond, _OR), self.text(orelse)
                return Linear(f"{yes} if {test} else {no}", _TERNARY)
            case Quant():
                return self._quant(expr)
            case Check():
                return self._check(expr)
            case Require(cond=cond, operand=operand, site=site):
                fail = f"fail({self.sites.number(site)})"
                yes, test = self.text(operand, _OR), self.text(cond, _OR)
                return Linear(f"{yes} if {test} else {fail}", _TERNARY)
            case Wrap():
                return self._wrap(expr)
            case AgentOf(base=base, args=args, domains=domains):
                return self._row_major(base, args, domains)
            case _:
                assert_never(expr)

    def cell(self, read: Read) -> str:
        """The stored cell itself, not yet shifted by its least value."""
        if read.var.storage is Storage.TEMP:
            name = self.temps[read.var.name]
            return f"{name}[{self.position(read.var, read.index)}]" if read.var.dims else name
        vector = self.primed if read.primed else self.vector
        return f"{vector}[{self.position(read.var, read.index)}]"

    def position(self, var: Var, index: Sequence[Expr]) -> str:
        """Where the cell is; temporaries have a list of their own each."""
        base = 0 if var.storage is Storage.TEMP else var.offset
        return self._row_major(base, index, var.dims).python()

    def _row_major(self, base: int, index: Sequence[Expr], dims: Sequence[Scalar]) -> Linear:
        stride, plus, terms = 1, base, list[str]()
        for expr, dim in zip(reversed(index), reversed(dims), strict=True):
            part = self.linear(expr)
            plus += stride * (part.plus - bounds(dim)[0])
            if part.text:
                factor = f"*{stride}" if stride > 1 else ""
                level = _UNARY if factor else _TERM
                terms.append(_parenthesised(part.text, part.level, level) + factor)
            stride *= size(dim)
        # Written in the order of evaluation, which decides what fails first.
        return Linear(" + ".join(reversed(terms)), _ADD if len(terms) > 1 else _TERM, plus)

    def _unary(self, expr: Unary) -> Linear:
        match expr.op:
            case UnOp.NOT:
                return Linear(f"not {self.text(expr.operand, _NOT)}", _NOT)
            case UnOp.NEG:
                return Linear(f"-{self.text(expr.operand, _UNARY)}", _UNARY)
            case UnOp.INVERT:
                return Linear(f"~{self.text(expr.operand, _UNARY)}", _UNARY)
            case _:
                assert_never(expr.op)

    def _binary(self, expr: Binary) -> Linear:
        op = expr.op
        if op in COMPARISON:
            return self._comparison(expr)
        match op:
            case BinOp.AND:
                return self._chain(expr, " and ", _AND)
            case BinOp.OR:
                return self._chain(expr, " or ", _OR)
            case BinOp.IMPLIES:
                left, right = self.text(expr.left, _NOT), self.text(expr.right, _OR)
                return Linear(f"not {left} or {right}", _OR)
            case BinOp.MIN | BinOp.MAX:
                call = f"{op.value}({self.text(expr.left)}, {self.text(expr.right)})"
                return Linear(call, _ATOM)
            case BinOp.DIV | BinOp.MOD:
                return self._division(expr)
            case BinOp.ADD | BinOp.SUB if isinstance(expr.right, Const):
                number = expr.right.value if op is BinOp.ADD else -expr.right.value
                first = self.linear(expr.left)
                return first._replace(plus=first.plus + number)
        own = _LEVEL[op]
        left_text, right_text = self.text(expr.left, own), self.text(expr.right, own + 1)
        return Linear(f"{left_text} {op.value} {right_text}", own)

    def _chain(self, expr: Binary, joint: str, level: int) -> Linear:
        """A run of the same operator without nesting, however long."""
        parts: list[str] = []
        rest: Expr = expr
        while isinstance(rest, Binary) and rest.op is expr.op:
            parts.append(self.text(rest.right, level + 1))
            rest = rest.left
        parts.append(self.text(rest, level + 1))
        return Linear(joint.join(reversed(parts)), level)

    def _comparison(self, expr: Binary) -> Linear:
        """Numbers move to the right, so that a stored cell is compared as it is."""
        left, right = self.linear(expr.left), self.linear(expr.right)
        if left.text:
            right = right._replace(plus=right.plus - left.plus)
            left = left._replace(plus=0)
        elif right.text:
            left = left._replace(plus=left.plus - right.plus)
            right = right._replace(plus=0)
        sides = left.python(_COMPARE + 1), right.python(_COMPARE + 1)
        return Linear(f"{sides[0]} {expr.op.value} {sides[1]}", _COMPARE)

    def _division(self, expr: Binary) -> Linear:
        """C's division differs from Python's where a side is negative."""
        both = (extent(expr.left), extent(expr.right))
        if all(of is not None and of[0] >= 0 for of in both):
            sign = "//" if expr.op is BinOp.DIV else "%"
            sides = self.text(expr.left, _TERM), self.text(expr.right, _UNARY)
            return Linear(f"{sides[0]} {sign} {sides[1]}", _TERM)
        name = "divide" if expr.op is BinOp.DIV else "remainder"
        return Linear(f"{name}({self.text(expr.left)}, {self.text(expr.right)})", _ATOM)

    def _check(self, expr: Check) -> Linear:
        """The value is kept in a name of its own while it is compared."""
        inner = self.linear(expr.operand)
        fail = f"fail({self.sites.number(expr.site)})"
        if not inner.text:
            return inner if expr.lo <= inner.plus <= expr.hi else Linear(fail, _ATOM)
        name = self.names.fresh("x")
        test = f"({name} := {inner.text})"
        known = extent(expr.operand)
        if known is None or known[0] < expr.lo:
            test = f"{expr.lo - inner.plus} <= {test}"
        if known is None or known[1] > expr.hi:
            test = f"{test} <= {expr.hi - inner.plus}"
        elif known[0] >= expr.lo:
            return inner
        return Linear(f"{name} if {test} else {fail}", _TERNARY, inner.plus)

    def _wrap(self, expr: Wrap) -> Linear:
        mask = (1 << expr.width) - 1
        half = 1 << (expr.width - 1) if expr.signed else 0
        inner = self.linear(expr.operand)
        moved = inner._replace(plus=inner.plus + half).python(8)
        return Linear(f"({moved} & {mask})", _ATOM, -half)

    def _quant(self, quant: Quant) -> Linear:
        if weight(quant) <= UNROLL_WEIGHT:
            return self._unrolled(quant)
        name = self.names.fresh("q")
        body = self.bind(quant.name, name).text(quant.body)
        call = {QuantKind.FORALL: "all", QuantKind.EXISTS: "any"}.get(quant.kind, "sum")
        return Linear(f"{call}({body} for {name} in {loop_range(quant.domain)})", _ATOM)

    def _unrolled(self, quant: Quant) -> Linear:
        parts = [fold(part) for part in _instances(quant)]
        match quant.kind:
            case QuantKind.FORALL:
                return self._joined(parts, " and ", _AND, 1)
            case QuantKind.EXISTS:
                return self._joined(parts, " or ", _OR, 0)
            case QuantKind.COUNT | QuantKind.SUM:
                return self._joined(parts, " + ", _ADD, 0)
            case _:
                assert_never(quant.kind)

    def _joined(self, parts: Sequence[Expr], joint: str, level: int, neutral: int) -> Linear:
        texts: list[str] = []
        for part in parts:
            if isinstance(part, Const) and part.value == neutral:
                continue
            texts.append(self.text(part, level + 1))
            if isinstance(part, Const) and level != _ADD:
                break
        if not texts:
            return Linear("", _ATOM, neutral)
        return Linear(joint.join(texts), level)


def _instances(quant: Quant) -> list[Expr]:
    return [
        substitute(quant.body, {quant.name: Const(value, quant.domain)})
        for value in values(quant.domain)
    ]


def loop_range(domain: Scalar) -> str:
    """Python's range over all values of ``domain``."""
    lo, hi = bounds(domain)
    return f"range({lo}, {hi + 1})"


def _parenthesised(text: str, own: int, level: int) -> str:
    return f"({text})" if own < level else text


def weight(expr: Expr) -> int:
    """How many nodes the expression has when its quantifiers are written out."""
    inner = 1 + sum(weight(child) for child in children(expr))
    return inner * max(1, size(expr.domain)) if isinstance(expr, Quant) else inner
