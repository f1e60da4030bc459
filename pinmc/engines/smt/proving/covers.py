"""A formula of a solver as lemmas: conjuncts, each an expression over the cells of a System.

Sums are written as a specification would: no negative terms, and what has a finite number of
named values is compared with these and not ordered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pinmc.engines.smt.proving.sums import Sum, compared, scaled, total, written
from pinmc.engines.smt.script.sexpr import Malformed, Sexpr, parse
from pinmc.engines.smt.script.system import cells_of
from pinmc.ir.evaluate import slot
from pinmc.ir.execute import assignments
from pinmc.ir.expr import FALSE, TRUE, Binary, BinOp, Const, Expr, Ite, Read, Unary, UnOp
from pinmc.ir.extent import extent
from pinmc.ir.system import System
from pinmc.ir.types import Bool, Int

_OPPOSITE = {"<=": ">", "<": ">=", ">=": "<", ">": "<="}
_MOST_NODES = 20_000
"""A formula that is larger says nothing to anybody."""


class NoLemma(Exception):
    """The formula cannot be said as a lemma; the message says what in it."""


def lemmas_of(system: System, text: str) -> list[Expr]:
    """The conjuncts of a formula in SMT-LIB2 over the cells of ``system``. Raises NoLemma."""
    try:
        formula = parse(text)
        reader = _Reader(_cells(system))
        return [
            expr
            for conjunct in reader.conjuncts(formula, {})
            for expr in [reader.truth(*conjunct)]
            if expr != TRUE
        ]
    except Malformed as problem:
        raise NoLemma(str(problem)) from None
    except (ValueError, IndexError):
        raise NoLemma("an operator has too many operands, or too few") from None
    except RecursionError:
        raise NoLemma("it is too deep") from None


def _cells(system: System) -> dict[str, Read]:
    """What reads a cell, by the cell's name."""
    cells = cells_of(system)
    return {
        cells[slot(var, index)].name: Read(
            var, tuple(Const(i, dim) for i, dim in zip(index, var.dims, strict=True))
        )
        for var in system.variables
        for index in assignments(var.dims)
    }


Scope = Mapping[str, "tuple[Sexpr, Scope]"]
"""What the names of ``let`` stand for, each in the scope where it was given."""


