"""Questions about typed statements that decide how they are lowered."""

from __future__ import annotations

from pinmc.frontend.sema import typed
from pinmc.frontend.sema.walk import blocks


def leading_call(expr: typed.Expr) -> typed.CallValue | None:
    """The call at the front of a right-hand side or condition."""
    match expr:
        case typed.CallValue():
            return expr
        case typed.Convert(operand=operand) | typed.Unary(operand=operand):
            return leading_call(operand)
        case typed.Binary(left=left):
            return leading_call(left)
        case _:
            return None


def may_return(stmt: typed.Stmt) -> bool:
    """Whether a ``return`` lies inside."""
    return isinstance(stmt, typed.Return) or any(
        may_return(inner) for block in blocks(stmt) for inner in block.stmts
    )


def chooses(block: typed.Block) -> bool:
    """Whether running the block makes a nondeterministic choice, in called actions too."""
    return any(_stmt_chooses(stmt) for stmt in block.stmts)


def _stmt_chooses(stmt: typed.Stmt) -> bool:
    match stmt:
        case typed.Choose():
            return True
        case typed.If(cond=typed.Nondet()):
            return True
        case typed.Call(callee=typed.Action(body=body)):
            return chooses(body)
        case typed.Assign(value=value) | typed.If(cond=value):
            call = leading_call(value)
            called = call.callee if call is not None else None
            if isinstance(called, typed.Action) and chooses(called.body):
                return True
    return any(chooses(block) for block in blocks(stmt))


def is_quiet(stmt: typed.Stmt) -> bool:
    """Whether nothing inside is a step by its form: no call of an action, choice or wait."""
    match stmt:
        case typed.Assign(value=value) | typed.If(cond=value):
            if leading_call(value) is not None or isinstance(value, typed.Nondet):
                return False
        case typed.Declare(value=initial):
            if initial is not None and leading_call(initial) is not None:
                return False
        case typed.For():
            pass
        case typed.Assert():
            return True
        case typed.Call(callee=callee):
            return isinstance(callee, str) and callee in ("push", "clear")
        case _:
            return False
    return all(is_quiet(inner) for block in blocks(stmt) for inner in block.stmts)
