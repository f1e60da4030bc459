"""From an actor's graph to its places and commands.

A command is one step from a place and everything that runs on after it, up to the next places.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pinmc.base.records import dataclass
from pinmc.frontend.lower.code import (
    Begin,
    Code,
    Goto,
    assume,
    assume_not,
    branch,
    code,
    seq,
    split_guard,
)
from pinmc.frontend.lower.context import Context
from pinmc.frontend.lower.flow import Flow
from pinmc.frontend.lower.nodes import Node
from pinmc.frontend.sema import typed
from pinmc.ir.command import At, Command, Fairness, Param
from pinmc.ir.expr import FALSE, Binary, BinOp, Bound, Const, ErrorSite, Expr, Read, Storage, Var
from pinmc.ir.stmt import Assert, Assign, If, Mark, Stmt
from pinmc.ir.system import Actor, PlaceInfo
from pinmc.ir.types import Place
from pinmc.ir.walk import statements, substitute_body

_MAX_STATEMENTS = 400_000
_RANK = (Fairness.NONE, Fairness.WEAK, Fairness.STRONG)


@dataclass(eq=False, slots=True)
class Map:
    """The places of one actor: nodes in order of discovery, and their numbers."""

    flow: Flow
    context: Context
    symbol: typed.Actor
    nodes: list[Node]
    number: dict[Node, int]
    counter: Var
    params: tuple[Bound, ...]

    def label(self, name: str) -> tuple[int, ...]:
        if name == "end":
            return tuple(n for node, n in self.number.items() if node.finish)
        found = [
            self.number[place]
            for tag in self.flow.tags
            if tag.label == name
            for place in first_places(tag.node)
            if place in self.number
        ]
        return tuple(sorted(set(found)))


def first_places(node: Node) -> list[Node]:
    """The places where an actor that goes on at ``node`` can come to rest."""
    found: dict[Node, None] = {}
    seen: set[Node] = set()
    waiting = [node]
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        if here.step or here.fork or here.finish:
            found[here] = None
        else:
            for alternative in reversed(here.alternatives):
                waiting.extend(reversed(list(gotos(alternative.stmts))))
    return list(found)


def gotos(stmts: tuple[Stmt, ...]) -> Iterator[Node]:
    for stmt in stmts:
        if isinstance(stmt, If):
            yield from gotos(stmt.then)
            yield from gotos(stmt.orelse)
        elif isinstance(stmt, Goto):
            assert isinstance(stmt.node, Node)
            yield stmt.node


def endless(entry: Node, places: list[Node]) -> Node | None:
    """A node on a cycle without a step, if there is one: running on would never come to rest."""
    done: set[Node] = set()
    for start in (entry, *(n for p in places for a in p.alternatives for n in gotos(a.stmts))):
        found = _cycle(start, done)
        if found is not None:
            return found
    return None


def _cycle(start: Node, done: set[Node]) -> Node | None:
    """Depth first over nodes that are no places; a node met again on the way down closes one."""
    path: dict[Node, Iterator[Node]] = {}

    def enter(node: Node) -> None:
        path[node] = (n for a in node.alternatives for n in gotos(a.stmts))

    if _rests(start) or start in done:
        return None
    enter(start)
    while path:
        here = next(reversed(path))
        following = next(path[here], None)
        if following is None:
            path.pop(here)
            done.add(here)
        elif following in path:
            return following
        elif not _rests(following) and following not in done:
            enter(following)
    return None


def _rests(node: Node) -> bool:
    """An ``either`` does not count: a branch without a step leads on to what follows it."""
    return (node.step and not node.fork) or node.finish


def make_map(flow: Flow, context: Context, symbol: typed.Actor, params: tuple[Bound, ...]) -> Map:
    """Numbers the places an actor can reach, in order of discovery; its end comes last, or first
    if it is dormant, since there it begins."""
    places = _discover(flow)
    finish = [p for p in places if p.finish or (symbol.dormant and p is flow.finish)]
    if symbol.dormant and not finish:
        finish = [flow.finish]
    others = [p for p in places if not p.finish]
    nodes = finish + others if symbol.dormant else others + finish
    counter = context.cells.add(
        Var(
            context.cells.unique(f"{symbol.name}.pc"),
            Place(symbol.name, len(nodes)),
            tuple(p.type for p in params),
            Storage.PLACE,
            actor=symbol.name,
        )
    )
    number = {node: position for position, node in enumerate(nodes)}
    return Map(flow, context, symbol, nodes, number, counter, params)


def _discover(flow: Flow) -> list[Node]:
    found: dict[Node, None] = {}
    waiting = first_places(flow.entry)
    while waiting:
        place = waiting.pop(0)
        if place in found:
            continue
        found[place] = None
        following: list[Node] = []
        for alternative in place.alternatives:
            for node in gotos(alternative.stmts):
                following += _beyond(node) if place.fork else first_places(node)
        waiting.extend(following)
    return list(found)


def _beyond(node: Node) -> list[Node]:
    """The places after the first step of an ``either`` branch that begins at ``node``."""
    found: list[Node] = []
    seen: set[Node] = set()
    waiting = [node]
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        targets = [n for a in here.alternatives for n in gotos(a.stmts)]
        if here.finish:
            found.append(here)
        elif here.fork or not here.step:
            waiting.extend(targets)
        else:
            found.extend(p for n in targets for p in first_places(n))
    return found


class TooLarge(Exception):
    """The code of an actor unfolds into more statements than can be handled."""


class Emitter:
    """Writes the commands of one actor once the places of all are known."""

    def __init__(self, map_: Map, maps: Mapping[typed.Actor, Map]) -> None:
        self._map = map_
        self._maps = maps
        self._written = 0

    # --- running on ------------------------------------------------------------------------

    def arrive(self, node: Node) -> Code:
        """Going on at ``node``: rest there, or run on."""
        if node.step or node.finish or node.fork:
            index: tuple[Expr, ...] = self._map.params
            place = Const(self._map.number[node], self._map.counter.type)
            return code(Assign(self._map.counter, index, place))
        return self.resolve(node.alternatives[0])

    def resolve(self, given: Code) -> Code:
        """The code with every placeholder replaced by what it stands for."""
        return seq(Code((), given.params), self._resolve(given.stmts))

    def _resolve(self, stmts: tuple[Stmt, ...]) -> Code:
        parts: list[Code] = []
        for stmt in stmts:
            self._written += 1
            if self._written > _MAX_STATEMENTS:
                raise TooLarge
            parts.append(self._replace(stmt))
        return seq(*parts)

    def _replace(self, stmt: object) -> Code:
        match stmt:
            case Goto(node=Node() as node):
                return self.arrive(node)
            case Begin():
                return self._begin(stmt)
            case If(cond=cond, then=then, orelse=orelse):
                return branch(cond, self._resolve(then), self._resolve(orelse))
            case _:
                return Code((stmt,))  # type: ignore[arg-type]

    def _begin(self, stmt: Begin) -> Code:
        assert isinstance(stmt.actor, typed.Actor)
        target = self._maps[stmt.actor]
        text = f"'{target.symbol.name}' is started while it is running"
        rests = Const(target.number[target.flow.finish], target.counter.type)
        here = Read(target.counter, stmt.args)
        dormant = Assert(Binary(BinOp.EQ, here, rests), ErrorSite("start", text, stmt.span))
        body = Emitter(target, self._maps).arrive(target.flow.entry)
        by = {p.name: a for p, a in zip(target.params, stmt.args, strict=True)}
        return seq(code(dormant), Code(substitute_body(body.stmts, by), body.params))

    # --- the steps from a place ------------------------------------------------------------

    def steps(self, node: Node) -> list[Code]:
        """Every way to take one step from where ``node`` begins."""
        if node.finish:
            return [self.arrive(node)]
        if node.fork:
            return [s for a in node.alternatives for n in gotos(a.stmts) for s in self.steps(n)]
        if node.step:
            return [self.resolve(a) for a in node.alternatives]
        return self._expand(node.alternatives[0])

    def _expand(self, given: Code) -> list[Code]:
        """Local code before a first step: each path to a step is an alternative of its own."""
        before = Code((), given.params)
        for stmt in given.stmts:
            if isinstance(stmt, Goto):
                assert isinstance(stmt.node, Node)
                return [seq(before, step) for step in self.steps(stmt.node)]
            if isinstance(stmt, If) and any(gotos((stmt,))):
                then = [seq(assume(stmt.cond), s) for s in self._expand(Code(stmt.then))]
                other = [seq(assume_not(stmt.cond), s) for s in self._expand(Code(stmt.orelse))]
                return [seq(before, s) for s in (*then, *other)]
            before = seq(before, Code((stmt,)))
        return [before]

    def commands(self) -> list[Command]:
        found: list[Command] = []
        for place, node in enumerate(self._map.nodes):
            if node.finish:
                continue
            for position, step in enumerate(self.steps(node)):
                found.append(self._command(node, place, position, step))
        return [c for c in found if c.guard != FALSE]

    def _command(self, node: Node, place: int, position: int, step: Code) -> Command:
        guard, body = split_guard(step.stmts)
        own = tuple(Param(p.name, p.type) for p in self._map.params)
        return Command(
            f"{self._map.symbol.name}.{place}.{position}",
            self._map.symbol.name,
            (*own, *step.params),
            At(self._map.counter, place),
            guard,
            body,
            (),
            node.span,
            self._fairness(node, step),
        )

    def _fairness(self, node: Node, step: Code) -> Fairness:
        found = [self._map.symbol.fairness]
        found += [t.fairness for t in self._map.flow.tags if node in first_places(t.node)]
        marks = self._map.context.marks
        found += [marks.fairness(s.mark) for s in statements(step.stmts) if isinstance(s, Mark)]
        return max(found, key=_RANK.index)

    # --- what others need to know ----------------------------------------------------------

    def actor(self, first_agent: int) -> Actor:
        symbol = self._map.symbol
        ends = {place for tag in self._map.flow.tags if tag.end for place in first_places(tag.node)}
        names = dict.fromkeys([*(tag.label for tag in self._map.flow.tags), "end"])
        labels = {name: self._map.label(name) for name in names if name}
        places = tuple(
            PlaceInfo(
                position,
                "end" if node.finish else node.name,
                node.span,
                node.finish or node in ends,
                node.waits,
                tuple(name for name, places in labels.items() if position in places),
            )
            for position, node in enumerate(self._map.nodes)
        )
        params = tuple((p.name, p.type) for p in self._map.params)
        return Actor(
            symbol.name,
            symbol.shown,
            params,
            self._map.counter,
            places,
            first_agent,
            symbol.fairness,
            symbol.dormant,
            symbol.span,
        )
