"""Declarations: what an entry's name stands for, before bodies are looked at."""

from __future__ import annotations

from pinmc.frontend.sema import typed
from pinmc.frontend.sema.checker import Checker
from pinmc.frontend.sema.constants import choice_symbol, constant_symbol, report_twice
from pinmc.frontend.sema.kinds import (
    ERROR,
    INT,
    MAX_PARTS,
    error_at,
    is_error,
    parts,
    product,
)
from pinmc.frontend.sema.rights import CODE, CONSTANT, DEF
from pinmc.frontend.sema.scope import BROKEN, Entry, Symbol, TypeSymbol
from pinmc.frontend.sema.statements import FAIRNESS
from pinmc.frontend.sema.types import ArrayT, RecordT, Type
from pinmc.frontend.sema.world import World
from pinmc.frontend.syntax import ast
from pinmc.ir.property import PropertyKind
from pinmc.ir.types import Enum, Scalarset

KINDS = {
    "invariant": PropertyKind.INVARIANT,
    "step invariant": PropertyKind.STEP_INVARIANT,
    "reachable": PropertyKind.REACHABLE,
    "lemma": PropertyKind.LEMMA,
    "property": PropertyKind.TEMPORAL,
}


def define(world: World, entry: Entry) -> Symbol:
    """The symbol of an entry; its body, if it has one, is filled in later."""
    decl = entry.decl
    match decl:
        case ast.ConstDecl():
            return constant_symbol(world, entry, decl)
        case ast.ChoiceDecl():
            return choice_symbol(world, entry, decl)
        case ast.TypeDecl() | ast.ScalarsetDecl() | ast.EnumDecl() | ast.RecordDecl():
            type_ = _type(world, entry, decl)
            return BROKEN if is_error(type_) else TypeSymbol(type_)
        case ast.ClaimDecl():
            return typed.Claim(
                KINDS[decl.kind], _name(entry), error_at(decl.span), entry.span, decl.doc
            )
        case _:
            return _definition(Checker(world, entry.home, CODE), entry, decl)


def _name(entry: Entry) -> str:
    return entry.shown or entry.home.prefix + entry.name


# --- types -------------------------------------------------------------------------------------


def _type(
    world: World,
    entry: Entry,
    decl: ast.TypeDecl | ast.ScalarsetDecl | ast.EnumDecl | ast.RecordDecl,
) -> Type:
    checker = Checker(world, entry.home, CONSTANT)
    match decl:
        case ast.TypeDecl(type=None):
            return _parameter(checker, entry)
        case ast.TypeDecl(type=type_) if type_ is not None:
            return checker.type(type_)
        case ast.ScalarsetDecl():
            return _scalarset(checker, entry, decl)
        case ast.EnumDecl(members=members):
            report_twice(world, members, f"value of '{entry.name}'")
            names = tuple(dict.fromkeys(m.name for m in members))
            return Enum(entry.name, names, entry.home.uid)
        case ast.RecordDecl():
            return _record(checker, entry, decl)
        case _:
            raise AssertionError(decl)


def _parameter(checker: Checker, entry: Entry) -> Type:
    given = entry.home.types.get(entry.name)
    if given is None and entry.home.is_root:
        checker.error(
            "PIN121",
            entry.span,
            f"'{entry.name}' is a type that the user of this module gives",
            f"to check this file by itself, say what it is: type {entry.name} = …",
        )
    return ERROR if given is None else given


def _scalarset(checker: Checker, entry: Entry, decl: ast.ScalarsetDecl) -> Type:
    report_twice(checker.world, decl.named, f"member of '{entry.name}'")
    named = tuple(dict.fromkeys(m.name for m in decl.named))
    size = checker.constant(decl.size, INT)
    if size is None:
        return ERROR
    if size.value < max(1, len(named)):
        why = f"'{entry.name}' has {len(named)} named members"
        why = why if named else "a scalarset has at least one member"
        checker.error("PIN122", decl.size.span, f"{why}: the size cannot be {size.value}")
        return ERROR
    if not checker.limited(size.value, decl.size.span, f"'{entry.name}'"):
        return ERROR
    return Scalarset(entry.name, size.value, named, entry.home.uid)


def _record(checker: Checker, entry: Entry, decl: ast.RecordDecl) -> Type:
    report_twice(checker.world, tuple(f.name for f in decl.fields), f"field of '{entry.name}'")
    fields = {f.name.name: checker.type(f.type) for f in decl.fields}
    if any(is_error(t) for t in fields.values()):
        return ERROR
    made = RecordT(entry.name, tuple(fields.items()), entry.home.uid)
    if parts(made) > MAX_PARTS:
        message = f"'{entry.name}' has more than {MAX_PARTS} fields, those of its fields included"
        checker.error("PIN122", entry.span, message)
        return ERROR
    return made


# --- variables, locks and code -----------------------------------------------------------------


