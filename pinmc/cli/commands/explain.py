"""``pinmc explain CODE``: the long text of a diagnostic."""

from __future__ import annotations

import click

from pinmc.base.codes import EXPLANATIONS
from pinmc.base.diagnostics import did_you_mean
from pinmc.cli import stream


@click.command("explain")
@click.argument("codes", nargs=-1, metavar="[CODE]...")
def command(codes: tuple[str, ...]) -> int:
    """Explain the diagnostic CODE (like PIN201); list all of them without one."""
    if not codes:
        for code, known in sorted(EXPLANATIONS.items()):
            stream.out(f"{code}  {known.title}")
        return 0
    texts = [_explained(code.upper()) for code in codes]
    stream.out("\n\n".join(texts))
    return 0


def _explained(code: str) -> str:
    known = EXPLANATIONS.get(code if code.startswith("PIN") else f"PIN{code}")
    if known is None:
        near = did_you_mean(code, EXPLANATIONS) or "`pinmc explain` lists them all"
        raise click.UsageError(f"there is no code '{code}'; {near}")
    return f"{known.code}: {known.title}\n\n{known.text.strip()}"
