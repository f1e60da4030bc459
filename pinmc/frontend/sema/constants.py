"""Constants and choices: from their declaration, a module's argument or the command line."""

from __future__ import annotations

from pinmc.base.diagnostics import Note, did_you_mean
from pinmc.base.source import Span
from pinmc.frontend.sema import typed
from pinmc.frontend.sema.evaluate import NotConstant, NoValue, evaluate
from pinmc.frontend.sema.kinds import BOOL, is_domain, is_error, shown
from pinmc.frontend.sema.rights import CONSTANT
from pinmc.frontend.sema.scope import BROKEN, ConstSymbol, Entry, Given, MemberName, Symbol
from pinmc.frontend.sema.typeexprs import Types
from pinmc.frontend.sema.types import Type
from pinmc.frontend.sema.world import World, member_names
from pinmc.frontend.syntax import ast
from pinmc.ir.types import Bool, Enum, Int, Scalarset, member_name


def choice_symbol(world: World, entry: Entry, decl: ast.ChoiceDecl) -> Symbol:
    """The choice with its default or the option that was given."""
    options = tuple(o.name for o in decl.options)
    report_twice(world, decl.options, f"option of '{entry.name}'")
    given = entry.home.constants.get(entry.name)
    type_ = Enum(entry.name, tuple(dict.fromkeys(options)), entry.home.uid)
    name, span = decl.default.name, decl.default.span
    if given is not None:
        name, span = _given_name(given), given.span
    if name in type_.members:
        return ConstSymbol(typed.Const(type_.members.index(name), type_, span))
    if given is not None:
        _refuse(world, entry, span, f"'{name}' is not an option of '{entry.name}'", options)
    else:
        remedy = did_you_mean(name, options) or f"the options are {', '.join(options)}"
        message = f"the default '{name}' is not an option of '{entry.name}'"
        world.reporter.error("PIN117", span, message, remedy)
    return BROKEN


def constant_symbol(world: World, entry: Entry, decl: ast.ConstDecl) -> Symbol:
    """The constant with its declared value or the one that was given."""
    checker = Types(world, entry.home, CONSTANT)
    type_ = None if decl.type is None else checker.type(decl.type)
    if type_ is not None and is_error(type_):
        return BROKEN
    if type_ is not None and not is_domain(type_) and not isinstance(type_, Int):
        message = f"a constant cannot be {shown(type_)}".replace("of type ", "")
        world.reporter.error("PIN209", decl.name.span, message, "constants are scalars")
        return BROKEN
    value = _value(world, entry, decl, checker, type_)
    if value is None or not _where_holds(world, entry, decl, value):
        return BROKEN
    return ConstSymbol(value)


def _value(
    world: World, entry: Entry, decl: ast.ConstDecl, checker: Types, type_: Type | None
) -> typed.Const | None:
    given = entry.home.constants.get(entry.name)
    if given is not None:
        wanted = type_ if type_ is not None or decl.value is None else _default_type(checker, decl)
        return _given_value(world, entry, given, wanted)
    if decl.value is not None:
        value = checker.constant(decl.value, type_)
        if value is None or is_domain(value.type) or isinstance(value.type, Int):
            return value
        message = f"a constant cannot be {shown(value.type)}".replace("of type ", "")
        world.reporter.error("PIN209", decl.value.span, message, "constants are scalars")
        return None
    if entry.home.is_root:
        world.reporter.error(
            "PIN115",
            decl.name.span,
            f"the constant '{entry.name}' has no value",
            f"give it one: const {entry.name} = …, or on the command line: -D {entry.name}=…",
        )
    return None


def _default_type(checker: Types, decl: ast.ConstDecl) -> Type | None:
    """The type of a constant that is declared by its value alone."""
    assert decl.value is not None
    value = checker.constant(decl.value)
    return None if value is None else value.type


def _given_value(
    world: World, entry: Entry, given: Given, type_: Type | None
) -> typed.Const | None:
    if isinstance(given, MemberName):
        return _by_name(world, entry, given, type_)
    if type_ is None:
        return given
    if isinstance(given.type, Enum) and isinstance(type_, Enum) and given.type != type_:
        by_name = MemberName(member_name(given.type, given.value), given.span)
        return _by_name(world, entry, by_name, type_)
    fitted = Types(world, entry.home, CONSTANT).fit(given, type_)
    if is_error(fitted.type):
        return None
    try:
        return typed.Const(evaluate(fitted), type_, given.span)
    except (NoValue, NotConstant):
        message = f"{given.value} is not a value of {type_}, as '{entry.name}' must be"
        _refuse(world, entry, given.span, message, ())
        return None


def _by_name(
    world: World, entry: Entry, given: MemberName, type_: Type | None
) -> typed.Const | None:
    names = member_names(type_)
    if type_ is not None and given.text in names:
        return typed.Const(names.index(given.text), type_, given.span)
    what = "an integer" if type_ is None else shown(type_)
    _refuse(
        world, entry, given.span, f"'{given.text}' is not {what}, as '{entry.name}' must be", names
    )
    return None


def _refuse(world: World, entry: Entry, span: Span, message: str, allowed: tuple[str, ...]) -> None:
    code = "PIN411" if entry.home.is_root else "PIN113"
    remedy = f"allowed are {', '.join(allowed)}" if allowed else ""
    world.reporter.error(code, span, message, remedy, [Note(entry.span, "it is declared here")])


def _where_holds(world: World, entry: Entry, decl: ast.ConstDecl, value: typed.Const) -> bool:
    if decl.where is None:
        return True
    checker = Types(world, entry.home, CONSTANT)
    checker.locals.add(entry.name, value)
    holds = checker.constant(decl.where, BOOL)
    if holds is None:
        return False
    if not holds.value:
        shown_value = value_text(value)
        world.reporter.error(
            "PIN116",
            value.span,
            f"'{entry.name}' cannot be {shown_value}: {decl.where.span.text} is false",
            notes=[Note(decl.where.span, "the condition is here")],
        )
    return bool(holds.value)


def _given_name(given: Given) -> str:
    return given.text if isinstance(given, MemberName) else value_text(given)


def value_text(value: typed.Const) -> str:
    """The value as a specification would write it."""
    match value.type:
        case Bool():
            return "true" if value.value else "false"
        case Enum() | Scalarset() as type_:
            return member_name(type_, value.value)
        case _:
            return str(value.value)


def report_twice(world: World, names: tuple[ast.Ident, ...], what: str) -> None:
    """Reports names that occur twice in a list."""
    first: dict[str, ast.Ident] = {}
    for name in names:
        known = first.setdefault(name.name, name)
        if known is not name:
            message = (
                f"'{name.name}' is twice an {what}"
                if what[0] in "aeiou"
                else (f"'{name.name}' is twice a {what}")
            )
            world.reporter.error(
                "PIN102", name.span, message, notes=[Note(known.span, "the first is here")]
            )
