"""One design being elaborated: module instances, their entries, and finding names in them.

Symbols are made when they are first needed, so the order of declarations does not matter; a
circle of definitions is noticed because an entry is BUSY meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from pinmc.base.diagnostics import Note, Reporter
from pinmc.base.source import Span
from pinmc.frontend.sema.scope import (
    BROKEN,
    ConstSymbol,
    Entry,
    Given,
    Import,
    Instance,
    Status,
    Symbol,
    TypeSymbol,
)
from pinmc.frontend.sema.sources import Program
from pinmc.frontend.sema.types import Type
from pinmc.frontend.syntax import ast
from pinmc.ir.types import Enum, Scalarset

MAX_CHAIN = 60
"""How many definitions may hang on one another."""

MAX_INSTANCES = 500


class World:
    """``given`` are the root's constants and choices that differ from their declarations.

    ``define`` makes the symbol of an entry, ``link`` the instance that a ``use`` means, ``fill``
    checks the body of an entry; they are passed in because they need the type checker, which
    needs names.
    """

    def __init__(
        self,
        program: Program,
        given: Mapping[str, Given],
        reporter: Reporter,
        define: Callable[[World, Entry], Symbol],
        link: Callable[[World, Instance, ast.UseDecl], Import | None],
        fill: Callable[[World, Entry], None],
    ) -> None:
        self.program = program
        self.reporter = reporter
        self.instances: list[Instance] = []
        self.by_arguments: dict[object, Instance] = {}
        self._define = define
        self._link = link
        self._fill = fill
        self._chain = 0
        self._members: dict[Instance, dict[str, list[Entry]]] = {}
        self.root = Instance(program.root, 0, "", True, {}, dict(given))
        self.open(self.root)

    # --- instances -------------------------------------------------------------------------

    def open(self, instance: Instance) -> None:
        """Fills in the entries of a new instance and notes what it uses."""
        self.instances.append(instance)
        for decl in instance.module.tree.decls:
            if isinstance(decl, ast.UseDecl):
                instance.pending.append(decl)
            elif not isinstance(decl, ast.InitDecl | ast.ExpectDecl):
                self._enter(instance, Entry(decl, instance))

    def _enter(self, instance: Instance, entry: Entry) -> None:
        first = instance.entries.setdefault(entry.name, entry)
        if first is not entry:
            self.reporter.error(
                "PIN102",
                entry.span,
                f"'{entry.name}' is declared twice",
                notes=[Note(first.span, "the first declaration is here")],
            )

    def complete(self, instance: Instance) -> None:
        """Makes the instances of everything ``instance`` uses (those not under way already)."""
        while instance.pending:
            made = self._link(self, instance, instance.pending.pop(0))
            if made is not None:
                instance.imports.append(made)

    # --- symbols ---------------------------------------------------------------------------

    def symbol(self, entry: Entry) -> Symbol:
        """What the entry declares; BROKEN after an error, or when it hangs on itself."""
        if entry.status is Status.BUSY:
            self._circle(entry)
            return BROKEN
        if entry.status is Status.NEW:
            self._make(entry)
        return entry.symbol

    def _make(self, entry: Entry) -> None:
        if self._chain >= MAX_CHAIN:
            message = f"more than {MAX_CHAIN} definitions hang on one another here"
            self.reporter.error("PIN123", entry.span, message)
            entry.status = Status.DONE
            return
        entry.status = Status.BUSY
        self._chain += 1
        try:
            entry.symbol = self._define(self, entry)
        finally:
            self._chain -= 1
            entry.status = Status.DONE

    def fill(self, entry: Entry) -> None:
        """Makes sure that the body of ``entry`` has been checked, or is being checked."""
        self.symbol(entry)
        if not entry.body_done:
            entry.body_done = True
            self._fill(self, entry)

    def _circle(self, entry: Entry) -> None:
        busy = [e for i in self.instances for e in i.entries.values() if e.status is Status.BUSY]
        notes = [Note(e.span, f"'{e.name}' is in the circle") for e in busy if e is not entry]
        if isinstance(entry.decl, ast.DefDecl):
            message = f"recursion: '{entry.name}' calls itself"
            remedy = "calls are inlined, so nothing may call itself"
            self.reporter.error("PIN310", entry.span, message, remedy, notes[:8])
            return
        self.reporter.error(
            "PIN120", entry.span, f"the definition of '{entry.name}' needs itself", notes=notes[:8]
        )

    # --- names -----------------------------------------------------------------------------

    def find(self, instance: Instance, name: str) -> list[Entry]:
        """The entries a bare name can mean: its own, or else those of used modules."""
        own = instance.entries.get(name)
        if own is not None:
            return [own]
        self.complete(instance)
        return self._distinct(self.imported(instance, name))

    def imported(self, instance: Instance, name: str) -> list[Entry]:
        """The entries of that name which the modules used without an alias bring in."""
        found: dict[Entry, None] = {}
        for used in instance.imports:
            entry = used.instance.entries.get(name)
            if entry is not None and not used.aliased and not _is_type_parameter(entry):
                found[entry] = None
        return list(found)

    def _distinct(self, entries: list[Entry]) -> list[Entry]:
        """Constants of equal value, wherever they are from, are no clash."""
        if len(entries) < 2:
            return entries
        values = {self._constant(entry) for entry in entries}
        return entries[:1] if len(values) == 1 and None not in values else entries

    def _constant(self, entry: Entry) -> tuple[int, Type] | None:
        if not isinstance(entry.decl, ast.ConstDecl):
            return None
        symbol = self.symbol(entry)
        if isinstance(symbol, ConstSymbol):
            return symbol.value.value, symbol.value.type
        return None

    def qualifier(self, instance: Instance, name: str) -> Instance | None:
        """The used module that ``name.`` refers to."""
        self.complete(instance)
        found = [used for used in instance.imports if used.qualifier == name]
        found.sort(key=lambda used: not used.aliased)
        return found[0].instance if found else None

    def inactive(self, instance: Instance, name: str) -> Span | None:
        """The ``use`` that would bring in ``name.`` in another design."""
        self.complete(instance)
        return instance.inactive.get(name)

    def resolve(self, instance: Instance, dotted: str) -> list[Entry]:
        """The entries that ``x`` or ``module.x`` can mean; notes that they are used."""
        head, _, rest = dotted.partition(".")
        found = self.find(instance, head) if not rest else []
        if rest:
            module = self.qualifier(instance, head)
            entry = module.entries.get(rest) if module else None
            found = [entry] if entry else []
        for entry in found:
            entry.used = True
        return found

    def visible(self, instance: Instance) -> Iterator[str]:
        """All names that could be written bare, for suggestions."""
        yield from instance.entries
        yield from self.members(instance)
        for used in instance.imports:
            if used.aliased:
                yield from (f"{used.qualifier}.{name}" for name in used.instance.entries)
            else:
                yield from used.instance.entries

    # --- members of enums, choices and scalarsets ---------------------------------------------

    def members(self, instance: Instance) -> dict[str, list[Entry]]:
        """By name, the visible declarations that have a value of that name."""
        known = self._members.get(instance)
        if known is not None:
            return known
        self.complete(instance)
        index: dict[str, list[Entry]] = {}
        sources = [instance, *(u.instance for u in instance.imports if not u.aliased)]
        for source in dict.fromkeys(sources):
            for entry in source.entries.values():
                for name in _values_of(entry):
                    index.setdefault(name, []).append(entry)
        self._members[instance] = index
        return index

    def member_types(self, instance: Instance, name: str) -> list[Type]:
        """The visible types that have a value called ``name``."""
        found: dict[Type, None] = {}
        for entry in self.members(instance).get(name, ()):
            entry.used = entry.used or not isinstance(entry.decl, ast.ChoiceDecl)
            type_ = self.value_type(entry)
            if type_ is not None:
                found[type_] = None
        return list(found)

    def value_type(self, entry: Entry) -> Type | None:
        """The type whose values an enum, scalarset, choice or type declaration names."""
        symbol = self.symbol(entry)
        if isinstance(symbol, TypeSymbol):
            return symbol.type
        if isinstance(symbol, ConstSymbol) and isinstance(entry.decl, ast.ChoiceDecl):
            return symbol.value.type
        return None


def _is_type_parameter(entry: Entry) -> bool:
    return isinstance(entry.decl, ast.TypeDecl) and entry.decl.type is None


def _values_of(entry: Entry) -> tuple[str, ...]:
    decl = entry.decl
    if isinstance(decl, ast.EnumDecl):
        return tuple(m.name for m in decl.members)
    if isinstance(decl, ast.ChoiceDecl):
        return tuple(m.name for m in decl.options)
    if isinstance(decl, ast.ScalarsetDecl):
        return tuple(m.name for m in decl.named)
    if isinstance(decl, ast.TypeDecl):
        return member_names(entry.home.types.get(entry.name))
    return ()


def member_names(type_: Type | None) -> tuple[str, ...]:
    """The names of a type's values, where they have names."""
    if isinstance(type_, Enum):
        return type_.members
    if isinstance(type_, Scalarset):
        return type_.named
    return ()
