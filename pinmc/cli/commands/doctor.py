"""``pinmc doctor``: what was found on this machine, and what each missing piece costs."""

from __future__ import annotations

import platform
from collections.abc import Iterator

import click

from pinmc import __version__
from pinmc.cli import stream
from pinmc.cli.exits import Exit


@click.command("doctor")
def command() -> int:
    """Show what pinmc found on this machine: compilers, and where compiled models are kept."""
    lines = [("pinmc", __version__), ("python", platform.python_version()), *_vector(), *_native()]
    width = max(len(name) for name, _ in lines)
    for name, text in lines:
        stream.out(f"{name:{width}}  {text}")
    return Exit.OK


def _vector() -> Iterator[tuple[str, str]]:
    from importlib.metadata import version

    yield "numpy", f"{version('numpy')} (explores what is large where there is no C compiler)"


def _native() -> Iterator[tuple[str, str]]:
    from pinmc.engines.native.doctor import examine

    found = examine()
    if found.compiler is None:
        yield "C compiler", "none: large models are explored with NumPy, several times slower"
        yield "", "set CC, or install gcc, clang or tcc"
    else:
        yield "C compiler", f"{found.compiler.shown} ({found.compiler.version})"
        yield "", found.problem or f"works; threads: {found.workers}"
    yield "cache", f"{found.folder} ({found.files} files, {found.bytes / 2**20:.1f} MiB)"
    if not found.usable:
        yield "", "cannot be used: it must be a folder of yours that is closed to others"
