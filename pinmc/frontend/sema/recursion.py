"""Recursion among defs, actions and procs: refused, since all of them are inlined."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from pinmc.base.diagnostics import Note
from pinmc.frontend.sema import typed
from pinmc.frontend.sema.walk import callees, statements, walk
from pinmc.frontend.sema.world import World

Callable: TypeAlias = typed.Def | typed.Action | typed.Proc


def check_recursion(world: World) -> bool:
    """Reports every circle of calls once; whether there is none."""
    symbols = [e.symbol for i in world.instances for e in i.entries.values()]
    done: set[Callable] = set()
    found = 0
    for symbol in symbols:
        if isinstance(symbol, typed.Def | typed.Action | typed.Proc):
            found += _search(world, symbol, done)
    return found == 0


def _search(world: World, start: Callable, done: set[Callable]) -> int:
    """Depth first, without recursion of its own: chains of calls may be long.

    The number of circles.
    """
    found = 0
    path: list[Callable] = []
    pending: list[tuple[Callable, bool]] = [(start, False)]
    while pending:
        symbol, leaving = pending.pop()
        if leaving:
            path.pop()
            done.add(symbol)
        elif symbol in path:
            found += 1
            _report(world, path[path.index(symbol) :])
        elif symbol not in done:
            path.append(symbol)
            pending.append((symbol, True))
            pending += [(callee, False) for callee in dict.fromkeys(_calls(symbol))]
    return found


def _calls(symbol: Callable) -> Iterator[Callable]:
    if isinstance(symbol, typed.Def):
        for part in walk(symbol.body):
            if isinstance(part, typed.DefCall):
                yield part.definition
        return
    for stmt in statements(symbol.body):
        for callee, _ in callees(stmt):
            if not isinstance(callee, str):
                yield callee


def _report(world: World, circle: list[Callable]) -> None:
    names = " calls ".join([*(s.name for s in circle), circle[0].name])
    world.reporter.error(
        "PIN310",
        circle[0].span,
        f"recursion: {names}",
        "calls are inlined, so nothing may call itself; use a loop",
        [Note(s.span, f"'{s.name}' is in the circle") for s in circle[1:]],
    )
