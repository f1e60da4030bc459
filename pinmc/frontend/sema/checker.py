"""The whole checker, and the bodies it fills in."""

from __future__ import annotations

import dataclasses

from pinmc.base.diagnostics import Note
from pinmc.frontend.sema import typed
from pinmc.frontend.sema.control import Code
from pinmc.frontend.sema.formulas import formula
from pinmc.frontend.sema.kinds import BOOL, MAX_VALUES, count, is_domain, is_error, stripped
from pinmc.frontend.sema.rights import (
    CODE,
    DEF,
    INIT,
    INITIAL,
    INITIAL_WHERE,
    INVARIANT,
    RULE,
    STEP_INVARIANT,
)
from pinmc.frontend.sema.scope import Entry, Instance
from pinmc.frontend.sema.statements import Role
from pinmc.frontend.sema.types import Type
from pinmc.frontend.sema.walk import blocks, walk
from pinmc.frontend.sema.world import World
from pinmc.frontend.syntax import ast
from pinmc.ir.property import PropertyKind


class Checker(Code):
    """Checks whole bodies."""

    def enter(self, locals_: tuple[typed.Local, ...]) -> Checker:
        """Makes parameters known."""
        for local in locals_:
            self.locals.add(local.name, local)
        return self

    def must_return(self, body: typed.Block, name: ast.Ident) -> None:
        """Reports a body that declares a result and may end without one."""
        if self.result is None or returns(body):
            return
        self.error(
            "PIN309",
            name.span,
            f"'{name.name}' can end without returning a value",
            f"every way through it must end in 'return' with a value of type {self.result}",
        )


def returns(block: typed.Block) -> bool:
    """Whether control never falls off the end of the block."""
    return any(_leaves(stmt) for stmt in block.stmts)


def _leaves(stmt: typed.Stmt) -> bool:
    match stmt:
        case typed.Return() | typed.Break() | typed.Continue():
            return True
        case typed.If(then=then, orelse=orelse):
            return orelse is not None and returns(then) and returns(orelse)
        case typed.Choose(body=body, orelse=orelse):
            return body is not None and returns(body) and (orelse is None or returns(orelse))
        case typed.Either(branches=branches):
            return all(returns(b) for b in branches)
        case typed.Loop(body=body):
            return not breaks(body)
        case typed.Atomic(body=body):
            return returns(body)
        case typed.Marked(stmt=inner):
            return _leaves(inner)
        case _:
            return False


def breaks(block: typed.Block) -> bool:
    """Whether a ``break`` in the block leaves the loop around it."""
    return any(_breaks(stmt) for stmt in block.stmts)


def _breaks(stmt: typed.Stmt) -> bool:
    match stmt:
        case typed.Break():
            return True
        case typed.Loop() | typed.While() | typed.For():
            return False
        case typed.Marked(stmt=inner):
            return _breaks(inner)
        case _:
            return any(breaks(b) for b in blocks(stmt))


# --- bodies --------------------------------------------------------------------------------------


def fill(world: World, entry: Entry) -> None:
    """Checks the body of an entry and puts it into its symbol."""
    symbol, decl = entry.symbol, entry.decl
    match symbol, decl:
        case typed.Variable(), ast.VarDecl():
            _variable(world, entry, symbol, decl)
        case typed.Def(), ast.DefDecl():
            checker = Checker(world, entry.home, DEF).enter(symbol.params)
            symbol.body = checker.check(decl.body, symbol.type)
        case typed.Action(), ast.ActionDecl():
            _action(world, entry, symbol, decl)
        case typed.Proc(), ast.ProcDecl():
            proc = Checker(world, entry.home, CODE, Role.PROC, symbol.result)
            symbol.body = proc.enter(symbol.params).stmts(decl.body)
            proc.must_return(symbol.body, decl.name)
        case typed.Actor(), ast.ActorDecl():
            actor = Checker(world, entry.home, CODE, Role.ACTOR)
            symbol.body = actor.enter(symbol.params).stmts(decl.body)
        case typed.Rule(), ast.RuleDecl():
            _rule(world, entry, symbol, decl)
        case typed.Claim(), ast.ClaimDecl():
            entry.symbol = _claim(world, entry, symbol, decl)
        case _:
            pass


def _action(world: World, entry: Entry, symbol: typed.Action, decl: ast.ActionDecl) -> None:
    checker = Checker(world, entry.home, CODE, Role.ACTION, symbol.result)
    checker.enter(symbol.params)
    if decl.when is not None:
        symbol.when = checker.check(decl.when, BOOL)
    symbol.body = checker.stmts(decl.body)
    checker.must_return(symbol.body, decl.name)


def _rule(world: World, entry: Entry, symbol: typed.Rule, decl: ast.RuleDecl) -> None:
    checker = Checker(world, entry.home, RULE, Role.RULE)
    checker.enter(symbol.params)
    if decl.when is not None:
        symbol.when = checker.check(decl.when, BOOL)
    symbol.body = checker.stmts(decl.body)


def init_block(world: World, instance: Instance, decl: ast.InitDecl) -> typed.Block:
    """The ``init`` block of a module."""
    return Checker(world, instance, INIT, Role.INIT).stmts(decl.body)


def _claim(world: World, entry: Entry, symbol: typed.Claim, decl: ast.ClaimDecl) -> typed.Claim:
    rights = STEP_INVARIANT if symbol.kind is PropertyKind.STEP_INVARIANT else INVARIANT
    checker = Checker(world, entry.home, rights)
    if symbol.kind is PropertyKind.TEMPORAL:
        body = formula(checker, decl.body)
    else:
        body = checker.check(decl.body, BOOL)
    return dataclasses.replace(symbol, body=body)


def _variable(world: World, entry: Entry, symbol: typed.Variable, decl: ast.VarDecl) -> None:
    symbol.any = decl.any
    checker = Checker(world, entry.home, INITIAL)
    checker.enter(symbol.binders)
    if decl.init is not None:
        found = checker.fit(checker.infer(decl.init, symbol.type), symbol.type, stored=True)
        symbol.init = None if is_error(found.type) else found
    if decl.any:
        _any(world, entry, symbol, decl)


def _any(world: World, entry: Entry, symbol: typed.Variable, decl: ast.VarDecl) -> None:
    checker = Checker(world, entry.home, INITIAL_WHERE)
    checker.enter(symbol.binders)
    if not _can_be_any(symbol.type):
        checker.error(
            "PIN209",
            decl.type.span,
            f"'any' needs a type whose values can be run through, {symbol.type} is none",
            "bool, enum, range, scalarset, or one of them with '?'",
        )
    if decl.where is None:
        return
    symbol.where = checker.check(decl.where, BOOL)
    for part in walk(symbol.where):
        if isinstance(part, typed.VarRef) and part.variable is not symbol:
            checker.error(
                "PIN118",
                part.span,
                f"the 'where' of '{entry.name}' cannot depend on '{part.variable.name}'",
                "use an init block to relate variables",
                [Note(part.variable.span, "it is declared here")],
            )


def _can_be_any(type_: Type) -> bool:
    inner = stripped(type_)
    return is_domain(inner) and count(inner) <= MAX_VALUES
