"""Designs: the values of constants and choices that a run is about.

An ``expect`` speaks of designs in which everything it does not mention has the value that the
specification gives it. Without ``when`` that is the default design. With ``when`` it is every
design that differs from the default in choices its condition mentions and satisfies the
condition. An override that changes something an ``expect`` does not mention therefore takes its
``expect`` out of the run: the author has said nothing about such a design.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import field

from pinmc.base.diagnostics import Diagnostic, Note, Reporter, did_you_mean
from pinmc.base.records import dataclass
from pinmc.base.source import SourceFile, Span
from pinmc.frontend.sema import typed
from pinmc.frontend.sema.checker import Checker
from pinmc.frontend.sema.constants import value_text
from pinmc.frontend.sema.depth import deep_recursion
from pinmc.frontend.sema.kinds import BOOL, INT
from pinmc.frontend.sema.opening import open_world
from pinmc.frontend.sema.rights import CONSTANT
from pinmc.frontend.sema.scope import ConstSymbol, Given, MemberName
from pinmc.frontend.sema.sources import Program
from pinmc.frontend.sema.visit import walk
from pinmc.frontend.syntax import ast

COMMAND_LINE = "<command line>"
"""The file that diagnostics about overrides point into."""

MAX_DESIGNS = 64
"""Designs that one condition may name, and that one run may be about."""


@dataclass(frozen=True, slots=True)
class Design:
    """One assignment of values.

    ``values``: every constant and choice of the root, in order, as text. ``changed``: those that
    differ from the specification's own. ``expects``: which of the root's ``expect`` declarations
    speak of it, by position among them. ``given``: what ``elaborate`` needs to make it.
    """

    values: tuple[tuple[str, str], ...]
    changed: tuple[tuple[str, str], ...]
    expects: frozenset[int]
    given: Mapping[str, Given] = field(repr=False, compare=False)

    @property
    def name(self) -> str:
        """``default``, or what was changed: ``WRITEOUT=bounce N=3``."""
        return " ".join(f"{name}={value}" for name, value in self.changed) or "default"


def designs(
    program: Program, overrides: Mapping[str, str]
) -> tuple[tuple[Design, ...], tuple[Diagnostic, ...]]:
    """The default design under ``overrides`` first, then one for each design that an ``expect``
    names.

    After an error there is only the default one, without the overrides that are wrong. What is
    wrong with constants and conditions in the specification itself is left to ``elaborate``.

    ``overrides`` (``-D``) are for constants and choices of the root; values are as written in a
    specification: an integer, true, false, or the name of an option or enum value.
    """
    reporter = Reporter()
    planner = _Planner(program, reporter)
    with deep_recursion():
        return planner.plan(planner.overrides(overrides)), reporter.sorted()


Assignment = tuple[tuple[str, str], ...]


class _Planner:
    def __init__(self, program: Program, reporter: Reporter) -> None:
        self._program = program
        self._reporter = reporter
        self._decls = {
            d.name.name: d
            for d in program.root.tree.decls
            if isinstance(d, ast.ConstDecl | ast.ChoiceDecl)
        }
        self._held: dict[tuple[ast.Expr, Assignment], bool | None] = {}
        self._expects = [d for d in program.root.tree.decls if isinstance(d, ast.ExpectDecl)]

    # --- overrides -----------------------------------------------------------------------------

    def overrides(self, overrides: Mapping[str, str]) -> dict[str, Given]:
        given: dict[str, Given] = {}
        for name, text in overrides.items():
            written = f"-D {name}={text}"
            file = SourceFile(COMMAND_LINE, written)
            if name not in self._decls:
                remedy = did_you_mean(name, self._decls) or (
                    f"it declares {', '.join(self._decls)}"
                    if self._decls
                    else "it declares no constants or choices"
                )
                span = Span(file, 3, 3 + len(name), 1, 4)
                message = f"the specification has no constant or choice '{name}'"
                self._reporter.error("PIN410", span, message, remedy)
                continue
            start = 4 + len(name)
            value = _read(text, Span(file, start, len(written), 1, start + 1))
            if value is None:
                self._bad_value(name, text, Span(file, start, len(written), 1, start + 1))
            else:
                given[name] = value
        return given

    def _bad_value(self, name: str, text: str, span: Span) -> None:
        self._reporter.error(
            "PIN411",
            span,
            f"'{text}' is no value for '{name}'",
            "write an integer, true, false, or the name of an option",
            [Note(self._decls[name].name.span, "it is declared here")],
        )

    # --- planning ------------------------------------------------------------------------------

    def plan(self, given: dict[str, Given]) -> tuple[Design, ...]:
        own, spec = self._values(given), self._values({})
        start = tuple(own.items())
        speaks: dict[Assignment, set[int]] = {start: set()}
        if len(own) < len(self._decls) or self._reporter.has_errors:
            return (self._design(start, spec, given, set()),)
        fixed = {n for n in given if own[n] != spec.get(n)}
        for number, expect in enumerate(self._expects):
            for assignment in self._named(expect, given, own, fixed, frozenset(given)):
                speaks.setdefault(assignment, set()).add(number)
        if len(speaks) > MAX_DESIGNS:
            self._reporter.error(
                "PIN124",
                self._expects[0].span,
                f"the expectations name {len(speaks)} designs, at most {MAX_DESIGNS} are checked",
            )
            return (self._design(start, spec, given, set()),)
        return tuple(self._design(a, spec, given, n) for a, n in speaks.items())

    def _design(
        self,
        assignment: Assignment,
        spec: Mapping[str, str],
        given: Mapping[str, Given],
        expects: set[int],
    ) -> Design:
        changed = tuple((n, v) for n, v in assignment if spec.get(n) != v)
        return Design(assignment, changed, frozenset(expects), self._given(assignment, given))

    def _given(self, assignment: Assignment, given: Mapping[str, Given]) -> dict[str, Given]:
        choices: dict[str, Given] = {
            name: MemberName(value, self._decls[name].name.span)
            for name, value in assignment
            if isinstance(self._decls[name], ast.ChoiceDecl)
        }
        return {**choices, **given}

    def _named(
        self,
        expect: ast.ExpectDecl,
        given: Mapping[str, Given],
        own: Mapping[str, str],
        changed: set[str],
        fixed: frozenset[str],
    ) -> Iterator[Assignment]:
        """The designs of this run that the expectation speaks of."""
        mentioned = self._mentioned(expect.when) if expect.when is not None else {}
        if changed - set(mentioned):
            return
        if expect.when is None:
            yield tuple(own.items())
            return
        vary = {
            n: tuple(o.name for o in d.options)
            for n, d in mentioned.items()
            if isinstance(d, ast.ChoiceDecl) and n not in fixed
        }
        total = 1
        for options in vary.values():
            total *= len(options)
        if total > MAX_DESIGNS * MAX_DESIGNS:
            self._too_many(expect.when, total)
            return
        yield from self._satisfying(expect, expect.when, vary, given, own, mentioned)

    def _satisfying(
        self,
        expect: ast.ExpectDecl,
        when: ast.Expr,
        vary: Mapping[str, tuple[str, ...]],
        given: Mapping[str, Given],
        own: Mapping[str, str],
        mentioned: Mapping[str, ast.ConstDecl | ast.ChoiceDecl],
    ) -> Iterator[Assignment]:
        found: list[Assignment] = []
        for options in itertools.product(*vary.values()):
            assignment = tuple({**own, **dict(zip(vary, options, strict=True))}.items())
            key = when, assignment
            if key not in self._held:  # expectations often have their condition in common
                self._held[key] = self._holds(when, self._given(assignment, given))
            holds = self._held[key]
            if holds is None:
                return
            if holds:
                found.append(assignment)
        if len(found) > MAX_DESIGNS:
            self._too_many(when, len(found))
            return
        constants = any(isinstance(d, ast.ConstDecl) for d in mentioned.values())
        if not found and not constants and not given:
            self._reporter.warning(
                "PIN506", when.span, "no design satisfies this: the expectation is never checked"
            )
        own_first = tuple(own.items())
        yield from sorted(found, key=lambda a: a != own_first)

    def _too_many(self, when: ast.Expr, number: int) -> None:
        self._reporter.error(
            "PIN124",
            when.span,
            f"this condition names {number} designs, at most {MAX_DESIGNS} can be checked",
            "name fewer choices, or compare them with '=='",
        )

    def _mentioned(self, when: ast.Expr) -> dict[str, ast.ConstDecl | ast.ChoiceDecl]:
        """The root's constants and choices in a condition, those in defs and constants too."""
        found: dict[str, ast.ConstDecl | ast.ChoiceDecl] = {}
        bodies = {
            d.name.name: d.body for d in self._program.root.tree.decls if isinstance(d, ast.DefDecl)
        }
        seen: set[str] = set()
        pending = [when]
        while pending:
            for part in walk(pending.pop()):
                name = _name_of(part)
                if name is None or name in seen:
                    continue
                seen.add(name)
                if name in self._decls:
                    found[name] = self._decls[name]
                elif name in bodies:
                    pending.append(bodies[name])
        return found

    # --- evaluation ----------------------------------------------------------------------------

    def _values(self, given: Mapping[str, Given]) -> dict[str, str]:
        """The values of the root's constants and choices, as far as they have one."""
        world = open_world(self._program, given, Reporter())
        values: dict[str, str] = {}
        for name in self._decls:
            symbol = world.symbol(world.root.entries[name])
            if isinstance(symbol, ConstSymbol):
                values[name] = value_text(symbol.value)
        return values

    def _holds(self, when: ast.Expr, given: Mapping[str, Given]) -> bool | None:
        world = open_world(self._program, given, Reporter())
        value = Checker(world, world.root, CONSTANT).constant(when, BOOL)
        return None if value is None else bool(value.value)


def _name_of(expr: ast.Expr) -> str | None:
    match expr:
        case ast.NameExpr(name=name):
            return name
        case ast.CallExpr(callee=callee):
            return callee.name
        case _:
            return None


def _read(text: str, span: Span) -> Given | None:
    """A value of the command line; None when it is none."""
    text = text.strip()
    if text in ("true", "false"):
        return typed.Const(int(text == "true"), BOOL, span)
    if re.fullmatch(r"[+-]?[0-9][0-9_]{0,30}", text):
        return typed.Const(int(text.replace("_", "")), INT, span)
    if re.fullmatch(r"0[xX][0-9a-fA-F_]{1,30}", text):
        return typed.Const(int(text.replace("_", ""), 16), INT, span)
    if re.fullmatch(r"([A-Za-z_]\w*\.)?[A-Za-z_]\w*", text):
        return MemberName(text.rpartition(".")[2], span)
    return None
