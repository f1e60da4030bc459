"""Bulk loops over scalarsets: their iterations must not depend on one another.

The members have no order, so neither has the loop. Each write goes to an element at the loop
variable's index, or is a pure accumulation (``x += e``) into something the body does not read
otherwise, or writes the same value in every iteration. What is written is read only at the loop
variable's index. Then every order gives the same result.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from pinmc.base.diagnostics import Note, Reporter
from pinmc.base.records import dataclass
from pinmc.base.source import Span
from pinmc.frontend.sema import typed
from pinmc.frontend.sema.types import SetT
from pinmc.frontend.sema.walk import (
    blocks,
    children,
    code_bodies,
    expressions,
    statements,
    step_bodies,
    target_root,
    walk,
)
from pinmc.ir.types import Scalarset

Root: TypeAlias = typed.Variable | typed.Local | typed.Lock

_ACCUMULATIONS = {"+": "sum", "-": "sum", "|": "union", "&": "cut", "^": "sum"}


def check_independence(spec: typed.Spec, reporter: Reporter) -> None:
    """Reports loops over scalarsets, in one step, whose iterations are not independent."""
    one_step = list(step_bodies(spec))
    for code in code_bodies(spec):
        one_step += [s.body for s in statements(code) if isinstance(s, typed.Atomic)]
    for block in one_step:
        for stmt in statements(block):
            if isinstance(stmt, typed.For) and isinstance(stmt.binder.type, Scalarset):
                _check_loop(stmt, reporter)


@dataclass(frozen=True, eq=False, slots=True)
class _Write:
    """``positions``: where among the indices the loop variable stands. ``how``: the kind of
    accumulation, ``same`` for a value that is the same in all iterations, or empty."""

    root: Root
    positions: frozenset[int]
    how: str
    span: Span


@dataclass(frozen=True, eq=False, slots=True)
class _Read:
    root: Root
    positions: frozenset[int]
    span: Span


_Effect: TypeAlias = _Write | _Read


def _check_loop(loop: typed.For, reporter: Reporter) -> None:
    effects = list(_Effects(loop).all())
    writes = [e for e in effects if isinstance(e, _Write)]
    reads = [e for e in effects if isinstance(e, _Read)]
    for root in dict.fromkeys(w.root for w in writes):
        mine = [w for w in writes if w.root is root]
        others = [r for r in reads if r.root is root]
        problem = _problem(mine, others)
        if problem is not None:
            _report(loop, root, problem, reporter)


def _problem(writes: list[_Write], reads: list[_Read]) -> Span | None:
    """Where iterations could disagree about one variable; None when they cannot."""
    common = frozenset.intersection(*(w.positions for w in writes), *(r.positions for r in reads))
    if common:
        return None
    at_own = frozenset.intersection(*(w.positions for w in writes))
    if at_own and reads:
        return next((r.span for r in reads if not at_own & r.positions), reads[0].span)
    kinds = {w.how for w in writes}
    if reads or len(kinds) > 1 or "" in kinds:
        return (
            reads[0].span if reads else next((w.span for w in writes if not w.how), writes[0].span)
        )
    return None


def _report(loop: typed.For, root: Root, span: Span, reporter: Reporter) -> None:
    name = loop.binder.name
    inside = loop.span.start <= span.start < loop.span.end and span.path == loop.span.path
    reporter.error(
        "PIN304",
        span if inside else loop.binder.span,
        f"the iterations of this 'for' are not independent: '{root.name}' is changed by one and"
        f" matters to another",
        f"members of {loop.binder.type} have no order: write {root.name}[{name}], or only add up"
        " with '+=', or loop over a range",
        () if inside else [Note(span, "it matters here")],
    )


class _Effects:
    """What one iteration of a loop writes and reads, through the actions it calls."""

    def __init__(self, loop: typed.For) -> None:
        self._loop = loop
        self._own: set[typed.Local] = set()

    def all(self) -> Iterator[_Effect]:
        same = frozenset({self._loop.binder})
        if self._loop.where is not None:
            yield from self._reads(self._loop.where, same)
        yield from self._block(self._loop.body, same)

    def _block(self, block: typed.Block, same: frozenset[typed.Local]) -> Iterator[_Effect]:
        for stmt in block.stmts:
            inner = stmt.stmt if isinstance(stmt, typed.Marked) else stmt
            yield from self._stmt(inner, same)
            for body in blocks(inner):
                yield from self._block(body, same)

    def _stmt(self, stmt: typed.Stmt, same: frozenset[typed.Local]) -> Iterator[_Effect]:
        match stmt:
            case typed.Declare(local=local):
                self._own.add(local)
            case typed.Choose(binders=binders):
                self._own.update(binders)
            case typed.For(binder=binder):
                self._own.add(binder)
            case typed.Assign():
                yield from self._assign(stmt, same)
                return
            case typed.Call(callee=callee, args=args):
                yield from self._call(callee, args, stmt.span, same)
                return
        for expr in expressions(stmt):
            yield from self._reads(expr, same)

    # --- assignments ---------------------------------------------------------------------------

    def _assign(self, stmt: typed.Assign, same: frozenset[typed.Local]) -> Iterator[_Effect]:
        how, value = self._manner(stmt)
        yield from self._reads(value, same)
        for index in _indices(stmt.target):
            yield from self._reads(index, same)
        yield from self._write(stmt.target, how, stmt.span, same)

    def _manner(self, stmt: typed.Assign) -> tuple[str, typed.Expr]:
        """How the target changes, and the part of the value that matters."""
        value = stmt.value
        if isinstance(value, typed.Binary) and value.left is stmt.target:
            how = _ACCUMULATIONS.get(value.op, "")
            if value.op == "-" and not _is_number(value):
                how = "cut"
            if how:
                return how, value.right
        constant = not any(_varies(p) for p in walk(value))
        return ("same " + value.span.text if constant else ""), value

    def _write(
        self, target: typed.Expr, how: str, span: Span, same: frozenset[typed.Local]
    ) -> Iterator[_Effect]:
        root: Root | None = target_root(target)
        if isinstance(target, typed.LockRef):
            root = target.lock
        if root is None or root in self._own:
            return
        yield _Write(root, _positions(target, same), how, span)

    # --- reads -----------------------------------------------------------------------------------

    def _reads(self, expr: typed.Expr, same: frozenset[typed.Local]) -> Iterator[_Effect]:
        root: Root | None = target_root(expr)
        if isinstance(expr, typed.LockRef):
            root = expr.lock
        if root is not None:
            if root not in self._own and root not in same:
                yield _Read(root, _positions(expr, same), expr.span)
            for index in _indices(expr):
                yield from self._reads(index, same)
            return
        if isinstance(expr, typed.DefCall):
            yield from self._reads(expr.definition.body, self._bound(expr, same))
        if isinstance(expr, typed.CallValue):
            yield from self._call(expr.callee, expr.args, expr.span, same)
            return
        if isinstance(expr, typed.Quant):
            self._own.update(expr.binders)
        for child in children(expr):
            yield from self._reads(child, same)

    def _bound(self, call: typed.DefCall, same: frozenset[typed.Local]) -> frozenset[typed.Local]:
        return self._with_params(call.definition.params, call.args, same)

    def _with_params(
        self,
        params: tuple[typed.Local, ...],
        args: tuple[typed.Expr, ...],
        same: frozenset[typed.Local],
    ) -> frozenset[typed.Local]:
        """The locals that stand for the loop variable inside what is called."""
        self._own.update(params)
        passed = {
            p
            for p, a in zip(params, args, strict=False)
            if isinstance(a, typed.LocalRef) and a.local in same and not p.assigned
        }
        return (same - set(params)) | passed

    # --- calls -----------------------------------------------------------------------------------

    def _call(
        self,
        callee: typed.Action | typed.Proc | str,
        args: tuple[typed.Expr, ...],
        span: Span,
        same: frozenset[typed.Local],
    ) -> Iterator[_Effect]:
        if isinstance(callee, str):
            for arg in args[1:]:
                yield from self._reads(arg, same)
            yield from self._write(args[0], "", span, same)
            return
        for arg in args:
            yield from self._reads(arg, same)
        inner = self._with_params(callee.params, args, same)
        if isinstance(callee, typed.Action) and callee.when is not None:
            yield from self._reads(callee.when, inner)
        yield from self._block(callee.body, inner)


def _indices(expr: typed.Expr) -> Iterator[typed.Expr]:
    while isinstance(expr, typed.Index | typed.Field | typed.Convert):
        if isinstance(expr, typed.Index):
            yield from expr.indices
        expr = expr.operand if isinstance(expr, typed.Convert) else expr.base
    if isinstance(expr, typed.LockRef):
        yield from expr.indices


def _positions(expr: typed.Expr, same: frozenset[typed.Local]) -> frozenset[int]:
    """Positions, counted from the variable, at which the index is the loop variable."""
    levels: list[tuple[typed.Expr, ...]] = []
    while isinstance(expr, typed.Index | typed.Field | typed.Convert):
        if isinstance(expr, typed.Index):
            levels.append(expr.indices)
        expr = expr.operand if isinstance(expr, typed.Convert) else expr.base
    if isinstance(expr, typed.LockRef):
        levels.append(expr.indices)
    flat = [index for level in reversed(levels) for index in level]
    return frozenset(
        n
        for n, index in enumerate(flat)
        if isinstance(index, typed.LocalRef) and index.local in same
    )


def _varies(part: typed.Expr) -> bool:
    """Whether a node can have another value in another iteration."""
    return not isinstance(
        part, typed.Const | typed.NoneConst | typed.SetLit | typed.Convert | typed.RecordLit
    )


def _is_number(value: typed.Binary) -> bool:
    return not isinstance(value.type, SetT)
