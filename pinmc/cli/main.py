"""``main``: the entry point, where exceptions become exit codes."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from pinmc import __version__
from pinmc.cli import stream
from pinmc.cli.exits import EXIT_CODES_HELP, Exit
from pinmc.cli.group import LazyGroup

_HELP = f"""\
A model checker for the page pin and lease protocols of kernels.

{EXIT_CODES_HELP}
Begin with: pinmc check specs/btrfs_lease.pin
"""

_OBJECTS_BETWEEN_COLLECTIONS = 100_000
"""Next to nothing that starting makes is garbage: the usual 700 costs a fifth of the start."""

_SECONDS_BETWEEN_THREADS = 0.0005
"""Threads mostly wait for compilers: the usual 5 ms before each thing they do would add up."""


@click.group(
    "pinmc",
    cls=LazyGroup,
    help=_HELP,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, "-V", "--version", message="pinmc %(version)s")
@click.pass_context
def cli(context: click.Context) -> None:
    if context.invoked_subcommand is None:
        stream.err(context.get_help())
        context.exit(Exit.BAD_INPUT)


def main(args: Sequence[str] | None = None) -> NoReturn:
    """Run the command line (``sys.argv`` without ``args``) and exit with its code."""
    if "_PINMC_COMPLETE" in os.environ:
        cli.main(prog_name="pinmc")
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    sys.setswitchinterval(_SECONDS_BETWEEN_THREADS)
    code = run(list(sys.argv[1:] if args is None else args))
    stream.finish()
    sys.exit(code)


def run(args: list[str]) -> int:
    """The exit code of one command line."""
    try:
        with cli.make_context("pinmc", args) as context:
            code = cli.invoke(context)
        return int(code or 0)
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.ClickException as problem:
        _show(problem)
        return Exit.BAD_INPUT
    except (KeyboardInterrupt, click.Abort):
        stream.err("\npinmc: interrupted")
        return Exit.UNDETERMINED
    except BrokenPipeError:
        return Exit.OK
    except Exception as problem:  # whatever it is, the user gets a message and the right code
        from pinmc.cli.crash import internal_error

        internal_error(problem, args)
        return Exit.INTERNAL


def _show(problem: click.ClickException) -> None:
    context = getattr(problem, "ctx", None)
    if context is not None:
        stream.err(context.get_usage())
    stream.err(f"pinmc: {problem.format_message()}")
    if context is not None:
        stream.err(f"See '{context.command_path} --help'.")
