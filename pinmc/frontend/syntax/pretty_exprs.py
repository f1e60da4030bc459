"""Types and expressions as text, with no more parentheses than the grammar needs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from pinmc.frontend.syntax import ast

ANY, IFF, IMPLIES, OR, AND, PREFIX, COMPARISON, PIPE, CARET, AMP, SHIFT, SUM, PRODUCT, SIGNED = (
    range(14)
)
POSTFIX = 14
"""Levels of binding, loosest first; ``ANY`` is that of the conditional expression."""

LEVELS: dict[str, int] = {
    "iff": IFF,
    **dict.fromkeys(("implies", "leads_to", "until"), IMPLIES),
    "or": OR,
    "and": AND,
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">=", "in"), COMPARISON),
    "|": PIPE,
    "^": CARET,
    "&": AMP,
    **dict.fromkeys(("<<", ">>"), SHIFT),
    **dict.fromkeys(("+", "-"), SUM),
    **dict.fromkeys(("*", "/", "%"), PRODUCT),
}

STEP = "  "
"""One level of indentation."""


def show_type(type_: ast.TypeExpr) -> str:
    """A type. An optional set, queue or array has no text of its own and shows as one of its
    elements' type made optional; no specification holds such a type."""
    match type_:
        case ast.NamedType(name):
            return name.name
        case ast.RangeType(lo, hi):
            return f"{show(lo, PIPE)}..{show(hi, PIPE)}"
        case ast.WordType(signed, width):
            return f"{'sint' if signed else 'uint'}[{show(width)}]"
        case ast.OptionalType(inner):
            return f"{show_type(inner)}?"
        case ast.SetType(element):
            return f"set {show_type(element)}"
        case ast.QueueType(capacity, element):
            return f"queue[{show(capacity)}] {show_type(element)}"
        case ast.ArrayType(dims, element):
            return f"array[{', '.join(map(show_type, dims))}] {show_type(element)}"
        case _:
            assert_never(type_)


def level(expr: ast.Expr) -> int:
    """How tightly the outermost operator of ``expr`` binds."""
    match expr:
        case ast.BinaryExpr(op):
            return LEVELS[op]
        case ast.UnaryExpr("not", ast.BinaryExpr("in")):
            return COMPARISON
        case ast.UnaryExpr(op):
            return SIGNED if op in "-~" else PREFIX
        case ast.AtExpr():
            return COMPARISON
        case ast.CondExpr():
            return ANY
        case _:
            return POSTFIX


def show(expr: ast.Expr, least: int = ANY) -> str:
    """``expr`` on one line, in parentheses when it binds more loosely than ``least``."""
    text = _bare(expr)
    return f"({text})" if level(expr) < least else text


def _bare(expr: ast.Expr) -> str:
    match expr:
        case ast.IntLit(value):
            return str(value)
        case ast.BoolLit(value):
            return "true" if value else "false"
        case ast.NoneLit():
            return "none"
        case ast.NondetExpr():
            return "nondet"
        case ast.NameExpr(name, primed):
            return name + "'" * primed
        case ast.IndexExpr(base, indices):
            return f"{show(base, POSTFIX)}[{_list(indices)}]"
        case ast.FieldExpr(base, name, primed):
            return f"{show(base, POSTFIX)}.{name.name}" + "'" * primed
        case ast.CallExpr(callee, args):
            return f"{callee.name}({', '.join(map(_argument, args))})"
        case ast.SetLit(elements):
            return f"{{{_list(elements)}}}"
        case ast.QuantExpr(_, _, _, body):
            return f"{quant_head(expr)} {{ {show(body)} }}"
        case ast.UnaryExpr() | ast.BinaryExpr() | ast.AtExpr() | ast.CondExpr():
            return _operator(expr)
        case _:
            assert_never(expr)


