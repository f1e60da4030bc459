"""``pinmc ir SPEC``: the guarded commands that a design becomes."""

from __future__ import annotations

import click

from pinmc.cli import stream
from pinmc.cli.exits import Exit
from pinmc.cli.params import definitions_option
from pinmc.cli.sources import one_source


@click.command("ir")
@click.argument("path", metavar="SPEC")
@definitions_option
@click.option("--all", "every", is_flag=True, help="Every design, not just the default one.")
def command(path: str, definitions: dict[str, str], every: bool) -> int:
    """Show the guarded commands that the default design of SPEC becomes.

    For looking under the bonnet: what is one step, and how variables are laid out. The text is
    for people and changes between versions.
    """
    from pinmc import api
    from pinmc.ir.text import text

    try:
        loaded = api.load(one_source(path), constants=definitions)
    except api.SpecError as mistakes:
        stream.diagnostics(mistakes.diagnostics)
        return Exit.BAD_INPUT
    systems = loaded.systems if every else loaded.systems[:1]
    stream.out("\n\n".join(text(system).rstrip() for system in systems))
    return Exit.OK
