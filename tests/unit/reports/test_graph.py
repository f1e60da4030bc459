"""Traces and state spaces as graphs, and every format read back."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import networkx
import pytest

from pinmc.reports.graph.dot import dot_text, quoted
from pinmc.reports.graph.problem import GraphError
from pinmc.reports.graph.shortest import shortest_graph
from pinmc.reports.graph.space import space_graph
from pinmc.reports.graph.views import VIEWS, trace_graph
from pinmc.reports.graph.write import write_graph
from pinmc.results.graph import path_graph, state_attributes
from tests.checking import system_of
from tests.unit.reports.real import BAD_START, ERRORS, LOCKS, PINS, trace_of


def ends(graph: networkx.MultiDiGraph, mark: str = "violating") -> list[str]:
    return [node for node, marked in graph.nodes(data=mark) if marked]


# --- the path ----------------------------------------------------------------------------------


def test_path() -> None:
    graph = trace_of(PINS, "quiet").graph()
    assert list(graph) == ["s0", "s1", "s2", "s3"]
    assert [(a, b) for a, b, _ in graph.edges] == [("s0", "s1"), ("s1", "s2"), ("s2", "s3")]
    assert ends(graph, "initial") == ["s0"]
    assert ends(graph) == ["s3"]
    assert graph.nodes["s2"]["refs[Page0]"] == 1
    assert graph.nodes["s3"]["written"] is True
    assert graph.nodes["s3"]["label"] == "3\nwritten = true"
    edge = graph.edges["s1", "s2", 0]
    assert (edge["actor"], edge["action"], edge["line"]) == ("user", "pin_user_pages", 6)
    assert (edge["arguments"], edge["label"]) == ("p = Page0", "user: pin_user_pages(Page0)")


def test_every_attribute_is_a_scalar() -> None:
    for name, view in VIEWS.items():
        graph = view.graph(trace_of(PINS, "quiet"))
        found = [v for _, data in graph.nodes(data=True) for v in data.values()]
        found += [v for _, _, data in graph.edges(data=True) for v in data.values()]
        assert all(isinstance(value, str | int | bool) for value in found), name


def test_the_goal_of_a_witness_is_no_violation() -> None:
    graph = path_graph(trace_of(PINS, "pinned"))
    assert (ends(graph, "goal"), ends(graph)) == (["s2"], [])


def test_a_found_error_ends_in_a_node_of_its_own() -> None:
    graph = path_graph(trace_of(ERRORS, "errors"))
    assert list(graph) == ["s0", "s1", "error"]
    assert ends(graph) == ["error"]
    assert "outside 0..1" in graph.nodes["error"]["error"]


def test_an_initialisation_that_fails() -> None:
    for view in VIEWS.values():
        graph = view.graph(trace_of(BAD_START, "errors"))
        assert list(graph) == ["s0"]
        assert graph.nodes["s0"]["initial"] is graph.nodes["s0"]["violating"] is True


def test_attributes_are_flat_and_never_lose_a_mark() -> None:
    found = state_attributes(
        "x", {"label": 7, "m": {"a": 1, "b": None}, "q": ["x", None, True], "r": [{"k": 2}]}
    )
    assert found == {
        "var.label": 7,
        "m.a": 1,
        "m.b": "none",
        "q": "[x, none, true]",
        "r": "[(k = 2)]",
        "label": "x",
        "initial": False,
        "violating": False,
        "goal": False,
    }


# --- the other views ---------------------------------------------------------------------------


def test_context() -> None:
    """By hand: in s0 and s1 the other actor may clear `written`, which keeps the state but for its
    place, and the user may choose the other page; in s2 only the other actor may move instead."""
    graph = trace_graph(trace_of(PINS, "quiet"), "context")
    off = [(a, data["label"]) for a, _, data in graph.edges(data=True) if not data["on_path"]]
    assert sorted(off) == [
        ("s0", "other: written = false"),
        ("s0", "user: choose p: Page"),
        ("s1", "other: written = false"),
        ("s2", "other: written = false"),
    ]
    assert ends(graph) == ["s3"]


def test_all_shortest_of_a_property_of_states() -> None:
    """By hand: the two pages are alike, so two ways of three steps that do not meet."""
    graph = trace_graph(trace_of(PINS, "quiet"), "all-shortest")
    assert (len(graph), graph.number_of_edges()) == (7, 6)
    assert len(ends(graph)) == 2
    assert networkx.is_directed_acyclic_graph(graph)
    assert {networkx.shortest_path_length(graph, "s0", end) for end in ends(graph)} == {3}


def test_all_shortest_of_a_deadlock() -> None:
    """By hand: one takes a and two takes b, in either order."""
    graph = trace_graph(trace_of(LOCKS, "deadlock"), "all-shortest")
    assert (len(graph), graph.number_of_edges(), len(ends(graph))) == (4, 4, 1)


def test_all_shortest_of_a_property_of_steps() -> None:
    graph = trace_graph(trace_of(PINS, "forward"), "all-shortest")
    assert len(ends(graph)) == 2
    assert all(str(end).startswith("e") for end in ends(graph))
    assert networkx.is_directed_acyclic_graph(graph)
    assert {networkx.shortest_path_length(graph, "s0", end) for end in ends(graph)} == {4}


def test_all_shortest_of_an_error() -> None:
    """By hand: either user is first, then the other one fails."""
    graph = trace_graph(trace_of(ERRORS, "errors"), "all-shortest")
    assert (len(graph), graph.number_of_edges(), ends(graph)) == (4, 4, ["e0"])


def test_all_shortest_has_its_limits() -> None:
    with pytest.raises(GraphError, match="more than 3 states"):
        shortest_graph(trace_of(PINS, "quiet"), limit=3)
    with pytest.raises(GraphError, match="whole runs"):
        shortest_graph(trace_of(LOCKS, "stuck"))


def test_unknown_view() -> None:
    with pytest.raises(GraphError, match="there are: path, context, all-shortest"):
        trace_graph(trace_of(LOCKS, "deadlock"), "paths")


def test_whole_space() -> None:
    graph = space_graph(system_of(PINS))
    assert (len(graph), graph.number_of_edges()) == (16, 19)
    assert ends(graph, "initial") == ["s0"]
    assert {graph.nodes[node]["violated"] for node in ends(graph)} == {"quiet"}
    assert graph.nodes["s0"]["goal"] is False


def test_space_with_errors_and_deadlocks() -> None:
    graph = space_graph(system_of(ERRORS))
    assert sorted(graph) == ["e0", "e1", "s0", "s1", "s2"]
    assert ends(graph) == ["e0", "e1"]
    locks = space_graph(system_of(LOCKS))
    assert [locks.nodes[node]["violated"] for node in ends(locks)] == ["deadlock"]
    assert "e0" in space_graph(system_of(BAD_START))


def test_space_refuses_what_nobody_can_look_at() -> None:
    assert len(space_graph(system_of(PINS), limit=16)) == 16
    with pytest.raises(GraphError, match="more than 15 states"):
        space_graph(system_of(PINS), limit=15)


# --- files -------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", list(VIEWS))
def test_graphml_reads_back(tmp_path: Path, view: str) -> None:
    graph = trace_graph(trace_of(PINS, "quiet"), view)
    write_graph(graph, tmp_path / "g.graphml")
    again = networkx.read_graphml(tmp_path / "g.graphml", force_multigraph=True)
    assert dict(again.nodes(data=True)) == dict(graph.nodes(data=True))
    assert [data for *_, data in again.edges(data=True)] == [
        data for *_, data in graph.edges(data=True)
    ]


def test_json_reads_back(tmp_path: Path) -> None:
    graph = trace_of(PINS, "forward").graph()
    write_graph(graph, tmp_path / "g.json")
    again = networkx.node_link_graph(
        json.loads((tmp_path / "g.json").read_text(encoding="utf-8")), edges="edges"
    )
    assert networkx.utils.graphs_equal(again, graph)


def test_dot_reads_back(tmp_path: Path) -> None:
    """Every line is a node or an edge with quoted attributes: read by the grammar of strings."""
    graph = trace_of(PINS, "quiet").graph()
    write_graph(graph, tmp_path / "g.dot")
    lines = (tmp_path / "g.dot").read_text(encoding="utf-8").splitlines()
    string = r'"((?:[^"\\]|\\.)*)"'
    attributes = rf"\[\w+={string}(?:, \w+={string})*\];"
    node = re.compile(rf"  {string} {attributes}")
    edge = re.compile(rf"  {string} -> {string} {attributes}")
    body = lines[4:-1]
    assert (lines[0], lines[-1]) == ("digraph pinmc {", "}")
    assert [m[1] for line in body if (m := node.fullmatch(line))] == list(graph)
    assert [(m[1], m[2]) for line in body if (m := edge.fullmatch(line))] == list(
        networkx.DiGraph(graph).edges
    )
    assert len(body) == len(graph) + graph.number_of_edges()


def test_dot_quotes() -> None:
    assert quoted('say "hi" \\N\nnext') == '"say \\"hi\\" \\\\N\\nnext"'
    graph = trace_of(PINS, "quiet").graph()
    assert 'label="3\\nwritten = true"' in dot_text(graph)


def test_unknown_suffix_names_the_known_ones(tmp_path: Path) -> None:
    graph = trace_of(LOCKS, "deadlock").graph()
    for name in ("g.png", "g"):
        with pytest.raises(GraphError, match=r"\.graphml, \.dot, \.json, \.svg"):
            write_graph(graph, tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_svg_without_graphviz(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(GraphError, match="needs Graphviz"):
        write_graph(trace_of(LOCKS, "deadlock").graph(), tmp_path / "g.svg")
    assert not list(tmp_path.iterdir())


def program(folder: Path, text: str) -> str:
    path = folder / "dot"
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def test_svg_is_what_dot_draws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    echo = program(tmp_path, 'echo "<svg $1>"; cat; echo "</svg>"')
    monkeypatch.setattr(shutil, "which", lambda _name: echo)
    graph = trace_of(LOCKS, "deadlock").graph()
    write_graph(graph, tmp_path / "g.svg")
    drawn = (tmp_path / "g.svg").read_text(encoding="utf-8")
    assert drawn == f"<svg -Tsvg>\n{dot_text(graph)}</svg>\n"


def test_svg_when_dot_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = program(tmp_path, "cat >/dev/null; echo no fonts >&2; exit 1")
    monkeypatch.setattr(shutil, "which", lambda _name: broken)
    with pytest.raises(GraphError, match="no fonts"):
        write_graph(trace_of(LOCKS, "deadlock").graph(), tmp_path / "g.svg")


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
def test_svg_by_graphviz(tmp_path: Path) -> None:
    write_graph(trace_of(PINS, "quiet").graph(), tmp_path / "g.svg")
    assert "</svg>" in (tmp_path / "g.svg").read_text(encoding="utf-8")


def test_writing_is_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "g.dot"
    target.write_text("before", encoding="utf-8")
    target.chmod(0o640)
    graph = trace_of(LOCKS, "deadlock").graph()

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", fail)
        with pytest.raises(GraphError, match="No space left"):
            write_graph(graph, target)
    assert target.read_text(encoding="utf-8") == "before"
    assert list(tmp_path.iterdir()) == [target]
    write_graph(graph, target)
    assert target.read_text(encoding="utf-8").startswith("digraph")
    assert target.stat().st_mode & 0o777 == 0o640


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(GraphError, match="cannot write"):
        write_graph(trace_of(LOCKS, "deadlock").graph(), tmp_path / "no" / "g.dot")


def test_control_characters_do_not_break_graphml(tmp_path: Path) -> None:
    trace = trace_of(PINS, "quiet")
    bad = replace(trace, steps=tuple(replace(s, action="a\x00b\x1b") for s in trace.steps))
    write_graph(path_graph(bad), tmp_path / "g.graphml")
    assert len(networkx.read_graphml(tmp_path / "g.graphml")) == 4
