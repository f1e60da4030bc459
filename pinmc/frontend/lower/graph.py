"""What building an actor's graph needs everywhere: nodes, scopes, and code with its marks."""

from __future__ import annotations

from collections.abc import Callable

from pinmc.base.source import Span
from pinmc.frontend.lower.build import touches_shared
from pinmc.frontend.lower.cells import default_value, scalar_type
from pinmc.frontend.lower.code import NOTHING, Code, code, goto, seq
from pinmc.frontend.lower.context import Context, Stored
from pinmc.frontend.lower.nodes import Node, Scope
from pinmc.frontend.lower.straight import Straight
from pinmc.frontend.lower.values import Value
from pinmc.frontend.sema import typed
from pinmc.ir.expr import Expr
from pinmc.ir.stmt import Mark
from pinmc.ir.system import MarkKind, Shape
from pinmc.ir.types import Scalar

MAX_NODES = 20_000


class GraphBuilder:
    """The nodes, scopes and locals of one actor. ``index`` selects its instance's cells."""

    def __init__(self, context: Context, actor: typed.Actor, index: tuple[Expr, ...]) -> None:
        self.context = context
        self.actor = actor
        self.index = index
        self.dims: tuple[Scalar, ...] = tuple(scalar_type(p.type) for p in actor.params)
        self.locals: dict[typed.Local, Shape] = {}
        self.finish = Node(actor.span, True, finish=True, name="end")
        self._scopes: list[Scope] = []
        self._inner = False
        self._may_block = True
        self._nodes = 0

    def _node(self, span: Span, step: bool, *alternatives: Code, **more: object) -> Node:
        self._nodes += 1
        if self._nodes == MAX_NODES:
            self.context.reporter.error(
                "PIN353",
                self.actor.span,
                f"the code of actor '{self.actor.name}' unfolds into more than {MAX_NODES} places",
                "loop over a smaller range, or use 'while' with a counter",
            )
        if self._nodes >= MAX_NODES:
            return self.finish
        node = Node(span, step and not self._inner, list(alternatives), name=text_of(span))
        for key, value in more.items():
            setattr(node, key, value)
        return node

    def _straight(self) -> Straight:
        return Straight(self.context, self._may_block or not self._inner)

    def _step_mark(self, span: Span, text: str = "") -> Code:
        shown = text or text_of(span)
        mark = self.context.marks.get(MarkKind.STEP, shown, shown, (), span)
        return code(Mark(mark))

    def _store_local(self, local: typed.Local, trusted: bool) -> Stored:
        if local not in self.locals:
            cells = self.context.cells
            self.locals[local] = cells.local(self.actor.name, local.name, local.type, self.dims)
        stored = Stored(self.locals[local], self.index, trusted)
        self.context.env[local] = stored
        self._scopes[-1].stored.append((local, stored.shape))
        return stored

    def _leave(self, depth: int, after: Node, span: Span) -> Node:
        """Puts the locals of all scopes from ``depth`` inwards back to their defaults."""
        straight = self._straight()
        parts = [
            straight.store(shape, self.index, default_value(shape), local.type, span)
            for scope in self._scopes[depth:]
            for local, shape in scope.stored
        ]
        return self._node(span, False, seq(*parts, goto(after))) if parts else after

    def _simple(self, span: Span, body: Code, after: Node, step: bool = False) -> Node:
        """A statement that is a step if it must be or touches shared state."""
        is_step = step or touches_shared(body.stmts)
        mark = self._step_mark(span) if is_step else NOTHING
        return self._node(span, is_step, seq(mark, body, goto(after)))

    def _deliver(
        self, call: typed.CallValue, then: Callable[[], Code]
    ) -> Callable[[Value | None], Code]:
        def result(value: Value | None) -> Code:
            assert value is not None
            self.context.results[call] = value
            return then()

        return result


def text_of(span: Span) -> str:
    """The source on one line, shortened."""
    text = " ".join(span.text.split())
    return text if len(text) <= 72 else text[:69] + "..."
