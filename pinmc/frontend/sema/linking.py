"""``use``: which instance of a module is meant, made of its arguments."""

from __future__ import annotations

from pinmc.base.diagnostics import Note, did_you_mean
from pinmc.base.source import Span
from pinmc.frontend.sema import typed
from pinmc.frontend.sema.kinds import BOOL, ERROR
from pinmc.frontend.sema.rights import CONSTANT
from pinmc.frontend.sema.scope import Entry, Given, Import, Instance, MemberName, Parameter
from pinmc.frontend.sema.sources import Module
from pinmc.frontend.sema.typeexprs import Types
from pinmc.frontend.sema.types import Type
from pinmc.frontend.sema.world import MAX_INSTANCES, World
from pinmc.frontend.syntax import ast


def link(world: World, instance: Instance, use: ast.UseDecl) -> Import | None:
    """The import that ``use`` is in this design; None when it is inactive or wrong."""
    qualifier = use.alias.name if use.alias else use.module.name.rpartition(".")[2]
    checker = Types(world, instance, CONSTANT)
    if use.when is not None:
        active = checker.constant(use.when, BOOL)
        if active is None:
            return None
        if not active.value:
            instance.inactive[qualifier] = use.span
            return None
    module = world.program.modules.get(use.module.name)
    if module is None:
        return None
    arguments = _Arguments(checker, module, use)
    made = _instance(world, instance, use, module, arguments)
    if made is None:
        return None
    return Import(qualifier, use.alias is not None, made, use.span)


def _instance(
    world: World, user: Instance, use: ast.UseDecl, module: Module, arguments: _Arguments
) -> Instance | None:
    key = arguments.key()
    if use.alias is None and key in world.by_arguments:
        return world.by_arguments[key]
    if len(world.instances) >= MAX_INSTANCES:
        world.reporter.error(
            "PIN123", use.span, f"this makes more than {MAX_INSTANCES} instances of modules"
        )
        return None
    prefix = f"{user.prefix}{use.alias.name}." if use.alias else ""
    number = len(world.instances)
    types, constants = arguments.types, arguments.constants
    made = Instance(module, number, prefix, False, types, constants)
    if use.alias is None:
        world.by_arguments[key] = made
    world.open(made)
    return made


