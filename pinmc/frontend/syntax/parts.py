"""Small pieces of tree building that every kind of rule needs."""

from __future__ import annotations

from typing import Any, TypeAlias

from pinmc.base.diagnostics import Diagnostic
from pinmc.base.source import Span
from pinmc.frontend.syntax import ast
from pinmc.frontend.syntax.limits import MAX_DEPTH
from pinmc.frontend.syntax.tokens import RUN, Token

Children: TypeAlias = list[Any]
"""The children of a rule: tokens, nodes, lists of them, and None for what is absent."""


_LEAF = (1, None)


def report(code: str, span: Span, message: str, remedy: str = "") -> None:
    """Add an error to the parse that is going on."""
    RUN.get().problems.append(Diagnostic(code, span, message, remedy))


def torn(expr: ast.Expr) -> str:
    """A remedy for what runs over a line break by mistake, or the empty string."""
    if "\n" not in expr.span.text:
        return ""
    return "the next line continues this one: a statement cannot begin with ( or ["


def ident(token: Token) -> ast.Ident:
    return ast.Ident(token.text, token.span)


def optional_ident(token: Token | None) -> ast.Ident | None:
    return None if token is None else ident(token)


def idents(tokens: list[Token] | None) -> tuple[ast.Ident, ...]:
    return tuple(ident(t) for t in tokens or ())


def whole(c: Children) -> Span:
    """From the first child present to the last."""
    first = next(x for x in c if x is not None)
    last = next(x for x in reversed(c) if x is not None)
    start: Span = _first(first).span
    return start.to(_last(last).span)


def _first(x: Any) -> Any:
    return _first(x[0]) if isinstance(x, (list, tuple)) else x


def _last(x: Any) -> Any:
    if not isinstance(x, (list, tuple)):
        return x
    return _last(next(y for y in reversed(x) if y is not None))


def doc(c: Children) -> str:
    """The documentation of a declaration: that of its first token."""
    first = next(x for x in c if x is not None)
    text: str = first.doc
    return text


def fair(token: Token | None) -> ast.Fair:
    return ast.Fair.NONE if token is None else ast.Fair(token.text)


def shown_text(token: Token | None) -> str | None:
    return None if token is None else token.text[1:-1]


def dotted_name(expr: ast.Expr) -> ast.Ident | None:
    """``a.b.c`` as one name; None for any other expression."""
    if isinstance(expr, ast.NameExpr) and not expr.primed:
        return ast.Ident(expr.name, expr.span)
    if isinstance(expr, ast.FieldExpr) and not expr.primed:
        base = dotted_name(expr.base)
        if base is not None:
            return ast.Ident(f"{base.name}.{expr.name.name}", expr.span)
    return None


def too_deep(token: Token, node: Any, children: tuple[Any, ...]) -> bool:
    """Note the height of ``node`` above its ``children``; report it where it is too great.

    The caller then builds something lower, so that no tree ever exceeds MAX_DEPTH by more than
    one.
    """
    depths = RUN.get().depths
    depth = 1 + max(depths.get(id(child), _LEAF)[0] for child in children)
    if depth <= MAX_DEPTH:
        depths[id(node)] = depth, node
        return False
    report(
        "PIN006",
        token.span,
        f"this is nested more than {MAX_DEPTH} levels deep",
        "name a part of it with 'def', or split it",
    )
    return True


def same_depth(old: Any, new: Any) -> None:
    """``new`` takes the place of ``old`` in the tree."""
    depths = RUN.get().depths
    if id(old) in depths:
        depths[id(new)] = depths[id(old)][0], new
