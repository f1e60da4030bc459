"""``pinmc fmt FILES…``: lay out specifications in the one usual way."""

from __future__ import annotations

import difflib
import sys
from pathlib import Path

import click

from pinmc.base.files import replace_file
from pinmc.base.source import SourceFile
from pinmc.cli import stream
from pinmc.cli.exits import Exit
from pinmc.cli.sources import find_sources


@click.command("fmt")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("-w", "--write", is_flag=True, help="Change the files.")
@click.option("--check", is_flag=True, help="Change nothing; exit 1 at a difference.")
@click.option("--diff", is_flag=True, help="Change nothing; show what would change.")
def command(paths: tuple[str, ...], write: bool, check: bool, diff: bool) -> int:
    """Lay out specifications in the one usual way.

    Indentation and blank lines change; line breaks, alignment and comments stay. PATH is a file,
    a folder, or - for standard input. Without an option the new text goes to standard output.
    """
    if write and (check or diff):
        raise click.UsageError("--write excludes --check and --diff")
    sources = find_sources(path for path in paths if path != "-")
    for problem in sources.problems:
        stream.err(f"pinmc: {problem}")
    texts = [_read(file) for file in sources.files] + ([None] if "-" in paths else [])
    codes = [Exit.BAD_INPUT] if sources.problems else []
    for source in texts:
        codes.append(_laid_out(source or SourceFile("-", sys.stdin.read()), write, check, diff))
    return max(codes, default=Exit.OK)


def _read(file: Path) -> SourceFile:
    try:
        return SourceFile(str(file), file.read_bytes().decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as problem:
        raise click.ClickException(f"'{file}' cannot be read: {problem}") from problem


def _laid_out(source: SourceFile, write: bool, check: bool, diff: bool) -> Exit:
    """2 for a syntax error, 1 when ``--check`` finds a difference."""
    from pinmc.frontend.syntax.tidy import tidy

    text, found = tidy(source)
    if text is None:
        stream.diagnostics(found)
        return Exit.BAD_INPUT
    changed = text != source.text
    if changed and diff:
        stream.out(_difference(source, text))
    if changed and check:
        stream.err(f"{source.path}: would be laid out differently")
    if check or diff:
        return Exit.VIOLATED if check and changed else Exit.OK
    if not write or source.path == "-":
        stream.out(text.removesuffix("\n"))
    elif changed:
        replace_file(Path(source.path), text.encode())
        stream.err(f"{source.path}: laid out")
    return Exit.OK


def _difference(source: SourceFile, text: str) -> str:
    lines = difflib.unified_diff(
        source.text.splitlines(), text.splitlines(), source.path, source.path, lineterm=""
    )
    return "\n".join(lines)
