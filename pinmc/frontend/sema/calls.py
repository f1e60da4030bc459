"""Calls: defs, conversions, record literals, actions and procs, and their arguments."""

from __future__ import annotations

from pinmc.base.diagnostics import did_you_mean
from pinmc.base.source import Span
from pinmc.frontend.sema import typed
from pinmc.frontend.sema.builtins import BUILTINS, Builtins
from pinmc.frontend.sema.kinds import INT, error_at, is_error, is_integer, quote, shown
from pinmc.frontend.sema.rights import Lead
from pinmc.frontend.sema.scope import Broken, Entry, TypeSymbol
from pinmc.frontend.sema.typenames import basic_type
from pinmc.frontend.sema.types import RecordT, Type
from pinmc.frontend.syntax import ast
from pinmc.ir.types import Int, Range, Word


class Calls(Builtins):
    """``callee(args)``, whatever it is."""

    def call(self, expr: ast.CallExpr, expected: Type | None, lead: Lead) -> typed.Expr:
        name = expr.callee
        conversion = basic_type(name.name)
        if conversion is not None:
            return self._conversion(expr, conversion)
        if self.locals.find(name.name) is not None:
            return self.bad("PIN105", name.span, f"'{name.name}' is no function")
        found = self.world.resolve(self.instance, name.name)
        if not found and name.name in BUILTINS:
            return self.builtin(expr, expected, lead)
        entry = self.named(name, "function")
        if entry is None:
            for arg in expr.args:
                self._look_into(arg)
            return error_at(expr.span)
        return self._called(entry, expr, lead)

    def _look_into(self, arg: ast.Argument) -> None:
        """Finds further mistakes where nothing is expected."""
        if not isinstance(arg.value, ast.NameExpr | ast.NoneLit | ast.SetLit):
            self.infer(arg.value)

    def _called(self, entry: Entry, expr: ast.CallExpr, lead: Lead) -> typed.Expr:
        symbol = self.world.symbol(entry)
        match symbol:
            case Broken():
                return error_at(expr.span)
            case TypeSymbol(type=RecordT() as record):
                return self._record(record, expr)
            case TypeSymbol(type=type_):
                return self._conversion(expr, type_)
            case typed.Def():
                return self._def_call(entry, symbol, expr)
            case typed.Action() | typed.Proc():
                return self._call_value(symbol, expr, lead)
            case _:
                what = f"'{entry.name}' cannot be called"
                return self.bad("PIN105", expr.callee.span, what)

    # --- defs ------------------------------------------------------------------------------

    def _def_call(self, entry: Entry, symbol: typed.Def, expr: ast.CallExpr) -> typed.Expr:
        given = self.arguments(expr.args, symbol.params, symbol.name, expr.span, False)
        if is_error(symbol.type):
            return error_at(expr.span)
        self.world.fill(entry)
        return typed.DefCall(symbol, given, symbol.type, expr.span)

    # --- actions and procs -------------------------------------------------------------------

    def _call_value(
        self, symbol: typed.Action | typed.Proc, expr: ast.CallExpr, lead: Lead
    ) -> typed.Expr:
        given = self.arguments(expr.args, symbol.params, symbol.name, expr.span, True)
        if symbol.result is None:
            return self.bad(
                "PIN215",
                expr.span,
                f"'{symbol.name}' returns no value",
                f"declare what it returns: {symbol.name}(…): T",
            )
        if not self.may_call(lead, symbol.name, expr.span):
            return error_at(expr.span)
        return typed.CallValue(symbol, given, symbol.result, expr.span)

    # --- arguments ---------------------------------------------------------------------------

    def arguments(
        self,
        args: tuple[ast.Argument, ...],
        params: tuple[typed.Local, ...],
        what: str,
        span: Span,
        stored: bool,
    ) -> tuple[typed.Expr, ...]:
        """The values of ``params`` in order; given by position, then by name."""
        slots = self._slots(args, [p.name for p in params], what, span)
        given: list[typed.Expr] = []
        for param, arg in zip(params, slots, strict=True):
            if arg is None:
                given.append(error_at(span))
            else:
                given.append(self.fit(self.infer(arg.value, param.type), param.type, stored))
        return tuple(given)

    def _slots(
        self, args: tuple[ast.Argument, ...], names: list[str], what: str, span: Span
    ) -> list[ast.Argument | None]:
        slots: list[ast.Argument | None] = [None] * len(names)
        positional = sum(arg.name is None for arg in args)
        wrong = positional > len(names)
        known = all(arg.name is None or arg.name.name in names for arg in args)
        for position, arg in enumerate(args):
            place = position if arg.name is None else self._place(arg.name, names, what)
            if place is None or place >= len(names):
                self._look_into(arg)
                continue
            if slots[place] is not None:
                message = f"'{names[place]}' is given twice"
                self.error("PIN204", arg.span, message)
            slots[place] = arg
        missing = [n for n, slot in zip(names, slots, strict=True) if slot is None]
        if wrong or (missing and all(a.name is None for a in args)):
            expects = f"takes {_counted(len(names))}"
            takes = f"{expects} ({', '.join(names)})" if names else expects
            self.error("PIN203", span, f"'{what}' {takes}, {len(args)} given")
        elif missing and known:
            self.error("PIN203", span, f"'{what}' needs a value for {', '.join(missing)}")
        return slots

    def _place(self, name: ast.Ident, names: list[str], what: str) -> int | None:
        if name.name in names:
            return names.index(name.name)
        remedy = did_you_mean(name.name, names) or (f"it has {', '.join(names)}" if names else "")
        self.error("PIN204", name.span, f"'{what}' has no parameter '{name.name}'", remedy)
        return None

    # --- records and conversions ---------------------------------------------------------------

    def _record(self, record: RecordT, expr: ast.CallExpr) -> typed.Expr:
        types = dict(record.fields)
        values: dict[str, typed.Expr] = {}
        for arg in expr.args:
            if arg.name is None:
                example = next(iter(types), "field")
                self.error(
                    "PIN204",
                    arg.span,
                    f"the fields of {record} are given by name",
                    f"such as {record}({example} = …)",
                )
            elif arg.name.name not in types:
                remedy = did_you_mean(arg.name.name, types) or f"it has {', '.join(types)}"
                message = f"{record} has no field '{arg.name.name}'"
                self.error("PIN207", arg.name.span, message, remedy)
            elif arg.name.name in values:
                self.error("PIN204", arg.span, f"'{arg.name.name}' is given twice")
            else:
                values[arg.name.name] = self.check(arg.value, types[arg.name.name])
        ordered = tuple(values.get(name) for name in types)
        return typed.RecordLit(ordered, record, expr.span)

    def _conversion(self, expr: ast.CallExpr, want: Type) -> typed.Expr:
        if len(expr.args) != 1 or expr.args[0].name is not None:
            return self.bad("PIN203", expr.span, f"a conversion to {want} takes one value")
        value = self.unwrapped(self.infer(expr.args[0].value))
        if is_error(value.type) or is_error(want):
            return error_at(expr.span)
        if not isinstance(want, Int | Range | Word):
            return self.bad(
                "PIN202",
                expr.span,
                f"there is no conversion to {want}",
                "conversions are to int, machine words and ranges",
            )
        if not is_integer(value.type) and not isinstance(value.type, Word):
            return self.bad(
                "PIN202",
                value.span,
                f"{quote(value.span)} is {shown(value.type)}: only numbers convert to {want}",
            )
        return self._converted(value, want, expr.span)

    def _converted(self, value: typed.Expr, want: Type, span: Span) -> typed.Expr:
        kind = typed.Conversion
        if isinstance(want, Word):
            return typed.Convert(kind.WRAP, value, want, span)
        if isinstance(value.type, Word):
            value = typed.Convert(kind.INT, value, INT, span)
        if isinstance(want, Range):
            return typed.Convert(kind.CHECK, value, want, span)
        return value if value.type == INT else typed.Convert(kind.INT, value, INT, span)


def _counted(number: int) -> str:
    if number == 0:
        return "no arguments"
    return f"{number} argument{'' if number == 1 else 's'}"
