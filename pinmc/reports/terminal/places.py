"""Places in a specification in a short stretch of text."""

from __future__ import annotations

from collections.abc import Iterator

from pinmc.results.trace import Source

_WIDEST_PLACE = 36


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
