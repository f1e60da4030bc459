"""An actor's sequential code as a graph of nodes: where the steps are.

A node that is a step is a place of the actor; the others run on within the step before them.
Whether a statement is a step is read off the code it lowers to: it is one if it touches shared
state. Code is built backwards, from what follows, so every node knows its successors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import assert_never

from pinmc.base.source import Span
from pinmc.frontend.lower import locks
from pinmc.frontend.lower.build import touches_shared
from pinmc.frontend.lower.builtin_calls import lock_use
from pinmc.frontend.lower.cells import default_value, read, scalar_type
from pinmc.frontend.lower.code import (
    NOTHING,
    Code,
    assume,
    assume_not,
    begin,
    branch,
    goto,
    seq,
    split_guard,
)
from pinmc.frontend.lower.context import Context, Fixed, Stored
from pinmc.frontend.lower.graph import MAX_NODES, GraphBuilder, text_of
from pinmc.frontend.lower.nodes import Frame, Loop, Node, Scope, Tag
from pinmc.frontend.lower.straight import (
    NotStraight,
    Straight,
)
from pinmc.frontend.lower.trees import is_quiet, leading_call
from pinmc.frontend.lower.values import ScalarValue, Value
from pinmc.frontend.sema import typed
from pinmc.ir.expr import Const, Expr, Var
from pinmc.ir.system import Wait, WaitKind
from pinmc.ir.types import values
from pinmc.ir.walk import reads


class Flow(GraphBuilder):
    """Builds the graph of one actor, statement by statement."""

    def __init__(self, context: Context, actor: typed.Actor, index: tuple[Expr, ...]) -> None:
        super().__init__(context, actor, index)
        self.tags: list[Tag] = []
        self._loops: list[Loop] = []
        self._frames: list[Frame] = []
        self.entry = self._block(actor.body, self.finish)

    # --- blocks and scopes -----------------------------------------------------------------

    def _block(self, block: typed.Block, after: Node) -> Node:
        self._scopes.append(Scope([]))
        for stmt in block.stmts:
            self._bind_names(stmt)
        leave = self._leave(len(self._scopes) - 1, after, block.span)
        entry = self._sequence(block.stmts, leave)
        self._scopes.pop()
        return entry

    def _sequence(self, stmts: Sequence[typed.Stmt], after: Node) -> Node:
        node = after
        for stmt in reversed(stmts):
            node = self._stmt(stmt, node)
        return node

    def _bind_names(self, stmt: typed.Stmt) -> None:
        match stmt:
            case typed.Marked(stmt=inner):
                self._bind_names(inner)
            case typed.Declare(local=local, value=value):
                self._store_local(local, value is not None)
            case typed.Choose(binders=binders, body=None):
                for local in binders:
                    self._store_local(local, True)
            case _:
                pass

    # --- statements ------------------------------------------------------------------------

    def _stmt(self, stmt: typed.Stmt, after: Node) -> Node:
        match stmt:
            case typed.Assign(value=value):
                return self._assignment(stmt, value, after)
            case typed.Call():
                return self._call(stmt, after)
            case typed.Declare():
                return self._declare(stmt, after)
            case typed.Choose():
                return self._choose(stmt, after)
            case typed.If():
                return self._quiet(stmt, after) or self._if(stmt, after)
            case typed.While():
                return self._while(stmt, after)
            case typed.Loop():
                return self._loop(stmt, after)
            case typed.For():
                return self._quiet(stmt, after) or self._for(stmt, after)
            case typed.Either():
                return self._either(stmt, after)
            case typed.Atomic():
                return self._atomic(stmt, after)
            case typed.Await():
                return self._await(stmt, after)
            case typed.Skip():
                return self._node(stmt.span, True, seq(self._step_mark(stmt.span), goto(after)))
            case typed.Break():
                return self._leave(self._loops[-1].depth, self._loops[-1].after, stmt.span)
            case typed.Continue():
                return self._leave(self._loops[-1].depth, self._loops[-1].again, stmt.span)
            case typed.Return():
                return self._return(stmt)
            case typed.Assert():
                body = self._straight().assertion(stmt)
                return self._simple(stmt.span, body, after)
            case typed.Start():
                return self._start(stmt, after)
            case typed.Marked():
                return self._marked(stmt, after)
            case _:
                assert_never(stmt)

    def _quiet(self, stmt: typed.Stmt, after: Node) -> Node | None:
        """A compound statement without a step inside stays structured code."""
        if not self._inner and not is_quiet(stmt):
            return None
        try:
            body = self._straight().run((stmt,))
        except NotStraight:
            return None
        if not self._inner and touches_shared(body.stmts):
            return None
        return self._node(stmt.span, False, seq(body, goto(after)))

    def _assignment(self, stmt: typed.Assign, value: typed.Expr, after: Node) -> Node:
        call = leading_call(value)
        if call is not None and isinstance(call.callee, typed.Proc):
            return self._inline(
                call.callee, call.args, after, self._deliver(call, lambda: self._assign(stmt))
            )
        body = self._straight().assign(stmt)
        return self._simple(stmt.span, body, after, call is not None)

    def _assign(self, stmt: typed.Assign) -> Code:
        straight = self._straight()
        before, shape, index = straight.place(stmt.target)
        value = straight.exprs.value(stmt.value)
        return seq(before, straight.store(shape, index, value, stmt.target.type, stmt.value.span))

    def _call(self, stmt: typed.Call, after: Node) -> Node:
        match stmt.callee:
            case typed.Proc() as proc:
                return self._inline(proc, stmt.args, after, lambda _: NOTHING)
            case typed.Action() as action:
                body = self._straight().call(stmt)
                return self._node(
                    stmt.span, True, seq(body, goto(after)), waits=_guard_waits(action, body)
                )
            case "lock" | "lock_shared":
                return self._lock(stmt, after)
            case _:
                return self._simple(stmt.span, self._straight().call(stmt), after)

    def _lock(self, stmt: typed.Call, after: Node) -> Node:
        straight = self._straight()
        lock, use = lock_use(straight, stmt.args[0], stmt.span)
        body = seq(self._step_mark(stmt.span), straight.call(stmt))
        shared = stmt.callee == "lock_shared"
        kind = WaitKind.LOCK_SHARED if shared else WaitKind.LOCK
        wait = Wait(kind, text_of(stmt.args[0].span), locks.holders(use, shared))
        node = self._node(stmt.span, True, seq(body, goto(after)), waits=(wait,))
        if lock.rw and not lock.unfair and not shared and not self._inner:
            waiting, queue = locks.queue_up(use)
            mark = self._step_mark(stmt.span, f"{text_of(stmt.span)} waits")
            node.alternatives.append(seq(assume(waiting), mark, queue, goto(node)))
        return node

    def _declare(self, stmt: typed.Declare, after: Node) -> Node:
        value = stmt.value
        if value is None:
            return after
        stored = self.context.env[stmt.local]
        assert isinstance(stored, Stored)
        call = leading_call(value)
        if call is not None and isinstance(call.callee, typed.Proc):
            given = value

            def store() -> Code:
                straight = self._straight()
                lowered = straight.exprs.value(given)
                return straight.store(
                    stored.shape, stored.index, lowered, stmt.local.type, given.span
                )

            return self._inline(call.callee, call.args, after, self._deliver(call, store))
        body = self._straight().initialise(stmt, stored.shape, stored.index)
        return self._simple(stmt.span, body, after, call is not None)

    # --- choices and conditions ------------------------------------------------------------

    def _choose(self, stmt: typed.Choose, after: Node) -> Node:
        straight = self._straight()
        kept = {local: self.context.env.get(local) for local in stmt.binders}
        some, given = straight.choice_of(stmt)
        chosen = [self.context.env[local] for local in stmt.binders]
        if stmt.body is None:
            self.context.env.update({k: b for k, b in kept.items() if b is not None})
            body: Node = after
        else:
            body = self._chosen_body(stmt, stmt.body, after)
        stores = [self._keep(local, b) for local, b in zip(stmt.binders, chosen, strict=True)]
        mark = self._step_mark(stmt.span, _head(stmt.span))
        needs = _needs(some)
        if self._inner:
            block = straight.block_unless(some, stmt.span) if not self._may_block else NOTHING
            return self._inner_choice(stmt, some, seq(block, mark, given, *stores), body, after)
        node = self._node(
            stmt.span,
            True,
            seq(given, mark, *stores, goto(body)),
            waits=(Wait(WaitKind.CHOOSE, _head(stmt.span), (), needs),),
        )
        if stmt.orelse is not None:
            other = self._block(stmt.orelse, after)
            node.alternatives.append(seq(assume_not(some), mark, goto(other)))
        return node

    def _inner_choice(
        self, stmt: typed.Choose, some: Expr, chosen: Code, body: Node, after: Node
    ) -> Node:
        if stmt.orelse is None:
            return self._node(stmt.span, False, seq(chosen, goto(body)))
        other = self._block(stmt.orelse, after)
        both = branch(some, seq(chosen, goto(body)), goto(other))
        return self._node(stmt.span, False, both)

    def _chosen_body(self, stmt: typed.Choose, body: typed.Block, after: Node) -> Node:
        self._scopes.append(Scope([]))
        for local in stmt.binders:
            self._store_local(local, True)
        leave = self._leave(len(self._scopes) - 1, after, stmt.span)
        entry = self._block(body, leave)
        self._scopes.pop()
        return entry

    def _keep(self, local: typed.Local, chosen: Stored | Fixed) -> Code:
        assert isinstance(chosen, Fixed)
        shape = self.locals[local]
        return self._straight().store(shape, self.index, chosen.value, local.type, local.span)

    def _if(self, stmt: typed.If, after: Node) -> Node:
        then = _once(lambda: self._block(stmt.then, after))
        orelse = _once(lambda: self._block(stmt.orelse, after) if stmt.orelse else after)
        return self._condition(stmt.cond, then, orelse, bool(stmt.orelse))

    def _condition(
        self,
        cond: typed.Expr,
        then: Callable[[], Node],
        orelse: Callable[[], Node],
        has_else: bool,
    ) -> Node:
        call = leading_call(cond)
        if call is not None and isinstance(call.callee, typed.Proc):
            return self._proc_condition(cond, call, then, orelse, has_else)
        straight = self._straight()
        marks = self._branch_marks(straight, cond, has_else)
        body = straight.conditional(
            cond,
            lambda: seq(marks[0], goto(then())),
            lambda: seq(marks[1], goto(orelse())),
        )
        return self._condition_node(cond, body, call is not None)

    def _branch_marks(
        self, straight: Straight, cond: typed.Expr, has_else: bool
    ) -> tuple[Code, Code]:
        """What a trace shows of a condition, with its outcome, and which branches are taken.

        Where the condition is no step, a step before it has given the trace its text."""
        if isinstance(cond, typed.Const):
            return NOTHING, NOTHING
        text = f"if {text_of(cond.span)}"
        other = straight.mark_branch("else", cond) if has_else else NOTHING
        return (
            seq(self._step_mark(cond.span, text), straight.mark_branch("then", cond)),
            seq(self._step_mark(cond.span, f"{text}: no"), other),
        )

    def _condition_node(self, cond: typed.Expr, body: Code, called: bool) -> Node:
        step = called or isinstance(cond, typed.Nondet) or touches_shared(body.stmts)
        return self._node(cond.span, step, body)

    def _proc_condition(
        self,
        cond: typed.Expr,
        call: typed.CallValue,
        then: Callable[[], Node],
        orelse: Callable[[], Node],
        has_else: bool,
    ) -> Node:
        """The proc's result is kept in a hidden local until the condition has looked at it."""
        assert isinstance(call.callee, typed.Proc)
        shape = self.context.cells.local(
            self.actor.name, f"{call.callee.name}.result", call.type, self.dims
        )
        straight = self._straight()
        self.context.results[call] = read(shape, self.index)
        clear = straight.store(shape, self.index, default_value(shape), call.type, call.span)
        marks = self._branch_marks(straight, cond, has_else)
        test = straight.exprs.scalar(cond)
        body = branch(
            test,
            seq(clear, marks[0], goto(then())),
            seq(clear, marks[1], goto(orelse())),
        )
        node = self._condition_node(cond, body, False)

        def keep(value: Value | None) -> Code:
            assert value is not None
            return self._straight().store(shape, self.index, value, call.type, call.span)

        return self._inline(call.callee, call.args, node, keep)

    # --- loops -----------------------------------------------------------------------------

    def _while(self, stmt: typed.While, after: Node) -> Node:
        head = self._node(stmt.span, False)
        body = _once(lambda: self._loop_body(stmt.body, after, head))
        test = self._condition(stmt.cond, body, lambda: after, False)
        head.alternatives.append(goto(test))
        return head

    def _loop(self, stmt: typed.Loop, after: Node) -> Node:
        head = self._node(stmt.span, False)
        head.alternatives.append(goto(self._loop_body(stmt.body, after, head)))
        return head

    def _loop_body(self, body: typed.Block, after: Node, again: Node) -> Node:
        self._loops.append(Loop(after, again, len(self._scopes)))
        entry = self._block(body, again)
        self._loops.pop()
        return entry

    def _for(self, stmt: typed.For, after: Node) -> Node:
        """Unrolled: every iteration has places of its own."""
        domain = scalar_type(stmt.binder.type)
        node = after
        for value in reversed(values(domain)):
            self.context.env[stmt.binder] = Fixed(ScalarValue(Const(value, domain)))
            node = self._iteration(stmt, after, node)
            if self._nodes >= MAX_NODES:
                break
        return node

    def _iteration(self, stmt: typed.For, after: Node, following: Node) -> Node:
        if stmt.where is None:
            return self._loop_body(stmt.body, after, following)
        body = _once(lambda: self._loop_body(stmt.body, after, following))
        return self._condition(stmt.where, body, lambda: following, False)

    # --- either, atomic, await, start ------------------------------------------------------

    def _either(self, stmt: typed.Either, after: Node) -> Node:
        entries = [goto(self._block(branch, after)) for branch in stmt.branches]
        return self._node(stmt.span, True, *entries, fork=True, name="either")

    def _atomic(self, stmt: typed.Atomic, after: Node) -> Node:
        if self._inner:
            return self._block(stmt.body, after)
        stmts = stmt.body.stmts
        mark = self._step_mark(stmt.span, "atomic")
        try:
            first = Straight(self.context, True).run(stmts[:1])
            rest = Straight(self.context, False).run(stmts[1:])
            whole = seq(mark, first, rest, goto(after))
            return self._node(stmt.span, True, whole, waits=_first_waits(stmts, first))
        except NotStraight:
            return self._atomic_flow(stmt, mark, after)

    def _atomic_flow(self, stmt: typed.Atomic, mark: Code, after: Node) -> Node:
        """Jumps and the like inside: nodes of their own that run on within the one step."""
        self._inner, self._may_block = True, False
        self._scopes.append(Scope([]))
        for inner in stmt.body.stmts:
            self._bind_names(inner)
        leave = self._leave(len(self._scopes) - 1, after, stmt.span)
        node = self._sequence(stmt.body.stmts[1:], leave)
        self._may_block = True
        node = self._sequence(stmt.body.stmts[:1], node)
        self._scopes.pop()
        self._inner = False
        return self._node(stmt.span, True, seq(mark, goto(node)), name="atomic")

    def _await(self, stmt: typed.Await, after: Node) -> Node:
        straight = self._straight()
        cond = straight.exprs.scalar(stmt.cond)
        body = straight.block_unless(cond, stmt.span)
        needs = _needs(cond)
        wait = Wait(WaitKind.AWAIT, text_of(stmt.cond.span), (), needs)
        mark = self._step_mark(stmt.span)
        return self._node(stmt.span, True, seq(body, mark, goto(after)), waits=(wait,))

    def _start(self, stmt: typed.Start, after: Node) -> Node:
        straight = self._straight()
        domains = [scalar_type(p.type) for p in stmt.actor.params]
        args = tuple(straight.exprs.index(a, d) for a, d in zip(stmt.args, domains, strict=True))
        mark = self._step_mark(stmt.span)
        body = seq(mark, begin(stmt.actor, args, stmt.span), goto(after))
        return self._node(stmt.span, True, body)

    def _marked(self, stmt: typed.Marked, after: Node) -> Node:
        node = self._stmt(stmt.stmt, after)
        self.tags.append(Tag(stmt.label, stmt.end, stmt.fairness, node, stmt.span))
        if node is after:
            self.context.reporter.error(
                "PIN354",
                stmt.span,
                "a label, 'end' or fairness needs a statement that is a step",
                "put it on the statement that follows, or on a 'skip'",
            )
        return node

    # --- procs -----------------------------------------------------------------------------

    def _return(self, stmt: typed.Return) -> Node:
        frame = self._frames[-1]
        after = self._leave(frame.depth, frame.after, stmt.span)
        value = stmt.value
        if value is None:
            return after
        call = leading_call(value)
        given = value

        def deliver() -> Code:
            return frame.result(self._straight().exprs.value(given))

        if call is not None and isinstance(call.callee, typed.Proc):
            return self._inline(call.callee, call.args, after, self._deliver(call, deliver))
        body = self._straight().with_calls(value, deliver)
        return self._simple(stmt.span, body, after, call is not None)

    def _inline(
        self,
        proc: typed.Proc,
        args: tuple[typed.Expr, ...],
        after: Node,
        result: Callable[[Value | None], Code],
    ) -> Node:
        """The proc's code in place of the call; returns hand their value to ``result``."""
        given = [self._straight().exprs.value(arg) for arg in args]
        loops, self._loops = self._loops, []
        self._scopes.append(Scope([]))
        depth = len(self._scopes) - 1
        binds = [
            self._straight().bind(param, value, arg.span, partial(self._store_local, param, True))
            for param, value, arg in zip(proc.params, given, args, strict=True)
        ]
        leave = self._leave(depth, after, proc.span)
        self._frames.append(Frame(after, result, depth))
        node = self._block(proc.body, leave)
        self._frames.pop()
        self._scopes.pop()
        self._loops = loops
        for bind, arg in zip(reversed(binds), reversed(args), strict=True):
            if bind.stmts:
                node = self._simple(arg.span, bind, node)
        return node


def _needs(cond: Expr) -> tuple[Var, ...]:
    return tuple(sorted(reads(cond), key=lambda v: v.name))


def _guard_waits(action: typed.Action, body: Code) -> tuple[Wait, ...]:
    needs = _needs(split_guard(body.stmts)[0])
    return (Wait(WaitKind.GUARD, f"{action.shown}()", (), needs),) if needs else ()


def _first_waits(stmts: Sequence[typed.Stmt], first: Code) -> tuple[Wait, ...]:
    needs = _needs(split_guard(first.stmts)[0])
    return (Wait(WaitKind.AWAIT, text_of(stmts[0].span), (), needs),) if needs else ()


def _once(build: Callable[[], Node]) -> Callable[[], Node]:
    """A condition may be lowered once for each result of a call; its targets only once."""
    built: list[Node] = []

    def get() -> Node:
        if not built:
            built.append(build())
        return built[0]

    return get


def _head(span: Span) -> str:
    """The first line of a compound statement, without its brace."""
    return text_of(span).split("{")[0].strip()
