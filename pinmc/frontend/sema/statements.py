"""Statements: assignments, calls, marks and the ones that stand alone."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from contextlib import contextmanager
from typing import assert_never

from pinmc.base.diagnostics import Note
from pinmc.base.source import Span
from pinmc.frontend.sema import typed
from pinmc.frontend.sema.kinds import BOOL, FORMULA, is_error, local_kind, quote
from pinmc.frontend.sema.rights import Lead, Rights
from pinmc.frontend.sema.scope import Broken, Instance
from pinmc.frontend.sema.typeexprs import Types
from pinmc.frontend.sema.types import ArrayT, LockT, Type
from pinmc.frontend.sema.walk import target_root
from pinmc.frontend.sema.world import World
from pinmc.frontend.syntax import ast
from pinmc.ir.command import Fairness


class Role(enum.Enum):
    """Whose body it is. The first three run in one step, actors and procs in many."""

    ACTION = "an action"
    RULE = "a rule"
    INIT = "the init block"
    ACTOR = "an actor"
    PROC = "a proc"

    @property
    def is_code(self) -> bool:
        return self in (Role.ACTOR, Role.PROC)


FAIRNESS = {
    ast.Fair.NONE: Fairness.NONE,
    ast.Fair.WEAK: Fairness.WEAK,
    ast.Fair.STRONG: Fairness.STRONG,
}


class Statements(Types):
    """Checks the statements of one body; ``result`` is what it returns."""

    def __init__(
        self,
        world: World,
        instance: Instance,
        rights: Rights,
        role: Role = Role.ACTION,
        result: Type | None = None,
    ) -> None:
        super().__init__(world, instance, rights)
        self.role = role
        self.result = result
        self.atomic = False
        self.loops = 0
        self.labels: dict[str, ast.Ident] = {}

    @property
    def one_step(self) -> bool:
        """Whether the statements here run within one step."""
        return self.atomic or not self.role.is_code

    @property
    def here(self) -> str:
        return "'atomic'" if self.atomic else self.role.value

    # --- offered by Control -------------------------------------------------------------------

    def control(self, stmt: ast.Stmt) -> typed.Stmt | None:
        """Statements with blocks inside."""
        raise NotImplementedError

    # --- blocks ---------------------------------------------------------------------------------

    def stmts(self, block: ast.Block) -> typed.Block:
        """A block and the names that live in it."""
        with self.block():
            return self.open_stmts(block)

    def open_stmts(self, block: ast.Block) -> typed.Block:
        """A block whose names belong to the block that is open."""
        found = [self.stmt(s) for s in block.stmts]
        return typed.Block(tuple(s for s in found if s is not None), block.span)

    @contextmanager
    def looping(self) -> Iterator[None]:
        self.loops += 1
        yield
        self.loops -= 1

    # --- statements -------------------------------------------------------------------------------

    def stmt(self, stmt: ast.Stmt) -> typed.Stmt | None:
        """The typed statement, or None when nothing sensible can stand for it."""
        match stmt:
            case ast.AssignStmt():
                return self._assign(stmt)
            case ast.CallStmt():
                return self._call(stmt.call)
            case ast.VarStmt():
                return self._var(stmt)
            case ast.AwaitStmt(cond=cond):
                return typed.Await(self.check(cond, BOOL), stmt.span)
            case ast.SkipStmt():
                return typed.Skip(stmt.span)
            case ast.BreakStmt() | ast.ContinueStmt():
                return self._jump(stmt)
            case ast.ReturnStmt():
                return self._return(stmt)
            case ast.AssertStmt():
                return self._assert(stmt)
            case ast.StartStmt():
                return self._start(stmt)
            case ast.MarkedStmt():
                return self._marked(stmt)
            case (
                ast.ChooseStmt()
                | ast.IfStmt()
                | ast.WhileStmt()
                | ast.LoopStmt()
                | ast.ForStmt()
                | ast.EitherStmt()
                | ast.AtomicStmt()
            ):
                return self.control(stmt)
            case _:
                assert_never(stmt)

    # --- assignments ---------------------------------------------------------------------------

    def _assign(self, stmt: ast.AssignStmt) -> typed.Stmt | None:
        target = self._target(stmt.target)
        if target is None or is_error(target.type):
            lead = Lead.WHOLE if stmt.op == "=" else Lead.NO
            self._quietly(stmt.value, lead)
            return None
        if stmt.op == "=":
            value = self.infer(stmt.value, target.type, Lead.WHOLE)
        else:
            value = self._operated(target, stmt)
        value = self.fit(value, target.type, stored=True)
        return None if is_error(value.type) else typed.Assign(target, value, stmt.span)

    def _quietly(self, value: ast.Expr, lead: Lead) -> None:
        """Looks for further mistakes where the type to expect is not known."""
        if isinstance(value, ast.CallExpr | ast.BinaryExpr | ast.IndexExpr):
            self.infer(value, None, lead)

    def _operated(self, target: typed.Expr, stmt: ast.AssignStmt) -> typed.Expr:
        """``x op= e`` as ``x op e``, with the target as the very left operand."""
        op = stmt.op[:-1]
        value = self.infer(stmt.value, target.type)
        if is_error(value.type):
            return value
        expr = ast.BinaryExpr(op, stmt.target, stmt.value, stmt.span)
        return self.combine(expr, target, value)

    def _target(self, expr: ast.Expr) -> typed.Expr | None:
        target = self.infer(expr)
        if is_error(target.type):
            return None
        root = target_root(target)
        if isinstance(root, typed.Variable) and not _is_primed(target):
            return target
        if isinstance(root, typed.Local) and self._may_assign(root):
            root.assigned = True
            return target
        what = f"{quote(expr.span)} is not a variable"
        if isinstance(root, typed.Local):
            what = f"'{root.name}' is {local_kind(root)}"
        if isinstance(target, typed.Const):
            what = f"{quote(expr.span)} is a constant"
        elif isinstance(target, typed.LockRef):
            what = f"{quote(expr.span)} is a lock: use lock(…) and unlock(…)"
        self.error(
            "PIN315",
            expr.span,
            f"{what}, it cannot be assigned to",
            "only variables, 'var' locals and the parameters of actions and procs can",
        )
        return None

    def _may_assign(self, local: typed.Local) -> bool:
        if local.kind is typed.LocalKind.PARAM:
            return self.role in (Role.ACTION, Role.PROC)
        return local.kind is typed.LocalKind.VAR

    def _var(self, stmt: ast.VarStmt) -> typed.Stmt | None:
        type_ = self.type(stmt.type)
        if isinstance(type_, LockT) or type_ == FORMULA:
            return None
        value = None
        if stmt.value is not None:
            found = self.infer(stmt.value, type_, Lead.WHOLE)
            if isinstance(type_, ArrayT) and found.type == type_.element:
                self.error(
                    "PIN201",
                    stmt.value.span,
                    "an array has no single value: assign its elements in a 'for'",
                )
            else:
                found = self.fit(found, type_, stored=True)
            value = None if is_error(found.type) else found
        local = self.declare(stmt.name, type_, typed.LocalKind.VAR)
        return typed.Declare(local, value, stmt.span)

    # --- calls ------------------------------------------------------------------------------------

    def _call(self, call: ast.CallExpr) -> typed.Stmt | None:
        name = call.callee
        found = self.world.resolve(self.instance, name.name)
        if not found:
            return self.builtin_statement(call)
        entry = found[0] if len(found) == 1 else self.named(name, "action")
        symbol = None if entry is None else self.world.symbol(entry)
        if isinstance(symbol, typed.Action | typed.Proc):
            given = self.arguments(call.args, symbol.params, symbol.name, call.span, True)
            if isinstance(symbol, typed.Proc) and not self._may_call_proc(symbol, call):
                return None
            return typed.Call(symbol, given, call.span)
        if not isinstance(symbol, Broken | None):
            self.error(
                "PIN105", call.span, f"'{name.name}' is no action or proc: this has no effect"
            )
        return None

    def builtin_statement(self, call: ast.CallExpr) -> typed.Stmt | None:
        """``push(q, e)``, ``lock(l)`` and the like."""
        raise NotImplementedError

    def may_call(self, lead: Lead, name: str, span: Span) -> bool:
        if not super().may_call(lead, name, span):
            return False
        found = self.world.resolve(self.instance, name)
        symbol = self.world.symbol(found[0]) if len(found) == 1 else None
        if isinstance(symbol, typed.Proc):
            return self._proc_allowed(symbol.name, span)
        return True

    def _may_call_proc(self, proc: typed.Proc, call: ast.CallExpr) -> bool:
        return self._proc_allowed(proc.name, call.span)

    def _proc_allowed(self, name: str, span: Span) -> bool:
        if not self.one_step:
            return True
        self.error(
            "PIN321",
            span,
            f"'{name}' is a proc, which takes several steps: {self.here} is one step",
            "call actions here, or make it an action",
        )
        return False

    # --- jumps ------------------------------------------------------------------------------------

    def _jump(self, stmt: ast.BreakStmt | ast.ContinueStmt) -> typed.Stmt | None:
        word = "break" if isinstance(stmt, ast.BreakStmt) else "continue"
        if not self.role.is_code:
            message = f"'{word}' cannot be used in {self.here}"
            self.error("PIN307", stmt.span, message, "use 'if' or a 'where' on the loop")
            return None
        if not self.loops:
            self.error("PIN307", stmt.span, f"'{word}' is outside any loop")
            return None
        return typed.Break(stmt.span) if word == "break" else typed.Continue(stmt.span)

    def _return(self, stmt: ast.ReturnStmt) -> typed.Stmt | None:
        if self.role not in (Role.ACTION, Role.PROC):
            self.error(
                "PIN308",
                stmt.span,
                f"'return' cannot be used in {self.role.value}",
                "only actions and procs return",
            )
            return None
        if stmt.value is None:
            if self.result is not None:
                self.error("PIN308", stmt.span, f"a value of type {self.result} must be returned")
            return typed.Return(None, stmt.span)
        if self.result is None:
            self.error(
                "PIN308",
                stmt.span,
                f"this {self.role.name.lower()} declares no result",
                "declare it after the parameters: name(…): T",
            )
            return None
        value = self.fit(self.infer(stmt.value, self.result, Lead.WHOLE), self.result)
        return typed.Return(value, stmt.span)

    # --- others -----------------------------------------------------------------------------------

    def _assert(self, stmt: ast.AssertStmt) -> typed.Stmt:
        label = None
        if stmt.label is not None:
            label = self.instance.prefix + stmt.label.name
        return typed.Assert(label, self.check(stmt.cond, BOOL), stmt.span)

    def _start(self, stmt: ast.StartStmt) -> typed.Stmt | None:
        entry = self.named(stmt.actor, "actor")
        symbol = None if entry is None else self.world.symbol(entry)
        if symbol is None or isinstance(symbol, Broken):
            return None
        if not isinstance(symbol, typed.Actor):
            self.error("PIN105", stmt.actor.span, f"'{stmt.actor.name}' is no actor")
            return None
        if not self.role.is_code:
            message = f"'start' cannot be used in {self.here}"
            self.error("PIN306", stmt.span, message, "start it from the code of an actor")
            return None
        if not symbol.dormant:
            self.error(
                "PIN320",
                stmt.span,
                f"actor '{symbol.name}' runs from the beginning",
                f"declare it 'dormant actor {symbol.name}' to start it later",
            )
        given = self.actor_indices(symbol, stmt.args, stmt.span)
        return typed.Start(symbol, given, stmt.span)

    def _marked(self, stmt: ast.MarkedStmt) -> typed.Stmt | None:
        if self.one_step:
            self._no_mark(stmt, f"{self.here} is one step: there are no places inside")
        elif isinstance(stmt.stmt, ast.BreakStmt | ast.ContinueStmt):
            self._no_mark(stmt, "a jump is no step of its own")
        elif stmt.label is not None:
            self._label(stmt.label)
        inner = self.stmt(stmt.stmt)
        if inner is None or self.one_step:
            return inner
        label = stmt.label.name if stmt.label else None
        return typed.Marked(label, stmt.end, FAIRNESS[stmt.fair], inner, stmt.span)

    def _no_mark(self, stmt: ast.MarkedStmt, why: str) -> None:
        what = "a label" if stmt.label else "'end'" if stmt.end else f"'{stmt.fair.value}'"
        self.error("PIN318", stmt.span, f"{what} makes no sense here: {why}")

    def _label(self, label: ast.Ident) -> None:
        first = self.labels.setdefault(label.name, label)
        if first is not label:
            self.error(
                "PIN102",
                label.span,
                f"the label '{label.name}' is used twice",
                notes=[Note(first.span, "the first is here")],
            )


def _is_primed(target: typed.Expr) -> bool:
    while isinstance(target, typed.Index | typed.Field | typed.Convert):
        target = target.base if not isinstance(target, typed.Convert) else target.operand
    return isinstance(target, typed.VarRef) and target.primed
