"""Expressions as a specification has to write them, or what stands in the way.

Lowering has split what a specification declares into cells; not everything that can be said of
the cells can be said in the language.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import field

from pinmc.base.records import dataclass
from pinmc.ir.expr import COMPARISON as COMPARISONS
from pinmc.ir.expr import (
    AgentOf,
    Binary,
    BinOp,
    Bound,
    Const,
    Expr,
    Quant,
    QuantKind,
    Read,
    Storage,
    Var,
    type_of,
)
from pinmc.ir.system import (
    Actor,
    ArrayShape,
    CellShape,
    LockShape,
    OptionalShape,
    QueueShape,
    RecordShape,
    SetShape,
    Shape,
    System,
    View,
)
from pinmc.ir.text import ATOM, COMPARISON, LOOSEST, NOT, PRODUCT, SUM, ExprText
from pinmc.ir.types import Agent, Optional, Place, Scalarset, Word, absent


@dataclass(frozen=True, slots=True)
class Spelled:
    """``text`` is an expression of the language if ``obstacle`` is empty, else as near to one as
    can be, and ``obstacle`` says what cannot be written."""

    text: str
    obstacle: str = ""


def spelled(system: System, expr: Expr) -> Spelled:
    """How the specification of ``system`` would write ``expr``."""
    speller = _Speller(
        {actor.counter.name: actor for actor in system.actors}, False, _paths(system)
    )
    text = speller.at(expr, LOOSEST)
    return Spelled(text, "; ".join(dict.fromkeys(speller.obstacles)))


@dataclass(frozen=True, slots=True)
class _Path:
    """How a cell is reached: ``before`` and ``after`` its first ``dims`` indices; ``form`` is what
    is asked of it there: a value, ``present``, ``member``, ``length``, ``holder``."""

    before: str
    dims: int
    after: str
    form: str = "value"
    obstacle: str = ""

    def deeper(self, after: str) -> _Path:
        return _Path(self.before, self.dims, self.after + after, self.form, self.obstacle)

    def asked(self, form: str, obstacle: str = "") -> _Path:
        return _Path(self.before, self.dims, self.after, form, obstacle or self.obstacle)


def _paths(system: System) -> dict[str, _Path]:
    """The path of every cell that a view shows."""
    found: dict[str, _Path] = {}
    for view in system.views:
        for var, path in _cells(view.shape, _start(view)):
            if var.name not in found:
                found[var.name] = path
    often = Counter(found.values())
    for name, path in found.items():
        if often[path] > 1:
            found[name] = path.asked(path.form, f"several locals are called {path.after[1:]}")
    return found


def _start(view: View) -> _Path:
    if view.actor is None:
        return _Path(view.name, len(view.dims), "")
    plain = view.name.isidentifier()
    obstacle = "" if plain else f"{view.name} has no name in the specification"
    return _Path(view.actor, len(view.dims), f".{view.name}", "value", obstacle)


def _cells(shape: Shape, path: _Path) -> Iterator[tuple[Var, _Path]]:
    match shape:
        case CellShape(var=var):
            yield var, path
        case RecordShape(fields=fields):
            for name, inner in fields:
                yield from _cells(inner, path.deeper(f".{name}"))
        case OptionalShape(present=present, inner=inner):
            yield present, path.asked("present")
            for var, inner_path in _cells(inner, path):
                yield var, inner_path.asked(inner_path.form, "a record that may be absent is read")
        case SetShape(members=members):
            yield members, path.asked("member")
        case ArrayShape(element=element):
            yield from _cells(element, path)
        case QueueShape(length=length, element=element):
            yield length, path.asked("length")
            for var, inner_path in _cells(element, path):
                yield var, inner_path.asked(inner_path.form, "an element may be past the end")
        case LockShape(writer=writer, readers=readers, queued=queued):
            shared = "whether readers or a writer hold a lock cannot be asked"
            yield writer, path.asked("holder", shared if readers is not None else "")
            for other in (readers, queued):
                if other is not None:
                    yield other, path.asked("value", "who shares a lock cannot be asked")


@dataclass(frozen=True)
class _Speller(ExprText):
    paths: dict[str, _Path] = field(default_factory=dict)
    obstacles: list[str] = field(default_factory=list)

    def _cannot(self, why: str) -> None:
        self.obstacles.append(why)

    def read(self, read: Read) -> tuple[str, int]:
        path = self.paths.get(read.var.name)
        if path is None:
            if read.var.storage is not Storage.SHARED or read.index:
                self._cannot(f"{read.var.name} has no name in the specification")
            return super().read(read)
        if path.obstacle:
            self._cannot(path.obstacle)
        match path.form:
            case "present":
                return f"{self._reached(path, read.index, read.primed)} != none", COMPARISON
            case "member":
                *index, element = read.index
                where = self._reached(path, tuple(index), read.primed)
                return f"{self.at(element, COMPARISON + 1)} in {where}", COMPARISON
            case "length":
                return f"len({self._reached(path, read.index, read.primed)})", ATOM
            case "holder":
                self._cannot("who holds a lock cannot be asked, only whether it is locked")
        return self._reached(path, read.index, read.primed), ATOM

    def _reached(self, path: _Path, index: tuple[Expr, ...], primed: bool) -> str:
        """The path with its indices: those of the view, then those of arrays inside."""
        first, more = index[: path.dims], index[path.dims :]
        prime = "'" if primed else ""
        if more and not path.after:
            first, more = index, ()
        text = f"{path.before}{prime}{self._brackets(first)}{path.after}"
        return text + self._brackets(more)

    def _brackets(self, index: tuple[Expr, ...]) -> str:
        return f"[{self.all(index)}]" if index else ""

    def constant(self, const: Const) -> str:
        match const.type:
            case Scalarset(named=named, name=name) if const.value >= len(named):
                self._cannot(f"a {name} without a name cannot be written down")
            case Agent() | Optional(inner=Agent()) if const.value >= 0:
                self._cannot("an actor instance cannot be written down")
        return super().constant(const)

    def agent(self, agent: AgentOf) -> str:
        self._cannot("who holds a lock cannot be asked, only whether it is locked")
        return super().agent(agent)

    def binary(self, expr: Binary) -> tuple[str, int]:
        if expr.op in (BinOp.EQ, BinOp.NE):
            special = self._comparison(expr)
            if special is not None:
                return special
        if _has_words(expr):
            return self._of_words(expr)
        return super().binary(expr)

    def _comparison(self, expr: Binary) -> tuple[str, int] | None:
        """Places, locks and absent values, of which the language speaks in words of its own."""
        left, right = expr.left, expr.right
        if not (isinstance(left, Read) and isinstance(right, Const)):
            return None
        equal = expr.op is BinOp.EQ
        type_ = left.var.type
        if isinstance(type_, Place):
            text = self._place(left, right.value)
            return (text, COMPARISON) if equal else (f"not {text}", NOT)
        if not isinstance(type_, Optional) or right.value != absent(type_):
            return None
        path = self.paths.get(left.var.name)
        if path is not None and path.form == "holder" and not path.obstacle:
            where = f"locked({self._reached(path, left.index, left.primed)})"
            return (f"not {where}", NOT) if equal else (where, ATOM)
        if left.var.storage is Storage.LOCAL and isinstance(type_.inner, Scalarset):
            self._cannot(f"whether {left.var.name} has been given a value cannot be asked")
        return None

    def _place(self, counter: Read, place: int) -> str:
        actor = self.counters[counter.var.name]
        index = self._brackets(counter.index)
        prime = "'" if counter.primed else ""
        label = _label(actor, place)
        if label is None:
            here = actor.places[place]
            self._cannot(f"'{here.name}' in line {here.span.line} has no label of its own")
            label = f"'{here.name}'"
        return f"{actor.name}{prime}{index} at {label}"

    def _of_words(self, expr: Binary) -> tuple[str, int]:
        """Machine words wrap around in the language and do not here: they are made integers."""
        if expr.op in COMPARISONS:
            left = right = COMPARISON + 1
            level = COMPARISON
        else:
            left = level = PRODUCT if expr.op is BinOp.MUL else SUM
            right = level + 1
        first, second = self._whole(expr.left, left), self._whole(expr.right, right)
        return f"{first} {expr.op.value} {second}", level

    def _whole(self, expr: Expr, level: int) -> str:
        if isinstance(type_of(expr), Word):
            return f"int({self.at(expr, LOOSEST)})"
        return self.at(expr, level)

    def quant(self, quant: Quant) -> str:
        if quant.kind is not QuantKind.FORALL:
            return super().quant(quant)
        binders, body, guards = _unfolded(quant)
        head = ", ".join(f"{name}: {domain}" for name, domain in binders)
        where = f" where {' and '.join(self.at(g, NOT) for g in guards)}" if guards else ""
        return f"forall {head}{where} {{ {self.at(body, LOOSEST)} }}"


def _has_words(expr: Binary) -> bool:
    """Whether machine words are calculated with, or compared with what is none."""
    types = [type_of(side) for side in (expr.left, expr.right)]
    if not any(isinstance(type_, Word) for type_ in types):
        return False
    if expr.op in (BinOp.ADD, BinOp.SUB, BinOp.MUL):
        return True
    constant = isinstance(expr.left, Const) or isinstance(expr.right, Const)
    return expr.op in COMPARISONS and types[0] != types[1] and not constant


def _label(actor: Actor, place: int) -> str | None:
    """A label that this place has to itself."""
    for label in actor.places[place].labels:
        if sum(label in other.labels for other in actor.places) == 1:
            return label
    return None


def _unfolded(quant: Quant) -> tuple[list[tuple[str, str]], Expr, list[Expr]]:
    """All binders of nested ``forall``s, what is inside, and the conditions on the binders."""
    binders: list[tuple[str, str]] = []
    body: Expr = quant
    while isinstance(body, Quant) and body.kind is QuantKind.FORALL:
        binders.append((body.name, str(body.domain)))
        body = body.body
    guards: list[Expr] = []
    while isinstance(body, Binary) and body.op is BinOp.IMPLIES and _of_bounds(body.left):
        guards.append(body.left)
        body = body.right
    return binders, body, guards


def _of_bounds(expr: Expr) -> bool:
    return (
        isinstance(expr, Binary)
        and expr.op is BinOp.NE
        and isinstance(expr.left, Bound)
        and isinstance(expr.right, Bound)
    )
