"""Options that several subcommands share, and how their values are read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TypeVar

import click

_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?", re.IGNORECASE)
_COUNT = re.compile(r"(\d[\d_]*)\s*([kKmM]?)")
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([smh]?)")
_SECONDS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0}
_THOUSANDS = {"": 1, "k": 1000, "m": 1_000_000}


def size(text: str) -> int:
    """``512M``, ``4G``: bytes, in powers of 1024."""
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise click.BadParameter(f"'{text}' is not a size like 512M or 4G")
    return int(float(match[1]) * _UNITS[match[2].upper()])


def count(text: str) -> int:
    """``100000``, ``100_000``, ``100k``."""
    match = _COUNT.fullmatch(text.strip())
    if match is None:
        raise click.BadParameter(f"'{text}' is not a number like 100000 or 100k")
    return int(match[1]) * _THOUSANDS[match[2].lower()]


def duration(text: str) -> float:
    """``90``, ``1.5m``, ``2h``: seconds."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise click.BadParameter(f"'{text}' is not a time like 90, 1.5m or 2h")
    return float(match[1]) * _SECONDS[match[2]]


_Function = TypeVar("_Function", bound=Callable[..., object])


def parse_definitions(texts: Iterable[str]) -> dict[str, str]:
    """``NAME=VALUE`` pairs; each name once."""
    found: dict[str, str] = {}
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not (name and equals and value):
            raise click.BadParameter(f"'{text}' is not of the form NAME=VALUE [PIN403]")
        if name in found:
            raise click.BadParameter(f"'{name}' is given twice [PIN403]")
        found[name] = value
    return found


def definitions_option(function: _Function) -> _Function:
    """``-D NAME=VALUE``, any number of times, as a dict ``definitions``."""
    return click.option(
        "-D",
        "definitions",
        metavar="NAME=VALUE",
        multiple=True,
        callback=lambda _context, _option, texts: parse_definitions(texts),
        help="Fix a constant or a choice. May be repeated.",
    )(function)


_LIMITS = (
    click.option("--max-states", type=count, metavar="N", help="Stop after N states: 100k."),
    click.option("--max-depth", type=count, metavar="N", help="Stop after N steps."),
    click.option("--timeout", type=duration, metavar="TIME", help="Stop after: 90, 1.5m, 2h."),
    click.option(
        "--max-memory",
        type=size,
        metavar="SIZE",
        help="Stop above: 512M, 4G. Default: 80 % of what there is.",
    ),
)


def limit_options(function: _Function) -> _Function:
    """``--max-states``, ``--max-depth``, ``--timeout``, ``--max-memory``."""
    for option in reversed(_LIMITS):
        function = option(function)
    return function


def color_option(function: _Function) -> _Function:
    """``--color auto|always|never``."""
    return click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        help="Colour the report. 'auto': on a terminal, unless NO_COLOR is set.",
    )(function)
