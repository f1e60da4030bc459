"""One design of a program becomes a typed tree."""

from __future__ import annotations

from pinmc.base.diagnostics import Diagnostic, Reporter
from pinmc.base.source import Span
from pinmc.frontend.sema import typed
from pinmc.frontend.sema.checker import init_block
from pinmc.frontend.sema.constants import value_text
from pinmc.frontend.sema.contexts import check_contexts
from pinmc.frontend.sema.costs import check_costs
from pinmc.frontend.sema.depth import deep_recursion
from pinmc.frontend.sema.designs import COMMAND_LINE, Design
from pinmc.frontend.sema.expectations import expectations
from pinmc.frontend.sema.ghosts import check_ghosts
from pinmc.frontend.sema.independence import check_independence
from pinmc.frontend.sema.linking import check_clashes
from pinmc.frontend.sema.naming import give_names, in_order
from pinmc.frontend.sema.opening import open_world
from pinmc.frontend.sema.recursion import check_recursion
from pinmc.frontend.sema.scope import ConstSymbol, Instance
from pinmc.frontend.sema.sources import Program
from pinmc.frontend.sema.warnings import check_warnings
from pinmc.frontend.sema.world import World
from pinmc.frontend.syntax import ast
from pinmc.ir.system import Constant
from pinmc.ir.types import Enum


def elaborate(program: Program, design: Design) -> tuple[typed.Spec | None, tuple[Diagnostic, ...]]:
    """Checks every declaration under the constants and choices of ``design``.

    The tree is None when there are errors. Warnings are about the root, and are given only where
    there are no errors; what is unused in one design may be used in another.
    """
    reporter = Reporter()
    spec: typed.Spec | None = None
    try:
        with deep_recursion():
            spec = _elaborate(program, design, reporter)
    except RecursionError:
        file = program.root.file
        reporter.error(
            "PIN123", Span(file, 0, 0, 1, 1), "the definitions of this file are nested too deeply"
        )
    found = reporter.sorted()
    # What else is wrong may only follow from an override that is: it comes first, alone.
    overrides = tuple(d for d in found if d.span.path == COMMAND_LINE)
    return (None if reporter.has_errors else spec), overrides or found


def _elaborate(program: Program, design: Design, reporter: Reporter) -> typed.Spec:
    world = open_world(program, design.given, reporter)
    for instance in world.instances:  # grows meanwhile
        world.complete(instance)
    for instance in world.instances:
        check_clashes(world, instance)
    give_names(world)
    inits = _check_all(world)
    spec = _spec(world, inits, design)
    if check_recursion(world):
        check_contexts(spec, reporter)
        check_ghosts(spec, reporter)
        check_costs(spec, reporter)
        check_independence(spec, reporter)
    if not reporter.has_errors:
        check_warnings(world, spec)
    return spec


def _check_all(world: World) -> list[typed.Block]:
    inits: list[typed.Block] = []
    for instance in in_order(world):
        for entry in instance.entries.values():
            world.fill(entry)
        for decl in instance.module.tree.decls:
            if isinstance(decl, ast.InitDecl):
                inits.append(init_block(world, instance, decl))
    return inits


def _spec(world: World, inits: list[typed.Block], design: Design) -> typed.Spec:
    symbols = [e.symbol for i in in_order(world) for e in i.entries.values()]
    claims = tuple(s for s in symbols if isinstance(s, typed.Claim))
    actions = tuple(s for s in symbols if isinstance(s, typed.Action))
    actors = tuple(s for s in symbols if isinstance(s, typed.Actor))
    rules = tuple(s for s in symbols if isinstance(s, typed.Rule))
    procs = tuple(s for s in symbols if isinstance(s, typed.Proc))
    expected, stuck = expectations(world, design, inits)
    return typed.Spec(
        name=world.program.root.name,
        path=world.program.root.file.path,
        constants=_constants(world.root),
        variables=tuple(s for s in symbols if isinstance(s, typed.Variable)),
        locks=tuple(s for s in symbols if isinstance(s, typed.Lock)),
        actions=actions,
        procs=procs,
        actors=actors,
        rules=rules,
        inits=tuple(inits),
        claims=claims,
        expectations=expected,
        stuck_actors=stuck,
    )


def _constants(root: Instance) -> tuple[Constant, ...]:
    found = ((e, e.symbol) for e in root.entries.values())
    return tuple(
        _constant(e.name, s, isinstance(e.decl, ast.ChoiceDecl))
        for e, s in found
        if isinstance(s, ConstSymbol)
    )


def _constant(name: str, symbol: ConstSymbol, is_choice: bool) -> Constant:
    type_ = symbol.value.type
    options = type_.members if is_choice and isinstance(type_, Enum) else ()
    return Constant(name, value_text(symbol.value), is_choice, options)
