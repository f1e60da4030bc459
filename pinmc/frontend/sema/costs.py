"""Costs are counted outside the state: code adds to them, and nothing ever asks for them."""

from __future__ import annotations

from collections.abc import Iterator

from pinmc.base.diagnostics import Reporter
from pinmc.base.source import Span
from pinmc.frontend.sema import typed
from pinmc.frontend.sema.walk import (
    code_bodies,
    expressions,
    guards,
    statements,
    step_bodies,
    walk,
)


def is_spending(stmt: typed.Stmt) -> bool:
    """Whether the statement is ``c += amount`` for a cost ``c``."""
    return amount_of(stmt) is not None


def amount_of(stmt: typed.Stmt) -> tuple[typed.Variable, typed.Expr] | None:
    """The cost that ``c += amount`` adds to, and the amount; None for any other statement."""
    match stmt:
        case typed.Assign(
            target=typed.VarRef(variable=variable) as target,
            value=typed.Binary(op="+", left=left, right=amount),
        ) if variable.cost and left is target:
            return variable, amount
        case _:
            return None


def check_costs(spec: typed.Spec, reporter: Reporter) -> None:
    """Reports every use of a cost that is not ``c += amount``."""
    for span, name in dict(_uses(spec)).items():
        reporter.error(
            "PIN322",
            span,
            f"'{name}' is a cost: it can only be added to",
            f"write '{name} += 1' in an action; `pinmc cost` tells what it comes to",
        )
    for body in spec.inits:
        for stmt in statements(body):
            found = amount_of(stmt)
            if found is not None:
                reporter.error("PIN322", stmt.span, "the init block is no step: it costs nothing")


def _uses(spec: typed.Spec) -> Iterator[tuple[Span, str]]:
    waiting, defs = list(_looked_at(spec)), set[typed.Def]()
    while waiting:
        for part in walk(waiting.pop()):
            match part:
                case typed.VarRef(variable=variable) if variable.cost:
                    yield part.span, variable.name
                case typed.DefCall(definition=definition) if definition not in defs:
                    defs.add(definition)
                    waiting.append(definition.body)


def _looked_at(spec: typed.Spec) -> Iterator[typed.Expr]:
    """Every expression of the specification but the costs that are added to."""
    for body in (*step_bodies(spec), *code_bodies(spec)):
        for stmt in statements(body):
            found = amount_of(stmt)
            if found is None:
                yield from expressions(stmt)
            else:
                yield found[1]
    yield from guards(spec)
    yield from (claim.body for claim in spec.claims)
    yield from (v.init for v in spec.variables if v.init is not None)
    yield from (v.where for v in spec.variables if v.where is not None)
