"""``pinmc cost SPEC``: what its designs cost."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING, Any

import click

from pinmc.cli import stream
from pinmc.cli.exits import Exit
from pinmc.cli.params import color_option, count, definitions_option
from pinmc.cli.progress import ProgressLine
from pinmc.cli.sources import one_source

if TYPE_CHECKING:
    from pinmc.reports.costs.terminal import Labelled

_PIPED_WIDTH = 100


@click.command("cost")
@click.argument("path", metavar="SPEC")
@definitions_option
@click.option("--cost", "costs", multiple=True, metavar="NAME", help="Count this; else all.")
@click.option("--goal", "goals", multiple=True, metavar="NAME", help="Until this `reachable`.")
@click.option("--per", multiple=True, metavar="NAME", help="Compare costs of loops with this cost.")
@click.option("--runs", is_flag=True, help="Show how each number comes about.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text")
@click.option("--max-states", type=count, metavar="N", help="Give up above N states: 100k.")
@color_option
def command(path: str, **given: Any) -> int:
    """Bound what the designs of SPEC cost: the least and the greatest that each `cost` comes to
    until a `reachable` is first reached (--goal, or all of them), and the least and greatest ratio
    of costs over loops (--per). "unbounded" is shown with the loop that makes it so.

    Every design is explored whole, by the interpreter.
    """
    from pinmc import api
    from pinmc.cli.output import wants_colour
    from pinmc.reports.costs import json, terminal

    wanted = {name: given[name] for name in ("costs", "goals", "per", "max_states")}
    with ProgressLine() as line:
        try:
            loaded = api.load(one_source(path), constants=given["definitions"])
            reports = api.cost_loaded(loaded, progress=line.report, **wanted)
        except api.SpecError as mistakes:
            stream.diagnostics(mistakes.diagnostics)
            return Exit.BAD_INPUT
        except KeyboardInterrupt:
            line.erase()
            stream.err("interrupted: bounds are only known of a whole state space")
            return Exit.UNDETERMINED
    shown = [terminal.Labelled(*pair) for pair in zip(loaded.labels, reports, strict=True)]
    if given["format_"] == "json":
        stream.out(json.render(loaded.path, shown))
    else:
        on_terminal = sys.stdout.isatty()
        width = shutil.get_terminal_size().columns if on_terminal else _PIPED_WIDTH
        colour = wants_colour(given["color"], on_terminal)
        stream.out(terminal.render(shown, given["runs"], colour, width))
    return _exit(shown)


def _exit(reports: list[Labelled]) -> Exit:
    unknown = any(each.report.unknown for each in reports)
    return Exit.UNDETERMINED if unknown else Exit.OK
