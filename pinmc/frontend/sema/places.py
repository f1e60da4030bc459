"""The places of an actor's code that properties may name, and its locals."""

from __future__ import annotations

from collections.abc import Iterator

from pinmc.frontend.sema import typed
from pinmc.frontend.sema.scope import Entry
from pinmc.frontend.sema.visit import blocks_of, calls_in
from pinmc.frontend.sema.walk import statements
from pinmc.frontend.sema.world import World
from pinmc.frontend.syntax import ast


def actor_locals(actor: typed.Actor) -> list[typed.Local]:
    """The locals declared or chosen in the body of an actor, in order."""
    found: list[typed.Local] = []
    for stmt in statements(actor.body):
        if isinstance(stmt, typed.Declare):
            found.append(stmt.local)
        elif isinstance(stmt, typed.Choose):
            found += stmt.binders
    return found


def labels_of(world: World, actor: Entry) -> set[str]:
    """The labels in the code of an actor and of the procs it calls."""
    found: set[str] = set()
    seen: set[Entry] = set()
    pending = [actor]
    while pending:
        entry = pending.pop()
        decl = entry.decl
        if entry in seen or not isinstance(decl, ast.ActorDecl | ast.ProcDecl):
            continue
        seen.add(entry)
        for stmt in _all(decl.body):
            if isinstance(stmt, ast.MarkedStmt) and stmt.label is not None:
                found.add(stmt.label.name)
            for call in calls_in(stmt):
                pending += world.resolve(entry.home, call.callee.name)
    return found


def _all(block: ast.Block) -> Iterator[ast.Stmt]:
    for stmt in block.stmts:
        yield stmt
        inner = stmt.stmt if isinstance(stmt, ast.MarkedStmt) else stmt
        if inner is not stmt:
            yield inner
        for body in blocks_of(inner):
            yield from _all(body)
