"""One line about a running exploration, on standard error and only on a terminal."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from pinmc.engines.base import Progress

_CLEAR = "\r\x1b[2K"


class StatusLine:
    """Use as a context: on leaving, the line is erased."""

    def __init__(self, wanted: bool = True) -> None:
        self._shown = False
        self._wanted = wanted and sys.stderr.isatty()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.erase()

    def show(self, text: str) -> None:
        """``text`` instead of what the line said before; nothing when nobody would see it."""
        if not self._wanted:
            return
        width = shutil.get_terminal_size().columns - 1
        self._shown = True  # first, since Ctrl-C may strike between any two lines
        sys.stderr.write(_CLEAR + text[:width])
        sys.stderr.flush()

    def erase(self) -> None:
        if self._shown:
            self._shown = False
            sys.stderr.write(_CLEAR)
            sys.stderr.flush()


class ProgressLine(StatusLine):
    """A status line for what explorations report; ``title`` comes before it."""

    def __init__(self, wanted: bool = True) -> None:
        super().__init__(wanted)
        self.title = ""

    @property
    def report(self) -> Callable[[Progress], None] | None:
        """What an engine is to call; None when nobody would see it."""
        return self._show if self._wanted else None

    def _show(self, progress: Progress) -> None:
        self.show(progress_text(self.title, progress))


def progress_text(title: str, progress: Progress) -> str:
    """``title: 120,000 states, 95,000/s, depth 14, frontier 9,000, 210 MiB``."""
    rate = progress.states / progress.seconds if progress.seconds > 0 else 0
    parts = [
        f"{progress.states:,} states",
        f"{rate:,.0f}/s",
        f"depth {progress.depth}",
        f"frontier {progress.frontier:,}",
        f"{progress.memory_bytes >> 20} MiB",
    ]
    return (f"{title}: " if title else "") + ", ".join(parts)
