"""Straight code: statements that run within one step, as structured IR statements.

Bodies of actions, rules and ``atomic``, and what an actor does between two places. A ``return``
hands its value to a continuation, so that the caller's use of the result is part of the same
code; statements after an ``if`` that may return are placed in the branches that go on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import assert_never

from pinmc.base.source import Span
from pinmc.frontend.lower.build import quant
from pinmc.frontend.lower.builtin_calls import BuiltinCalls
from pinmc.frontend.lower.cells import (
    Writer,
    default_value,
    read,
    scalar_type,
)
from pinmc.frontend.lower.code import NOTHING, Code, assume, branch, code, seq
from pinmc.frontend.lower.context import Context, Fixed, Stored
from pinmc.frontend.lower.exprs import Exprs, quote
from pinmc.frontend.lower.trees import chooses, leading_call, may_return
from pinmc.frontend.lower.values import QueueValue, Return, ScalarValue, Value
from pinmc.frontend.sema import typed
from pinmc.frontend.sema.costs import amount_of
from pinmc.frontend.sema.types import Type
from pinmc.ir.command import Param
from pinmc.ir.expr import (
    TRUE,
    Bound,
    Check,
    Const,
    ErrorSite,
    Expr,
    QuantKind,
    Read,
    Require,
    Storage,
    Var,
    type_of,
)
from pinmc.ir.extent import extent
from pinmc.ir.stmt import Assert, Assign, Assume, For, Mark
from pinmc.ir.system import (
    ArrayShape,
    MarkKind,
    OptionalShape,
    QueueShape,
    RecordShape,
    SetShape,
    Shape,
)
from pinmc.ir.types import Bool, values
from pinmc.ir.walk import reads, subexpressions
from pinmc.passes.folding import fold


class NotStraight(Exception):
    """The statement needs places of its own: loops, jumps, procs."""


class Straight:
    """Lowers straight code of one Context.

    ``may_block``: a condition that must hold disables the step; otherwise, in the middle of an
    ``atomic``, it is the found error ``blocking``.
    """

    def __init__(self, context: Context, may_block: bool = True) -> None:
        self.context = context
        self.exprs = Exprs(context)
        self.may_block = may_block

    # --- sequences -------------------------------------------------------------------------

    def run(self, stmts: Sequence[typed.Stmt], k: Return | None = None) -> Code:
        parts: list[Code] = []
        for position, stmt in enumerate(stmts):
            rest = stmts[position + 1 :]
            if isinstance(stmt, typed.Return):
                parts.append(self._return(stmt, k))
                break
            if rest and may_return(stmt):
                parts.append(self._split(stmt, rest, k))
                break
            parts.append(self._stmt(stmt, k))
        return seq(*parts)

    def _return(self, stmt: typed.Return, k: Return | None) -> Code:
        if k is None:
            raise NotStraight
        if stmt.value is None:
            return k(None)
        value = stmt.value
        return self.with_calls(value, lambda: k(self.exprs.value(value)))

    def _split(self, stmt: typed.Stmt, rest: Sequence[typed.Stmt], k: Return | None) -> Code:
        """A statement that may return, and what follows it where it does not."""
        match stmt:
            case typed.If(then=then, orelse=orelse):
                other = orelse.stmts if orelse else ()
                return self._if(
                    stmt,
                    lambda: self.run((*then.stmts, *rest), k),
                    lambda: self.run((*other, *rest), k),
                )
            case typed.Choose(body=typed.Block(stmts=body), orelse=orelse):
                return self._choose(
                    stmt, lambda: self.run((*body, *rest), k), self._later(orelse, rest, k)
                )
            case _:
                self.context.reporter.error(
                    "PIN352",
                    stmt.span,
                    "'return' cannot leave this statement within one step",
                    "keep the result in a local variable and return it after the loop",
                )
                return NOTHING

    def _later(
        self, block: typed.Block | None, rest: Sequence[typed.Stmt], k: Return | None
    ) -> Callable[[], Code] | None:
        return None if block is None else lambda: self.run((*block.stmts, *rest), k)

    # --- statements ------------------------------------------------------------------------

    def _stmt(self, stmt: typed.Stmt, k: Return | None) -> Code:
        match stmt:
            case typed.Assign():
                return self.assign(stmt)
            case typed.Call():
                return self.call(stmt)
            case typed.Declare():
                return self._declare(stmt)
            case typed.Choose(orelse=orelse):
                within = () if stmt.body is None else stmt.body.stmts
                return self._choose(stmt, lambda: self.run(within, k), self._later(orelse, (), k))
            case typed.If(then=then, orelse=orelse):
                return self._if(
                    stmt,
                    lambda: self.run(then.stmts, k),
                    lambda: self.run(orelse.stmts if orelse else (), k),
                )
            case typed.For():
                return self._for(stmt)
            case typed.Await(cond=cond):
                return self.block_unless(self.exprs.scalar(cond), stmt.span)
            case typed.Assert():
                return self.assertion(stmt)
            case typed.Skip():
                return NOTHING
            case typed.Atomic(body=body):
                return self.run(body.stmts, k)
            case typed.Return():
                return self._return(stmt, k)
            case (
                typed.While()
                | typed.Loop()
                | typed.Either()
                | typed.Break()
                | typed.Continue()
                | typed.Start()
                | typed.Marked()
            ):
                raise NotStraight
            case _:
                assert_never(stmt)

    def block_unless(self, cond: Expr, span: Span, what: str = "") -> Code:
        if cond == TRUE:
            return NOTHING
        if self.may_block:
            return code(Assume(cond))
        text = what or f"{quote(span)} would block inside 'atomic'"
        return code(Assert(cond, ErrorSite("blocking", text, span)))

    def assertion(self, stmt: typed.Assert) -> Code:
        cond = self.exprs.scalar(stmt.cond)
        claim = stmt.label or "errors"
        text = f"the assertion {quote(stmt.cond.span)} failed"
        return code(Assert(cond, ErrorSite("assert", text, stmt.span, claim)))

    def _declare(self, stmt: typed.Declare) -> Code:
        shape = self.context.temp(stmt.local)
        self.context.env[stmt.local] = Stored(shape, (), False)
        return self.initialise(stmt, shape, ())

    def initialise(self, stmt: typed.Declare, shape: Shape, index: tuple[Expr, ...]) -> Code:
        """Gives a declared local its first value."""
        value = stmt.value
        if value is None:
            return self.store(shape, index, default_value(shape), stmt.local.type, stmt.span)
        return self.with_calls(
            value,
            lambda: self.store(shape, index, self.exprs.value(value), stmt.local.type, value.span),
        )

    # --- assignments -----------------------------------------------------------------------

    def assign(self, stmt: typed.Assign) -> Code:
        spending = amount_of(stmt)
        if spending is not None:
            return self._spend(stmt, *spending)
        quick = self._set_update(stmt)
        if quick is not None:
            return quick
        value = stmt.value

        def finish() -> Code:
            before, shape, index = self.place(stmt.target)
            given = self.exprs.value(value)
            return seq(before, self.store(shape, index, given, stmt.target.type, value.span))

        return self.with_calls(value, finish)

    def _spend(self, stmt: typed.Assign, cost: typed.Variable, amount: typed.Expr) -> Code:
        """Spending changes no state: it is a mark that tells the amount."""
        value = fold(self.exprs.scalar(amount))
        known = extent(value)
        if known is None or known[0] < 0:
            self.context.reporter.error(
                "PIN357",
                amount.span,
                f"the amount {quote(amount.span)} could be negative",
                "costs only grow: use max(…, 0), or count the opposite as a cost of its own",
            )
        if any(isinstance(part, Check | Require) for part in subexpressions(value)):
            self.context.reporter.error(
                "PIN357",
                amount.span,
                f"evaluating the amount {quote(amount.span)} could fail",
                "use an amount that needs no check, or add to the cost in the branches of an 'if'",
            )
        mark = self.context.marks.get(MarkKind.COST, cost.name, cost.name, (), stmt.span, False)
        return NOTHING if value == Const(0, type_of(value)) else code(Mark(mark, (value,)))

    def _set_update(self, stmt: typed.Assign) -> Code | None:
        """``s |= {x}`` and ``s -= {x}`` write just the cells of the named members."""
        value = stmt.value
        if not isinstance(value, typed.Binary) or value.op not in ("|", "-"):
            return None
        if value.left is not stmt.target or not isinstance(value.right, typed.SetLit):
            return None
        before, shape, index = self.place(stmt.target)
        assert isinstance(shape, SetShape)
        members = [self.exprs.index(e, shape.element) for e in value.right.elements]
        if any(shape.members in reads(m) for m in members):
            return None
        member = Const(1 if value.op == "|" else 0, Bool())
        writes = (Assign(shape.members, (*index, m), member) for m in members)
        return seq(before, Code(tuple(writes)))

    def store(
        self, shape: Shape, index: tuple[Expr, ...], value: Value, type_: Type, span: Span
    ) -> Code:
        def fit(expr: Expr, var: Var) -> Expr:
            return self.exprs.fit(expr, var.type, span)

        writer = Writer(self.context.names, self.context.make_temp, fit)
        return Code(writer.write(shape, index, value, type_, span))

    def place(self, target: typed.Expr) -> tuple[Code, Shape, tuple[Expr, ...]]:
        """Where an assignment goes: checks that come first, the cells, the indices."""
        match target:
            case typed.VarRef(variable=variable):
                return NOTHING, self.context.cells.variable(variable), ()
            case typed.LocalRef(local=local):
                binding = self.context.env[local]
                assert isinstance(binding, Stored), local.name
                return NOTHING, binding.shape, binding.index
            case typed.Field(base=base, name=name):
                before, shape, index = self.place(base)
                assert isinstance(shape, RecordShape)
                return before, dict(shape.fields)[name], index
            case typed.Index(base=base, indices=indices):
                return self._element_place(base, indices)
            case typed.Convert(operand=operand):
                before, shape, index = self.place(operand)
                assert isinstance(shape, OptionalShape)
                text = f"{quote(operand.span)} is none"
                present = Assert(
                    Read(shape.present, index), ErrorSite("absent", text, operand.span)
                )
                return seq(before, code(present)), shape.inner, index
            case _:
                raise AssertionError(target)

    def _element_place(
        self, base: typed.Expr, indices: tuple[typed.Expr, ...]
    ) -> tuple[Code, Shape, tuple[Expr, ...]]:
        before, shape, index = self.place(base)
        if isinstance(shape, ArrayShape):
            more = (self.exprs.index(i, d) for i, d in zip(indices, shape.dims, strict=True))
            return before, shape.element, (*index, *more)
        assert isinstance(shape, QueueShape)
        queue = self.exprs.value(base)
        assert isinstance(queue, QueueValue)
        return before, shape.element, (*index, self.exprs.queue_index(queue, indices[0]))

    # --- conditions and choices ------------------------------------------------------------

    def _if(self, stmt: typed.If, then: Callable[[], Code], orelse: Callable[[], Code]) -> Code:
        cond = stmt.cond
        marked = self.mark_branch("then", cond)
        other = self.mark_branch("else", cond) if stmt.orelse else NOTHING
        return self.conditional(cond, lambda: seq(marked, then()), lambda: seq(other, orelse()))

    def mark_branch(self, side: str, cond: typed.Expr) -> Code:
        shown = f"{'' if side == 'then' else 'else of '}if {_text(cond.span)}"
        return code(Mark(self.context.marks.get(MarkKind.BRANCH, side, shown, (), cond.span)))

    def conditional(
        self,
        cond: typed.Expr,
        then: Callable[[], Code],
        orelse: Callable[[], Code],
    ) -> Code:
        """``if cond``; a side folded away by constants is not even lowered."""
        if isinstance(cond, typed.Nondet):
            bound = self.choice("nondet", Bool())
            both = branch(bound, then(), orelse())
            return seq(Code((), (Param(bound.name, Bool()),)), both)

        def decide() -> Code:
            test = self.exprs.scalar(cond)
            if isinstance(test, Const):
                return then() if test.value else orelse()
            return branch(test, then(), orelse())

        return self.with_calls(cond, decide)

    def choice(self, name: str, domain: Bool) -> Bound:
        return Bound(self.context.names.fresh(name), domain)

    def _choose(
        self, stmt: typed.Choose, body: Callable[[], Code], orelse: Callable[[], Code] | None
    ) -> Code:
        some, given = self.choice_of(stmt)
        if orelse is None:
            block = NOTHING if self.may_block else self.block_unless(some, stmt.span)
            return seq(block, given, body())
        return branch(some, seq(given, body()), orelse())

    def choice_of(self, stmt: typed.Choose) -> tuple[Expr, Code]:
        """Whether anything fits, and the choice itself: fresh parameters bound to the names."""
        tried = [self.exprs.bind(local) for local in stmt.binders]
        some = exists(tried, self._where(stmt))
        params = [self.exprs.bind(local) for local in stmt.binders]
        where = self._where(stmt)
        given = Code((), tuple(Param(p.name, p.type) for p in params))
        return some, seq(given, assume(where))

    def _where(self, stmt: typed.Choose) -> Expr:
        return TRUE if stmt.where is None else self.exprs.scalar(stmt.where)

    def _for(self, stmt: typed.For) -> Code:
        if may_return(stmt):
            return self._split(stmt, (), None)
        if chooses(stmt.body):
            return self._unrolled(stmt)
        binder = self.exprs.bind(stmt.binder)
        body = self._for_body(stmt)
        if not body.stmts:
            return NOTHING
        return Code((For(binder.name, binder.type, body.stmts),), body.params)

    def _for_body(self, stmt: typed.For) -> Code:
        if stmt.where is None:
            return self.run(stmt.body.stmts)
        where = self.exprs.scalar(stmt.where)
        return branch(where, self.run(stmt.body.stmts), NOTHING)

    def _unrolled(self, stmt: typed.For) -> Code:
        """Each iteration makes its own choice, so each needs its own parameter."""
        domain = scalar_type(stmt.binder.type)
        parts: list[Code] = []
        for value in values(domain):
            self.context.env[stmt.binder] = Fixed(ScalarValue(Const(value, domain)))
            parts.append(self._for_body(stmt))
        return seq(*parts)

    # --- calls -----------------------------------------------------------------------------

    def with_calls(self, expr: typed.Expr, k: Callable[[], Code]) -> Code:
        """Runs the call at the front of ``expr``, if there is one, and goes on with ``k``."""
        call = leading_call(expr)
        if call is None:
            return k()

        def finish(value: Value | None) -> Code:
            assert value is not None
            self.context.results[call] = value
            return k()

        return self.invoke(call.callee, call.args, call.span, finish)

    def call(self, stmt: typed.Call) -> Code:
        return self.invoke(stmt.callee, stmt.args, stmt.span, lambda _: NOTHING)

    def invoke(
        self,
        callee: typed.Action | typed.Proc | str,
        args: tuple[typed.Expr, ...],
        span: Span,
        k: Return,
    ) -> Code:
        match callee:
            case typed.Action():
                return self._action(callee, args, span, k)
            case typed.Proc():
                raise NotStraight
            case _:
                return BuiltinCalls(self).call(callee, args, span, k)

    def _action(
        self, action: typed.Action, args: tuple[typed.Expr, ...], span: Span, k: Return
    ) -> Code:
        bound = seq(*self._bind_all(action.params, args))
        mark = self.mark_action(action, action.params)
        guard = NOTHING
        if action.when is not None:
            what = f"{action.shown}() would block inside 'atomic'"
            guard = self.block_unless(self.exprs.scalar(action.when), span, what)
        return seq(bound, mark, guard, self.run(action.body.stmts, k))

    def mark_action(
        self, action: typed.Action | typed.Rule, params: tuple[typed.Local, ...]
    ) -> Code:
        shown: list[str] = []
        given: list[Expr] = []
        for param in params:
            given_as = self.context.env[param]
            value = (
                given_as.value
                if isinstance(given_as, Fixed)
                else read(given_as.shape, given_as.index)
            )
            if isinstance(value, ScalarValue):
                shown.append(param.name)
                given.append(value.expr)
        mark = self.context.marks.get(
            MarkKind.ACTION, action.name, action.shown, tuple(shown), action.span
        )
        self.context.marks.set_fairness(mark, action.fairness)
        return code(Mark(mark, tuple(given)))

    def _bind_all(
        self, params: tuple[typed.Local, ...], args: tuple[typed.Expr, ...]
    ) -> list[Code]:
        given = [self.exprs.value(arg) for arg in args]
        return [
            self._bind(param, value, arg.span)
            for param, value, arg in zip(params, given, args, strict=True)
        ]

    def _bind(self, param: typed.Local, value: Value, span: Span) -> Code:
        return self.bind(param, value, span, lambda: Stored(self.context.temp(param), (), True))

    def bind(
        self, param: typed.Local, value: Value, span: Span, keep: Callable[[], Stored]
    ) -> Code:
        """By value: what nobody can change during the call stands for itself, the rest is copied
        to where ``keep`` makes room."""
        if not param.assigned and isinstance(value, ScalarValue) and is_stable(value.expr):
            fitted = self.exprs.fit(value.expr, scalar_type(param.type), span)
            self.context.env[param] = Fixed(ScalarValue(fitted))
            return NOTHING
        stored = keep()
        self.context.env[param] = stored
        return self.store(stored.shape, stored.index, value, param.type, span)


def exists(params: list[Bound], where: Expr) -> Expr:
    result = where
    for param in reversed(params):
        result = quant(QuantKind.EXISTS, param.name, param.type, result)
    return result


def is_stable(expr: Expr) -> bool:
    """Whether no action can change the value: it reads only locals and temporaries."""
    return all(v.storage in (Storage.LOCAL, Storage.TEMP) for v in reads(expr))


def _text(span: Span) -> str:
    return " ".join(span.text.split())
