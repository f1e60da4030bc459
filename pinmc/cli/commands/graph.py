"""``pinmc graph SPEC``: the whole state space of a small design."""

from __future__ import annotations

from pathlib import Path

import click

from pinmc.cli import stream
from pinmc.cli.exits import Exit
from pinmc.cli.params import count, definitions_option
from pinmc.cli.sources import one_source


@click.command("graph")
@click.argument("path", metavar="SPEC")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    metavar="FILE",
    help="Where to: .graphml, .dot, .json or .svg.",
)
@definitions_option
@click.option(
    "--max-nodes", type=count, metavar="N", help="Refuse to draw more states than this (500)."
)
def command(path: str, output: Path, definitions: dict[str, str], max_nodes: int | None) -> int:
    """Draw every state and step of the default design of SPEC.

    Only for small designs: beyond some hundred states a drawing says nothing to anybody. For one
    counterexample use `pinmc check SPEC --graph FILE`.
    """
    from pinmc import api
    from pinmc.cli.drawing import refuse_suffix
    from pinmc.reports.graph.problem import GraphError
    from pinmc.reports.graph.space import LIMIT, space_graph
    from pinmc.reports.graph.write import write_graph

    refuse_suffix(output)
    try:
        loaded = api.load(one_source(path), constants=definitions)
        graph = space_graph(loaded.systems[0], LIMIT if max_nodes is None else max_nodes)
        write_graph(graph, output)
    except api.SpecError as mistakes:
        stream.diagnostics(mistakes.diagnostics)
        return Exit.BAD_INPUT
    except GraphError as problem:
        raise click.ClickException(f"{problem} [PIN404]") from problem
    states, steps = graph.number_of_nodes(), graph.number_of_edges()
    stream.err(f"{output}: {states} states, {steps} steps")
    return Exit.OK
