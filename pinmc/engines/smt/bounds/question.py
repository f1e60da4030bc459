"""What is asked: the least or the greatest value of an expression where conditions hold."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from pinmc.base.records import dataclass
from pinmc.ir.evaluate import FoundError, Scope, value_of
from pinmc.ir.expr import TRUE, Binary, BinOp, Const, Expr, Unary, UnOp
from pinmc.ir.system import System
from pinmc.ir.types import Int


@dataclass(frozen=True, slots=True)
class Question:
    """Over the variables of one system. States in which evaluating the objective or the condition
    is a found error have no value and do not count."""

    objective: Expr
    condition: Expr
    greatest: bool

    def better(self, one: int, other: int) -> bool:
        """Whether ``one`` is further out than ``other``."""
        return one > other if self.greatest else one < other

    def value(self, state: Iterable[int]) -> int | None:
        """The value in a state; None where there is none, or the condition does not hold."""
        scope = Scope(tuple(state), (), {})
        try:
            return value_of(self.objective, scope) if value_of(self.condition, scope) else None
        except FoundError:
            return None

    def within(self, limit: Expr) -> Expr:
        """That no state goes beyond ``limit``."""
        op = BinOp.LE if self.greatest else BinOp.GE
        return Binary(BinOp.IMPLIES, self.condition, Binary(op, self.objective, limit))

    def at(self, value: int) -> Expr:
        """That the state counts and has this value."""
        same = Binary(BinOp.EQ, self.objective, Const(value, Int()))
        return Binary(BinOp.AND, self.condition, same)

    @property
    def never(self) -> Expr:
        """That the condition does not hold."""
        return Unary(UnOp.NOT, self.condition)


def conjunction(exprs: Iterable[Expr]) -> Expr:
    """That all hold, evaluated in their order."""
    joined: Expr | None = None
    for expr in exprs:
        joined = expr if joined is None else Binary(BinOp.AND, joined, expr)
    return TRUE if joined is None else joined


def taken_out(
    system: System, objective: str, conditions: Collection[str], greatest: bool
) -> tuple[System, Question]:
    """The question that the properties of these names ask, and the system without those of them
    that were only asked: names that no specification can say begin with a dash."""
    found = {p.name: p.expr for p in system.properties if p.expr is not None}
    question = Question(found[objective], conjunction(found[c] for c in conditions), greatest)
    kept = tuple(p for p in system.properties if not p.name.startswith("-"))
    return replace(system, properties=kept), question
