"""What the parts of the checker share: where it works, how it reports, what each part offers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from pinmc.base.diagnostics import Note
from pinmc.base.source import Span
from pinmc.frontend.sema import typed
from pinmc.frontend.sema.kinds import error_at, local_kind
from pinmc.frontend.sema.rights import Lead, Rights
from pinmc.frontend.sema.scope import Entry, Instance, Locals
from pinmc.frontend.sema.types import Type
from pinmc.frontend.sema.world import World
from pinmc.frontend.syntax import ast


class Base:
    """Checks the expressions and statements of one declaration of ``instance``."""

    def __init__(self, world: World, instance: Instance, rights: Rights) -> None:
        self.world = world
        self.instance = instance
        self.rights = rights
        self.locals = Locals()
        self.unfolded = 1
        """Copies that are being made of the temporal formula around the place."""

    # --- reporting -------------------------------------------------------------------------

    def error(
        self, code: str, span: Span, message: str, remedy: str = "", notes: Iterable[Note] = ()
    ) -> None:
        self.world.reporter.error(code, span, message, remedy, notes)

    def bad(
        self, code: str, span: Span, message: str, remedy: str = "", notes: Iterable[Note] = ()
    ) -> typed.Expr:
        """Reports, and gives the expression that stands for what was wrong."""
        self.error(code, span, message, remedy, notes)
        return error_at(span)

    # --- locals ----------------------------------------------------------------------------

    @contextmanager
    def block(self) -> Iterator[None]:
        """A stretch of code at whose end the names it introduced are gone."""
        self.locals.push()
        try:
            yield
        finally:
            self.locals.pop()

    def declare(self, name: ast.Ident, type_: Type, kind: typed.LocalKind) -> typed.Local:
        """A new local; the same name must not be in use by another one around it."""
        local = typed.Local(name.name, type_, kind, name.span)
        known = self.locals.find(name.name)
        if isinstance(known, typed.Local):
            self.error(
                "PIN102",
                name.span,
                f"'{name.name}' is already the name of {local_kind(known)} here",
                "give one of them another name",
                [Note(known.span, "the first is here")],
            )
        self.locals.add(name.name, local)
        return local

    # --- offered by the parts --------------------------------------------------------------

    def infer(
        self, expr: ast.Expr, expected: Type | None = None, lead: Lead = Lead.NO
    ) -> typed.Expr:
        """The typed expression; ``expected`` helps to tell what names and literals mean, but the
        result may be of another type."""
        raise NotImplementedError

    def check(self, expr: ast.Expr, want: Type, lead: Lead = Lead.NO) -> typed.Expr:
        """The typed expression converted to ``want``; another type is an error."""
        raise NotImplementedError

    def fit(self, expr: typed.Expr, want: Type, stored: bool = False) -> typed.Expr:
        """``expr`` converted to ``want``. ``stored``: what it is stored in checks its range."""
        raise NotImplementedError

    def type(self, type_: ast.TypeExpr) -> Type:
        """The type that is written."""
        raise NotImplementedError

    def domain(self, type_: ast.TypeExpr, what: str) -> Type:
        """A type whose values can be run through: an index, a binder."""
        raise NotImplementedError

    def constant(self, expr: ast.Expr, want: Type | None = None) -> typed.Const | None:
        """The value of a constant expression, or None after an error."""
        raise NotImplementedError

    def entity(self, expr: ast.Expr) -> Entry | None:
        """The declaration a name refers to, or None: no name, a local, or unknown."""
        raise NotImplementedError

    def named(self, name: ast.Ident, what: str) -> Entry | None:
        """The declaration of that name; reports when there is none."""
        raise NotImplementedError

    def entry_value(self, entry: Entry, span: Span, primed: bool) -> typed.Expr:
        raise NotImplementedError

    def unwrapped(self, expr: typed.Expr) -> typed.Expr:
        """``expr`` without ``?``: a found error when it is absent."""
        raise NotImplementedError

    def apply(self, base: typed.Expr, indices: tuple[ast.Expr, ...], span: Span) -> typed.Expr:
        raise NotImplementedError

    def call(self, expr: ast.CallExpr, expected: Type | None, lead: Lead) -> typed.Expr:
        raise NotImplementedError

    def arguments(
        self,
        args: tuple[ast.Argument, ...],
        params: tuple[typed.Local, ...],
        what: str,
        span: Span,
        stored: bool,
    ) -> tuple[typed.Expr, ...]:
        raise NotImplementedError

    def actor_indices(
        self, actor: typed.Actor, indices: tuple[ast.Expr, ...], span: Span
    ) -> tuple[typed.Expr, ...]:
        raise NotImplementedError

    def lock(self, expr: ast.Expr) -> typed.LockRef | None:
        raise NotImplementedError
