"""Terms of SMT-LIB2: text with a sort, and constructors that work out what is constant."""

from __future__ import annotations

from collections.abc import Iterable

from pinmc.base.records import dataclass


class NotExpressible(Exception):
    """What was asked has no counterpart in integer arithmetic; the message says what."""


@dataclass(frozen=True, slots=True)
class Term:
    """``known``: the value if it is a constant, true being 1. ``linear``: no product of two
    unknowns is in it."""

    text: str
    boolean: bool
    known: int | None = None
    linear: bool = True


def number(value: int) -> Term:
    return Term(str(value) if value >= 0 else f"(- {-value})", False, value)


TRUE = Term("true", True, 1)
FALSE = Term("false", True, 0)


def truth(value: bool) -> Term:
    return TRUE if value else FALSE


def symbol(name: str, boolean: bool) -> Term:
    return Term(f"|{name}|", boolean)


def as_int(term: Term) -> Term:
    """The number that stands for a truth value."""
    if not term.boolean:
        return term
    if term.known is not None:
        return number(term.known)
    return Term(f"(ite {term.text} 1 0)", False, None, term.linear)


def as_bool(term: Term) -> Term:
    """Whether a number is not 0."""
    if term.boolean:
        return term
    if term.known is not None:
        return truth(term.known != 0)
    return Term(f"(not (= {term.text} 0))", True, None, term.linear)


def _apply(op: str, args: Iterable[Term], boolean: bool, linear: bool = True) -> Term:
    parts = list(args)
    text = f"({op} {' '.join(part.text for part in parts)})"
    return Term(text, boolean, None, linear and all(part.linear for part in parts))


def not_(term: Term) -> Term:
    term = as_bool(term)
    if term.known is not None:
        return truth(not term.known)
    if term.text.startswith("(not "):
        return Term(term.text[5:-1], True, None, term.linear)
    return _apply("not", [term], True)


def and_(*terms: Term) -> Term:
    kept = dict.fromkeys(t for t in map(as_bool, terms) if t.known != 1)
    if any(t.known == 0 for t in kept):
        return FALSE
    return _joined("and", list(kept), TRUE)


def or_(*terms: Term) -> Term:
    kept = dict.fromkeys(t for t in map(as_bool, terms) if t.known != 0)
    if any(t.known == 1 for t in kept):
        return TRUE
    return _joined("or", list(kept), FALSE)


def _joined(op: str, terms: list[Term], empty: Term) -> Term:
    if not terms:
        return empty
    return terms[0] if len(terms) == 1 else _apply(op, terms, True)


def implies(left: Term, right: Term) -> Term:
    left, right = as_bool(left), as_bool(right)
    if left.known == 0 or right.known == 1:
        return TRUE
    if left.known == 1:
        return right
    return not_(left) if right.known == 0 else _apply("=>", [left, right], True)


def ite(cond: Term, then: Term, orelse: Term) -> Term:
    cond = as_bool(cond)
    if cond.known is not None:
        return then if cond.known else orelse
    if then.boolean != orelse.boolean:
        then, orelse = as_int(then), as_int(orelse)
    if then == orelse:
        return then
    if then.boolean and then.known is not None and orelse.known is not None:
        return cond if then.known else not_(cond)
    return _apply("ite", [cond, then, orelse], then.boolean)


def eq(left: Term, right: Term) -> Term:
    if left.boolean != right.boolean:
        left, right = as_int(left), as_int(right)
    if left.known is not None and right.known is not None:
        return truth(left.known == right.known)
    if left == right:
        return TRUE
    for one, other in ((left, right), (right, left)):
        if one.boolean and one.known is not None:
            return other if one.known else not_(other)
    return _apply("=", [left, right], True)


_COMPARE = {"<": int.__lt__, "<=": int.__le__, ">": int.__gt__, ">=": int.__ge__}


def compare(op: str, left: Term, right: Term) -> Term:
    """``op``: one of < <= > >=."""
    left, right = as_int(left), as_int(right)
    if left.known is not None and right.known is not None:
        return truth(_COMPARE[op](left.known, right.known))
    return _apply(op, [left, right], True)


def within(term: Term, lo: int, hi: int) -> Term:
    """Whether ``lo`` <= term <= ``hi``."""
    if lo == hi:
        return eq(term, number(lo))
    return and_(compare("<=", number(lo), term), compare("<=", term, number(hi)))


def add(left: Term, right: Term) -> Term:
    left, right = as_int(left), as_int(right)
    if left.known is not None and right.known is not None:
        return number(left.known + right.known)
    if left.known == 0:
        return right
    return left if right.known == 0 else _apply("+", [left, right], False)


def subtract(left: Term, right: Term) -> Term:
    left, right = as_int(left), as_int(right)
    if left.known is not None and right.known is not None:
        return number(left.known - right.known)
    return left if right.known == 0 else _apply("-", [left, right], False)


def negate(term: Term) -> Term:
    term = as_int(term)
    return number(-term.known) if term.known is not None else _apply("-", [term], False)


def multiply(left: Term, right: Term) -> Term:
    left, right = as_int(left), as_int(right)
    if left.known is not None and right.known is not None:
        return number(left.known * right.known)
    for one, other in ((left, right), (right, left)):
        if one.known in (0, 1):
            return other if one.known else number(0)
    linear = left.known is not None or right.known is not None
    return _apply("*", [left, right], False, linear)


def floor_divide(term: Term, divisor: int) -> Term:
    """For a positive divisor SMT-LIB's ``div`` rounds down."""
    if term.known is not None:
        return number(term.known // divisor)
    return term if divisor == 1 else _apply("div", [term, number(divisor)], False)


def floor_modulo(term: Term, divisor: int) -> Term:
    """The remainder of ``floor_divide``: never negative."""
    if term.known is not None:
        return number(term.known % divisor)
    return number(0) if divisor == 1 else _apply("mod", [term, number(divisor)], False)


def euclid(op: str, left: Term, right: Term) -> Term:
    """SMT-LIB's ``div`` or ``mod`` by an unknown divisor."""
    return _apply(op, [left, right], False, False)
