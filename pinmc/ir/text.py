"""Systems and expressions as text: ``expr_text`` for reports, ``text`` for tests and debugging."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import assert_never

from pinmc.base.records import dataclass
from pinmc.ir.command import Command, Fairness, Param
from pinmc.ir.expr import (
    AgentOf,
    Binary,
    BinOp,
    Bound,
    Check,
    Const,
    Expr,
    Ite,
    Quant,
    Read,
    Require,
    Unary,
    UnOp,
    Var,
    Wrap,
)
from pinmc.ir.property import Formula, Property, Temporal
from pinmc.ir.stmt import Assert, Assign, Assume, For, If, Mark, Stmt, Unused
from pinmc.ir.system import Actor, System
from pinmc.ir.types import Place, Scalar, Word, member_name

_LEVEL = {
    BinOp.IMPLIES: 1,
    BinOp.OR: 2,
    BinOp.AND: 3,
    BinOp.BITOR: 6,
    BinOp.BITXOR: 7,
    BinOp.BITAND: 8,
    BinOp.SHL: 9,
    BinOp.SHR: 9,
    BinOp.ADD: 10,
    BinOp.SUB: 10,
    BinOp.MUL: 11,
    BinOp.DIV: 11,
    BinOp.MOD: 11,
}
"""How tightly each operator binds; comparisons are at 5 and do not associate."""

LOOSEST, NOT, COMPARISON, SUM, PRODUCT, UNARY, ATOM = 0, 4, 5, 10, 11, 12, 13
"""How tightly these bind."""


def expr_text(expr: Expr, actors: Sequence[Actor] = (), checks: bool = False) -> str:
    """``expr`` nearly as a specification would write it, with as few parentheses as it needs.

    ``actors`` lets tests of program counters read ``rdma[u] at pinned``; ``checks`` shows what
    lowering has put around an expression as well.
    """
    return ExprText({actor.counter.name: actor for actor in actors}, checks).at(expr, LOOSEST)


@dataclass(frozen=True)
class ExprText:
    """Writes expressions. What a cell is called and how places are asked for may be overridden."""

    counters: dict[str, Actor]
    checks: bool

    def at(self, expr: Expr, level: int) -> str:
        """The text of ``expr``, in parentheses if it binds less tightly than ``level``."""
        text, own = self.node(expr)
        return f"({text})" if own < level else text

    def all(self, exprs: Iterable[Expr]) -> str:
        return ", ".join(self.at(expr, LOOSEST) for expr in exprs)

    def node(self, expr: Expr) -> tuple[str, int]:
        match expr:
            case Const():
                return self.constant(expr), ATOM if expr.value >= 0 else UNARY
            case Bound(name=name):
                return name, ATOM
            case Read():
                return self.read(expr)
            case Unary():
                return self._unary(expr)
            case Binary():
                return self.binary(expr)
            case Ite(cond=cond, then=then, orelse=orelse):
                parts = [self.at(part, LOOSEST) for part in (cond, then, orelse)]
                return f"if {parts[0]} then {parts[1]} else {parts[2]}", LOOSEST
            case Quant():
                return self.quant(expr), ATOM
            case Check() | Require() | Wrap():
                return self._guarded(expr)
            case AgentOf():
                return self.agent(expr), ATOM
            case _:
                assert_never(expr)

    def read(self, read: Read) -> tuple[str, int]:
        """The text of a cell and how tightly it binds."""
        prime = "'" if read.primed else ""
        index = f"[{self.all(read.index)}]" if read.index else ""
        return f"{read.var.name}{prime}{index}", ATOM

    def constant(self, const: Const) -> str:
        return member_name(const.type, const.value)

    def quant(self, quant: Quant) -> str:
        head = f"{quant.kind.value} {quant.name}: {quant.domain}"
        return f"{head} {{ {self.at(quant.body, LOOSEST)} }}"

    def agent(self, agent: AgentOf) -> str:
        return f"{agent.actor}[{self.all(agent.args)}]" if agent.args else agent.actor

    def _unary(self, expr: Unary) -> tuple[str, int]:
        if expr.op is UnOp.NOT:
            return f"not {self.at(expr.operand, NOT)}", NOT
        return f"{expr.op.value}{self.at(expr.operand, UNARY)}", UNARY

    def binary(self, expr: Binary) -> tuple[str, int]:
        place = self._at_place(expr)
        if place:
            return place, COMPARISON
        if expr.op in (BinOp.MIN, BinOp.MAX):
            return f"{expr.op.value}({self.all((expr.left, expr.right))})", ATOM
        own = _LEVEL.get(expr.op, COMPARISON)
        # Only 'implies' groups to the right; comparisons do not group at all.
        left = own + 1 if expr.op is BinOp.IMPLIES or own == COMPARISON else own
        right = own if expr.op is BinOp.IMPLIES else own + 1
        return f"{self.at(expr.left, left)} {expr.op.value} {self.at(expr.right, right)}", own

    def _at_place(self, expr: Binary) -> str:
        if not isinstance(expr.left, Read) or not isinstance(expr.left.var.type, Place):
            return ""
        actor = self.counters.get(expr.left.var.name)
        if actor is None or expr.op is not BinOp.EQ or not isinstance(expr.right, Const):
            return ""
        index = f"[{self.all(expr.left.index)}]" if expr.left.index else ""
        prime = "'" if expr.left.primed else ""
        return f"{actor.name}{prime}{index} at {actor.places[expr.right.value].name}"

    def _guarded(self, expr: Check | Require | Wrap) -> tuple[str, int]:
        if not self.checks:
            return self.node(expr.operand)
        inner = self.at(expr.operand, LOOSEST)
        match expr:
            case Check(lo=lo, hi=hi, site=site):
                return f"check[{site.kind}]({inner}, {lo}..{hi})", ATOM
            case Require(cond=cond, site=site):
                return f"require[{site.kind}]({self.at(cond, LOOSEST)}, {inner})", ATOM
            case Wrap(width=width, signed=signed):
                return f"wrap[{Word(width, signed)}]({inner})", ATOM
            case _:
                assert_never(expr)


def text(system: System) -> str:
    """A readable dump of the whole System, one declaration, command or property after another."""
    writer = ExprText({actor.counter.name: actor for actor in system.actors}, True)
    lines = [f"system {system.name}"]
    for constant in system.constants:
        word = "choice" if constant.is_choice else "const"
        lines.append(f"{word} {constant.name} = {constant.value}")
    lines += [_variable(var) for var in system.variables]
    for actor in system.actors:
        lines += _actor(actor)
    lines += ["initial", *_command(system.initial, system, writer)]
    for command in system.commands:
        lines += _command(command, system, writer)
    lines += [_property(prop, writer) for prop in system.properties]
    for witness in system.witnesses:
        lines.append(f"witness of {witness.property}: {writer.at(witness.expr, LOOSEST)}")
    for number, mark in enumerate(system.marks):
        covers = "" if mark.covers else " (not covered)"
        lines.append(f"mark {number} {mark.kind.value} {mark.name}{covers}")
    return "\n".join(lines) + "\n"


def _variable(var: Var) -> str:
    return f"{var.storage.value} {_declared(var)} at {var.offset}"


def _declared(var: Var) -> str:
    dims = f"[{', '.join(str(dim) for dim in var.dims)}]" if var.dims else ""
    return f"{var.name}{dims}: {var.type}"


def _actor(actor: Actor) -> Iterator[str]:
    fair = "" if actor.fairness is Fairness.NONE else f"{actor.fairness.value} "
    dormant = "dormant " if actor.dormant else ""
    heading = f"{fair}{dormant}actor {actor.name}{_binders(actor.params)}"
    yield f"{heading} counter {actor.counter.name} agents from {actor.first_agent}"
    for place in actor.places:
        yield f"  place {place.index} {place.name}{' end' if place.end else ''}"


def _binders(params: Sequence[tuple[str, Scalar]]) -> str:
    return f"[{', '.join(f'{name}: {domain}' for name, domain in params)}]" if params else ""


def _params(params: Sequence[Param]) -> str:
    shown = ", ".join(f"{param.name}: {param.domain}" for param in params)
    return f"({shown})" if params else ""


def _command(command: Command, system: System, writer: ExprText) -> Iterator[str]:
    fair = "" if command.fairness is Fairness.NONE else f"{command.fairness.value} "
    yield f"{fair}command {command.name}{_params(command.params)} of {command.actor}"
    if command.at is not None:
        yield f"  at {_place_name(command, system)}"
    if not (isinstance(command.guard, Const) and command.guard.value):
        yield f"  when {writer.at(command.guard, LOOSEST)}"
    for temp in command.temps:
        yield f"  temp {_declared(temp)}"
    yield from _block(command.body, writer, "  ")


def _place_name(command: Command, system: System) -> str:
    assert command.at is not None
    for actor in system.actors:
        if actor.counter == command.at.var and command.at.place < len(actor.places):
            return f"{command.at.place} {actor.places[command.at.place].name}"
    return f"{command.at.var.name} {command.at.place}"


def _block(body: Iterable[Stmt], writer: ExprText, indent: str) -> Iterator[str]:
    for stmt in body:
        yield from _statement(stmt, writer, indent)


def _statement(stmt: Stmt, writer: ExprText, indent: str) -> Iterator[str]:
    match stmt:
        case Assign(var=var, index=index, value=value):
            target = writer.at(Read(var, index), LOOSEST)
            yield f"{indent}{target} = {writer.at(value, LOOSEST)}"
        case If(cond=cond, then=then, orelse=orelse):
            yield f"{indent}if {writer.at(cond, LOOSEST)}"
            yield from _block(then, writer, indent + "  ")
            if orelse:
                yield f"{indent}else"
                yield from _block(orelse, writer, indent + "  ")
        case For(name=name, domain=domain, body=body):
            yield f"{indent}for {name}: {domain}"
            yield from _block(body, writer, indent + "  ")
        case Assume(cond=cond):
            yield f"{indent}assume {writer.at(cond, LOOSEST)}"
        case Assert(cond=cond, site=site):
            yield f"{indent}assert[{site.claim}] {writer.at(cond, LOOSEST)}"
        case Mark(mark=mark, args=args):
            yield f"{indent}mark {mark}({writer.all(args)})"
        case Unused(name=name):
            yield f"{indent}unused {name}"
        case _:
            assert_never(stmt)


def _property(prop: Property, writer: ExprText) -> str:
    actor = f"({prop.actor})" if prop.actor else ""
    claim = ""
    if prop.expr is not None:
        claim = f": {writer.at(prop.expr, LOOSEST)}"
    elif prop.formula is not None:
        claim = f": {_formula(prop.formula, writer)}"
    return f"{prop.kind.value} {prop.name}{actor}{claim}"


def _formula(formula: Formula, writer: ExprText) -> str:
    if not isinstance(formula, Temporal):
        return writer.at(formula, LOOSEST)
    parts = [f"({_formula(part, writer)})" for part in formula.operands]
    if len(parts) == 1:
        return f"{formula.op.value} {parts[0]}"
    return f" {formula.op.value} ".join(parts)
