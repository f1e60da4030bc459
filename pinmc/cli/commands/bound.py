"""``pinmc bound SPEC``: extreme values with proofs, and safe values of constants."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING, Any

import click

from pinmc.cli import stream
from pinmc.cli.exits import EXIT_CODES_HELP, Exit
from pinmc.cli.params import color_option, definitions_option, duration
from pinmc.cli.sources import one_source

if TYPE_CHECKING:
    from pathlib import Path

    from pinmc.results.bounds import BoundReport

_PIPED_WIDTH = 100

_HELP = f"""\
Prove how far a number can go in the reachable states of SPEC's default design.

--minimize or --maximize EXPR, with --subject-to COND for the states that count: a bound that an
inductive invariant sets for every reachable state, and a run that attains it if there is one.

--safe NAME --property P: the values of the constant NAME, around the one that it has, for which the
properties are proved.

{EXIT_CODES_HELP}"""


@click.command("bound", help=_HELP)
@click.argument("path", metavar="SPEC")
@click.option("--minimize", metavar="EXPR", help="The least value of this number.")
@click.option("--maximize", metavar="EXPR", help="The greatest value of this number.")
@click.option(
    "--subject-to",
    "conditions",
    multiple=True,
    metavar="COND",
    help="Only where this holds: an expression, or the name of an invariant or reachable.",
)
@click.option("--safe", metavar="NAME", help="The values of this constant that are safe.")
@click.option("--property", "properties", multiple=True, metavar="P", help="What safe means.")
@click.option("--around", type=int, metavar="VALUE", help="A safe value; else the usual one.")
@definitions_option
@click.option("--free", multiple=True, metavar="NAME", help="For every value of this constant.")
@click.option("--timeout", type=duration, default="60", show_default=True, metavar="TIME")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text")
@click.option("-q", "--quiet", is_flag=True, help="Without the runs that show it.")
@color_option
def command(path: str, **given: Any) -> int:
    from pinmc import api

    _refuse_mixtures(given)
    file = one_source(path)
    try:
        report = _asked(file, given)
    except api.SpecError as mistakes:
        stream.diagnostics(mistakes.diagnostics)
        return Exit.BAD_INPUT
    except KeyboardInterrupt:
        stream.err("interrupted")
        return Exit.UNDETERMINED
    stream.out(_rendered(report, given))
    return _exit(report)


def _refuse_mixtures(given: dict[str, Any]) -> None:
    wishes = [n for n in ("minimize", "maximize", "safe") if given[n] is not None]
    if len(wishes) != 1:
        raise click.UsageError("ask for one of --minimize, --maximize and --safe [PIN407]")
    if given["safe"] is None and (given["properties"] or given["around"] is not None):
        raise click.UsageError("--property and --around go with --safe [PIN407]")
    if given["safe"] is not None and (given["conditions"] or given["free"]):
        raise click.UsageError("--safe goes without --subject-to and --free [PIN407]")
    if given["safe"] is not None and not given["properties"]:
        raise click.UsageError("--safe needs a --property that is to hold [PIN407]")


def _asked(file: Path, given: dict[str, Any]) -> BoundReport:
    from pinmc.cli import bounding

    definitions, seconds = given["definitions"], given["timeout"]
    if given["safe"] is not None:
        return bounding.safe(
            file, given["safe"], given["properties"], given["around"], definitions, seconds
        )
    greatest = given["maximize"] is not None
    objective = given["maximize"] if greatest else given["minimize"]
    free = tuple(dict.fromkeys(given["free"]))
    wish = bounding.Wish(objective, greatest, given["conditions"], free)
    return bounding.bound(file, wish, definitions, seconds)


def _rendered(report: BoundReport, given: dict[str, Any]) -> str:
    from pinmc.cli.output import wants_colour
    from pinmc.reports.bounds import json, terminal

    if given["format_"] == "json":
        return json.render(report)
    on_terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if on_terminal else _PIPED_WIDTH
    colour = wants_colour(given["color"], on_terminal)
    return terminal.render(report, colour, width, runs=not given["quiet"])


def _exit(report: BoundReport) -> Exit:
    from pinmc.results.bounds import Basis, Extreme

    answer = report.answer
    if isinstance(answer, Extreme):
        return Exit.UNDETERMINED if answer.basis is Basis.NONE else Exit.OK
    if answer.shown is not None:
        return Exit.VIOLATED
    return Exit.OK if answer.below is not None else Exit.UNDETERMINED