class _Arguments:
    """The values of a module's parameters, from the arguments of a ``use``."""

    def __init__(self, checker: Types, module: Module, use: ast.UseDecl) -> None:
        self.types: dict[str, Type] = {}
        self.constants: dict[str, Given] = {}
        self._checker = checker
        self._module = module
        self._use = use
        parameters = {
            d.name.name: d
            for d in module.tree.decls
            if isinstance(d, ast.TypeDecl | ast.ConstDecl | ast.ChoiceDecl)
        }
        self._types = [n for n, d in parameters.items() if _is_type(d)]
        self._constants = [n for n, d in parameters.items() if not isinstance(d, ast.TypeDecl)]
        self._read()
        self._require(parameters)
        self._defaults = self._literal_defaults(parameters)

    def key(self) -> object:
        """Equal for uses that mean the same instance."""
        values = tuple(
            (name, given.text) if isinstance(given, MemberName) else (name, given.value, given.type)
            for name, given in sorted((self._defaults | self.constants).items())
        )
        return self._module.name, tuple(sorted(self.types.items(), key=lambda i: i[0])), values

    def _literal_defaults(self, parameters: dict[str, Parameter]) -> dict[str, Given]:
        """What constants are that no argument gives, as far as it is plain to see: leaving one out
        means the same instance as giving it the value that it has anyway."""
        found: dict[str, Given] = {}
        for name, decl in parameters.items():
            value = decl.value if isinstance(decl, ast.ConstDecl) else None
            if isinstance(value, ast.IntLit | ast.BoolLit):
                given = self._checker.constant(value)
                if given is not None:
                    found[name] = given
        return found

    def _read(self) -> None:
        position = 0
        for arg in self._use.args:
            if arg.name is None:
                self._positional(arg, position)
                position += 1
            else:
                self._by_name(arg.name, arg)

    def _positional(self, arg: ast.ModuleArgument, position: int) -> None:
        if position < len(self._types):
            self._type(self._types[position], arg)
            return
        takes = f"takes {len(self._types)} types" if self._types else "takes no types"
        self._error(
            arg.span,
            f"module '{self._module.name}' {takes}: this one is too many",
            "constants are given by name, such as N = 2",
        )

    def _by_name(self, name: ast.Ident, arg: ast.ModuleArgument) -> None:
        if name.name in self.types or name.name in self.constants:
            self._error(name.span, f"'{name.name}' is given twice")
        elif name.name in self._types:
            self._type(name.name, arg)
        elif name.name in self._constants:
            self._constant(name.name, arg)
        else:
            known = [*self._types, *self._constants]
            remedy = did_you_mean(name.name, known) or (
                f"it has {', '.join(known)}" if known else ""
            )
            message = f"module '{self._module.name}' has no parameter '{name.name}'"
            self._error(name.span, message, remedy)

    def _type(self, name: str, arg: ast.ModuleArgument) -> None:
        written = arg.type or _as_type(arg.value)
        if written is None:
            self._error(arg.span, f"'{name}' of module '{self._module.name}' is a type")
            return
        self.types[name] = self._checker.type(written)

    def _constant(self, name: str, arg: ast.ModuleArgument) -> None:
        if arg.value is None:
            self._error(arg.span, f"'{name}' of module '{self._module.name}' is no type")
            return
        value = arg.value
        if isinstance(value, ast.NameExpr) and self._is_member(value):
            self.constants[name] = MemberName(value.name, value.span)
            return
        given = self._checker.constant(value)
        self.constants[name] = given or typed.Const(0, ERROR, arg.span)

    def _is_member(self, value: ast.NameExpr) -> bool:
        """Whether the name is none of the user's own: then it is one of the module's values."""
        world, instance = self._checker.world, self._checker.instance
        return not world.find(instance, value.name)

    def _require(self, parameters: dict[str, Parameter]) -> None:
        for name, decl in parameters.items():
            missing_type = _is_type(decl) and name not in self.types
            missing_value = (
                isinstance(decl, ast.ConstDecl)
                and decl.value is None
                and name not in self.constants
            )
            if missing_type or missing_value:
                what = "type" if missing_type else "constant"
                self._checker.error(
                    "PIN113",
                    self._use.module.span,
                    f"module '{self._module.name}' needs the {what} '{name}'",
                    f"write use {self._module.name}({name} = …)",
                    [Note(decl.name.span, "it is declared here")],
                )

    def _error(self, span: Span, message: str, remedy: str = "") -> None:
        self._checker.error("PIN113", span, message, remedy)


def _is_type(decl: Parameter) -> bool:
    return isinstance(decl, ast.TypeDecl) and decl.type is None


def _as_type(value: ast.Expr | None) -> ast.TypeExpr | None:
    """A bare name can be a type; the parser keeps it as an expression."""
    match value:
        case ast.NameExpr(name=name):
            return ast.NamedType(ast.Ident(name, value.span), value.span)
        case ast.FieldExpr(base=ast.NameExpr(name=head), name=name):
            dotted = ast.Ident(f"{head}.{name.name}", value.span)
            return ast.NamedType(dotted, value.span)
        case _:
            return None


def check_clashes(world: World, instance: Instance) -> None:
    """Reports names that two used modules, or one and this one, both declare.

    Constants and choices of a module may be hidden by declarations of its user.
    """
    seen: dict[str, Entry] = {}
    qualifiers: dict[str, Import] = {}
    for used in instance.imports:
        if used.aliased:
            _check_alias(world, instance, used, qualifiers)
            continue
        for name, entry in used.instance.entries.items():
            if entry.is_parameter:
                continue
            other = instance.entries.get(name) or seen.setdefault(name, entry)
            if other is not entry:
                _clash(world, instance, used, entry, other)


def _clash(world: World, user: Instance, used: Import, entry: Entry, other: Entry) -> None:
    whose = "here" if other.home is user else f"by module '{other.home.module.name}'"
    world.reporter.error(
        "PIN103",
        used.span,
        f"'{entry.name}' of module '{used.instance.module.name}' is also declared {whose}",
        f"use it under another name: use {used.instance.module.name} as …",
        [Note(entry.span, "one is here"), Note(other.span, "the other is here")],
    )


def _check_alias(world: World, instance: Instance, used: Import, seen: dict[str, Import]) -> None:
    first = seen.setdefault(used.qualifier, used)
    own = instance.entries.get(used.qualifier)
    other = first.span if first is not used else own.span if own else None
    if other is not None:
        world.reporter.error(
            "PIN102",
            used.span,
            f"the alias '{used.qualifier}' is declared twice",
            notes=[Note(other, "the first is here")],
        )
