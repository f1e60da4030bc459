"""Constants that a proof leaves free: the same program with variables in their place.

A constant that is left free is a variable that nothing assigns. Where a number is needed before
there is a state, as for the size of a type or an argument of a module, it cannot be left free, and
checking the changed program says so.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from pinmc.frontend.sema.sources import Program
from pinmc.frontend.syntax import ast


def freed(program: Program, names: Collection[str]) -> Program:
    """``program`` with variables for the root's constants called ``names``, and a lemma for each
    condition on one of them. Expectations are left out: they are about designs."""
    decls: list[ast.Decl] = []
    for decl in program.root.tree.decls:
        if isinstance(decl, ast.ExpectDecl):
            continue
        if isinstance(decl, ast.ConstDecl) and decl.name.name in names:
            decls += _variable(decl)
        else:
            decls.append(decl)
    tree = replace(program.root.tree, decls=tuple(decls))
    return replace(program, root=replace(program.root, tree=tree))


def _variable(decl: ast.ConstDecl) -> list[ast.Decl]:
    type_ = (
        decl.type
        if decl.type is not None
        else ast.NamedType(ast.Ident("int", decl.span), decl.span)
    )
    made: list[ast.Decl] = [
        ast.VarDecl(decl.name, (), type_, False, None, span=decl.span, doc=decl.doc)
    ]
    if decl.where is not None:
        name = ast.Ident(condition_name(decl.name.name), decl.name.span)
        made.append(ast.ClaimDecl("lemma", name, decl.where, decl.where.span))
    return made


def condition_name(constant: str) -> str:
    """What the lemma is called that holds a constant's condition; no specification can say it."""
    return f"where {constant}"
