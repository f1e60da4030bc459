"""The parts of typed trees: what every rule that looks at whole bodies goes through."""

from __future__ import annotations

from collections.abc import Iterator

from pinmc.frontend.sema import typed


def children(expr: typed.Expr) -> tuple[typed.Expr, ...]:
    """The expressions directly inside an expression; a def's body is not inside its call."""
    match expr:
        case typed.LockRef(indices=parts) | typed.ActorLocal(indices=parts):
            return parts
        case typed.At(indices=parts) | typed.SetLit(elements=parts):
            return parts
        case typed.Builtin(args=parts) | typed.DefCall(args=parts):
            return parts
        case typed.CallValue(args=parts) | typed.Temporal(operands=parts):
            return parts
        case typed.Index(base=base, indices=indices):
            return (base, *indices)
        case typed.Field(base=base):
            return (base,)
        case typed.Unary(operand=operand) | typed.Convert(operand=operand):
            return (operand,)
        case typed.Binary(left=left, right=right):
            return (left, right)
        case typed.Cond(cond=cond, then=then, orelse=orelse):
            return (cond, then, orelse)
        case typed.Quant(where=where, body=body):
            return (body,) if where is None else (where, body)
        case typed.RecordLit(values=values):
            return tuple(v for v in values if v is not None)
        case _:
            return ()


def walk(expr: typed.Expr) -> Iterator[typed.Expr]:
    """The expression and everything inside it."""
    yield expr
    for child in children(expr):
        yield from walk(child)


def blocks(stmt: typed.Stmt) -> tuple[typed.Block, ...]:
    """The blocks directly inside a statement."""
    match stmt:
        case typed.Choose(body=first, orelse=second) | typed.If(then=first, orelse=second):
            return tuple(b for b in (first, second) if b is not None)
        case typed.While(body=body) | typed.Loop(body=body) | typed.For(body=body):
            return (body,)
        case typed.Atomic(body=body):
            return (body,)
        case typed.Either(branches=branches):
            return branches
        case typed.Marked(stmt=inner):
            return blocks(inner)
        case _:
            return ()


def expressions(stmt: typed.Stmt) -> tuple[typed.Expr, ...]:
    """The expressions directly in a statement, the target of an assignment included."""
    match stmt:
        case typed.Assign(target=target, value=value):
            return (target, value)
        case typed.Call(args=args) | typed.Start(args=args):
            return args
        case typed.Declare(value=value) | typed.Return(value=value):
            return () if value is None else (value,)
        case typed.Choose(where=where) | typed.For(where=where):
            return () if where is None else (where,)
        case typed.If(cond=cond) | typed.While(cond=cond) | typed.Await(cond=cond):
            return (cond,)
        case typed.Assert(cond=cond):
            return (cond,)
        case typed.Marked(stmt=inner):
            return expressions(inner)
        case _:
            return ()


def statements(block: typed.Block) -> Iterator[typed.Stmt]:
    """All statements of a block and of the blocks inside, marks taken off."""
    for stmt in block.stmts:
        inner = stmt.stmt if isinstance(stmt, typed.Marked) else stmt
        yield inner
        for body in blocks(inner):
            yield from statements(body)


def callees(stmt: typed.Stmt) -> Iterator[tuple[typed.Action | typed.Proc | str, typed.Stmt]]:
    """What a statement calls itself, not in its blocks."""
    if isinstance(stmt, typed.Call):
        yield stmt.callee, stmt
    for expr in expressions(stmt):
        for part in walk(expr):
            if isinstance(part, typed.CallValue):
                yield part.callee, stmt


def target_root(target: typed.Expr) -> typed.Variable | typed.Local | None:
    """The variable or local that an assignment to ``target`` changes."""
    while isinstance(target, typed.Index | typed.Field | typed.Convert):
        target = target.base if not isinstance(target, typed.Convert) else target.operand
    if isinstance(target, typed.VarRef):
        return target.variable
    return target.local if isinstance(target, typed.LocalRef) else None


def step_bodies(spec: typed.Spec) -> Iterator[typed.Block]:
    """The bodies that run in one step: actions, rules and init blocks."""
    yield from (action.body for action in spec.actions)
    yield from (rule.body for rule in spec.rules)
    yield from spec.inits


def code_bodies(spec: typed.Spec) -> Iterator[typed.Block]:
    """The bodies that run in many steps: procs and actors."""
    yield from (proc.body for proc in spec.procs)
    yield from (actor.body for actor in spec.actors)


def guards(spec: typed.Spec) -> Iterator[typed.Expr]:
    """The ``when`` of actions and rules."""
    yield from (action.when for action in spec.actions if action.when is not None)
    yield from (rule.when for rule in spec.rules if rule.when is not None)
