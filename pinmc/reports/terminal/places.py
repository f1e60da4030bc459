"""Calls and places in one short stretch of text."""

from __future__ import annotations

from collections.abc import Iterator

from pinmc.results.trace import Call, Source

_WIDEST_PLACE = 36


def called(call: Call) -> str:
    """``unpin(Page0)``; an ``as`` text of several words is followed by the arguments."""
    given = ", ".join(value for _, value in call.arguments)
    return f"{call.shown}({given})"


def place(source: Source) -> str:
    """``file:line``; of a long path only the end that tells it apart."""
    return f"{_short(source.file)}:{source.line}"


def _short(path: str) -> str:
    return next(shortened for shortened in _shorter(path) if len(shortened) <= _WIDEST_PLACE)


def _shorter(path: str) -> Iterator[str]:
    yield path
    parts = path.split("/")
    for first in range(1, len(parts)):
        yield "…/" + "/".join(parts[first:])
    yield "…" + parts[-1][1 - _WIDEST_PLACE :]
