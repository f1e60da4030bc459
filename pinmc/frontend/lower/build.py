"""Smart constructors of IR expressions: constants fold, needless checks disappear.

Folding here is part of the language: a condition that folds from constants and choices is no
step, so what these functions fold decides how many steps there are. They fold constants,
neutral elements of the logical operators, and comparisons of constants; nothing cleverer.
"""

from __future__ import annotations

from collections.abc import Iterable

from pinmc.ir.expr import (
    FALSE,
    TRUE,
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
from pinmc.ir.stmt import Assert, Assign, Assume, For, If, Mark, Stmt, Unused
from pinmc.ir.types import INT64_MAX, INT64_MIN, Int, Scalar, bounds

Interval = tuple[int, int]


def not_(operand: Expr) -> Expr:
    match operand:
        case Const(value=value):
            return FALSE if value else TRUE
        case Unary(op=UnOp.NOT, operand=inner):
            return inner
        case _:
            return Unary(UnOp.NOT, operand)


def and_(*operands: Expr) -> Expr:
    result: Expr = TRUE
    for operand in operands:
        if result == FALSE or operand == TRUE:
            continue
        result = operand if result == TRUE else _and2(result, operand)
    return result


def _and2(left: Expr, right: Expr) -> Expr:
    # ``x and false`` stays unless x cannot fail: evaluating x may be a found error.
    if right == FALSE and total(left):
        return FALSE
    return Binary(BinOp.AND, left, right)


def or_(*operands: Expr) -> Expr:
    result: Expr = FALSE
    for operand in operands:
        if result == TRUE or operand == FALSE:
            continue
        if result == FALSE:
            result = operand
        elif operand == TRUE and total(result):
            result = TRUE
        else:
            result = Binary(BinOp.OR, result, operand)
    return result


def implies(left: Expr, right: Expr) -> Expr:
    if left == FALSE or (right == TRUE and total(left)):
        return TRUE
    if left == TRUE:
        return right
    return Binary(BinOp.IMPLIES, left, right)


def eq(left: Expr, right: Expr) -> Expr:
    return compare(BinOp.EQ, left, right)


def compare(op: BinOp, left: Expr, right: Expr) -> Expr:
    if isinstance(left, Const) and isinstance(right, Const):
        return TRUE if _compare(op, left.value, right.value) else FALSE
    return Binary(op, left, right)


def _compare(op: BinOp, a: int, b: int) -> bool:
    match op:
        case BinOp.EQ:
            return a == b
        case BinOp.NE:
            return a != b
        case BinOp.LT:
            return a < b
        case BinOp.LE:
            return a <= b
        case BinOp.GT:
            return a > b
        case BinOp.GE:
            return a >= b
        case _:
            raise AssertionError(op)


def ite(cond: Expr, then: Expr, orelse: Expr) -> Expr:
    if isinstance(cond, Const):
        return then if cond.value else orelse
    return Ite(cond, then, orelse)


def quant(kind: QuantKind, name: str, domain: Scalar, body: Expr) -> Expr:
    if isinstance(body, Const) and kind in (QuantKind.FORALL, QuantKind.EXISTS):
        return body
    return Quant(kind, name, domain, body)


def integer(value: int) -> Const:
    return Const(value, Int())


_FOLD_LIMIT = 2**256


def arith(op: BinOp, left: Expr, right: Expr) -> Expr:
    """Mathematical arithmetic; the caller checks or wraps the result and excludes divisor 0."""
    if isinstance(left, Const) and isinstance(right, Const):
        folded = _arith(op, left.value, right.value)
        if folded is not None and abs(folded) < _FOLD_LIMIT:
            return integer(folded)
    return Binary(op, left, right)


def _arith(op: BinOp, a: int, b: int) -> int | None:
    match op:
        case BinOp.ADD:
            return a + b
        case BinOp.SUB:
            return a - b
        case BinOp.MUL:
            return a * b
        case BinOp.DIV | BinOp.MOD if b != 0:
            quotient = abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)
            return quotient if op is BinOp.DIV else a - quotient * b
        case BinOp.BITAND:
            return a & b
        case BinOp.BITOR:
            return a | b
        case BinOp.BITXOR:
            return a ^ b
        case BinOp.SHL if 0 <= b <= 64:
            return a << b
        case BinOp.SHR if 0 <= b:
            return a >> b
        case BinOp.MIN:
            return min(a, b)
        case BinOp.MAX:
            return max(a, b)
        case _:
            return None


def neg(operand: Expr) -> Expr:
    return integer(-operand.value) if isinstance(operand, Const) else Unary(UnOp.NEG, operand)


def wrap(operand: Expr, width: int, signed: bool) -> Expr:
    from pinmc.ir.types import Word

    word = Word(width, signed)
    lo, hi = bounds(word)
    if isinstance(operand, Const):
        return Const((operand.value - lo) % 2**width + lo, word)
    return Wrap(operand, width, signed)


def check(operand: Expr, lo: int, hi: int, site: ErrorSite, type_: Scalar) -> Expr:
    """``operand`` as a ``type_`` between lo and hi; no node where the interval shows it fits."""
    least, greatest = interval(operand)
    if lo <= least and greatest <= hi:
        return Const(operand.value, type_) if isinstance(operand, Const) else operand
    return Check(operand, lo, hi, site, type_)


def require(cond: Expr, operand: Expr, site: ErrorSite) -> Expr:
    return operand if cond == TRUE else Require(cond, operand, site)


