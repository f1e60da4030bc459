"""The names under which reports show declarations: each unique in the specification."""

from __future__ import annotations

from collections.abc import Iterator

from pinmc.frontend.sema.scope import Entry, Instance
from pinmc.frontend.sema.world import World
from pinmc.frontend.syntax import ast

_SHOWN = (
    ast.VarDecl,
    ast.CostDecl,
    ast.LockDecl,
    ast.DefDecl,
    ast.ActionDecl,
    ast.ProcDecl,
    ast.ActorDecl,
    ast.RuleDecl,
    ast.ClaimDecl,
)


def give_names(world: World) -> None:
    """Sets ``shown`` of every entry: ``io``, ``policy.state`` under an alias, or with the
    module's name where the bare one is taken. The root's names come first."""
    taken: set[str] = set()
    for instance in world.instances:
        for entry in instance.entries.values():
            if isinstance(entry.decl, _SHOWN):
                entry.shown = next(n for n in _candidates(instance, entry) if n not in taken)
                taken.add(entry.shown)


def _candidates(instance: Instance, entry: Entry) -> Iterator[str]:
    yield instance.prefix + entry.name
    module = instance.module.name
    yield f"{instance.prefix}{module.rpartition('.')[2]}.{entry.name}"
    yield f"{instance.prefix}{module}.{entry.name}"
    number = 2
    while True:
        yield f"{instance.prefix}{module}.{entry.name}~{number}"
        number += 1


def in_order(world: World) -> list[Instance]:
    """All instances, used modules before their users."""
    ordered: dict[Instance, None] = {}
    pending: list[tuple[Instance, bool]] = [(world.root, False)]
    while pending:
        instance, ready = pending.pop()
        if ready:
            ordered.setdefault(instance)
        elif instance not in ordered:
            pending.append((instance, True))
            used = [u.instance for u in reversed(instance.imports)]
            pending += [(other, False) for other in used if other not in ordered]
    return list(ordered)
