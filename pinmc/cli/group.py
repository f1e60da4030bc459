"""The command group: subcommands are imported when called, misspelt ones get a suggestion."""

from __future__ import annotations

import importlib

import click

from pinmc.base.diagnostics import did_you_mean
from pinmc.base.records import dataclass


@dataclass(frozen=True, slots=True)
class Subcommand:
    """``module`` defines a click command named ``command``; ``summary`` is shown by ``--help``."""

    module: str
    summary: str


SUBCOMMANDS = {
    "bound": Subcommand("pinmc.cli.commands.bound", "Prove how far a number can go."),
    "certify": Subcommand("pinmc.cli.commands.certify", "Check proofs that were written down."),
    "check": Subcommand("pinmc.cli.commands.check", "Check specifications."),
    "cost": Subcommand("pinmc.cli.commands.cost", "Bound what designs cost."),
    "doctor": Subcommand("pinmc.cli.commands.doctor", "Show what pinmc found on this machine."),
    "explain": Subcommand("pinmc.cli.commands.explain", "Explain a diagnostic's code."),
    "fmt": Subcommand("pinmc.cli.commands.fmt", "Lay out specifications in the one usual way."),
    "graph": Subcommand("pinmc.cli.commands.graph", "Draw the state space of a small design."),
    "ir": Subcommand("pinmc.cli.commands.ir", "Show the guarded commands a design becomes."),
    "matrix": Subcommand("pinmc.cli.commands.matrix", "Try every combination of choices."),
    "prove": Subcommand("pinmc.cli.commands.prove", "Prove what specifications claim."),
}


class LazyGroup(click.Group):
    """Lists ``SUBCOMMANDS`` without importing them, so that ``--help`` starts fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        known = SUBCOMMANDS.get(cmd_name)
        if known is None:
            return None
        command = importlib.import_module(known.module).command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, known.summary) for name, known in SUBCOMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name in SUBCOMMANDS or name.startswith("-"):
            return super().resolve_command(ctx, args)
        raise click.UsageError(f"no such command '{name}'{_hint(name)}", ctx)


def _hint(name: str) -> str:
    if name.endswith(".pin") or "/" in name:
        return f"; did you mean 'pinmc check {name}'?"
    near = did_you_mean(name, SUBCOMMANDS)
    return f"; {near}" if near else ""
