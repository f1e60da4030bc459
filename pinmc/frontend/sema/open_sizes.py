"""Scalarsets whose sizes nothing else in a specification depends on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from pinmc.base.diagnostics import Reporter, did_you_mean
from pinmc.base.source import NOWHERE
from pinmc.frontend.sema.sources import Program
from pinmc.frontend.syntax import ast

CODE = "PIN408"


def size_constants(program: Program, names: Sequence[str], reporter: Reporter) -> dict[str, str]:
    """For each scalarset of ``names``, of the root, the constant that is its size.

    Nothing but that size, the constant's own ``where`` and the ``when`` of expectations may look
    at the constant: then what the specification says is the same for every size.
    """
    decls = program.root.tree.decls
    known = {d.name.name: d for d in decls if isinstance(d, ast.ScalarsetDecl)}
    found: dict[str, str] = {}
    for name in dict.fromkeys(names):
        decl = known.get(name)
        if decl is None:
            among = ", ".join(known) or "none"
            remedy = did_you_mean(name, known) or f"scalarsets with a size there: {among}"
            message = f"{program.root.file.path} has no scalarset '{name}'"
            reporter.error(CODE, NOWHERE, message, remedy)
        else:
            constant = _constant(decl, decls, reporter)
            if constant is not None:
                found[name] = constant
    for name, constant in found.items():
        _refuse_other_uses(program, name, constant, reporter)
    return found


def _constant(decl: ast.ScalarsetDecl, decls: Sequence[ast.Decl], reporter: Reporter) -> str | None:
    constants = {d.name.name for d in decls if isinstance(d, ast.ConstDecl)}
    if isinstance(decl.size, ast.NameExpr) and decl.size.name in constants:
        return decl.size.name
    name = decl.name.name
    message = f"the size of {name} is no constant by itself"
    remedy = (
        f"declare one: 'const {name.upper()}S: int = 2' and 'scalarset {name}[{name.upper()}S]'"
    )
    reporter.error(CODE, decl.span, message, remedy)
    return None


def _refuse_other_uses(program: Program, name: str, constant: str, reporter: Reporter) -> None:
    for decl in program.root.tree.decls:
        for use in _uses(decl, constant):
            if _is_harmless(decl, constant, name):
                continue
            message = f"'{constant}' is more than the size of {name}"
            remedy = "a specification for any number of members cannot look at their number"
            reporter.error(CODE, use.span, message, remedy)


def _is_harmless(decl: ast.Decl, constant: str, name: str) -> bool:
    match decl:
        case ast.ScalarsetDecl():
            return decl.name.name == name
        case ast.ConstDecl():
            return decl.name.name == constant
        case _:
            return isinstance(decl, ast.ExpectDecl)


def _uses(node: Any, constant: str) -> Iterator[ast.NameExpr]:
    """Every place where the name stands, whatever it means there."""
    if isinstance(node, ast.NameExpr) and node.name == constant:
        yield node
    elif isinstance(node, tuple):
        for each in node:
            yield from _uses(each, constant)
    elif is_dataclass(node) and not isinstance(node, type):
        for part in fields(node):
            if part.name not in ("span", "doc"):
                yield from _uses(getattr(node, part.name), constant)