def checked_int(operand: Expr, site: ErrorSite) -> Expr:
    """Arithmetic on ``int``: within 64 bits, or the found error ``overflow``."""
    return check(operand, INT64_MIN, INT64_MAX, site, Int())


def interval(expr: Expr) -> Interval:
    """The least and greatest value an expression can have, from its leaves' types."""
    match expr:
        case Const(value=value):
            return value, value
        case Bound(type=type_):
            return bounds(type_)
        case Read(var=var):
            return bounds(var.type)
        case Check(lo=lo, hi=hi, operand=operand):
            least, greatest = interval(operand)
            return max(lo, min(least, hi)), min(hi, max(greatest, lo))
        case Require(operand=operand):
            return interval(operand)
        case Wrap(width=width, signed=True):
            return -(2 ** (width - 1)), 2 ** (width - 1) - 1
        case Wrap(width=width):
            return 0, 2**width - 1
        case Ite(then=then, orelse=orelse):
            return _hull(interval(then), interval(orelse))
        case AgentOf(count=count):
            return 0, count - 1
        case Quant(kind=kind, domain=domain, body=body):
            return _quant_interval(kind, domain, body)
        case Unary(op=op, operand=operand):
            return _unary_interval(op, operand)
        case Binary(op=op, left=left, right=right):
            return _binary_interval(op, interval(left), interval(right))


def _hull(a: Interval, b: Interval) -> Interval:
    return min(a[0], b[0]), max(a[1], b[1])


def _quant_interval(kind: QuantKind, domain: Scalar, body: Expr) -> Interval:
    lo, hi = bounds(domain)
    count = hi - lo + 1
    match kind:
        case QuantKind.FORALL | QuantKind.EXISTS:
            return 0, 1
        case QuantKind.COUNT:
            return 0, count
        case QuantKind.SUM:
            least, greatest = interval(body)
            return min(0, least * count), max(0, greatest * count)


def _unary_interval(op: UnOp, operand: Expr) -> Interval:
    lo, hi = interval(operand)
    match op:
        case UnOp.NOT:
            return 0, 1
        case UnOp.NEG:
            return -hi, -lo
        case UnOp.INVERT:
            return ~hi, ~lo


def _binary_interval(op: BinOp, a: Interval, b: Interval) -> Interval:
    match op:
        case BinOp.ADD:
            return a[0] + b[0], a[1] + b[1]
        case BinOp.SUB:
            return a[0] - b[1], a[1] - b[0]
        case BinOp.MUL:
            corners = [x * y for x in a for y in b]
            return min(corners), max(corners)
        case BinOp.DIV:
            most = max(abs(a[0]), abs(a[1]))
            return (0 if a[0] >= 0 and b[0] >= 0 else -most), most
        case BinOp.MOD:
            most = min(max(abs(a[0]), abs(a[1])), max(abs(b[0]), abs(b[1]), 1) - 1)
            return (0 if a[0] >= 0 else -most), (0 if a[1] <= 0 else most)
        case BinOp.MIN:
            return min(a[0], b[0]), min(a[1], b[1])
        case BinOp.MAX:
            return max(a[0], b[0]), max(a[1], b[1])
        case BinOp.BITAND | BinOp.BITOR | BinOp.BITXOR:
            bits = max(x.bit_length() for x in (*a, *b))
            return (0 if a[0] >= 0 and b[0] >= 0 else -(2**bits)), 2**bits - 1
        case BinOp.SHL:
            return min(a[0], a[0] << 64), max(a[1], a[1] << 64)
        case BinOp.SHR:
            return min(a[0], 0), max(a[1], 0)
        case _:
            return 0, 1


def total(expr: Expr) -> bool:
    """Whether evaluating the expression can never be a found error."""
    return not isinstance(expr, Check | Require) and all(total(e) for e in children(expr))


# --- what code touches -------------------------------------------------------------------------


def expr_vars(expr: Expr) -> set[Var]:
    """Every variable an expression may read."""
    found: set[Var] = {expr.var} if isinstance(expr, Read) else set()
    for child in children(expr):
        found |= expr_vars(child)
    return found


def code_vars(stmts: Iterable[Stmt]) -> tuple[set[Var], set[Var]]:
    """The variables statements may read and may write; arguments of marks do not count."""
    reads: set[Var] = set()
    writes: set[Var] = set()
    for stmt in stmts:
        match stmt:
            case Assign(var=var, index=index, value=value):
                writes.add(var)
                for expr in (*index, value):
                    reads |= expr_vars(expr)
            case If(cond=cond, then=then, orelse=orelse):
                reads |= expr_vars(cond)
                _join(reads, writes, code_vars(then))
                _join(reads, writes, code_vars(orelse))
            case For(body=body):
                _join(reads, writes, code_vars(body))
            case Assume(cond=cond) | Assert(cond=cond):
                reads |= expr_vars(cond)
            case Mark() | Unused():
                pass
    return reads, writes


def _join(reads: set[Var], writes: set[Var], more: tuple[set[Var], set[Var]]) -> None:
    reads |= more[0]
    writes |= more[1]


_SHARED = (Storage.SHARED, Storage.LOCK, Storage.PLACE)


def is_shared(variables: Iterable[Var]) -> bool:
    """Whether any of them is state that other actors can see and that is no ghost."""
    return any(v.storage in _SHARED for v in variables)


def touches_shared(stmts: Iterable[Stmt]) -> bool:
    reads, writes = code_vars(stmts)
    return is_shared(reads | writes)


def can_hold(type_: Scalar, least: int, greatest: int) -> bool:
    lo, hi = bounds(type_)
    return lo <= least and greatest <= hi

