"""Ghosts record the truth: nothing real may hang on them.

No guard, choice, real assignment, index of a real assignment, argument, result or real branch
depends on a ghost; what an ``if`` or ``for`` on a ghost does is done to ghosts only. Assertions
and properties may look at them.
"""

from __future__ import annotations

from typing import assert_never

from pinmc.base.diagnostics import Reporter
from pinmc.frontend.sema import typed
from pinmc.frontend.sema.facts import GHOST, Facts
from pinmc.frontend.sema.kinds import quote
from pinmc.frontend.sema.walk import (
    blocks,
    code_bodies,
    guards,
    statements,
    step_bodies,
    target_root,
    walk,
)

_QUEUES = frozenset({"push", "pop", "clear"})


def check_ghosts(spec: typed.Spec, reporter: Reporter) -> None:
    """Reports everything real that depends on a ghost."""
    checker = _Ghosts(reporter)
    for body in (*step_bodies(spec), *code_bodies(spec)):
        checker.block(body, False)
    for guard in guards(spec):
        checker.refuse(guard, "PIN301", "a guard")


class _Ghosts:
    def __init__(self, reporter: Reporter) -> None:
        self._reporter = reporter
        self._facts = Facts()
        self._only_ghosts: dict[typed.Action, bool] = {}

    # --- questions -----------------------------------------------------------------------------

    def _reads_ghost(self, expr: typed.Expr | None) -> bool:
        return expr is not None and GHOST in self._facts.of(expr)

    def refuse(self, expr: typed.Expr | None, code: str, what: str) -> None:
        """Reports ``expr`` if it depends on a ghost; ``what`` must not."""
        if expr is None or not self._reads_ghost(expr):
            return
        part = next(p for p in walk(expr) if GHOST in self._facts.of_part(p))
        self._reporter.error(
            code,
            part.span,
            f"{what} cannot depend on the ghost {quote(part.span)}",
            "ghosts are for properties: let the code use what the real system can see",
        )

    def _is_ghost(self, target: typed.Expr) -> bool:
        root = target_root(target)
        return isinstance(root, typed.Variable) and root.ghost

    def _has_only_ghost_effects(self, action: typed.Action) -> bool:
        if action not in self._only_ghosts:
            self._only_ghosts[action] = action.when is None and all(
                self._stmt_is_ghostly(s) for s in statements(action.body)
            )
        return self._only_ghosts[action]

    def _stmt_is_ghostly(self, stmt: typed.Stmt) -> bool:
        match stmt:
            case typed.Assign(target=target, value=value):
                calls = any(isinstance(p, typed.CallValue) for p in walk(value))
                return self._is_ghost(target) and not calls
            case typed.Call(callee=str() as name, args=args):
                return name in _QUEUES and self._is_ghost(args[0])
            case typed.Call(callee=typed.Action() as action):
                return self._has_only_ghost_effects(action)
            case typed.If(cond=cond):
                return not isinstance(cond, typed.Nondet) and not any(
                    isinstance(p, typed.CallValue) for p in walk(cond)
                )
            case typed.For() | typed.Assert():
                return True
            case _:
                return False

    # --- statements ------------------------------------------------------------------------------

    def block(self, block: typed.Block, on_ghost: bool) -> None:
        """``on_ghost``: whether the block is run or not hangs on a ghost."""
        for stmt in block.stmts:
            inner = stmt.stmt if isinstance(stmt, typed.Marked) else stmt
            if on_ghost and not self._stmt_is_ghostly(inner):
                self._reporter.error(
                    "PIN303",
                    stmt.span,
                    f"{quote(stmt.span)} hangs on a ghost here, and does more than change ghosts",
                    "an 'if' or 'for' on a ghost may only change ghosts",
                )
            self._stmt(inner, on_ghost)

    def _stmt(self, stmt: typed.Stmt, on_ghost: bool) -> None:
        inner = on_ghost
        match stmt:
            case typed.Assign():
                self._assign(stmt)
            case typed.Declare(value=value):
                self.refuse(value, "PIN302", "a local variable")
            case typed.Return(value=value):
                self.refuse(value, "PIN302", "a result")
            case typed.Call():
                self._call(stmt.callee, stmt.args)
            case typed.Await(cond=cond):
                self.refuse(cond, "PIN301", "'await'")
            case typed.While(cond=cond):
                self.refuse(cond, "PIN301", "a loop")
            case typed.Choose(where=where):
                self.refuse(where, "PIN301", "a choice")
            case typed.Start(args=args):
                for arg in args:
                    self.refuse(arg, "PIN301", "'start'")
            case typed.If(cond=condition):
                self._calls_in(condition)
                inner = inner or self._reads_ghost(condition)
            case typed.For(where=where):
                inner = inner or self._reads_ghost(where)
            case (
                typed.Assert()
                | typed.Skip()
                | typed.Break()
                | typed.Continue()
                | typed.Loop()
                | typed.Either()
                | typed.Atomic()
                | typed.Marked()
            ):
                pass
            case _:
                assert_never(stmt)
        for block in blocks(stmt):
            self.block(block, inner)

    def _assign(self, stmt: typed.Assign) -> None:
        self._calls_in(stmt.value)
        if self._is_ghost(stmt.target):
            return
        self.refuse(stmt.value, "PIN302", f"{quote(stmt.target.span)}, which is real,")
        self._indices(stmt.target)

    def _indices(self, target: typed.Expr) -> None:
        """The indices of something real that is changed."""
        while isinstance(target, typed.Index | typed.Field | typed.Convert):
            if isinstance(target, typed.Index):
                for index in target.indices:
                    self.refuse(index, "PIN302", "the index of a real assignment")
            target = target.operand if isinstance(target, typed.Convert) else target.base
        if isinstance(target, typed.LockRef):
            for index in target.indices:
                self.refuse(index, "PIN301", "which lock is meant")

    def _calls_in(self, expr: typed.Expr) -> None:
        for part in walk(expr):
            if isinstance(part, typed.CallValue):
                self._call(part.callee, part.args)

    def _call(self, callee: typed.Action | typed.Proc | str, args: tuple[typed.Expr, ...]) -> None:
        if isinstance(callee, typed.Action) and self._has_only_ghost_effects(callee):
            return
        if isinstance(callee, str):
            if self._is_ghost(args[0]):
                return
            self._indices(args[0])
            args = args[1:]
        name = callee if isinstance(callee, str) else callee.name
        for arg in args:
            self.refuse(arg, "PIN302", f"an argument of '{name}'")
