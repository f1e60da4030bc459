"""Names in expressions: locals, members of enums, declarations, fields, places of actors."""

from __future__ import annotations

from pinmc.base.diagnostics import Note, did_you_mean
from pinmc.base.source import Span
from pinmc.frontend.sema import typed
from pinmc.frontend.sema.base import Base
from pinmc.frontend.sema.kinds import BOOL, error_at, is_error, local_kind, quote, shown, stripped
from pinmc.frontend.sema.places import actor_locals, labels_of
from pinmc.frontend.sema.rights import Lead
from pinmc.frontend.sema.scope import Broken, ConstSymbol, Entry, TypeSymbol
from pinmc.frontend.sema.types import ArrayT, LockT, RecordT, Type
from pinmc.frontend.sema.world import member_names
from pinmc.frontend.syntax import ast
from pinmc.ir.types import Scalarset


class Names(Base):
    """Resolution, in this order: locals, members of the expected type, declarations, members of
    whatever visible type has one of that name."""

    # --- names -----------------------------------------------------------------------------

    def name(self, expr: ast.NameExpr, expected: Type | None) -> typed.Expr:
        local = self.locals.find(expr.name)
        if local is not None:
            return self._local(local, expr)
        member = self.member(expected, expr.name, expr.span)
        if member is not None:
            return member
        found = self._one(ast.Ident(expr.name, expr.span))
        if found is not None:
            return self.entry_value(found, expr.span, expr.primed)
        return self._unique_member(expr)

    def _local(self, local: typed.Local | typed.Const, expr: ast.NameExpr) -> typed.Expr:
        if isinstance(local, typed.Const):
            return typed.Const(local.value, local.type, expr.span)
        if expr.primed:
            return self.bad(
                "PIN218",
                expr.span,
                f"'{expr.name}' is {local_kind(local)}: it has no next value",
                "a prime goes on a variable, such as dirty'[p]",
            )
        return typed.LocalRef(local, local.type, expr.span)

    def member(self, type_: Type | None, name: str, span: Span) -> typed.Const | None:
        """The value called ``name`` of an enum or scalarset (perhaps optional)."""
        if type_ is None:
            return None
        inner = stripped(type_)
        names = member_names(inner)
        return typed.Const(names.index(name), inner, span) if name in names else None

    def _unique_member(self, expr: ast.NameExpr) -> typed.Expr:
        types = self.world.member_types(self.instance, expr.name)
        if len(types) == 1:
            member = self.member(types[0], expr.name, expr.span)
            assert member is not None
            return member
        if types:
            options = " or ".join(f"{t}.{expr.name}" for t in types)
            return self.bad(
                "PIN104",
                expr.span,
                f"'{expr.name}' is a value of several types",
                f"write {options}",
            )
        if expr.name not in self.world.members(self.instance):
            self.unknown(expr.name, expr.span)
        return error_at(expr.span)

    def unknown(self, name: str, span: Span, what: str = "name") -> None:
        """Reports a name that nothing has."""
        head, dot, _ = name.partition(".")
        elsewhere = self.world.inactive(self.instance, head) if dot else None
        if elsewhere is not None:
            self.error(
                "PIN101",
                span,
                f"module '{head}' is not used in this design",
                notes=[Note(elsewhere, "its 'when' is false here")],
            )
            return
        known = {*self.locals.names(), *self.world.visible(self.instance)}
        remedy = self._interchangeable(name) or did_you_mean(name, known)
        self.error("PIN101", span, f"unknown {what} '{name}'", remedy)

    def _interchangeable(self, name: str) -> str:
        """Members of scalarsets are shown with numbers but cannot be written."""
        base = name.rstrip("0123456789")
        found = self.world.find(self.instance, base) if base != name else []
        if found and isinstance(found[0].decl, ast.ScalarsetDecl):
            return (
                f"the members of {base} are interchangeable and have no names; "
                f"use 'choose', a quantifier, or 'scalarset {base}[…] with H'"
            )
        return ""

    # --- declarations ----------------------------------------------------------------------

    def _one(self, name: ast.Ident) -> Entry | None:
        """The declaration of a name; one of them, after a report, when there are several."""
        found = self.world.resolve(self.instance, name.name)
        if len(found) > 1:
            self.error(
                "PIN104",
                name.span,
                f"'{name.name}' is declared by several of the modules used here",
                f"write {_qualified(found)}, or give a module an alias with 'as'",
                [Note(e.span, "declared here") for e in found],
            )
        return found[0] if found else None

    def named(self, name: ast.Ident, what: str) -> Entry | None:
        entry = self._one(name)
        if entry is None:
            self.unknown(name.name, name.span, what)
        return entry

    def entity(self, expr: ast.Expr) -> Entry | None:
        name = _dotted(expr)
        if name is None or self.locals.find(name.name.partition(".")[0]) is not None:
            return None
        if "." in name.name and self.world.find(self.instance, name.name.partition(".")[0]):
            return None
        return self._one(name)

    def entry_value(self, entry: Entry, span: Span, primed: bool) -> typed.Expr:
        symbol = self.world.symbol(entry)
        if isinstance(symbol, Broken):
            return error_at(span)
        if primed and not isinstance(symbol, typed.Variable):
            return self.bad("PIN218", span, f"'{entry.name}' has no next value: it is no variable")
        match symbol:
            case ConstSymbol(value=value):
                return typed.Const(value.value, value.type, span)
            case typed.Variable():
                return self._variable(symbol, span, primed)
            case typed.Lock():
                return self._state(typed.LockRef(symbol, (), LockT(symbol.rw), span), entry.name)
            case typed.Def() if not symbol.params:
                return self.call(ast.CallExpr(ast.Ident(span.text, span), (), span), None, Lead.NO)
            case typed.Def() | typed.Action() | typed.Proc():
                return self.bad(
                    "PIN105", span, f"'{entry.name}' is called with brackets: {entry.name}(…)"
                )
            case TypeSymbol():
                return self.bad("PIN105", span, f"'{entry.name}' is a type, not a value")
            case typed.Actor() | typed.Rule() | typed.Claim():
                kind = {typed.Actor: "an actor", typed.Rule: "a rule"}.get(type(symbol))
                what = f"'{entry.name}' is {kind or 'a property'}, not a value"
                return self.bad("PIN105", span, what)

    def _variable(self, variable: typed.Variable, span: Span, primed: bool) -> typed.Expr:
        if primed and not self.rights.primes:
            return self.bad(
                "PIN313",
                span,
                f"the next value of '{variable.name}' is known only in a step invariant",
                "declare it with 'step invariant'",
            )
        whole: Type = variable.type
        if variable.dims:
            whole = ArrayT(variable.dims, variable.type)
        return self._state(typed.VarRef(variable, primed, whole, span), variable.name)

    def _state(self, expr: typed.Expr, name: str) -> typed.Expr:
        if self.rights.state:
            return expr
        return self.bad(
            "PIN118",
            expr.span,
            f"{self.rights.what} cannot depend on '{name}'",
            "it may use constants, choices and indices",
        )

    # --- fields ----------------------------------------------------------------------------

    def field(self, expr: ast.FieldExpr) -> typed.Expr:
        base, indices = _instance(expr.base)
        entry = self.entity(base)
        symbol = None if entry is None else self.world.symbol(entry)
        if isinstance(symbol, typed.Actor) and entry is not None:
            return self._actor_local(entry, symbol, indices, expr)
        if entry is not None and not indices and self.world.value_type(entry) is not None:
            return self._qualified_member(entry, expr)
        if not indices and self._is_module(base):
            return self._from_module(expr)
        return self._record_field(self.infer(expr.base), expr)

    def _is_module(self, base: ast.Expr) -> bool:
        if not isinstance(base, ast.NameExpr) or self.locals.find(base.name) is not None:
            return False
        if self.world.find(self.instance, base.name):
            return False
        known = self.world.qualifier(self.instance, base.name)
        return known is not None or self.world.inactive(self.instance, base.name) is not None

    def _from_module(self, expr: ast.FieldExpr) -> typed.Expr:
        name = _dotted(expr)
        assert name is not None
        entry = self.named(name, "name")
        if entry is None:
            return error_at(expr.span)
        return self.entry_value(entry, expr.span, expr.primed)

    def _qualified_member(self, entry: Entry, expr: ast.FieldExpr) -> typed.Expr:
        type_ = self.world.value_type(entry)
        member = self.member(type_, expr.name.name, expr.span)
        if member is not None:
            return member
        remedy = did_you_mean(expr.name.name, member_names(type_))
        if isinstance(type_, Scalarset) and not remedy:
            remedy = "interchangeable members have no names"
        return self.bad(
            "PIN106", expr.name.span, f"'{entry.name}' has no value '{expr.name.name}'", remedy
        )

    def _record_field(self, base: typed.Expr, expr: ast.FieldExpr) -> typed.Expr:
        if is_error(base.type):
            return error_at(expr.span)
        record = stripped(base.type)
        if not isinstance(record, RecordT):
            return self.bad(
                "PIN207", expr.span, f"{quote(base.span)} is {shown(base.type)}: it has no fields"
            )
        types = dict(record.fields)
        if expr.name.name not in types:
            remedy = did_you_mean(expr.name.name, types) or f"it has {', '.join(types)}"
            return self.bad(
                "PIN207", expr.name.span, f"{record} has no field '{expr.name.name}'", remedy
            )
        if expr.primed:
            return self.bad(
                "PIN218", expr.span, "the prime goes on the variable, before its indices and fields"
            )
        name = expr.name.name
        return typed.Field(self.unwrapped(base), name, types[name], expr.span)

    # --- actors ----------------------------------------------------------------------------

    def _actor_local(
        self,
        entry: Entry,
        actor: typed.Actor,
        indices: tuple[ast.Expr, ...],
        expr: ast.FieldExpr,
    ) -> typed.Expr:
        given = self.actor_indices(actor, indices, expr.base.span)
        if not self._may_see_places(expr.span, f"the locals of actor '{actor.name}'"):
            return error_at(expr.span)
        self.world.fill(entry)
        found = [x for x in actor_locals(actor) if x.name == expr.name.name]
        if not found:
            remedy = did_you_mean(expr.name.name, [x.name for x in actor_locals(actor)])
            return self.bad(
                "PIN107",
                expr.name.span,
                f"actor '{actor.name}' has no local '{expr.name.name}'",
                remedy,
            )
        if len(found) > 1:
            return self.bad(
                "PIN107",
                expr.name.span,
                f"actor '{actor.name}' has several locals '{expr.name.name}'",
                "give them different names",
                [Note(x.span, "declared here") for x in found],
            )
        if expr.primed and not self.rights.primes:
            return self.bad("PIN313", expr.span, "a next value is known only in a step invariant")
        return typed.ActorLocal(actor, given, found[0], expr.primed, found[0].type, expr.span)

    def at(self, expr: ast.AtExpr) -> typed.Expr:
        base, indices = _instance(expr.actor)
        entry = self.entity(base)
        symbol = None if entry is None else self.world.symbol(entry)
        if isinstance(symbol, Broken):
            return error_at(expr.span)
        if not isinstance(symbol, typed.Actor) or entry is None:
            return self._no_actor(base)
        given = self.actor_indices(symbol, indices, expr.actor.span)
        if not self._may_see_places(expr.span, f"the place of actor '{symbol.name}'"):
            return error_at(expr.span)
        labels = labels_of(self.world, entry)
        label = expr.label.name
        if label != "end" and label not in labels:
            remedy = did_you_mean(label, labels) or "write 'label:' before a statement of it"
            return self.bad(
                "PIN107", expr.label.span, f"actor '{symbol.name}' has no label '{label}'", remedy
            )
        return typed.At(symbol, given, label, BOOL, expr.span)

    def _no_actor(self, base: ast.Expr) -> typed.Expr:
        name = _dotted(base)
        if name is not None and self.locals.find(name.name) is None and self._one(name) is None:
            self.unknown(name.name, name.span, "actor")
            return error_at(base.span)
        return self.bad("PIN105", base.span, f"{quote(base.span)} is no actor")

    def _may_see_places(self, span: Span, what: str) -> bool:
        if self.rights.places:
            return True
        self.error(
            "PIN314",
            span,
            f"only properties may look at {what}, {self.rights.what} may not",
            "record what matters in a variable",
        )
        return False


def _qualified(entries: list[Entry]) -> str:
    names = (f"{e.home.module.name.rpartition('.')[2]}.{e.name}" for e in entries)
    return " or ".join(dict.fromkeys(names))


def _instance(expr: ast.Expr) -> tuple[ast.Expr, tuple[ast.Expr, ...]]:
    """``actor[u]`` as its name and indices."""
    return (expr.base, expr.indices) if isinstance(expr, ast.IndexExpr) else (expr, ())


def _dotted(expr: ast.Expr) -> ast.Ident | None:
    """``x`` or ``module.x`` as one name."""
    match expr:
        case ast.NameExpr(name=name):
            return ast.Ident(name, expr.span)
        case ast.FieldExpr(base=ast.NameExpr(name=head, primed=False), name=name):
            return ast.Ident(f"{head}.{name.name}", expr.span)
        case _:
            return None
