"""Smart constructors of IR expressions: constants fold, needless checks disappear.

Folding here is part of the language: a condition that folds from constants and choices is no
step, so what these functions fold decides how many steps there are. They fold constants,
neutral elements of the logical operators, and comparisons of constants; nothing cleverer.
"""

from __future__ import annotations

from collections.abc import Iterable

from pinmc.ir import evaluate, walk
from pinmc.ir.evaluate import apply
from pinmc.ir.expr import (
    FALSE,
    TRUE,
    Binary,
    BinOp,
    Check,
    Const,
    ErrorSite,
    Expr,
    Ite,
    Quant,
    QuantKind,
    Require,
    Storage,
    Unary,
    UnOp,
    Var,
    Wrap,
    children,
)
from pinmc.ir.extent import extent
from pinmc.ir.stmt import Assert, Assign, Assume, For, If, Mark, Stmt, Unused
from pinmc.ir.types import INT64_MAX, INT64_MIN, Int, Scalar, Word


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
        return TRUE if apply(op, left.value, right.value) else FALSE
    return Binary(op, left, right)


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
    if isinstance(left, Const) and isinstance(right, Const) and _is_defined(op, right.value):
        folded = apply(op, left.value, right.value)
        if abs(folded) < _FOLD_LIMIT:
            return integer(folded)
    return Binary(op, left, right)


def _is_defined(op: BinOp, right: int) -> bool:
    if op in (BinOp.DIV, BinOp.MOD):
        return right != 0
    return op not in (BinOp.SHL, BinOp.SHR) or 0 <= right <= 64


def neg(operand: Expr) -> Expr:
    return integer(-operand.value) if isinstance(operand, Const) else Unary(UnOp.NEG, operand)


def wrap(operand: Expr, width: int, signed: bool) -> Expr:
    if isinstance(operand, Const):
        return Const(evaluate.wrap(operand.value, width, signed), Word(width, signed))
    return Wrap(operand, width, signed)


def check(operand: Expr, lo: int, hi: int, site: ErrorSite, type_: Scalar) -> Expr:
    """``operand`` as a ``type_`` between lo and hi; no node where its extent shows it fits."""
    if fits(operand, lo, hi):
        return Const(operand.value, type_) if isinstance(operand, Const) else operand
    return Check(operand, lo, hi, site, type_)


def fits(operand: Expr, lo: int, hi: int) -> bool:
    """Whether the value is surely between ``lo`` and ``hi``."""
    known = extent(operand)
    return known is not None and lo <= known[0] and known[1] <= hi


def require(cond: Expr, operand: Expr, site: ErrorSite) -> Expr:
    return operand if cond == TRUE else Require(cond, operand, site)


def checked_int(operand: Expr, site: ErrorSite) -> Expr:
    """Arithmetic on ``int``: within 64 bits, or the found error ``overflow``."""
    return check(operand, INT64_MIN, INT64_MAX, site, Int())


def total(expr: Expr) -> bool:
    """Whether evaluating the expression can never be a found error."""
    return not isinstance(expr, Check | Require) and all(total(e) for e in children(expr))


# --- what code touches -------------------------------------------------------------------------


def code_vars(stmts: Iterable[Stmt]) -> tuple[set[Var], set[Var]]:
    """The variables statements may read and may write; arguments of marks do not count."""
    reads: set[Var] = set()
    writes: set[Var] = set()
    for stmt in stmts:
        match stmt:
            case Assign(var=var, index=index, value=value):
                writes.add(var)
                for expr in (*index, value):
                    reads |= walk.reads(expr)
            case If(cond=cond, then=then, orelse=orelse):
                reads |= walk.reads(cond)
                _join(reads, writes, code_vars(then))
                _join(reads, writes, code_vars(orelse))
            case For(body=body):
                _join(reads, writes, code_vars(body))
            case Assume(cond=cond) | Assert(cond=cond):
                reads |= walk.reads(cond)
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
