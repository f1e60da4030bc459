"""``expect``: which property, which verdict, and whether they go together."""

from __future__ import annotations

from collections.abc import Iterator

from pinmc.base.diagnostics import Note, did_you_mean
from pinmc.frontend.sema import typed
from pinmc.frontend.sema.checker import Checker
from pinmc.frontend.sema.designs import Design
from pinmc.frontend.sema.kinds import BOOL, INT
from pinmc.frontend.sema.rights import CONSTANT
from pinmc.frontend.sema.scope import Broken, Entry
from pinmc.frontend.sema.walk import statements
from pinmc.frontend.sema.world import World
from pinmc.frontend.syntax import ast
from pinmc.ir.property import Expectation, PropertyKind, Verdict

_BUILT_IN = {
    "deadlock": PropertyKind.DEADLOCK,
    "stuck": PropertyKind.STUCK,
    "errors": PropertyKind.ERRORS,
}
_VERDICTS = {v.value: v for v in Verdict if v is not Verdict.SKIPPED}
_REACHABLE = frozenset({Verdict.REACHED, Verdict.UNREACHABLE, Verdict.UNKNOWN, Verdict.VACUOUS})
_TRACED = frozenset({Verdict.VIOLATED, Verdict.REACHED})


def expectations(
    world: World, design: Design, inits: list[typed.Block]
) -> tuple[tuple[Expectation, ...], tuple[typed.Actor, ...]]:
    """The expectations of the root that speak of ``design``, and the actors of ``stuck(…)``.

    All of them are checked for sense, those of other designs too.
    """
    return _Expectations(world, inits).read(design)


