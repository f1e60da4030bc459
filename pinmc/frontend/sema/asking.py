"""Questions about a specification that are not part of it: expressions from the command line.

Each becomes a claim of the root specification under a name that no specification can say, so that
it is typed in the same scope as the specification's own claims, and can declare nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pinmc.base.diagnostics import Reporter
from pinmc.base.records import dataclass
from pinmc.base.source import SourceFile
from pinmc.frontend.sema import typed
from pinmc.frontend.sema.sources import Program
from pinmc.frontend.syntax import ast
from pinmc.frontend.syntax.parse import parse_expression


@dataclass(frozen=True, slots=True)
class Asked:
    """``name`` is what diagnostics call the text, an option such as ``--minimize``; the claim has
    the same name. ``quantity``: it is a number, not a condition."""

    name: str
    text: str
    quantity: bool


def woven(program: Program, asked: Sequence[Asked], reporter: Reporter) -> Program:
    """``program`` with a ``reachable`` for each question; mistakes go to ``reporter``.

    For a quantity the claim compares it with 0, which gives it a type; ``quantities`` takes the
    comparison away again.
    """
    claims = [claim for each in asked if (claim := _claim(each, reporter)) is not None]
    tree = replace(program.root.tree, decls=(*program.root.tree.decls, *claims))
    return replace(program, root=replace(program.root, tree=tree))


def _claim(asked: Asked, reporter: Reporter) -> ast.Decl | None:
    expr, problems = parse_expression(SourceFile(asked.name, asked.text))
    reporter.extend(problems)
    if expr is None:
        return None
    body: ast.Expr = expr
    if asked.quantity:
        body = ast.BinaryExpr("<", expr, ast.IntLit(0, expr.span), expr.span)
    return ast.ClaimDecl("reachable", ast.Ident(asked.name, expr.span), body, expr.span)


def quantities(spec: typed.Spec, asked: Sequence[Asked]) -> typed.Spec:
    """``spec`` with the numbers themselves as the bodies of the claims that ask for numbers."""
    names = {each.name for each in asked if each.quantity}
    claims = tuple(
        replace(claim, body=claim.body.left)
        if claim.name in names and isinstance(claim.body, typed.Binary)
        else claim
        for claim in spec.claims
    )
    return replace(spec, claims=claims)
