"""Systems of a few lines for unit tests, written directly in the intermediate representation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pinmc.base.source import NOWHERE
from pinmc.ir.command import At, Command, Fairness, Param
from pinmc.ir.evaluate import cells
from pinmc.ir.execute import assignments
from pinmc.ir.expr import (
    TRUE,
    Binary,
    BinOp,
    Check,
    Const,
    ErrorSite,
    Expr,
    Read,
    Storage,
    Var,
)
from pinmc.ir.property import Property, PropertyKind, Witness
from pinmc.ir.stmt import Stmt
from pinmc.ir.system import Actor, Agent, MarkInfo, MarkKind, PlaceInfo, System
from pinmc.ir.types import Int, Place, Scalar

KIND = PropertyKind
BUILT_IN = (
    Property("deadlock", KIND.DEADLOCK, NOWHERE),
    Property("stuck", KIND.STUCK, NOWHERE),
    Property("errors", KIND.ERRORS, NOWHERE),
)


def number(value: int) -> Const:
    return Const(value, Int())


def site(text: str = "went wrong", claim: str = "errors") -> ErrorSite:
    return ErrorSite("range", text, NOWHERE, claim)


def binary(left: Expr, op: str, right: Expr | int) -> Binary:
    return Binary(BinOp(op), left, number(right) if isinstance(right, int) else right)


def check(operand: Expr, lo: int, hi: int, type_: Scalar, text: str = "went wrong") -> Check:
    return Check(operand, lo, hi, site(text), type_)


def place(variables: Sequence[Var]) -> tuple[Var, ...]:
    """The variables with slots of their own, in order."""
    found, offset = [], 0
    for var in variables:
        found.append(replace(var, offset=offset))
        offset += cells(var)
    return tuple(found)


def rule(
    name: str,
    guard: Expr = TRUE,
    body: Sequence[Stmt] = (),
    params: Sequence[Param] = (),
    temps: Sequence[Var] = (),
) -> Command:
    return Command(name, name, tuple(params), None, guard, tuple(body), place(temps), NOWHERE)


def at(
    actor: Actor, where: int, guard: Expr = TRUE, body: Sequence[Stmt] = (), name: str = ""
) -> Command:
    """A command of an actor's place."""
    params = tuple(Param(n, domain) for n, domain in actor.params)
    label = name or f"{actor.name}.{where}"
    here = At(actor.counter, where)
    return Command(label, actor.name, params, here, guard, tuple(body), (), NOWHERE)


def actor(
    name: str, counter: Var, ends: Sequence[bool], params: Sequence[tuple[str, Scalar]] = ()
) -> Actor:
    """An actor with one place for each of ``ends``; its agents are numbered by ``system``."""
    places = tuple(PlaceInfo(n, f"p{n}", NOWHERE, end) for n, end in enumerate(ends))
    return Actor(name, name, tuple(params), counter, places, 0, Fairness.NONE, False, NOWHERE)


def counter(name: str, places: int, dims: Sequence[Scalar] = ()) -> Var:
    return Var(f"pc.{name}", Place(name, places), tuple(dims), Storage.PLACE, actor=name)


def invariant(name: str, expr: Expr) -> Property:
    return Property(name, KIND.INVARIANT, NOWHERE, expr)


def system(
    variables: Sequence[Var],
    commands: Sequence[Command],
    properties: Sequence[Property] = BUILT_IN,
    actors: Sequence[Actor] = (),
    initial: Command | None = None,
    witnesses: Sequence[Expr] = (),
    marks: int = 0,
) -> System:
    """A System; the variables are those that ``place`` gave slots."""
    numbered: list[Actor] = []
    agents: list[Agent] = []
    for one in actors:
        numbered.append(replace(one, first_agent=len(agents)))
        for args in assignments(one.counter.dims):
            agents.append(Agent(len(agents), one.name, args))
    return System(
        name="small",
        path="small.pin",
        constants=(),
        variables=tuple(variables),
        slots=sum(cells(var) for var in variables),
        views=(),
        actors=tuple(numbered),
        agents=tuple(agents),
        initial=initial or rule("initial"),
        commands=tuple(commands),
        properties=tuple(properties),
        witnesses=tuple(Witness(properties[0].name, "", NOWHERE, e) for e in witnesses),
        marks=tuple(MarkInfo(MarkKind.STEP, f"m{n}", f"m{n}", (), NOWHERE) for n in range(marks)),
        expectations=(),
    )


def read(var: Var, *index: Expr | int) -> Read:
    return Read(var, tuple(number(i) if isinstance(i, int) else i for i in index))
