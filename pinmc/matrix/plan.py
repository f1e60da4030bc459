"""Which designs a matrix has, each lowered when it is asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

import pinmc
from pinmc.base.diagnostics import Diagnostic, Reporter, Severity, did_you_mean
from pinmc.base.records import dataclass
from pinmc.base.source import NOWHERE
from pinmc.frontend.lower.system import lower
from pinmc.frontend.sema.designs import Design, designs
from pinmc.frontend.sema.elaborate import elaborate
from pinmc.frontend.sema.program import Program, load
from pinmc.frontend.syntax import ast
from pinmc.ir.system import System
from pinmc.results.matrix import ChoiceInfo, Values

MOST_DESIGNS = 20_000


@dataclass(frozen=True, slots=True)
class Request:
    """``choices``: names of those that vary, all of them when empty; ``constants`` are fixed, as
    by ``-D``."""

    path: str
    choices: tuple[str, ...] = ()
    constants: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A specification read once, and the designs to be made of it."""

    program: Program
    request: Request
    choices: tuple[ChoiceInfo, ...]
    default: Design

    @property
    def designs(self) -> list[Values]:
        """Every combination, row-major."""
        return list(product(*(choice.options for choice in self.choices)))

    def lower(self, values: Values) -> System:
        """The System of one combination. Raises PlanError."""
        names = (choice.name for choice in self.choices)
        given = {**dict(self.request.constants), **dict(zip(names, values, strict=True))}
        found, wrong = designs(self.program, given)
        design = replace(found[0], expects=frozenset[int]())
        tree, more = elaborate(self.program, design)
        system, last = lower(tree) if tree is not None else (None, ())
        wrong = tuple(d for d in (*wrong, *more, *last) if _is_mistake(d))
        if system is None or wrong:
            raise PlanError(wrong)
        return replace(system, expectations=())


def _is_mistake(diagnostic: Diagnostic) -> bool:
    """A matrix does not mind how many designs the expectations name."""
    return diagnostic.severity is Severity.ERROR and diagnostic.code != "PIN124"


class PlanError(Exception):
    """The specification, or what is asked of it, has mistakes."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__("the specification has mistakes")
        self.diagnostics = diagnostics


def plan(request: Request) -> Plan:
    """Reads the specification and finds its choices. Raises PlanError."""
    reporter = Reporter()
    program, found = load(request.path)
    reporter.extend(found)
    if program is None or reporter.has_errors:
        raise PlanError(reporter.sorted())
    fixed = dict(request.constants)
    variants, found = designs(program, fixed)
    reporter.extend(filter(_is_mistake, found))
    choices = _choices(program, request, fixed, reporter)
    count = 1
    for choice in choices:
        count *= len(choice.options)
    if count > MOST_DESIGNS:
        remedy = "name the choices that matter: --choice NAME,…"
        reporter.error(
            "PIN406",
            NOWHERE,
            f"{request.path} has {count} designs, more than {MOST_DESIGNS}",
            remedy,
        )
    if reporter.has_errors:
        raise PlanError(reporter.sorted())
    return Plan(program, request, choices, variants[0])


def _choices(
    program: Program, request: Request, fixed: Mapping[str, str], reporter: Reporter
) -> tuple[ChoiceInfo, ...]:
    found = {
        d.name.name: ChoiceInfo(d.name.name, tuple(o.name for o in d.options), d.default.name)
        for d in program.root.tree.decls
        if isinstance(d, ast.ChoiceDecl)
    }
    wanted = request.choices or tuple(name for name in found if name not in fixed)
    for name in wanted:
        if name not in found:
            remedy = did_you_mean(name, found) or f"there are: {', '.join(found) or 'none'}"
            reporter.error("PIN406", NOWHERE, f"{request.path} has no choice '{name}'", remedy)
        elif name in fixed:
            remedy = "leave it out of --choice, or out of -D"
            reporter.error("PIN406", NOWHERE, f"'{name}' is both fixed and varied", remedy)
    if not wanted and not reporter.has_errors:
        remedy = "declare one: choice TRUNCATE { ignore, wait } = ignore"
        reporter.error("PIN406", NOWHERE, f"{request.path} has no choice to vary", remedy)
    return tuple(found[name] for name in dict.fromkeys(wanted) if name in found)


def digest(plan: Plan, more: Sequence[object]) -> str:
    """The same for the same specification, modules, request, ``more``, and the same pinmc."""
    texts = [f"{name}\0{module.file.text}" for name, module in sorted(plan.program.modules.items())]
    texts += [plan.program.root.file.text, repr(plan.request), repr(tuple(more)), _own_code()]
    return hashlib.sha256("\0\0".join(texts).encode()).hexdigest()


def _own_code() -> str:
    """What pinmc itself is, file by file: a mistake that was mended is not to be remembered."""
    package = Path(pinmc.__file__).parent
    files = sorted(path for path in package.rglob("*") if path.suffix in (".py", ".h", ".c"))
    stats = ((path.relative_to(package), path.stat()) for path in files)
    return repr([(str(name), stat.st_size, stat.st_mtime_ns) for name, stat in stats])