class _Reader:
    def __init__(self, cells: Mapping[str, Read]) -> None:
        self._cells = cells
        self._left = _MOST_NODES

    def conjuncts(self, formula: Sexpr, scope: Scope) -> list[tuple[Sexpr, Scope]]:
        formula, scope = _opened(formula, scope)
        if formula[0] == "and" and not isinstance(formula, str):
            return [each for part in formula[1:] for each in self.conjuncts(part, scope)]
        return [(formula, scope)]

    def truth(self, formula: Sexpr, scope: Scope) -> Expr:
        formula, scope = self._step(formula, scope)
        if isinstance(formula, str):
            return self._word(formula)
        op, args = formula[0], formula[1:]
        match op:
            case "not":
                return self._negated(args[0], scope)
            case "and" | "or" | "=>":
                return _joined(op, [self.truth(arg, scope) for arg in args])
            case "ite":
                cond, then, orelse = (self.truth(arg, scope) for arg in args)
                return Ite(cond, then, orelse)
            case "<=" | "<" | ">=" | ">":
                left, right = (self.number(arg, scope) for arg in args)
                return compared(op, left, right)
            case "=" | "distinct" if len(args) == 2:
                return self._equal(args, op == "=", scope)
        raise NoLemma(str(op)[:40])

    def _negated(self, formula: Sexpr, scope: Scope) -> Expr:
        formula, scope = self._step(formula, scope)
        if not isinstance(formula, str):
            op, args = formula[0], formula[1:]
            if isinstance(op, str) and op in _OPPOSITE:
                left, right = (self.number(arg, scope) for arg in args)
                return compared(_OPPOSITE[op], left, right)
            if op == "=" and len(args) == 2:
                return self._equal(args, False, scope)
            if op in ("and", "or"):
                parts = [self._negated(arg, scope) for arg in args]
                return _joined("or" if op == "and" else "and", parts)
        return Unary(UnOp.NOT, self.truth(formula, scope))

    def _equal(self, args: Sequence[Sexpr], equal: bool, scope: Scope) -> Expr:
        if self._is_truth(args[0], scope):
            one, other = (self.truth(arg, scope) for arg in args)
            return Binary(BinOp.EQ if equal else BinOp.NE, one, other)
        left, right = (self.number(arg, scope) for arg in args)
        return compared("==" if equal else "!=", left, right)

    def _is_truth(self, term: Sexpr, scope: Scope) -> bool:
        term, scope = _opened(term, scope)
        if isinstance(term, str):
            if term in ("true", "false"):
                return True
            read = self._cells.get(term.strip("|"))
            return read is not None and isinstance(read.var.type, Bool)
        if term[0] == "ite":
            return self._is_truth(term[2], scope)
        return term[0] not in ("+", "-", "*", "div", "mod")

    def _word(self, word: str) -> Expr:
        if word in ("true", "false"):
            return TRUE if word == "true" else FALSE
        read = self._cells.get(word.strip("|"))
        if read is None or not isinstance(read.var.type, Bool):
            raise NoLemma(word[:40])
        return read

    def number(self, term: Sexpr, scope: Scope) -> Sum:
        term, scope = self._step(term, scope)
        if isinstance(term, str):
            return self._named(term)
        op, args = term[0], term[1:]
        match op:
            case "+":
                return total(self.number(arg, scope) for arg in args)
            case "-":
                first, *others = (self.number(arg, scope) for arg in args)
                if not others:
                    return scaled(first, -1)
                return total([first, *(scaled(other, -1) for other in others)])
            case "*":
                return self._product([self.number(arg, scope) for arg in args])
            case "ite":
                then, orelse = (written(self.number(arg, scope)) for arg in args[1:])
                return Sum({Ite(self.truth(args[0], scope), then, orelse): 1}, 0)
            case "div" | "mod":
                left, right = (self.number(arg, scope) for arg in args)
                return _divided(str(op), left, right)
        raise NoLemma(str(op)[:40])

    def _named(self, word: str) -> Sum:
        if word.isdigit():
            return Sum({}, int(word))
        read = self._cells.get(word.strip("|"))
        if read is None or isinstance(read.var.type, Bool):
            raise NoLemma(word[:40])
        return Sum({read: 1}, 0)

    def _product(self, factors: Sequence[Sum]) -> Sum:
        found = Sum({}, 1)
        for factor in factors:
            if not factor.terms:
                found = scaled(found, factor.constant)
            elif not found.terms:
                found = scaled(factor, found.constant)
            else:
                found = Sum({Binary(BinOp.MUL, written(found), written(factor)): 1}, 0)
        return found

    def _step(self, term: Sexpr, scope: Scope) -> tuple[Sexpr, Scope]:
        self._left -= 1
        if self._left < 0:
            raise NoLemma("it is too long")
        return _opened(term, scope)


def _divided(op: str, left: Sum, right: Sum) -> Sum:
    """The quotient rounded down, or the remainder that is not negative, in the terms of division
    that truncates."""
    if right.terms or right.constant <= 0:
        raise NoLemma(f"{op} by what is no positive number")
    by = Const(right.constant, Int())
    rest = Binary(BinOp.MOD, written(left), by)
    least = extent(written(left))
    if least is None or least[0] < 0:
        rest = Binary(BinOp.MOD, Binary(BinOp.ADD, rest, by), by)
    if op == "mod":
        return Sum({rest: 1}, 0)
    whole = total([left, Sum({rest: -1}, 0)])
    return Sum({Binary(BinOp.DIV, written(whole), by): 1}, 0)


def _opened(term: Sexpr, scope: Scope) -> tuple[Sexpr, Scope]:
    """The term that a name of ``let`` stands for, or that a ``let`` is about."""
    while True:
        if isinstance(term, str):
            if term not in scope:
                return term, scope
            term, scope = scope[term]
        elif term and term[0] == "let":
            given = {str(pair[0]): (pair[1], scope) for pair in term[1]}
            term, scope = term[2], {**scope, **given}
        elif term:
            return term, scope
        else:
            raise NoLemma("()")


def _joined(op: str, parts: Sequence[Expr]) -> Expr:
    if op == "=>":
        left, right = parts
        return Binary(BinOp.IMPLIES, left, right)
    kind = BinOp.AND if op == "and" else BinOp.OR
    found = parts[0]
    for part in parts[1:]:
        found = Binary(kind, found, part)
    return found
