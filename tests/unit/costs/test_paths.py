"""Heaviest paths and loops of random graphs, against definitions that are slow and obvious."""

from __future__ import annotations

from random import Random

import networkx as nx
import numpy as np

from pinmc.engines.costs.graph import Ints
from pinmc.engines.costs.paths import NEVER, Steps, heaviest, reaching

GRAPHS = 300


def _random(random: Random) -> tuple[int, Ints, Ints, Ints]:
    states = random.randint(1, 9)
    count = random.randint(0, 3 * states)
    low = random.choice((-3, -1, 0))
    columns = [(random.randrange(states), random.randrange(states)) for _ in range(count)]
    weights = [random.randint(low, random.choice((0, 2))) for _ in range(count)]
    sources, targets = (np.array([c[n] for c in columns], dtype=np.int64) for n in (0, 1))
    return states, sources, targets, np.array(weights, dtype=np.int64)


def _relaxed(states: int, edges: list[tuple[int, int, int]]) -> list[int] | None:
    """Bellman and Ford as in a textbook, from state 0; None when a loop has positive weight."""
    best = [0] + [NEVER] * (states - 1)
    for _ in range(states + 1):
        changed = False
        for source, target, weight in edges:
            if best[source] > NEVER and best[source] + weight > best[target]:
                best[target] = best[source] + weight
                changed = True
        if not changed:
            return best
    return None


def test_heaviest_paths_and_loops(seed: int) -> None:
    random = Random(seed)
    loops = 0
    for _ in range(GRAPHS):
        states, sources, targets, weights = _random(random)
        edges = list(zip(sources.tolist(), targets.tolist(), weights.tolist(), strict=True))
        expected = _relaxed(states, edges)
        found = heaviest(Steps.of(states, sources, targets), weights, np.arange(states) == 0)
        if expected is None:
            loops += 1
            chain = list(found.loop)
            assert chain and sum(edges[n][2] for n in chain) > 0
            assert all(
                edges[n][1] == edges[m][0]
                for n, m in zip(chain, chain[1:] + chain[:1], strict=True)
            )
            continue
        assert not found.loop
        assert found.weights.tolist() == expected
        for state, weight in enumerate(expected):
            if weight > NEVER:
                path = found.path(state, sources)
                assert sum(edges[n][2] for n in path) == weight
                assert not path or (edges[path[0]][0], edges[path[-1]][1]) == (0, state)
    assert 20 < loops < GRAPHS - 20


def test_which_states_reach(seed: int) -> None:
    random = Random(seed + 1)
    for _ in range(GRAPHS):
        states, sources, targets, _ = _random(random)
        goals = np.array([random.random() < 0.3 for _ in range(states)])
        graph = nx.DiGraph(zip(sources.tolist(), targets.tolist(), strict=True))
        graph.add_nodes_from(range(states))
        expected = {n for g in np.flatnonzero(goals).tolist() for n in nx.ancestors(graph, g) | {g}}
        found = reaching(Steps.of(states, sources, targets), goals)
        assert set(np.flatnonzero(found).tolist()) == expected