class _Expectations:
    def __init__(self, world: World, inits: list[typed.Block]) -> None:
        self._world = world
        self._checker = Checker(world, world.root, CONSTANT)
        self._labels = dict(_labels(world, inits))
        self._stuck: dict[typed.Actor, None] = {}

    def read(self, design: Design) -> tuple[tuple[Expectation, ...], tuple[typed.Actor, ...]]:
        self._check_labels()
        decls = [d for d in self._world.root.module.tree.decls if isinstance(d, ast.ExpectDecl)]
        found: list[Expectation] = []
        for number, decl in enumerate(decls):
            made = self._expectation(decl)
            if made is not None and number in design.expects:
                found.append(made)
        return tuple(found), tuple(self._stuck)

    def _check_labels(self) -> None:
        claims = {
            e.shown: e
            for i in self._world.instances
            for e in i.entries.values()
            if isinstance(e.decl, ast.ClaimDecl)
        }
        for name, entry in claims.items():
            if name in _BUILT_IN:
                self._checker.error(
                    "PIN102",
                    entry.span,
                    f"'{name}' is a property that is always checked",
                    "give this one another name",
                )
        for label, stmt in self._labels.items():
            other = claims.get(label)
            if other is not None or label in _BUILT_IN:
                notes = [Note(other.span, "the other is here")] if other else []
                self._checker.error(
                    "PIN102",
                    stmt.span,
                    f"'{label}' is the name of another property",
                    "give the assertion another label",
                    notes,
                )

    # --- one expectation ---------------------------------------------------------------------

    def _expectation(self, decl: ast.ExpectDecl) -> Expectation | None:
        if decl.when is not None:
            self._checker.constant(decl.when, BOOL)
        found = self._property(decl)
        verdict = self._verdict(decl)
        steps = self._steps(decl)
        by = self._by(decl)
        if found is None or verdict is None or not self._fits(decl, found[1], verdict):
            return None
        return Expectation(found[0], verdict, steps, by, decl.span, decl.when is None)

    def _property(self, decl: ast.ExpectDecl) -> tuple[str, PropertyKind] | None:
        name = decl.property.name
        if decl.actor is not None:
            return self._stuck_actor(decl, decl.actor)
        if name in _BUILT_IN:
            return name, _BUILT_IN[name]
        found = self._world.resolve(self._world.root, name)
        symbol = self._world.symbol(found[0]) if len(found) == 1 else None
        if isinstance(symbol, typed.Claim):
            return symbol.name, symbol.kind
        if name in self._labels:
            return name, PropertyKind.ASSERT
        if isinstance(symbol, Broken):
            return None
        known = [*_BUILT_IN, *self._labels, *self._claims()]
        what = f"'{name}' is no property" if found else f"unknown property '{name}'"
        self._checker.error("PIN108", decl.property.span, what, did_you_mean(name, known))
        return None

    def _claims(self) -> Iterator[str]:
        for instance in self._world.instances:
            for entry in instance.entries.values():
                if isinstance(entry.decl, ast.ClaimDecl):
                    yield entry.shown

    def _stuck_actor(
        self, decl: ast.ExpectDecl, actor: ast.Ident
    ) -> tuple[str, PropertyKind] | None:
        if decl.property.name != "stuck":
            self._checker.error(
                "PIN108",
                decl.property.span,
                f"'{decl.property.name}' takes no actor",
                "only 'stuck' can be asked of one actor",
            )
            return None
        entry = self._checker.named(actor, "actor")
        symbol = None if entry is None else self._world.symbol(entry)
        if isinstance(symbol, typed.Actor):
            self._stuck[symbol] = None
            return f"stuck({symbol.name})", PropertyKind.STUCK
        if entry is not None and not isinstance(symbol, Broken):
            self._checker.error("PIN105", actor.span, f"'{actor.name}' is no actor")
        return None

    def _verdict(self, decl: ast.ExpectDecl) -> Verdict | None:
        found = _VERDICTS.get(decl.verdict.name)
        if found is None:
            remedy = did_you_mean(decl.verdict.name, _VERDICTS) or (
                f"it is one of {', '.join(_VERDICTS)}"
            )
            message = f"'{decl.verdict.name}' is no verdict"
            self._checker.error("PIN317", decl.verdict.span, message, remedy)
        return found

    def _steps(self, decl: ast.ExpectDecl) -> int | None:
        if decl.steps is None:
            return None
        value = self._checker.constant(decl.steps, INT)
        if value is None:
            return None
        if value.value < 0:
            message = "a trace has no negative number of steps"
            self._checker.error("PIN317", decl.steps.span, message)
        return value.value

    def _by(self, decl: ast.ExpectDecl) -> str | None:
        if decl.by is None:
            return None
        found = self._world.resolve(self._world.root, decl.by.name) or self._anywhere(decl.by)
        symbol = self._world.symbol(found[0]) if len(found) == 1 else None
        if isinstance(symbol, typed.Action | typed.Rule | typed.Actor):
            return symbol.name
        if not isinstance(symbol, Broken):
            kind = "is no action, rule or actor" if found else "is the name of no action"
            remedy = did_you_mean(decl.by.name, [e.shown for e in self._doers()])
            message = f"'{decl.by.name}' {kind}"
            self._checker.error("PIN109", decl.by.span, message, remedy)
        return None

    def _doers(self) -> list[Entry]:
        return [
            entry
            for instance in self._world.instances
            for entry in instance.entries.values()
            if isinstance(entry.decl, ast.ActionDecl | ast.RuleDecl | ast.ActorDecl)
        ]

    def _anywhere(self, name: ast.Ident) -> list[Entry]:
        """A trace may end with an action of a module that only another module uses."""
        return [e for e in self._doers() if e.shown == name.name]

    def _fits(self, decl: ast.ExpectDecl, kind: PropertyKind, verdict: Verdict) -> bool:
        reachable = kind is PropertyKind.REACHABLE
        if reachable and verdict not in _REACHABLE:
            self._unfit(decl, "a 'reachable' is reached or unreachable")
        elif not reachable and verdict in (Verdict.REACHED, Verdict.UNREACHABLE):
            self._unfit(decl, "only a 'reachable' is reached or unreachable; others hold or not")
        elif (decl.steps is not None or decl.by is not None) and verdict not in _TRACED:
            self._unfit(decl, f"'in' and 'by' speak of a trace: '{verdict.value}' has none")
        else:
            return True
        return False

    def _unfit(self, decl: ast.ExpectDecl, why: str) -> None:
        message = f"'{decl.property.name}' cannot be expected to be '{decl.verdict.name}'"
        self._checker.error("PIN317", decl.verdict.span, message, why)


def _labels(world: World, inits: list[typed.Block]) -> Iterator[tuple[str, typed.Assert]]:
    """Every labelled assertion."""
    bodies = list(inits)
    for instance in world.instances:
        for entry in instance.entries.values():
            symbol = entry.symbol
            if isinstance(symbol, typed.Action | typed.Proc | typed.Actor | typed.Rule):
                bodies.append(symbol.body)
    for body in bodies:
        for stmt in statements(body):
            if isinstance(stmt, typed.Assert) and stmt.label is not None:
                yield stmt.label, stmt
