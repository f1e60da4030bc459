"""Built-in functions and calls: queues, sets, numbers and locks."""

from __future__ import annotations

from pinmc.base.source import Span
from pinmc.frontend.sema import typed
from pinmc.frontend.sema.expressions import Expressions
from pinmc.frontend.sema.kinds import (
    BOOL,
    INT,
    error_at,
    is_error,
    quote,
    shown,
)
from pinmc.frontend.sema.rights import Lead
from pinmc.frontend.sema.types import QueueT, SetT, Type
from pinmc.frontend.sema.walk import target_root
from pinmc.frontend.syntax import ast

QUERIES = frozenset({"len", "head", "full", "empty", "size", "min", "max", "held", "locked"})
LOCK_CALLS = frozenset(
    {"lock", "trylock", "unlock", "lock_shared", "trylock_shared", "unlock_shared", "downgrade"}
)
SHARED_CALLS = frozenset({"lock_shared", "trylock_shared", "unlock_shared", "downgrade"})
QUEUE_CALLS = frozenset({"push", "pop", "clear"})
VALUED = frozenset({"pop", "trylock", "trylock_shared"})
BUILTINS = QUERIES | LOCK_CALLS | QUEUE_CALLS
"""Names that mean these where the specification declares nothing of that name."""


class Builtins(Expressions):
    """The built-in calls that give a value, and the statements."""

    def builtin(self, expr: ast.CallExpr, expected: Type | None, lead: Lead) -> typed.Expr:
        name = expr.callee.name
        args = self.plain_arguments(expr, 2 if name in ("min", "max", "push") else 1)
        if args is None:
            return error_at(expr.span)
        match name:
            case "min" | "max":
                return self._extreme(name, args, expected, expr.span)
            case "held" | "locked":
                return self._lock_query(name, args[0], expr.span)
            case "len" | "head" | "full" | "empty" | "size":
                return self._collection(name, self.infer(args[0]), expr.span)
            case _ if name in VALUED:
                return self._valued(name, args[0], lead, expr.span)
            case _:
                return self.bad("PIN215", expr.span, f"'{name}' is a statement: it has no value")

    def plain_arguments(self, expr: ast.CallExpr, number: int) -> tuple[ast.Expr, ...] | None:
        name = expr.callee.name
        if any(arg.name is not None for arg in expr.args) or len(expr.args) != number:
            needs = f"{number} argument{'' if number == 1 else 's'}"
            self.error("PIN203", expr.span, f"'{name}' takes {needs}, {len(expr.args)} given")
            return None
        return tuple(arg.value for arg in expr.args)

    # --- numbers and collections ----------------------------------------------------------------

    def _extreme(
        self, name: str, args: tuple[ast.Expr, ...], expected: Type | None, span: Span
    ) -> typed.Expr:
        compared = ast.BinaryExpr("+", args[0], args[1], span)
        whole = self.binary(compared, expected, Lead.NO)
        if not isinstance(whole, typed.Binary):
            return error_at(span)
        return typed.Builtin(name, (whole.left, whole.right), whole.type, span)

    def _collection(self, name: str, value: typed.Expr, span: Span) -> typed.Expr:
        type_ = value.type
        if is_error(type_):
            return error_at(span)
        if isinstance(type_, QueueT) and name != "size":
            result: Type = INT if name == "len" else type_.element if name == "head" else BOOL
            return typed.Builtin(name, (value,), result, span)
        if isinstance(type_, SetT) and name in ("size", "empty"):
            return typed.Builtin(name, (value,), INT if name == "size" else BOOL, span)
        of = "a set" if name == "size" else "a queue or set" if name == "empty" else "a queue"
        remedy = ""
        if isinstance(type_, QueueT | SetT):
            remedy = "queues have len, head, full and empty; sets have size and empty"
        message = f"'{name}' needs {of}, {quote(value.span)} is {shown(type_)}"
        return self.bad("PIN202", value.span, message, remedy)

    def queue(self, expr: ast.Expr, what: str) -> typed.Expr | None:
        """A queue that is changed: a variable or part of one."""
        queue = self.infer(expr)
        if is_error(queue.type):
            return None
        if not isinstance(queue.type, QueueT):
            self.error(
                "PIN202",
                expr.span,
                f"'{what}' needs a queue, {quote(expr.span)} is {shown(queue.type)}",
            )
            return None
        return queue

    def is_place(self, queue: typed.Expr) -> bool:
        """Whether a queue can be changed: it is a variable or a part of one."""
        root = target_root(queue)
        if isinstance(root, typed.Local):
            root.assigned = True
        fixed = isinstance(root, typed.Local) and root.kind is not typed.LocalKind.VAR
        if root is not None and not fixed:
            return True
        self.error("PIN315", queue.span, f"{quote(queue.span)} is no variable to change")
        return False

    # --- locks ------------------------------------------------------------------------------------

    def lock(self, expr: ast.Expr) -> typed.LockRef | None:
        lock = self.infer(expr)
        if is_error(lock.type):
            return None
        if not isinstance(lock, typed.LockRef):
            message = f"{quote(expr.span)} is {shown(lock.type)}, a lock is needed here"
            self.error("PIN217", expr.span, message, "declare it with 'mutex' or 'rwlock'")
            return None
        if len(lock.indices) != len(lock.lock.dims):
            self.apply(lock, (), expr.span)
            return None
        return lock

    def _lock_query(self, name: str, arg: ast.Expr, span: Span) -> typed.Expr:
        if name == "held" and not self.rights.held:
            return self.bad(
                "PIN319",
                span,
                f"'held' asks about the actor that is executing; {self.rights.what} has none",
                "'locked' asks whether anyone holds the lock",
            )
        lock = self.lock(arg)
        return error_at(span) if lock is None else typed.Builtin(name, (lock,), BOOL, span)

    def _valued(self, name: str, arg: ast.Expr, lead: Lead, span: Span) -> typed.Expr:
        if name == "pop":
            queue = self.queue(arg, name)
            if queue is None or not self.may_call(lead, name, span) or not self.is_place(queue):
                return error_at(span)
            assert isinstance(queue.type, QueueT)
            return typed.CallValue(name, (queue,), queue.type.element, span)
        lock = self.lock(arg)
        if lock is None or not self.may_call(lead, name, span):
            return error_at(span)
        if not self.fits_lock(name, lock, span):
            return error_at(span)
        return typed.CallValue(name, (lock,), BOOL, span)

    def fits_lock(self, name: str, lock: typed.LockRef, span: Span) -> bool:
        """Whether that kind of lock knows the call."""
        if name not in SHARED_CALLS or lock.lock.rw:
            return True
        self.error(
            "PIN217",
            span,
            f"'{name}' needs an rwlock, '{lock.lock.name}' is a mutex",
            f"declare it with 'rwlock {lock.lock.name}', or use {name.removesuffix('_shared')}"
            if name != "downgrade"
            else f"declare it with 'rwlock {lock.lock.name}'",
        )
        return False

    def may_call(self, lead: Lead, name: str, span: Span) -> bool:
        """Whether a call that changes state may stand here."""
        if lead is not Lead.NO:
            return True
        self.error(
            "PIN312",
            span,
            f"'{name}' changes state: its value can only be a whole right-hand side or come first"
            " in the condition of 'if' or 'while'",
            "put it into a local variable: var x: T = …",
        )
        return False
