"""Building types and expressions: one method a rule of the grammar, see build.py."""

from __future__ import annotations

import dataclasses

from pinmc.frontend.syntax import ast
from pinmc.frontend.syntax.parts import (
    Children,
    dotted_name,
    ident,
    optional_ident,
    report,
    same_depth,
    too_deep,
    torn,
    whole,
)
from pinmc.frontend.syntax.tokens import Token


class BuildExprs:
    """Types and expressions."""

    # --- types ---

    def named_type(self, c: Children) -> ast.TypeExpr:
        (expr,) = c
        name = dotted_name(expr)
        if name is None:
            report(
                "PIN028",
                expr.span,
                "a type is expected here, this is an expression",
                "a range is written 'lo..hi', such as 0..3",
            )
            name = ast.Ident("?", expr.span)
        return ast.NamedType(name, expr.span)

    def basic_type(self, c: Children) -> ast.NamedType:
        return ast.NamedType(ident(c[0]), c[0].span)

    def word_type(self, c: Children) -> ast.WordType:
        keyword, _, width, _ = c
        return ast.WordType(keyword.type == "SINT", width, whole(c))

    def range_type(self, c: Children) -> ast.RangeType:
        lo, _, hi = c
        return ast.RangeType(lo, hi, whole(c))

    def optional_name(self, c: Children) -> ast.TypeExpr:
        expr, mark = c
        return self.optional_type([self.named_type([expr]), mark])

    def optional_type(self, c: Children) -> ast.TypeExpr:
        inner, mark = c
        type_ = ast.OptionalType(inner, whole(c))
        return inner if too_deep(mark, type_, (inner,)) else type_

    def set_type(self, c: Children) -> ast.TypeExpr:
        keyword, element = c
        type_ = ast.SetType(element, whole(c))
        return element if too_deep(keyword, type_, (element,)) else type_

    def queue_type(self, c: Children) -> ast.TypeExpr:
        keyword, _, capacity, _, element = c
        type_ = ast.QueueType(capacity, element, whole(c))
        return element if too_deep(keyword, type_, (element,)) else type_

    def array_type(self, c: Children) -> ast.TypeExpr:
        keyword, _, dims, _, element = c
        type_ = ast.ArrayType(tuple(dims), element, whole(c))
        return element if too_deep(keyword, type_, (element,)) else type_

    # --- expressions ---

    def cond(self, c: Children) -> ast.Expr:
        keyword, cond, _, then, _, orelse = c
        node = ast.CondExpr(cond, then, orelse, whole(c))
        return then if too_deep(keyword, node, (cond, then, orelse)) else node

    def binary(self, c: Children) -> ast.Expr:
        left, op, right = c
        node = ast.BinaryExpr(op.text, left, right, left.span.to(right.span))
        return left if too_deep(op, node, (left, right)) else node

    def unary(self, c: Children) -> ast.Expr:
        op, operand = c
        node = ast.UnaryExpr(op.text, operand, op.span.to(operand.span))
        return operand if too_deep(op, node, (operand,)) else node

    def not_in(self, c: Children) -> ast.Expr:
        left, op, _, right = c
        inner = ast.BinaryExpr("in", left, right, left.span.to(right.span))
        node = ast.UnaryExpr("not", inner, inner.span)
        if too_deep(op, inner, (left, right)) or too_deep(op, node, (inner,)):
            return left  # type: ignore[no-any-return]
        return node

    def at(self, c: Children) -> ast.Expr:
        actor, op, label = c
        node = ast.AtExpr(actor, ident(label), whole(c))
        return actor if too_deep(op, node, (actor,)) else node

    def name(self, c: Children) -> ast.NameExpr:
        return ast.NameExpr(c[0].text, False, c[0].span)

    def subscript(self, c: Children) -> ast.Expr:
        base, bracket, indices, _ = c
        node = ast.IndexExpr(base, tuple(indices), whole(c))
        return base if too_deep(bracket, node, (base, *indices)) else node

    def member(self, c: Children) -> ast.Expr:
        base, dot, name = c
        node = ast.FieldExpr(base, ident(name), False, whole(c))
        return base if too_deep(dot, node, (base,)) else node

    def call(self, c: Children) -> ast.CallExpr:
        callee, bracket, args, _ = c
        name = dotted_name(callee)
        if name is None:
            message = "only something with a name can be called"
            report("PIN029", callee.span, message, _torn_call(c))
            name = ast.Ident("?", callee.span)
        return _call(bracket, name, tuple(args or ()), c)

    def convert(self, c: Children) -> ast.CallExpr:
        keyword, bracket, args, _ = c
        return _call(bracket, ident(keyword), tuple(args or ()), c)

    def argument(self, c: Children) -> ast.Argument:
        name, _, value = c
        return ast.Argument(optional_ident(name), value, whole(c))

    def prime(self, c: Children) -> ast.Expr:
        base, mark = c
        if isinstance(base, (ast.NameExpr, ast.FieldExpr)) and not base.primed:
            primed = dataclasses.replace(base, primed=True, span=whole(c))
            same_depth(base, primed)
            return primed
        report(
            "PIN030",
            mark.span,
            "a prime follows the name of a variable or of a field",
            'write "x\'[i]" for the value after the step, not "x[i]\'"',
        )
        return base  # type: ignore[no-any-return]

    def number(self, c: Children) -> ast.IntLit:
        text = c[0].text.replace("_", "")
        base = 16 if text[:2] in ("0x", "0X") else 10
        return ast.IntLit(int(text, base), c[0].span)

    def boolean(self, c: Children) -> ast.BoolLit:
        return ast.BoolLit(c[0].type == "TRUE", c[0].span)

    def none(self, c: Children) -> ast.NoneLit:
        return ast.NoneLit(c[0].span)

    def nondet(self, c: Children) -> ast.NondetExpr:
        return ast.NondetExpr(c[0].span)

    def paren(self, c: Children) -> ast.Expr:
        """The expression within, its span widened: an operand begins at its parenthesis."""
        inner = c[1]
        node: ast.Expr = dataclasses.replace(inner, span=whole(c))
        same_depth(inner, node)
        return node

    def set_lit(self, c: Children) -> ast.SetLit:
        bracket, elements, _ = c
        node = ast.SetLit(tuple(elements or ()), whole(c))
        too_deep(bracket, node, (None, *node.elements))
        return node

    def quant(self, c: Children) -> ast.QuantExpr:
        keyword, binders, _, where, bracket, body, _ = c
        node = ast.QuantExpr(keyword.text, tuple(binders), where, body, whole(c))
        too_deep(bracket, node, (where, body))
        return node


def _torn_call(c: Children) -> str:
    """A remedy where the parenthesis stands on another line than what it calls."""
    return torn(ast.NoneLit(c[0].span.to(c[1].span)))


def _call(
    bracket: Token, name: ast.Ident, args: tuple[ast.Argument, ...], c: Children
) -> ast.CallExpr:
    node = ast.CallExpr(name, args, whole(c))
    if too_deep(bracket, node, (None, *(a.value for a in args))):
        return ast.CallExpr(name, (), node.span)
    return node
