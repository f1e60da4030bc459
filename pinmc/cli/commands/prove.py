"""``pinmc prove PATHS…``: inductive proofs, and certificates of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pinmc.cli import stream
from pinmc.cli.exits import EXIT_CODES_HELP, Exit, combined
from pinmc.cli.params import definitions_option, duration
from pinmc.cli.sources import Sources, find_sources

_HELP = f"""\
Prove what specifications claim, for every reachable state, by induction.

The lemmas that a proof needs are mined from explored states. `proved` means that there is an
inductive invariant; `unknown` that none was found, and nothing else. Where lemmas are not enough,
induction over several steps is tried, and then Spacer. What exploration refutes is not attempted.

{EXIT_CODES_HELP}"""


@click.command("prove", help=_HELP)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@definitions_option
@click.option("--property", "properties", multiple=True, metavar="NAME", help="Only this one.")
@click.option(
    "--timeout",
    type=duration,
    default="60",
    show_default=True,
    metavar="TIME",
    help="For one property.",
)
@click.option(
    "--certificate",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write each proof there, for `pinmc certify`.",
)
@click.option("--free", multiple=True, metavar="NAME", help="For every value of this constant.")
@click.option(
    "--any",
    "any_size",
    multiple=True,
    metavar="SCALARSET",
    help="Prove for every number of members of this scalarset.",
)
@click.option(
    "--surviving",
    is_flag=True,
    help="Of all combinations of choices, those in which nothing is violated.",
)
@click.option("--lemmas", is_flag=True, help="Show the lemmas that each proof needs.")
@click.option("--gaps", is_flag=True, help="Show where the induction fails if there is no proof.")
@click.option("--workers", type=click.IntRange(1, 256), metavar="N", help="Processes; one a core.")
@click.option("-q", "--quiet", is_flag=True, help="Only one line for each specification.")
def command(paths: tuple[str, ...], **given: Any) -> int:
    _refuse_combinations(given)
    sources = find_sources(paths)
    for note in sources.notes:
        stream.err(f"note: {note}")
    for problem in sources.problems:
        stream.err(f"pinmc: {problem}")
    codes = [Exit.BAD_INPUT] if sources.problems else []
    return combined(codes + _prove(sources, given))


def _refuse_combinations(given: dict[str, Any]) -> None:
    others = ("certificate", "lemmas", "gaps", "free", "surviving")
    if given["any_size"] and any(given[name] for name in others):
        names = ", ".join(f"--{name}" for name in others[:-1])
        raise click.UsageError(f"--any goes without {names} and --{others[-1]} [PIN408]")
    if given["free"] and given["surviving"]:
        raise click.UsageError("--free and --surviving do not go together [PIN408]")


def _prove(sources: Sources, given: dict[str, Any]) -> list[Exit]:
    from pinmc.cli.proving import Wanted, prove_files

    if given["any_size"]:
        return _prove_any(sources, given)
    names = [
        "definitions",
        "certificate",
        "lemmas",
        "gaps",
        "free",
        "surviving",
        "workers",
        "quiet",
    ]
    wanted = Wanted(
        properties=frozenset(given["properties"]) or None,
        seconds=given["timeout"],
        **{name: given[name] for name in names},
    )
    return prove_files(sources.files, wanted)


def _prove_any(sources: Sources, given: dict[str, Any]) -> list[Exit]:
    from pinmc.cli.any_size import prove_any_file
    from pinmc.cli.proof_lines import Tally

    tally = Tally()
    names = frozenset(given["properties"]) or None
    try:
        for file in sources.files:
            asked = file, given["any_size"], given["definitions"], names, given["timeout"]
            tally.add(*prove_any_file(*asked))
    except KeyboardInterrupt:
        tally.interrupted()
    tally.close()
    return tally.codes
