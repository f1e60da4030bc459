"""What is known of where steps lead is told to where they begin."""

from __future__ import annotations

from random import Random

import networkx as nx
import numpy as np
import pytest

from pinmc.engines.base import ExploreOptions
from pinmc.engines.interp import InterpEngine
from pinmc.engines.vector import stuck
from pinmc.engines.vector.engine import VectorEngine
from tests.checking import system_of
from tests.property.native import compare

TURNS = pytest.mark.parametrize("turns", [1, 3, 1000])


def spread(count: int, known: list[int], edges: list[tuple[int, int]]) -> set[int]:
    found = np.zeros(count, bool)
    found[known] = True
    begin, end = (np.array([edge[n] for edge in edges], np.uint32) for n in range(2))
    stuck._spread(found, stuck._Steps(begin, end), lambda: None)
    return set(found.nonzero()[0].tolist())


@TURNS
def test_whatever_leads_there(turns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stuck, "_TURNS", turns)
    random = Random(5)
    for _ in range(60):
        count = random.randrange(1, 30)
        edges = [
            (random.randrange(count), random.randrange(count))
            for _ in range(random.randrange(2 * count))
        ]
        known = random.sample(range(count), random.randrange(min(count, 3) + 1))
        graph = nx.MultiDiGraph(edges)
        graph.add_nodes_from(range(count))
        expected = set(known).union(*(nx.ancestors(graph, node) for node in known))
        assert spread(count, known, edges) == expected


@TURNS
def test_a_long_way(turns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stuck, "_TURNS", turns)
    away = [(n, n + 1) for n in range(2000)]
    assert spread(2002, [2000], away) == set(range(2001))
    assert spread(2002, [0], away) == {0}


WAITING = """
var turn: 0..{last} = 0
var key: bool = false
rule next when turn < {last} {{ turn += 1 }}
rule again when turn == 7 {{ turn = 0 }}
actor late {{ await turn == {at} and not key }}
actor never {{ key = true  await turn == {last} and not key }}
actor other {{ skip }}
"""


@TURNS
@pytest.mark.parametrize(("last", "at"), [(40, 39), (40, 3), (9, 9)])
def test_agents_are_stuck_one_by_one(
    turns: int, last: int, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stuck, "_TURNS", turns)
    system = system_of(WAITING.format(last=last, at=at))
    found = VectorEngine(strict=True).explore(system, ExploreOptions())
    compare(found, InterpEngine().explore(system, ExploreOptions()))
    assert any(finding.agents for finding in found.findings)
