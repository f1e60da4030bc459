"""Operators: which types they take and how their operands find a common one."""

from __future__ import annotations

from pinmc.frontend.sema import typed
from pinmc.frontend.sema.base import Base
from pinmc.frontend.sema.evaluate import NotConstant, NoValue, evaluate, fold
from pinmc.frontend.sema.kinds import (
    BOOL,
    INT,
    error_at,
    is_error,
    is_integer,
    quote,
    shown,
    stripped,
)
from pinmc.frontend.sema.rights import Lead
from pinmc.frontend.sema.types import FormulaT, LockT, OptionalT, SetT, Type
from pinmc.frontend.syntax import ast
from pinmc.ir.types import Bool, Enum, Scalarset, Word

_LOGICAL = frozenset({"and", "or", "implies", "iff"})
_EQUALITY = frozenset({"==", "!="})
_ORDER = frozenset({"<", "<=", ">", ">="})
_BITS = frozenset({"|", "&", "^", "<<", ">>"})
_TEMPORAL = frozenset({"leads_to", "until", "always", "eventually"})


class Operators(Base):
    """Unary and binary expressions."""

    # --- unary -----------------------------------------------------------------------------

    def unary(self, expr: ast.UnaryExpr, expected: Type | None, lead: Lead) -> typed.Expr:
        front = Lead.FRONT if lead is Lead.FRONT else Lead.NO
        if expr.op in _TEMPORAL:
            return self.misplaced_temporal(expr)
        if expr.op == "not":
            operand = self.check(expr.operand, BOOL, front)
            return typed.Unary("not", operand, BOOL, expr.span)
        operand = self.unwrapped(self.infer(expr.operand, expected, front))
        type_ = operand.type
        if is_error(type_):
            return error_at(expr.span)
        if isinstance(type_, Word):
            return typed.Unary(expr.op, operand, type_, expr.span)
        if is_integer(type_) and (expr.op == "-" or fold(operand) is not None):
            return typed.Unary(expr.op, operand, INT, expr.span)
        return self._no_operator(expr.op, operand)

    def misplaced_temporal(self, expr: ast.UnaryExpr | ast.BinaryExpr) -> typed.Expr:
        return self.bad(
            "PIN316",
            expr.span,
            f"'{expr.op}' is a temporal operator: it belongs directly in a 'property'",
            "temporal formulas cannot be stored, compared or put into a def",
        )

    # --- binary ----------------------------------------------------------------------------

    def binary(self, expr: ast.BinaryExpr, expected: Type | None, lead: Lead) -> typed.Expr:
        front = Lead.FRONT if lead is Lead.FRONT else Lead.NO
        if expr.op in _TEMPORAL:
            return self.misplaced_temporal(expr)
        if expr.op in _LOGICAL:
            left = self.check(expr.left, BOOL, front)
            right = self.check(expr.right, BOOL)
            return typed.Binary(expr.op, left, right, BOOL, expr.span)
        if expr.op == "in":
            return self._member(expr, front)
        if expr.op in ("<<", ">>"):
            return self._shift(expr, expected, front)
        hint = None if expr.op in _EQUALITY | _ORDER else expected
        left, right = self._pair(expr.left, expr.right, hint, front)
        return self.combine(expr, left, right)

    def combine(self, expr: ast.BinaryExpr, left: typed.Expr, right: typed.Expr) -> typed.Expr:
        """The operator of ``expr`` on two typed operands."""
        if is_error(left.type) or is_error(right.type):
            return error_at(expr.span)
        if expr.op in _EQUALITY:
            return self._equality(expr, left, right)
        if isinstance(stripped(left.type), SetT) or isinstance(stripped(right.type), SetT):
            return self._sets(expr, left, right)
        return self._numbers(expr, self.unwrapped(left), self.unwrapped(right))

    def _pair(
        self, left: ast.Expr, right: ast.Expr, hint: Type | None, front: Lead
    ) -> tuple[typed.Expr, typed.Expr]:
        """Both operands; the one that stands for itself first, to tell what the other means."""
        if self._is_flexible(left) and not self._is_flexible(right):
            second = self.infer(right, hint)
            first = self.infer(left, self._hint(second, hint), front)
            return first, second
        first = self.infer(left, hint, front)
        return first, self.infer(right, self._hint(first, hint))

    def _hint(self, known: typed.Expr, hint: Type | None) -> Type | None:
        return known.type if not is_error(known.type) else hint

    def _is_flexible(self, expr: ast.Expr) -> bool:
        """Whether what the expression means can hang on the type expected of it."""
        match expr:
            case ast.NoneLit() | ast.IntLit() | ast.SetLit():
                return True
            case ast.NameExpr(name=name):
                if self.locals.find(name) is not None:
                    return False
                found = self.world.find(self.instance, name)
                return not found or name in self.world.members(self.instance)
            case ast.UnaryExpr(operand=operand):
                return self._is_flexible(operand)
            case ast.CondExpr(then=then, orelse=orelse):
                return self._is_flexible(then) and self._is_flexible(orelse)
            case _:
                return False

    # --- equality --------------------------------------------------------------------------

    def _equality(self, expr: ast.BinaryExpr, left: typed.Expr, right: typed.Expr) -> typed.Expr:
        if isinstance(left.type, LockT | FormulaT):
            return self._no_operator(expr.op, left)
        if isinstance(left.type, OptionalT) and not isinstance(right.type, OptionalT):
            right = self.fit(right, left.type)
        elif isinstance(right.type, OptionalT) and not isinstance(left.type, OptionalT):
            left = self.fit(left, right.type)
        elif not (is_integer(left.type) and is_integer(right.type)):
            left, right = self._common(left, right)
        if is_error(left.type) or is_error(right.type):
            return error_at(expr.span)
        return typed.Binary(expr.op, left, right, BOOL, expr.span)

    def _common(self, left: typed.Expr, right: typed.Expr) -> tuple[typed.Expr, typed.Expr]:
        """Both with the type of one of them; an integer constant goes with a word."""
        if left.type == right.type:
            return left, right
        if isinstance(right.type, Word) and is_integer(left.type):
            return self.fit(left, right.type), right
        return left, self.fit(right, left.type)

    # --- numbers ---------------------------------------------------------------------------

    def _numbers(self, expr: ast.BinaryExpr, left: typed.Expr, right: typed.Expr) -> typed.Expr:
        for side in (left, right):
            if is_error(side.type):
                return side
            if not is_integer(side.type) and not isinstance(side.type, Word):
                return self._no_operator(expr.op, side)
        if isinstance(left.type, Word) or isinstance(right.type, Word):
            return self._words(expr, left, right)
        if expr.op in _ORDER:
            return typed.Binary(expr.op, left, right, BOOL, expr.span)
        whole = typed.Binary(expr.op, left, right, INT, expr.span)
        return self._bits_of_integers(whole) if expr.op in _BITS else whole

    def _words(self, expr: ast.BinaryExpr, left: typed.Expr, right: typed.Expr) -> typed.Expr:
        left, right = self._common(left, right)
        if is_error(left.type) or is_error(right.type):
            return error_at(expr.span)
        type_: Type = BOOL if expr.op in _ORDER else left.type
        return typed.Binary(expr.op, left, right, type_, expr.span)

    def _bits_of_integers(self, whole: typed.Binary) -> typed.Expr:
        """Bit operations belong to words; of integers only constants have them."""
        try:
            return typed.Const(evaluate(whole), INT, whole.span)
        except NoValue as problem:
            return self.bad("PIN119", problem.span, problem.message)
        except NotConstant:
            return self.bad(
                "PIN202",
                whole.span,
                f"'{whole.op}' works on machine words and sets, not on integers",
                "declare it as uint[W] or convert it, such as u32(…)",
            )

    def _shift(self, expr: ast.BinaryExpr, expected: Type | None, front: Lead) -> typed.Expr:
        left = self.unwrapped(self.infer(expr.left, expected, front))
        right = self.unwrapped(self.infer(expr.right))
        for side in (left, right):
            if is_error(side.type):
                return error_at(expr.span)
            if not is_integer(side.type) and not isinstance(side.type, Word):
                return self._no_operator(expr.op, side)
        if isinstance(expected, Word) and is_integer(left.type) and fold(left) is not None:
            left = self.fit(left, expected)
        if isinstance(left.type, Word):
            if not is_integer(right.type):
                right = typed.Convert(typed.Conversion.INT, right, INT, right.span)
            return typed.Binary(expr.op, left, right, left.type, expr.span)
        return self._bits_of_integers(typed.Binary(expr.op, left, right, INT, expr.span))

    # --- sets ------------------------------------------------------------------------------

    def _sets(self, expr: ast.BinaryExpr, left: typed.Expr, right: typed.Expr) -> typed.Expr:
        if expr.op not in ("|", "&", "-", "<="):
            remedy = "sets have | & - <= == != and 'in'"
            return self.bad("PIN202", expr.span, f"'{expr.op}' does not work on sets", remedy)
        if not isinstance(left.type, SetT):
            return self._no_operator(expr.op, left)
        right = self.fit(right, left.type)
        if is_error(right.type):
            return error_at(expr.span)
        type_: Type = BOOL if expr.op == "<=" else left.type
        return typed.Binary(expr.op, left, right, type_, expr.span)

    def _member(self, expr: ast.BinaryExpr, front: Lead) -> typed.Expr:
        if isinstance(expr.right, ast.SetLit):
            return self._listed(expr, expr.right, front)
        members = self.unwrapped(self.infer(expr.right))
        if is_error(members.type):
            return error_at(expr.span)
        if not isinstance(members.type, SetT):
            return self.bad(
                "PIN202",
                expr.right.span,
                f"{quote(expr.right.span)} is {shown(members.type)}, a set is needed after 'in'",
            )
        element = members.type.element
        value = self.unwrapped(self.infer(expr.left, element, front))
        if not (is_integer(value.type) and is_integer(element)):
            value = self.fit(value, element)
        if is_error(value.type):
            return error_at(expr.span)
        return typed.Binary("in", value, members, BOOL, expr.span)

    def _listed(self, expr: ast.BinaryExpr, right: ast.SetLit, front: Lead) -> typed.Expr:
        """``x in {a, b}`` is ``x == a or x == b``: it works for every type that has ``==``."""
        value = self._listed_value(expr.left, right, front)
        tests = []
        for element in right.elements:
            other = self.infer(element, value.type)
            if is_error(value.type) or is_error(other.type):
                return error_at(expr.span)
            equals = ast.BinaryExpr("==", expr.left, element, expr.span)
            tests.append(self._equality(equals, value, other))
        whole: typed.Expr = typed.Const(0, BOOL, expr.span)
        for position, test in enumerate(tests):
            whole = test if not position else typed.Binary("or", whole, test, BOOL, expr.span)
        return error_at(expr.span) if is_error(value.type) else whole

    def _listed_value(self, left: ast.Expr, right: ast.SetLit, front: Lead) -> typed.Expr:
        if self._is_flexible(left) and right.elements:
            return self.infer(left, self.infer(right.elements[0]).type, front)
        return self.infer(left, None, front)

    # --- refusals --------------------------------------------------------------------------

    def _no_operator(self, op: str, operand: typed.Expr) -> typed.Expr:
        type_ = operand.type
        if isinstance(type_, Scalarset):
            return self.bad(
                "PIN211",
                operand.span,
                f"'{op}' does not work on members of {type_}: they are interchangeable",
                "only ==, !=, 'in' and use as an index; a range type has an order",
            )
        remedy = ""
        if isinstance(type_, Bool):
            remedy = "for truth values there are: not, and, or, implies, iff, ==, !="
        elif isinstance(type_, Enum):
            remedy = "enum values have == and !=; a range type has an order"
        return self.bad(
            "PIN202",
            operand.span,
            f"'{op}' does not work on {quote(operand.span)}, which is {shown(type_)}",
            remedy,
        )
