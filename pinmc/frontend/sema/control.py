"""Statements with blocks inside, and the built-in statements."""

from __future__ import annotations

from pinmc.base.diagnostics import did_you_mean
from pinmc.base.source import Span
from pinmc.frontend.sema import typed
from pinmc.frontend.sema.builtins import BUILTINS, LOCK_CALLS
from pinmc.frontend.sema.kinds import BOOL, count, is_error
from pinmc.frontend.sema.rights import Lead
from pinmc.frontend.sema.statements import Statements
from pinmc.frontend.sema.types import QueueT
from pinmc.frontend.syntax import ast
from pinmc.ir.types import Scalarset

MAX_UNROLLED = 1_000
"""Rounds of a ``for`` in an actor: each is code of its own."""


class Code(Statements):
    """The whole checker of bodies."""

    def control(self, stmt: ast.Stmt) -> typed.Stmt | None:
        match stmt:
            case ast.ChooseStmt():
                return self._choose(stmt)
            case ast.IfStmt():
                return self._if(stmt)
            case ast.WhileStmt():
                return self._while(stmt)
            case ast.LoopStmt(body=body):
                self._only_in_code("loop", stmt.span)
                with self.looping():
                    return typed.Loop(self.stmts(body), stmt.span)
            case ast.ForStmt():
                return self._for(stmt)
            case ast.EitherStmt(branches=branches):
                self._only_in_code("either", stmt.span)
                return typed.Either(tuple(self.stmts(b) for b in branches), stmt.span)
            case ast.AtomicStmt():
                return self._atomic(stmt)
            case _:
                raise AssertionError(stmt)

    def _only_in_code(self, word: str, span: Span) -> None:
        if not self.one_step:
            return
        remedy = {
            "loop": "a bounded 'for' can be used",
            "while": "a bounded 'for' can be used",
            "either": "use 'if nondet' or 'choose'",
        }[word]
        self.error(
            "PIN306", span, f"'{word}' cannot be used in {self.here}, which is one step", remedy
        )

    # --- conditions ---------------------------------------------------------------------------

    def _condition(self, cond: ast.Expr) -> typed.Expr:
        if isinstance(cond, ast.NondetExpr):
            return typed.Nondet(BOOL, cond.span)
        return self.check(cond, BOOL, Lead.FRONT)

    def _if(self, stmt: ast.IfStmt) -> typed.Stmt:
        cond = self._condition(stmt.cond)
        then = self.stmts(stmt.then)
        orelse = None if stmt.orelse is None else self.stmts(stmt.orelse)
        return typed.If(cond, then, orelse, stmt.span)

    def _while(self, stmt: ast.WhileStmt) -> typed.Stmt:
        self._only_in_code("while", stmt.span)
        cond = self._condition(stmt.cond)
        with self.looping():
            return typed.While(cond, self.stmts(stmt.body), stmt.span)

    def _atomic(self, stmt: ast.AtomicStmt) -> typed.Stmt:
        before, self.atomic = self.atomic, True
        body = self.stmts(stmt.body)
        self.atomic = before
        return typed.Atomic(body, stmt.span)

    # --- choices and bulk updates -------------------------------------------------------------

    def _choose(self, stmt: ast.ChooseStmt) -> typed.Stmt:
        if stmt.body is None:
            binders, where = self._chosen(stmt)
            return typed.Choose(binders, where, None, None, stmt.span)
        with self.block():
            binders, where = self._chosen(stmt)
            body = self.stmts(stmt.body)
        orelse = None if stmt.orelse is None else self.stmts(stmt.orelse)
        return typed.Choose(binders, where, body, orelse, stmt.span)

    def _chosen(self, stmt: ast.ChooseStmt) -> tuple[tuple[typed.Local, ...], typed.Expr | None]:
        binders = tuple(self.binder(b, typed.LocalKind.CHOOSE) for b in stmt.binders)
        where = None if stmt.where is None else self.check(stmt.where, BOOL)
        return binders, where

    def _for(self, stmt: ast.ForStmt) -> typed.Stmt:
        with self.block(), self.looping():
            binder = self.binder(stmt.binder, typed.LocalKind.LOOP)
            if not self.one_step:
                self._check_order(binder, stmt)
            where = None if stmt.where is None else self.check(stmt.where, BOOL)
            body = self.stmts(stmt.body)
        return typed.For(binder, where, body, stmt.span)

    def _check_order(self, binder: typed.Local, stmt: ast.ForStmt) -> None:
        type_ = binder.type
        if isinstance(type_, Scalarset):
            self.error(
                "PIN305",
                stmt.binder.span,
                f"the members of {type_} are interchangeable: there is no order to step through",
                "inside 'atomic' or an action 'for' treats all at once; or loop over a range, or"
                " keep the set of those left and 'choose' among them",
            )
        elif not is_error(type_) and count(type_) > MAX_UNROLLED:
            self.error(
                "PIN122",
                stmt.binder.span,
                f"a 'for' in an actor has at most {MAX_UNROLLED} rounds, {type_} has"
                f" {count(type_)}",
                "use 'while' with a counter",
            )

    # --- built-in statements ------------------------------------------------------------------

    def builtin_statement(self, call: ast.CallExpr) -> typed.Stmt | None:
        name = call.callee
        if name.name in LOCK_CALLS:
            return self._lock_call(call)
        if name.name in ("push", "pop", "clear"):
            return self._queue_call(call)
        if name.name in BUILTINS:
            message = f"'{name.name}' only looks at something: this has no effect"
            self.error("PIN105", call.span, message)
        elif not (remedy := did_you_mean(name.name, BUILTINS)):
            self.unknown(name.name, name.span, "action")
        else:
            known = {*BUILTINS, *self.world.visible(self.instance)}
            remedy = did_you_mean(name.name, known) or remedy
            self.error("PIN101", name.span, f"unknown action '{name.name}'", remedy)
        return None

    def _lock_call(self, call: ast.CallExpr) -> typed.Stmt | None:
        name = call.callee.name
        args = self.plain_arguments(call, 1)
        lock = None if args is None else self.lock(args[0])
        if lock is None or not self.fits_lock(name, lock, call.span):
            return None
        return typed.Call(name, (lock,), call.span)

    def _queue_call(self, call: ast.CallExpr) -> typed.Stmt | None:
        name = call.callee.name
        args = self.plain_arguments(call, 2 if name == "push" else 1)
        queue = None if args is None else self.queue(args[0], name)
        if queue is None or args is None or not self.is_place(queue):
            return None
        if name != "push":
            return typed.Call(name, (queue,), call.span)
        assert isinstance(queue.type, QueueT)
        value = self.fit(self.infer(args[1], queue.type.element), queue.type.element, stored=True)
        return typed.Call(name, (queue, value), call.span)