def _operator(expr: ast.UnaryExpr | ast.BinaryExpr | ast.AtExpr | ast.CondExpr) -> str:
    match expr:
        case ast.UnaryExpr("not", ast.BinaryExpr("in", left, right)):
            return f"{show(left, PIPE)} not in {show(right, PIPE)}"
        case ast.UnaryExpr(op, operand):
            text = show(operand, level(expr))
            return f"{op}{text}" if op in "-~" else f"{op} {text}"
        case ast.BinaryExpr(op, left, right):
            least_left, least_right = sides(op)
            return f"{show(left, least_left)} {op} {show(right, least_right)}"
        case ast.AtExpr(actor, label):
            return f"{show(actor, PIPE)} at {label.name}"
        case ast.CondExpr(cond, then, orelse):
            return f"if {show(cond)} then {show(then)} else {show(orelse)}"
        case _:
            assert_never(expr)


def sides(op: str) -> tuple[int, int]:
    """The loosest levels the operands of ``op`` may have without parentheses."""
    own = LEVELS[op]
    if own == IMPLIES:
        return own + 1, own
    if own == COMPARISON:
        return own + 1, own + 1
    return own, own + 1


def quant_head(expr: ast.QuantExpr) -> str:
    """``forall p: Page, q: Page where e``."""
    return f"{expr.kind} {show_binders(expr.binders)}{show_where(expr.where)}"


def show_binders(binders: Iterable[ast.Binder]) -> str:
    return ", ".join(f"{b.name.name}: {show_type(b.type)}" for b in binders)


def show_where(where: ast.Expr | None) -> str:
    return "" if where is None else f" where {show(where)}"


def _list(exprs: Iterable[ast.Expr]) -> str:
    return ", ".join(map(show, exprs))


def _argument(argument: ast.Argument) -> str:
    value = show(argument.value)
    return value if argument.name is None else f"{argument.name.name} = {value}"


# --- expressions too long for one line ---


def folded(expr: ast.Expr, room: int, least: int = ANY) -> list[str]:
    """``expr`` on as many lines as it takes to keep them within ``room`` columns, where easy.

    It breaks before the words between formulas and in the braces of quantifiers.
    """
    flat = show(expr, least)
    if len(flat) <= room:
        return [flat]
    if level(expr) < least:
        first, *rest = folded(expr, room - 2)
        lines = [f"({first}", *(f" {line}" for line in rest)]
        return [*lines[:-1], f"{lines[-1]})"]
    match expr:
        case ast.BinaryExpr(op) if LEVELS[op] <= AND:
            return _folded_chain(op, expr, room)
        case ast.QuantExpr():
            body = folded(expr.body, room - len(STEP))
            return [f"{quant_head(expr)} {{", *(STEP + line for line in body), "}"]
        case ast.UnaryExpr(op, operand) if op not in "-~" and level(expr) == PREFIX:
            first, *rest = folded(operand, room - len(op) - 1, PREFIX)
            return [f"{op} {first}", *rest]
        case ast.CondExpr(cond, then, orelse):
            first, *rest = folded(orelse, room - len("else "))
            return [f"if {show(cond)} then {show(then)}", f"else {first}", *rest]
        case _:
            return [flat]


def _folded_chain(op: str, expr: ast.BinaryExpr, room: int) -> list[str]:
    """``a``, then ``op b``, ``op c`` … on lines of their own."""
    tight = max(sides(op))
    operands = _operands(op, expr)
    lines: list[str] = []
    for index, operand in enumerate(operands):
        outer = index == len(operands) - 1 if LEVELS[op] == IMPLIES else index == 0
        least = LEVELS[op] if outer else tight
        mark = f"{op} " if index else ""
        first, *rest = folded(operand, room - len(mark), least)
        lines += [mark + first, *rest]
    return lines


def _operands(op: str, expr: ast.Expr) -> list[ast.Expr]:
    """What stands between the ``op`` of a chain, in order; parentheses are respected."""
    result: list[ast.Expr] = []
    right_assoc = LEVELS[op] == IMPLIES
    while isinstance(expr, ast.BinaryExpr) and expr.op == op:
        result.append(expr.left if right_assoc else expr.right)
        expr = expr.right if right_assoc else expr.left
    result.append(expr)
    return result if right_assoc else result[::-1]
