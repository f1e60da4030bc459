"""Systems and expressions as text: ``expr_text`` for reports, ``text`` for tests and debugging."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

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

_LOOSEST, _NOT, _COMPARISON, _UNARY, _ATOM = 0, 4, 5, 12, 13


def expr_text(expr: Expr, actors: Sequence[Actor] = (), checks: bool = False) -> str:
    """``expr`` nearly as a specification would write it, with as few parentheses as it needs.

    ``actors`` lets tests of program counters read ``rdma[u] at pinned``; ``checks`` shows what
    lowering has put around an expression as well.
    """
    return _Writer({actor.counter.name: actor for actor in actors}, checks).at(expr, _LOOSEST)


@dataclass(frozen=True, slots=True)
class _Writer:
    counters: dict[str, Actor]
    checks: bool

    def at(self, expr: Expr, level: int) -> str:
        """The text of ``expr``, in parentheses if it binds less tightly than ``level``."""
        text, own = self._node(expr)
        return f"({text})" if own < level else text

    def all(self, exprs: Iterable[Expr]) -> str:
        return ", ".join(self.at(expr, _LOOSEST) for expr in exprs)

    def _node(self, expr: Expr) -> tuple[str, int]:
        match expr:
            case Const():
                return _constant(expr), _ATOM if expr.value >= 0 else _UNARY
            case Bound(name=name):
                return name, _ATOM
            case Read():
                return self._read(expr), _ATOM
            case Unary():
                return self._unary(expr)
            case Binary():
                return self._binary(expr)
            case Ite(cond=cond, then=then, orelse=orelse):
                parts = [self.at(part, _LOOSEST) for part in (cond, then, orelse)]
                return f"if {parts[0]} then {parts[1]} else {parts[2]}", _LOOSEST
            case Quant(kind=kind, name=name, domain=domain, body=body):
                return f"{kind.value} {name}: {domain} {{ {self.at(body, _LOOSEST)} }}", _ATOM
            case Check() | Require() | Wrap():
                return self._guarded(expr)
            case AgentOf(actor=actor, args=args):
                return f"{actor}[{self.all(args)}]" if args else actor, _ATOM
            case _:
                assert_never(expr)

    def _read(self, read: Read) -> str:
        prime = "'" if read.primed else ""
        index = f"[{self.all(read.index)}]" if read.index else ""
        return f"{read.var.name}{prime}{index}"

    def _unary(self, expr: Unary) -> tuple[str, int]:
        if expr.op is UnOp.NOT:
            return f"not {self.at(expr.operand, _NOT)}", _NOT
        return f"{expr.op.value}{self.at(expr.operand, _UNARY)}", _UNARY

    def _binary(self, expr: Binary) -> tuple[str, int]:
        place = self._at_place(expr)
        if place:
            return place, _COMPARISON
        if expr.op in (BinOp.MIN, BinOp.MAX):
            return f"{expr.op.value}({self.all((expr.left, expr.right))})", _ATOM
        own = _LEVEL.get(expr.op, _COMPARISON)
        # Only 'implies' groups to the right; comparisons do not group at all.
        left = own + 1 if expr.op is BinOp.IMPLIES or own == _COMPARISON else own
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
            return self._node(expr.operand)
        inner = self.at(expr.operand, _LOOSEST)
        match expr:
            case Check(lo=lo, hi=hi, site=site):
                return f"check[{site.kind}]({inner}, {lo}..{hi})", _ATOM
            case Require(cond=cond, site=site):
                return f"require[{site.kind}]({self.at(cond, _LOOSEST)}, {inner})", _ATOM
            case Wrap(width=width, signed=signed):
                return f"wrap[{Word(width, signed)}]({inner})", _ATOM
            case _:
                assert_never(expr)


def _constant(const: Const) -> str:
    return member_name(const.type, const.value)


def text(system: System) -> str:
    """A readable dump of the whole System, one declaration, command or property after another."""
    writer = _Writer({actor.counter.name: actor for actor in system.actors}, True)
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
        lines.append(f"witness of {witness.property}: {writer.at(witness.expr, _LOOSEST)}")
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


def _command(command: Command, system: System, writer: _Writer) -> Iterator[str]:
    fair = "" if command.fairness is Fairness.NONE else f"{command.fairness.value} "
    yield f"{fair}command {command.name}{_params(command.params)} of {command.actor}"
    if command.at is not None:
        yield f"  at {_place_name(command, system)}"
    if not (isinstance(command.guard, Const) and command.guard.value):
        yield f"  when {writer.at(command.guard, _LOOSEST)}"
    for temp in command.temps:
        yield f"  temp {_declared(temp)}"
    yield from _block(command.body, writer, "  ")


def _place_name(command: Command, system: System) -> str:
    assert command.at is not None
    for actor in system.actors:
        if actor.counter == command.at.var and command.at.place < len(actor.places):
            return f"{command.at.place} {actor.places[command.at.place].name}"
    return f"{command.at.var.name} {command.at.place}"


def _block(body: Iterable[Stmt], writer: _Writer, indent: str) -> Iterator[str]:
    for stmt in body:
        yield from _statement(stmt, writer, indent)


def _statement(stmt: Stmt, writer: _Writer, indent: str) -> Iterator[str]:
    match stmt:
        case Assign(var=var, index=index, value=value):
            target = writer.at(Read(var, index), _LOOSEST)
            yield f"{indent}{target} = {writer.at(value, _LOOSEST)}"
        case If(cond=cond, then=then, orelse=orelse):
            yield f"{indent}if {writer.at(cond, _LOOSEST)}"
            yield from _block(then, writer, indent + "  ")
            if orelse:
                yield f"{indent}else"
                yield from _block(orelse, writer, indent + "  ")
        case For(name=name, domain=domain, body=body):
            yield f"{indent}for {name}: {domain}"
            yield from _block(body, writer, indent + "  ")
        case Assume(cond=cond):
            yield f"{indent}assume {writer.at(cond, _LOOSEST)}"
        case Assert(cond=cond, site=site):
            yield f"{indent}assert[{site.claim}] {writer.at(cond, _LOOSEST)}"
        case Mark(mark=mark, args=args):
            yield f"{indent}mark {mark}({writer.all(args)})"
        case Unused(name=name):
            yield f"{indent}unused {name}"
        case _:
            assert_never(stmt)


def _property(prop: Property, writer: _Writer) -> str:
    actor = f"({prop.actor})" if prop.actor else ""
    claim = ""
    if prop.expr is not None:
        claim = f": {writer.at(prop.expr, _LOOSEST)}"
    elif prop.formula is not None:
        claim = f": {_formula(prop.formula, writer)}"
    return f"{prop.kind.value} {prop.name}{actor}{claim}"


def _formula(formula: Formula, writer: _Writer) -> str:
    if not isinstance(formula, Temporal):
        return writer.at(formula, _LOOSEST)
    parts = [f"({_formula(part, writer)})" for part in formula.operands]
    if len(parts) == 1:
        return f"{formula.op.value} {parts[0]}"
    return f" {formula.op.value} ".join(parts)
