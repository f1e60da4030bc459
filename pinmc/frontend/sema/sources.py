"""The files of a specification: the root and every module it uses, parsed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from pathlib import Path

from pinmc.base.diagnostics import Diagnostic, Reporter, did_you_mean
from pinmc.base.records import dataclass
from pinmc.base.source import SourceFile, Span
from pinmc.frontend.sema.finding import (
    Unreadable,
    find,
    known_modules,
    packaged_models,
    read,
    search_folders,
    shown_path,
)
from pinmc.frontend.syntax import ast
from pinmc.frontend.syntax.decode import decode
from pinmc.frontend.syntax.parse import parse

MAX_MODULES = 500


@dataclass(frozen=True, slots=True)
class Module:
    """One parsed file; ``name`` is how it is used (``mm.page``), the file's stem for the root."""

    name: str
    file: SourceFile
    tree: ast.Module = field(repr=False)

    @property
    def uses(self) -> Iterator[ast.UseDecl]:
        return (d for d in self.tree.decls if isinstance(d, ast.UseDecl))


@dataclass(frozen=True, slots=True)
class Program:
    """A root specification and its modules by dotted name: parsed, not yet checked."""

    root: Module
    modules: Mapping[str, Module]

    @property
    def files(self) -> tuple[SourceFile, ...]:
        """Every source file, the root first."""
        return (self.root.file, *(m.file for m in self.modules.values()))


def load(
    path: str, *, text: str | None = None, packaged: Path | None = None
) -> tuple[Program | None, tuple[Diagnostic, ...]]:
    """Reads and parses the specification at ``path`` and the modules it uses.

    ``text`` stands for the contents of ``path`` (an unsaved buffer); ``packaged`` for the folder
    of the models that come with pinmc. None when anything could not be read or parsed.
    """
    reporter = Reporter()
    loader = _Loader(reporter, search_folders(path, packaged or packaged_models()))
    if text is not None:
        source: SourceFile | None = SourceFile(path, text)
    else:
        nowhere = Span(SourceFile(path, ""), 0, 0, 1, 1)
        source = loader.read(path, nowhere, f"'{path}'")
    if source is None:
        return None, reporter.sorted()
    program = loader.load(Path(path).stem, source)
    return (None if reporter.has_errors else program), reporter.sorted()


class _Loader:
    def __init__(self, reporter: Reporter, folders: tuple[Path, ...]) -> None:
        self._reporter = reporter
        self._folders = folders
        self._modules: dict[str, Module | None] = {}

    def load(self, name: str, source: SourceFile) -> Program:
        root = self._parse(name, source)
        pending = list(root.uses)
        while pending:
            use = pending.pop(0)
            if use.module.name not in self._modules:
                module = self._module(use.module)
                self._modules[use.module.name] = module
                pending += module.uses if module else ()
        modules = {n: m for n, m in self._modules.items() if m is not None}
        program = Program(root, modules)
        self._refuse_cycles(program)
        return program

    def _parse(self, name: str, source: SourceFile) -> Module:
        tree, problems = parse(source)
        self._reporter.extend(problems)
        return Module(name, source, tree)

    def _module(self, name: ast.Ident) -> Module | None:
        if len(self._modules) >= MAX_MODULES:
            self._reporter.error(
                "PIN123", name.span, f"a specification can use at most {MAX_MODULES} modules"
            )
            return None
        found = find(name.name, self._folders)
        if found is None:
            self._missing(name)
            return None
        what = f"the file of module '{name.name}'"
        if isinstance(found, Unreadable):
            self._reporter.error("PIN111", name.span, f"{what} {found.reason}")
            return None
        source = self.read(shown_path(found), name.span, what)
        return None if source is None else self._parse(name.name, source)

    def read(self, path: str, span: Span, what: str) -> SourceFile | None:
        """The file's text; None after a report, at ``span`` when there is no text to point at."""
        data = read(path)
        if isinstance(data, Unreadable):
            self._reporter.error("PIN111", span, f"{what} {data.reason}")
            return None
        source, undecodable = decode(path, data)
        self._reporter.extend(undecodable)
        return None if undecodable else source

    def _missing(self, name: ast.Ident) -> None:
        file = f"{name.name.replace('.', '/')}.pin"
        near = did_you_mean(name.name, known_modules(self._folders))
        where = "the folder of this specification, in the 'models' folders above it"
        remedy = near or f"'{file}' is looked for in {where} and in the models of pinmc"
        self._reporter.error("PIN110", name.span, f"there is no module '{name.name}'", remedy)

    def _refuse_cycles(self, program: Program) -> None:
        done: set[str] = set()
        for use in program.root.uses:
            self._walk(program, use, [], done)

    def _walk(self, program: Program, use: ast.UseDecl, path: list[str], done: set[str]) -> None:
        """Depth first; ``path`` are the modules on the way, at most MAX_MODULES."""
        name = use.module.name
        if name in path:
            circle = " uses ".join([*path[path.index(name) :], name])
            self._reporter.error(
                "PIN112",
                use.module.span,
                f"modules use each other in a circle: {circle}",
                "move what both need into a module of its own",
            )
        elif name not in done and name in program.modules:
            for inner in program.modules[name].uses:
                self._walk(program, inner, [*path, name], done)
            done.add(name)
