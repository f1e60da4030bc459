"""What random systems cost, judged by networkx on a graph made by the semantics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from random import Random

import networkx as nx
import pytest

from pinmc.base.source import NOWHERE
from pinmc.engines.base import Limits
from pinmc.engines.costs.answers import Answers
from pinmc.engines.costs.graph import TooMuch, cost_graph
from pinmc.ir.evaluate import FoundError
from pinmc.ir.expr import Const
from pinmc.ir.property import Property, PropertyKind
from pinmc.ir.semantics import Next, State, evaluate, initial_states, successors
from pinmc.ir.stmt import Mark
from pinmc.ir.system import MarkInfo, MarkKind, System
from pinmc.ir.types import Int
from pinmc.results.costs import Extreme, bill
from tests.property.systems import Dice, build_system

SYSTEMS = 150
MOST_STATES = 150
COSTS = ("copies", "waits")


def _costly(system: System, random: Random) -> System:
    """The system, with commands that spend a little."""
    marks = list(system.marks)
    commands = []
    for command in system.commands:
        more = []
        for name in COSTS:
            if random.random() < 0.5:
                more.append(Mark(len(marks), (Const(random.randint(0, 3), Int()),)))
                marks.append(MarkInfo(MarkKind.COST, name, name, (), NOWHERE, False))
        commands.append(replace(command, body=(*command.body, *more)))
    return replace(system, commands=tuple(commands), marks=tuple(marks), costs=COSTS)


def _graph(system: System) -> nx.MultiDiGraph:
    graph = nx.MultiDiGraph()
    waiting = list(initial_states(system)[0])
    graph.add_nodes_from(waiting)
    while waiting:
        state = waiting.pop()
        for _, outcome in successors(system, state):
            if isinstance(outcome, Next):
                if outcome.state not in graph:
                    waiting.append(outcome.state)
                graph.add_edge(state, outcome.state, **_price(system, outcome))
    return graph


def _price(system: System, outcome: Next) -> dict[str, int]:
    found = dict.fromkeys(COSTS, 0)
    for number, args in outcome.marks:
        mark = system.marks[number]
        if mark.kind is MarkKind.COST:
            found[mark.name] += args[0] or 0
    return found


def _edges(graph: nx.MultiDiGraph) -> Iterator[tuple[State, State, dict[str, int]]]:
    yield from graph.edges(data=True)


def _systems(seed: int) -> Iterator[System]:
    count = 0
    while count < SYSTEMS:
        random = Random(seed)
        seed += 1
        system = _costly(build_system(Dice(random)), random)
        try:
            graph = cost_graph(system, COSTS, Limits(states=MOST_STATES))
        except TooMuch:
            continue
        if graph.count > 1:
            count += 1
            yield system


def _goal(system: System, graph: nx.MultiDiGraph, prop: Property) -> set[State]:
    found = set()
    assert prop.expr is not None
    for state in graph:
        try:
            if evaluate(system, prop.expr, state):
                found.add(state)
        except FoundError:
            continue
    return found


@pytest.mark.slow
def test_until_a_goal(seed: int) -> None:
    unbounded = asked = 0
    for system in _systems(seed):
        answers = Answers(cost_graph(system, COSTS, Limits()))
        graph = _graph(system)
        for prop in system.properties:
            if prop.kind is not PropertyKind.REACHABLE:
                continue
            goals = _goal(system, graph, prop)
            found = answers.goal("copies", prop)
            assert (found.least is None) is (not goals) is (found.greatest is None)
            if found.least is None or found.greatest is None:
                continue
            asked += 1
            starts = set(initial_states(system)[0])
            near = nx.multi_source_dijkstra_path_length(graph, starts, weight="copies")
            assert found.least.value == min(near[g] for g in goals)
            expected = _greatest(graph, starts, goals)
            assert found.greatest.value == expected
            unbounded += expected is None
    assert asked > 30 and 0 < unbounded < asked


def _greatest(graph: nx.MultiDiGraph, starts: set[State], goals: set[State]) -> Fraction | None:
    """Over the condensation: inside a component any cost can be had for ever."""
    useful = set().union(*(nx.ancestors(graph, g) | {g} for g in goals))
    small = nx.MultiDiGraph()
    small.add_nodes_from(useful)
    kept = [e for e in _edges(graph) if e[0] in useful - goals and e[1] in useful]
    small.add_edges_from((a, b, d) for a, b, d in kept)
    reached = set().union(*(nx.descendants(small, s) | {s} for s in starts & useful))
    small = small.subgraph(reached).copy()
    component = {n: i for i, c in enumerate(nx.strongly_connected_components(small)) for n in c}
    order: dict[int, int] = {component[s]: 0 for s in starts & useful}
    dag = nx.MultiDiGraph()
    dag.add_nodes_from(component.values())
    for a, b, d in _edges(small):
        if component[a] == component[b]:
            if d["copies"]:
                return None
        else:
            dag.add_edge(component[a], component[b], weight=d["copies"])
    for node in nx.topological_sort(dag):
        if node in order:
            for _, after, d in dag.out_edges(node, data=True):
                order[after] = max(order.get(after, 0), order[node] + d["weight"])
    return Fraction(max(order[component[g]] for g in goals & reached))


@pytest.mark.slow
def test_over_loops(seed: int) -> None:
    kinds: dict[str, int] = {}
    for system in _systems(seed + 10**6):
        found = Answers(cost_graph(system, COSTS, Limits())).loops("copies", "waits")
        graph = _graph(system)
        free = _inner(graph, lambda d: not d["waits"], lambda d: d["copies"] > 0)
        some = _inner(graph, lambda d: True, lambda d: d["waits"] > 0)
        assert (found.least is None) is (not some)
        if found.least is not None:
            _check_ratio(system, graph, found.least, 1)
            kinds["least"] = kinds.get("least", 0) + 1
        assert (found.greatest is not None and found.greatest.value is None) is free
        assert (found.greatest is None) is (not some and not free)
        if found.greatest is not None and found.greatest.value is not None:
            _check_ratio(system, graph, found.greatest, -1)
            kinds["greatest"] = kinds.get("greatest", 0) + 1
        kinds["free"] = kinds.get("free", 0) + free
    assert all(kinds[kind] > 10 for kind in ("least", "greatest", "free")), kinds


def _inner(graph: nx.MultiDiGraph, keep: object, wanted: object) -> bool:
    """Whether one of the kept steps that are wanted lies on a loop of kept steps."""
    kept = [e for e in _edges(graph) if keep(e[2])]  # type: ignore[operator]
    small = nx.MultiDiGraph()
    small.add_nodes_from(graph)
    small.add_edges_from(kept)
    component = {n: i for i, c in enumerate(nx.strongly_connected_components(small)) for n in c}
    return any(component[a] == component[b] and wanted(d) for a, b, d in kept)  # type: ignore[operator]


def _check_ratio(system: System, graph: nx.MultiDiGraph, found: Extreme, sign: int) -> None:
    """The loop has the ratio, and no loop has a better one: that would be a negative loop."""
    paid = bill(system, found.schedule)
    assert found.loop is not None and found.value is not None
    assert paid.states[found.loop] == paid.states[-1]
    per = paid.total("waits", found.loop)
    assert per and Fraction(paid.total("copies", found.loop), per) == found.value
    for _, _, d in _edges(graph):
        d["weight"] = sign * (
            d["copies"] * found.value.denominator - d["waits"] * found.value.numerator
        )
    assert not nx.negative_edge_cycle(graph)
