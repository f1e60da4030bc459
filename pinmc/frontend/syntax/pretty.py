"""A syntax tree as text: the canonical layout, which parses to the same tree again.

Two spaces a level, one statement a line, lines within 100 columns where that is easy. Related
one-line declarations stand together; a blank line sets off everything else.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from pinmc.frontend.syntax import ast
from pinmc.frontend.syntax.pretty_exprs import (
    STEP,
    SUM,
    folded,
    show,
    show_binders,
    show_type,
)
from pinmc.frontend.syntax.pretty_stmts import WIDTH, clause, headed


def pretty(module: ast.Module) -> str:
    """The text of ``module``, newline at the end (empty for an empty module).

    Documentation comments are kept; other comments are not part of the tree.
    """
    parts = [_doc(module.doc)] if module.doc else []
    previous: ast.Decl | None = None
    for decl in module.decls:
        lines = [*_doc(decl.doc), *decl_lines(decl)]
        together = previous is not None and _belong_together(previous, decl)
        if parts and together and len(parts[-1]) == 1 and len(lines) == 1:
            parts.append(lines)
        else:
            parts += ([[""]] if parts else []) + [lines]
        previous = decl
    return "".join(f"{line}\n" for part in parts for line in part)


def _doc(text: str) -> list[str]:
    return [f"/// {line}".rstrip() for line in text.split("\n")] if text else []


_FAMILIES: tuple[tuple[type, ...], ...] = (
    (ast.UseDecl,),
    (ast.ConstDecl, ast.ChoiceDecl),
    (ast.TypeDecl, ast.ScalarsetDecl, ast.EnumDecl),
    (ast.VarDecl, ast.LockDecl),
    (ast.CostDecl,),
    (ast.DefDecl,),
    (ast.ActionDecl,),
    (ast.RuleDecl,),
    (ast.ClaimDecl,),
    (ast.ExpectDecl,),
)


def _belong_together(one: ast.Decl, other: ast.Decl) -> bool:
    return any(isinstance(one, kinds) and isinstance(other, kinds) for kinds in _FAMILIES)


def decl_lines(decl: ast.Decl) -> list[str]:
    """The lines of one declaration, without its documentation."""
    match decl:
        case ast.UseDecl():
            return _use(decl)
        case ast.ConstDecl():
            return _const(decl)
        case ast.ChoiceDecl(name, options, default):
            return [f"choice {name.name} {_braced(options)} = {default.name}"]
        case ast.TypeDecl(name, type_):
            return [f"type {name.name}" + (f" = {show_type(type_)}" if type_ else "")]
        case ast.ScalarsetDecl(name, size, named):
            members = f" with {_names(named)}" if named else ""
            return [f"scalarset {name.name}[{show(size)}]{members}"]
        case ast.EnumDecl(name, members):
            return [f"enum {name.name} {_braced(members)}"]
        case ast.RecordDecl():
            return _record(decl)
        case ast.VarDecl():
            return _var(decl)
        case ast.CostDecl(name):
            return [f"cost {name.name}"]
        case ast.LockDecl():
            return _lock(decl)
        case ast.DefDecl(name, params, type_, body):
            head = f"def {name.name}({show_binders(params)}){_typed(type_)} ="
            return clause(head, body, "", 0)
        case ast.ClaimDecl():
            return _claim(decl)
        case ast.ExpectDecl():
            return _expect(decl)
        case _:
            return _with_body(decl)


def _with_body(
    decl: ast.ActionDecl | ast.ProcDecl | ast.ActorDecl | ast.RuleDecl | ast.InitDecl,
) -> list[str]:
    match decl:
        case ast.InitDecl(body):
            return headed(["init"], body, 0)
        case ast.ProcDecl(name, params, result, shown, body):
            head = f"proc {name.name}({show_binders(params)}){_typed(result)}{_shown(shown)}"
            return headed([head], body, 0)
        case ast.ActionDecl(name, params, result, shown, when, body, fair):
            head = f"action {name.name}({show_binders(params)}){_typed(result)}{_shown(shown)}"
            return headed(_guarded(_fair(fair) + head, when), body, 0)
        case ast.ActorDecl(name, params, shown, dormant, fair, body):
            head = f"{_fair(fair)}{'dormant ' * dormant}actor {name.name}"
            indices = f"[{show_binders(params)}]" if params else ""
            return headed([head + indices + _shown(shown)], body, 0)
        case ast.RuleDecl(name, params, shown, when, fair, body):
            given = f"({show_binders(params)})" if params else ""
            head = f"{_fair(fair)}rule {name.name}{given}{_shown(shown)}"
            return headed(_guarded(head, when), body, 0)
        case _:
            assert_never(decl)


def _guarded(head: str, when: ast.Expr | None) -> list[str]:
    """A head and its guard, which goes to a line of its own where both are too long for one."""
    if when is None:
        return [head]
    line = f"{head} when {show(when)}"
    if len(line) + 2 <= WIDTH:
        return [line]
    indent = len(STEP) * 2
    return [head, *(" " * indent + each for each in clause("when", when, "", indent + 2))]


def _use(decl: ast.UseDecl) -> list[str]:
    args = f"({', '.join(map(_module_argument, decl.args))})" if decl.args else ""
    alias = f" as {decl.alias.name}" if decl.alias else ""
    when = f" when {show(decl.when)}" if decl.when else ""
    return [f"use {decl.module.name}{args}{alias}{when}"]


def _module_argument(argument: ast.ModuleArgument) -> str:
    if argument.type is not None:
        value = show_type(argument.type)
    else:
        value = show(argument.value) if argument.value is not None else ""
    return f"{argument.name.name} = {value}" if argument.name else value


def _const(decl: ast.ConstDecl) -> list[str]:
    head = f"{'free ' * decl.free}const {decl.name.name}{_typed(decl.type)}"
    where = f" where {show(decl.where)}" if decl.where else ""
    value = f" = {show(decl.value)}" if decl.value else ""
    return [head + where + value]


def _record(decl: ast.RecordDecl) -> list[str]:
    fields = [f"{f.name.name}: {show_type(f.type)}" for f in decl.fields]
    line = f"record {decl.name.name} {{ {', '.join(fields)} }}"
    if len(fields) <= 3 and len(line) <= WIDTH:
        return [line if fields else f"record {decl.name.name} {{ }}"]
    return [f"record {decl.name.name} {{", *(STEP + field for field in fields), "}"]


def _var(decl: ast.VarDecl) -> list[str]:
    indices = f"[{', '.join(map(_index, decl.indices))}]" if decl.indices else ""
    head = f"{'ghost ' * decl.ghost}var {decl.name.name}{indices}: {show_type(decl.type)}"
    if decl.any:
        head += " = any"
        return [head] if decl.where is None else clause(f"{head} where", decl.where, "", 0)
    return [head] if decl.init is None else clause(f"{head} =", decl.init, "", 0)


def _index(index: ast.IndexDecl) -> str:
    type_ = show_type(index.type)
    return f"{index.name.name}: {type_}" if index.name else type_


def _lock(decl: ast.LockDecl) -> list[str]:
    indices = f"[{', '.join(map(show_type, decl.indices))}]" if decl.indices else ""
    name = f"{'unfair ' * decl.unfair}{decl.name.name}{indices}"
    return [f"{decl.kind} {name}{' crossrelease' * decl.crossrelease}"]


def _claim(decl: ast.ClaimDecl) -> list[str]:
    """A property whose formula is too long begins it on a line of its own."""
    head = f"{decl.kind} {decl.name.name}:"
    line = f"{head} {show(decl.body)}"
    if len(line) <= WIDTH:
        return [line]
    return [head, *(STEP + each for each in folded(decl.body, WIDTH - len(STEP)))]


def _expect(decl: ast.ExpectDecl) -> list[str]:
    actor = f"({decl.actor.name})" if decl.actor else ""
    steps = f" in {show(decl.steps, SUM)}" if decl.steps else ""
    by = f" by {decl.by.name}" if decl.by else ""
    when = f" when {show(decl.when)}" if decl.when else ""
    return [f"expect {decl.property.name}{actor} {decl.verdict.name}{steps}{by}{when}"]


def _typed(type_: ast.TypeExpr | None) -> str:
    return f": {show_type(type_)}" if type_ else ""


def _shown(text: str | None) -> str:
    return "" if text is None else f' as "{text}"'


def _fair(fair: ast.Fair) -> str:
    return f"{fair.value} " if fair.value else ""


def _names(idents: Iterable[ast.Ident]) -> str:
    return ", ".join(i.name for i in idents)


def _braced(idents: Iterable[ast.Ident]) -> str:
    return f"{{ {_names(idents)} }}"
