"""What a specification declares and does not need. Only the root's own declarations count."""

from __future__ import annotations

from collections.abc import Iterator

from pinmc.base.diagnostics import Note
from pinmc.frontend.sema import typed
from pinmc.frontend.sema.scope import Entry, Import
from pinmc.frontend.sema.walk import (
    callees,
    code_bodies,
    expressions,
    guards,
    statements,
    step_bodies,
    target_root,
    walk,
)
from pinmc.frontend.sema.world import World
from pinmc.frontend.syntax import ast


def check_warnings(world: World, spec: typed.Spec) -> None:
    """Warns of variables never read or written, and of declarations that nothing uses."""
    usage = _Usage(spec)
    for entry in world.root.entries.values():
        _check_entry(world, entry, usage)
    _check_instances(world)
    for body in _own_bodies(world):
        for local in _declared(body):
            if local not in usage.read:
                world.reporter.warning(
                    "PIN504", local.span, f"the local variable '{local.name}' is never read"
                )


def _check_entry(world: World, entry: Entry, usage: _Usage) -> None:
    symbol = entry.symbol
    match symbol, entry.decl:
        case typed.Variable(cost=True), _:
            if symbol not in usage.written:
                _warn(world, entry, "PIN502", f"the cost '{entry.name}' is never added to")
        case typed.Variable(), _:
            _check_variable(world, symbol, usage)
        case typed.Lock(), _:
            if symbol not in usage.locks:
                _warn(world, entry, "PIN502", f"the lock '{entry.name}' is never used")
        case typed.Action() | typed.Proc(), _:
            if symbol not in usage.called:
                kind = "action" if isinstance(symbol, typed.Action) else "proc"
                _warn(world, entry, "PIN503", f"the {kind} '{entry.name}' is never called")
        case typed.Actor(dormant=True), _:
            if symbol not in usage.started:
                _warn(world, entry, "PIN503", f"the actor '{entry.name}' is never started")
        case _, ast.ConstDecl() | ast.ChoiceDecl() | ast.DefDecl():
            if not entry.used:
                kind = type(entry.decl).__name__.removesuffix("Decl").lower()
                kind = {"const": "constant"}.get(kind, kind)
                _warn(world, entry, "PIN505", f"the {kind} '{entry.name}' is never used")


def _check_instances(world: World) -> None:
    """Two instances of a module under the same names: mostly an argument that was forgotten."""
    uses = {used.instance: used for user in world.instances for used in reversed(user.imports)}
    first: dict[object, Import] = {}
    for instance in world.instances:
        used = uses.get(instance)
        if used is None or used.aliased:
            continue
        kind = (instance.module.name, tuple(sorted(instance.types.items())))
        other = first.setdefault(kind, used)
        if other is not used:
            world.reporter.warning(
                "PIN507",
                used.span,
                f"this is another instance of '{instance.module.name}', with other constants",
                "give it the same constants to share one, or an alias to make it plain: use … as …",
                [Note(other.span, "the first is used here")],
            )


def _check_variable(world: World, variable: typed.Variable, usage: _Usage) -> None:
    read, written = variable in usage.read, variable in usage.written
    if not read:
        what = "used" if not written else "read"
        world.reporter.warning(
            "PIN502", variable.span, f"the variable '{variable.name}' is never {what}"
        )
    elif not written and not variable.any:
        world.reporter.warning(
            "PIN501",
            variable.span,
            f"the variable '{variable.name}' is never written",
            "make it a constant or a def if it is not meant to change",
        )


def _warn(world: World, entry: Entry, code: str, message: str) -> None:
    world.reporter.warning(code, entry.span, message)


def _own_bodies(world: World) -> Iterator[typed.Block]:
    for entry in world.root.entries.values():
        symbol = entry.symbol
        if isinstance(symbol, typed.Action | typed.Proc | typed.Actor | typed.Rule):
            yield symbol.body


def _declared(body: typed.Block) -> Iterator[typed.Local]:
    for stmt in statements(body):
        if isinstance(stmt, typed.Declare):
            yield stmt.local


class _Usage:
    """What is read, written, called and started anywhere in a specification."""

    def __init__(self, spec: typed.Spec) -> None:
        self.read: set[typed.Variable | typed.Local] = set()
        self.written: set[typed.Variable | typed.Local] = set()
        self.locks: set[typed.Lock] = set()
        self.called: set[typed.Action | typed.Proc] = set()
        self.started: set[typed.Actor] = set()
        self._defs: set[typed.Def] = set()
        for body in (*step_bodies(spec), *code_bodies(spec)):
            for stmt in statements(body):
                self._stmt(stmt)
        for claim in spec.claims:
            self._expr(claim.body)
        for guard in guards(spec):
            self._expr(guard)
        for variable in spec.variables:
            if variable.init is not None:
                self._expr(variable.init)

    def _stmt(self, stmt: typed.Stmt) -> None:
        for callee, _ in callees(stmt):
            if not isinstance(callee, str):
                self.called.add(callee)
        match stmt:
            case typed.Assign(target=target, value=value):
                self._change(target)
                if isinstance(value, typed.Binary) and value.left is target:
                    value = value.right
                self._expr(value)
                return
            case typed.Call(callee="push" | "pop" | "clear", args=args):
                self._change(args[0])
                for arg in args[1:]:
                    self._expr(arg)
                return
            case typed.Start(actor=actor):
                self.started.add(actor)
        for expr in expressions(stmt):
            self._expr(expr)

    def _change(self, target: typed.Expr) -> None:
        root = target_root(target)
        if root is not None:
            self.written.add(root)
        while isinstance(target, typed.Index | typed.Field | typed.Convert):
            if isinstance(target, typed.Index):
                for index in target.indices:
                    self._expr(index)
            target = target.operand if isinstance(target, typed.Convert) else target.base

    def _expr(self, expr: typed.Expr) -> None:
        for part in walk(expr):
            match part:
                case typed.VarRef(variable=variable):
                    self.read.add(variable)
                case typed.LocalRef(local=local) | typed.ActorLocal(local=local):
                    self.read.add(local)
                case typed.LockRef(lock=lock):
                    self.locks.add(lock)
                case typed.CallValue(callee="pop", args=args):
                    root = target_root(args[0])
                    if root is not None:
                        self.written.add(root)
                case typed.DefCall(definition=definition) if definition not in self._defs:
                    self._defs.add(definition)
                    self._expr(definition.body)
