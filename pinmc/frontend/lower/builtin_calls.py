"""The built-in calls: queues and locks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pinmc.base.source import Span
from pinmc.frontend.lower import locks
from pinmc.frontend.lower.build import arith, compare
from pinmc.frontend.lower.cells import clear, make_shape, push, read, shift
from pinmc.frontend.lower.code import Code, code, seq
from pinmc.frontend.lower.exprs import quote
from pinmc.frontend.lower.values import Return, ScalarValue, number
from pinmc.frontend.sema import typed
from pinmc.frontend.sema.types import QueueT
from pinmc.ir.expr import BinOp, ErrorSite, Expr, Read
from pinmc.ir.stmt import Assert, Assign
from pinmc.ir.system import QueueShape

if TYPE_CHECKING:
    from pinmc.frontend.lower.straight import Straight


class BuiltinCalls:
    """Lowers built-in calls in straight code; results go to the continuation ``k``."""

    def __init__(self, straight: Straight) -> None:
        self._straight = straight

    def call(self, name: str, args: tuple[typed.Expr, ...], span: Span, k: Return) -> Code:
        match name:
            case "push":
                return seq(self._push(args, span), k(None))
            case "pop":
                return self._pop(args[0], span, k)
            case "clear":
                return seq(self._clear(args[0]), k(None))
            case _:
                return self._lock_call(name, args[0], span, k)

    def _queue(self, expr: typed.Expr) -> tuple[Code, QueueShape, tuple[Expr, ...]]:
        before, shape, index = self._straight.place(expr)
        assert isinstance(shape, QueueShape)
        return before, shape, index

    def _push(self, args: tuple[typed.Expr, ...], span: Span) -> Code:
        before, queue, index = self._queue(args[0])
        length = Read(queue.length, index)
        text = f"{quote(args[0].span)} is full"
        room = Assert(
            compare(BinOp.LT, length, number(queue.capacity)), ErrorSite("full", text, span)
        )
        value = self._straight.exprs.value(args[1])
        stored = self._straight.store(
            queue.element, push(queue, index), value, args[1].type, args[1].span
        )
        longer = Assign(queue.length, index, arith(BinOp.ADD, length, number(1)))
        return seq(before, code(room), stored, code(longer))

    def _pop(self, arg: typed.Expr, span: Span, k: Return) -> Code:
        before, queue, index = self._queue(arg)
        length = Read(queue.length, index)
        text = f"{quote(arg.span)} is empty"
        some = Assert(compare(BinOp.GT, length, number(0)), ErrorSite("empty", text, span))
        assert isinstance(arg.type, QueueT)
        front = make_shape("front", arg.type.element, (), self._straight.context.make_temp, True)
        taken = read(queue.element, (*index, number(0)))
        return seq(
            before,
            code(some),
            self._straight.store(front, (), taken, arg.type.element, span),
            Code(shift(queue, index, self._straight.context.names)),
            code(Assign(queue.length, index, arith(BinOp.SUB, length, number(1)))),
            k(read(front, ())),
        )

    def _clear(self, arg: typed.Expr) -> Code:
        before, queue, index = self._queue(arg)
        return seq(before, Code(clear(queue, index, self._straight.context.names)))

    def _lock_call(self, name: str, ref: typed.Expr, span: Span, k: Return) -> Code:
        lock, use = lock_use(self._straight, ref, span)
        match name:
            case "lock":
                return seq(
                    self._straight.block_unless(locks.free(use), span), locks.take(use), k(None)
                )
            case "lock_shared":
                ready = self._straight.block_unless(locks.free_to_share(use), span)
                return seq(ready, locks.take_shared(use), k(None))
            case "trylock":
                return locks.try_take(use, lambda got: k(ScalarValue(got)))
            case "trylock_shared":
                return locks.try_take_shared(use, lambda got: k(ScalarValue(got)))
            case "unlock":
                return seq(locks.release(use, lock.crossrelease), k(None))
            case "unlock_shared":
                return seq(locks.release_shared(use), k(None))
            case _:
                return seq(locks.downgrade(use), k(None))


def lock_use(straight: Straight, ref: typed.Expr, span: Span) -> tuple[typed.Lock, locks.LockUse]:
    """The lock a statement names, and everything its lowering needs to know."""
    lock, index = straight.exprs.lock_index(ref)
    context = straight.context
    shape = context.cells.lock(lock)
    use = locks.LockUse(shape, index, context.me, quote(ref.span), span, context.names)
    return lock, use
