"""``pinmc matrix SPEC``: every combination of choices against every property."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pinmc.base.files import replace_file
from pinmc.cli import stream
from pinmc.cli.exits import Exit
from pinmc.cli.params import color_option, definitions_option, limit_options
from pinmc.cli.progress import StatusLine
from pinmc.cli.sources import one_source

if TYPE_CHECKING:
    from pinmc.matrix.run import Glimpse, Options
    from pinmc.results.matrix import Matrix, MergedMatrix

_PIPED_WIDTH = 100

_HELP = """\
Explore every combination of the choices of SPEC, or of those that --choice names, and show what
became of every property in each: a verdict, and the length of the shortest trace.

Designs that are the same system are explored once, and what is done is kept: after Ctrl-C the same
command goes on where it stopped. Expectations play no part.

\b
Exit codes: 0 the matrix is complete, 2 a mistake in the specification or on the command line,
3 it was interrupted, or a limit left something undecided, 5 an internal error.
"""


@click.command("matrix", help=_HELP)
@click.argument("path", metavar="SPEC")
@definitions_option
@click.option("--choice", "choices", multiple=True, metavar="NAME,…", help="Vary these only.")
@click.option("--property", "properties", multiple=True, metavar="NAME,…", help="Only these.")
@click.option("--merge", is_flag=True, help="Merge rows that agree; '*' is any option.")
@click.option("--verdicts", is_flag=True, help="Merge rows whatever the lengths of their traces.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "markdown", "csv", "json", "html"]),
    default="text",
    help="html: one page whose cells open their traces.",
)
@click.option(
    "--output",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the table there.",
)
@click.option("--engine", default="auto", metavar="NAME", help="As for check.")
@click.option("--workers", type=click.IntRange(1, 256), metavar="N", help="Processes; one a core.")
@click.option("--fresh", is_flag=True, help="Explore again what is known already.")
@limit_options
@color_option
def command(path: str, **given: Any) -> int:
    from pinmc.matrix.merging import merge
    from pinmc.matrix.plan import PlanError, Request
    from pinmc.matrix.run import run

    source = one_source(path)
    request = Request(str(source), _names(given["choices"]), tuple(given["definitions"].items()))
    with StatusLine() as line:
        try:
            matrix = run(request, _options(given, line))
        except PlanError as mistakes:
            stream.diagnostics(mistakes.diagnostics)
            return Exit.BAD_INPUT
    table = merge(matrix, not given["verdicts"]) if given["merge"] else matrix
    _write(_rendered(table, given), given["file"])
    if not matrix.complete:
        stream.err("pinmc: interrupted; the same command goes on from here")
    return _exit(matrix)


def _names(given: tuple[str, ...]) -> tuple[str, ...]:
    """``--choice A,B --choice C``: A, B and C."""
    names = (name.strip() for text in given for name in text.split(","))
    return tuple(dict.fromkeys(name for name in names if name))


def _options(given: dict[str, Any], line: StatusLine) -> Options:
    from pinmc.base.diagnostics import did_you_mean
    from pinmc.engines.base import Limits
    from pinmc.engines.catalog import ENGINES
    from pinmc.matrix.run import Options
    from pinmc.matrix.work import Asked

    if given["engine"] not in ENGINES:
        hint = did_you_mean(given["engine"], ENGINES) or f"there are: {', '.join(ENGINES)}"
        raise click.UsageError(f"no such engine '{given['engine']}'; {hint}")
    limits = Limits(given["max_states"], given["max_depth"], given["timeout"], given["max_memory"])

    def tell(glimpse: Glimpse) -> None:
        line.show(_progress(glimpse))

    asked = Asked(_names(given["properties"]), limits, given["engine"])
    return Options(asked, given["workers"], given["fresh"], tell)


def _progress(glimpse: Glimpse) -> str:
    """``120 of 540 designs, 14 s, about 49 s left``."""
    left = "" if glimpse.left is None else f", about {glimpse.left:,.0f} s left"
    return f"{glimpse.done} of {glimpse.total} designs, {glimpse.seconds:,.0f} s{left}"


def _rendered(table: Matrix | MergedMatrix, given: dict[str, Any]) -> str:
    from pinmc.cli.output import wants_colour
    from pinmc.reports.matrix import documents, html, terminal

    match given["format_"]:
        case "markdown":
            return documents.markdown(table)
        case "csv":
            return documents.comma_separated(table)
        case "json":
            return documents.json_text(table)
        case "html":
            return html.render(table)
        case _:
            on_terminal = given["file"] is None and sys.stdout.isatty()
            width = shutil.get_terminal_size().columns if on_terminal else _PIPED_WIDTH
            return terminal.render(table, wants_colour(given["color"], on_terminal), width)


def _write(text: str, file: Path | None) -> None:
    if file is None:
        stream.out(text)
        return
    try:
        replace_file(file, (text + "\n").encode())
    except OSError as problem:
        raise click.ClickException(
            f"'{file}' cannot be written: {problem.strerror or problem}"
        ) from problem


def _exit(matrix: Matrix) -> Exit:
    from pinmc.ir.property import Verdict

    unknown = any(cell.verdict is Verdict.UNKNOWN for row in matrix.rows for _, cell in row.cells)
    return Exit.UNDETERMINED if unknown or not matrix.complete else Exit.OK
