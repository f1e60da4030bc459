"""What places, locals of actors and locks may be used from, through defs and actions."""

from __future__ import annotations

from pinmc.base.diagnostics import Reporter
from pinmc.base.source import Span
from pinmc.frontend.sema import typed
from pinmc.frontend.sema.facts import ACTOR, PLACES, STATE, Facts
from pinmc.frontend.sema.kinds import quote
from pinmc.frontend.sema.walk import (
    code_bodies,
    expressions,
    guards,
    statements,
    step_bodies,
    walk,
)


def check_contexts(spec: typed.Spec, reporter: Reporter) -> None:
    """Reports what the checker could not see before all bodies were known."""
    _Contexts(reporter).check(spec)


class _Contexts:
    def __init__(self, reporter: Reporter) -> None:
        self._reporter = reporter
        self._facts = Facts()

    def check(self, spec: typed.Spec) -> None:
        for variable in spec.variables:
            self._initial(variable)
        for body in (*step_bodies(spec), *code_bodies(spec)):
            self._code(body)
        for guard in guards(spec):
            self._no_places(guard)
        for rule in spec.rules:
            self._without_actor(rule.body, "a rule")
            if rule.when is not None:
                self._no_held(rule.when, "a rule")
        for init in spec.inits:
            self._without_actor(init, "the init block")
        for claim in spec.claims:
            self._no_held(claim.body, "a property")

    def _initial(self, variable: typed.Variable) -> None:
        for expr in (variable.init, variable.where):
            for part in walk(expr) if expr is not None else ():
                if isinstance(part, typed.DefCall) and STATE in self._facts.of_part(part):
                    self._reporter.error(
                        "PIN118",
                        part.span,
                        f"an initial value cannot depend on {quote(part.span)}, which reads"
                        " variables",
                    )

    def _code(self, block: typed.Block) -> None:
        for stmt in statements(block):
            for expr in expressions(stmt):
                self._no_places(expr)

    def _no_places(self, expr: typed.Expr) -> None:
        for part in walk(expr):
            if isinstance(part, typed.DefCall) and PLACES in self._facts.of_part(part):
                self._reporter.error(
                    "PIN314",
                    part.span,
                    f"'{part.definition.name}' looks at the place or the locals of an actor: only"
                    " properties may",
                    "record what matters in a variable",
                )

    def _no_held(self, expr: typed.Expr, where: str) -> None:
        for part in walk(expr):
            if isinstance(part, typed.DefCall) and ACTOR in self._facts.of_part(part):
                self._lonely(part.span, f"'{part.definition.name}' asks for locks held", where)

    def _without_actor(self, block: typed.Block, where: str) -> None:
        for stmt in statements(block):
            if self._facts.stmt_needs_actor(stmt):
                what = f"{quote(stmt.span)} needs an actor that holds locks"
                self._lonely(stmt.span, what, where)

    def _lonely(self, span: Span, what: str, where: str) -> None:
        self._reporter.error(
            "PIN319",
            span,
            f"{what}, {where} has none",
            "make it an actor, or declare the lock 'crossrelease' and unlock it from here",
        )