def _definition(checker: Checker, entry: Entry, decl: ast.Decl) -> Symbol:
    name, span = _name(entry), entry.span
    match decl:
        case ast.VarDecl():
            return _variable(checker, entry, decl)
        case ast.CostDecl():
            return typed.Variable(name, (), (), INT, True, span, decl.doc, cost=True)
        case ast.LockDecl(kind=kind):
            dims = tuple(checker.domain(t, "an index") for t in decl.indices)
            if any(is_error(d) for d in dims):
                return BROKEN
            return typed.Lock(
                name, dims, kind == "rwlock", decl.unfair, decl.crossrelease, span, decl.doc
            )
        case ast.DefDecl():
            return _def(checker, entry, decl)
        case ast.ActionDecl():
            params, result = _signature(checker, decl)
            return typed.Action(
                name,
                _shown(decl.shown, name),
                params,
                result,
                None,
                _empty(decl.body),
                FAIRNESS[decl.fair],
                not entry.home.is_root,
                span,
                decl.doc,
            )
        case ast.ProcDecl():
            params, result = _signature(checker, decl)
            return typed.Proc(
                name,
                _shown(decl.shown, name),
                params,
                result,
                _empty(decl.body),
                not entry.home.is_root,
                span,
                decl.doc,
            )
        case ast.ActorDecl():
            return typed.Actor(
                name,
                _shown(decl.shown, name),
                _family(checker, decl.params, "an actor's index", typed.LocalKind.ACTOR),
                _empty(decl.body),
                decl.dormant,
                FAIRNESS[decl.fair],
                span,
                decl.doc,
            )
        case ast.RuleDecl():
            return typed.Rule(
                name,
                _shown(decl.shown, name),
                _family(checker, decl.params, "a rule's parameter", typed.LocalKind.PARAM),
                None,
                _empty(decl.body),
                FAIRNESS[decl.fair],
                not entry.home.is_root,
                span,
                decl.doc,
            )
        case _:
            raise AssertionError(decl)


def _empty(block: ast.Block) -> typed.Block:
    return typed.Block((), block.span)


def _shown(text: str | None, name: str) -> str:
    """The ``as`` text without its brackets; what is shown adds the arguments."""
    return name if text is None else text.removesuffix("()").strip() or name


def _signature(
    checker: Checker, decl: ast.ActionDecl | ast.ProcDecl
) -> tuple[tuple[typed.Local, ...], Type | None]:
    with checker.block():
        params = tuple(
            checker.declare(p.name, checker.type(p.type), typed.LocalKind.PARAM)
            for p in decl.params
        )
    result = None if decl.result is None else checker.type(decl.result)
    return params, result


def _family(
    checker: Checker, params: tuple[ast.Binder, ...], what: str, kind: typed.LocalKind
) -> tuple[typed.Local, ...]:
    """The indices of actors and parameters of rules: there is an instance for each value."""
    with checker.block():
        found = tuple(checker.declare(p.name, checker.domain(p.type, what), kind) for p in params)
    dims = tuple(p.type for p in found)
    if params and not any(is_error(d) for d in dims):
        span = params[0].span.to(params[-1].span)
        checker.limited(product(dims), span, "this family", "instances")
    return found


def _def(checker: Checker, entry: Entry, decl: ast.DefDecl) -> Symbol:
    with checker.block():
        params = tuple(
            checker.declare(p.name, checker.type(p.type), typed.LocalKind.PARAM)
            for p in decl.params
        )
    type_ = ERROR if decl.type is None else checker.type(decl.type)
    made = typed.Def(_name(entry), params, type_, error_at(decl.body.span), entry.span)
    if decl.type is None:
        inner = Checker(checker.world, entry.home, DEF)
        inner.enter(params)
        made.body = inner.infer(decl.body)
        made.type = made.body.type
        entry.body_done = True
    return made


def _variable(checker: Checker, entry: Entry, decl: ast.VarDecl) -> Symbol:
    dims = tuple(checker.domain(i.type, "an index") for i in decl.indices)
    type_ = checker.type(decl.type)
    if is_error(type_) or any(is_error(d) for d in dims):
        return BROKEN
    if isinstance(type_, ArrayT):
        dims, type_ = (*dims, *type_.dims), type_.element
    if not checker.array_of(dims, type_, decl.span, f"'{entry.name}'"):
        return BROKEN
    binders = tuple(_binder(decl, position, dim) for position, dim in enumerate(dims))
    return typed.Variable(_name(entry), dims, binders, type_, decl.ghost, entry.span, decl.doc)


def _binder(decl: ast.VarDecl, position: int, dim: Type) -> typed.Local:
    """The name of an index in the initial value; one nobody can write where there is none."""
    name = decl.indices[position].name if position < len(decl.indices) else None
    text, span = (name.name, name.span) if name else (f"#{position}", decl.name.span)
    return typed.Local(text, dim, typed.LocalKind.BINDER, span)
