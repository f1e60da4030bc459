"""``pinmc check PATHS…``: explore specifications and judge what they claim."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pinmc.cli import stream
from pinmc.cli.exits import EXIT_CODES_HELP, Exit, combined
from pinmc.cli.params import color_option, definitions_option, duration, limit_options
from pinmc.cli.progress import ProgressLine
from pinmc.cli.sources import Sources, find_sources
from pinmc.engines.native import early

if TYPE_CHECKING:
    from pinmc.api import CheckOptions
    from pinmc.cli.output import Output

_HELP = f"""\
Check specifications: every property of the default design, and of each design that an
`expect … when` names.

PATH is a .pin file or a folder. A path that begins with specs/ and is not here means the
specification of that name that comes with pinmc.

{EXIT_CODES_HELP}"""

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("check", help=_HELP)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@definitions_option
@click.option("--property", "properties", multiple=True, metavar="NAME", help="Only this one.")
@click.option("--first", is_flag=True, help="Stop at the first violation.")
@limit_options
@click.option(
    "--engine", default="auto", metavar="NAME", help="auto, interpreter, vector, native; bounded."
)
@click.option("--workers", type=click.IntRange(1, 256), metavar="N", help="Threads, if native.")
@click.option("--compact", is_flag=True, help="Half the memory in more time, if native.")
@click.option(
    "--prove",
    is_flag=False,
    flag_value="60",
    type=duration,
    metavar="TIME",
    help="Prove what is not refuted, by induction; so long for each property, or a minute.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "race"]),
    default="text",
    help="text for people, json for programs, race for commit messages.",
)
@click.option("--comment", is_flag=True, help="race: as the body of a C comment.")
@click.option("--output", "file", type=_FILE, metavar="FILE", help="Write the report there.")
@click.option("--graph", type=_FILE, metavar="FILE", help="Draw a trace: .graphml .dot .json .svg")
@click.option(
    "--graph-view",
    type=click.Choice(["path", "context", "all-shortest"]),
    default="path",
    help="The trace; with what else was enabled; every shortest one.",
)
@click.option("--graph-property", metavar="NAME", help="Whose trace; else the first violation.")
@click.option(
    "--traces",
    type=click.Choice(["default", "all", "none"]),
    default="default",
    help="all: also witnesses and other designs' expected counterexamples.",
)
@click.option(
    "--unused", is_flag=True, help="Also list actions of the models that happen in none of these."
)
@click.option("-q", "--quiet", is_flag=True, help="Only one line for each specification.")
@color_option
def command(paths: tuple[str, ...], **given: Any) -> int:
    sources = find_sources(paths)
    for note in () if given["quiet"] else sources.notes:
        stream.err(f"note: {note}")
    for problem in sources.problems:
        stream.err(f"pinmc: {problem}")
    several = len(paths) > 1 or Path(paths[0]).is_dir()
    if sources.files and given["engine"] == "native":
        early.begin()
    options, output = _options(given), _output(given, several)
    if output.graph is not None:
        _refuse_graph(output.graph, sources)
    codes = [Exit.BAD_INPUT] if sources.problems else []
    return combined(codes + _check(sources, given["definitions"], options, output))


def _refuse_graph(file: Path, sources: Sources) -> None:
    """A usage error for a graph that could not be drawn, before hours of work."""
    from pinmc.cli.drawing import refuse_suffix

    if len(sources.files) > 1:
        raise click.UsageError("--graph draws one trace; name one specification")
    refuse_suffix(file)


def _options(given: dict[str, Any]) -> CheckOptions:
    from pinmc.api import CheckOptions
    from pinmc.base.diagnostics import did_you_mean
    from pinmc.cli.memory import default_limit
    from pinmc.engines.base import Limits
    from pinmc.engines.catalog import ENGINES

    known = tuple(ENGINES)
    if given["engine"] not in known:
        hint = did_you_mean(given["engine"], known) or f"there are: {', '.join(known)}"
        raise click.UsageError(f"no such engine '{given['engine']}'; {hint}")
    memory = default_limit() if given["max_memory"] is None else given["max_memory"]
    limits = Limits(given["max_states"], given["max_depth"], given["timeout"], memory)
    return CheckOptions(
        limits,
        frozenset(given["properties"]) or None,
        given["first"],
        given["engine"],
        workers=given["workers"],
        compact=given["compact"],
        prove=given["prove"],
    )


def _output(given: dict[str, Any], several: bool) -> Output:
    from pinmc.cli.output import Output

    names = ("file", "traces", "comment", "color", "quiet", "graph", "graph_view", "graph_property")
    return Output(
        format=given["format_"],
        properties=given["properties"],
        command=tuple(_repeated(given)),
        array=several and given["format_"] == "json",
        unused=given["unused"],
        **{name: given[name] for name in names},
    )


def _repeated(given: dict[str, Any]) -> Iterator[str]:
    """The options that the verdict depends on, for the line that says how to reproduce it."""
    for name, value in given["definitions"].items():
        yield from ("-D", f"{name}={value}")
    for name in given["properties"]:
        yield from ("--property", name)
    if given["first"]:
        yield "--first"
    for name in ("max_states", "max_depth", "timeout", "max_memory"):
        if given[name] is not None:
            yield from (f"--{name.replace('_', '-')}", f"{given[name]}")
    if given["engine"] != "auto":
        yield from ("--engine", given["engine"])
    if given["prove"] is not None:
        yield f"--prove={given['prove']:g}"


def _check(
    sources: Sources, definitions: dict[str, str], options: CheckOptions, output: Output
) -> list[Exit]:
    """Check every file; the codes of all of them and of what could not be written."""
    from pinmc.cli.checking import check_each
    from pinmc.cli.output import Writer

    writer = Writer(output)
    with ProgressLine(wanted=not output.quiet) as line:
        for outcome in check_each(sources.files, definitions, options, line):
            for note in () if output.quiet or outcome.result is None else outcome.result.notes:
                stream.err(f"note: {outcome.path.name}: {note}")
            writer.add(outcome)
    return writer.close(unchecked=len(sources.files) - len(writer.outcomes))
