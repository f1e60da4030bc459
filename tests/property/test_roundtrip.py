"""A tree, printed and read again, is the same tree; its text is then printed the same."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pinmc.base.source import SourceFile
from pinmc.frontend.syntax import ast
from pinmc.frontend.syntax.parse import parse
from pinmc.frontend.syntax.pretty import pretty
from tests.property import trees

_SETTINGS = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def _reread(module: ast.Module) -> tuple[ast.Module, str]:
    text = pretty(module)
    again, found = parse(SourceFile("printed.pin", text))
    assert not found, f"{found[0].message}\n{text}"
    return again, text


@given(trees.modules)
@_SETTINGS
def test_modules(module: ast.Module) -> None:
    again, text = _reread(module)
    assert again == module
    assert (again.doc, [d.doc for d in again.decls]) == (module.doc, [d.doc for d in module.decls])
    assert pretty(again) == text


@pytest.mark.slow
@given(st.builds(ast.ClaimDecl, st.just("invariant"), st.just(ast.Ident("i")), trees.exprs))
@_SETTINGS
def test_expressions(claim: ast.ClaimDecl) -> None:
    module = ast.Module((claim,))
    assert _reread(module)[0] == module


@pytest.mark.slow
@given(st.builds(ast.InitDecl, trees.blocks))
@_SETTINGS
def test_statements(init: ast.InitDecl) -> None:
    module = ast.Module((init,))
    assert _reread(module)[0] == module
