"""Makes something while something else goes on, in case it will be asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Ahead(Generic[Made]):
    """While it is entered, ``make`` is called in a thread, unless it takes less than ``delay``
    seconds. Leaving ends that: ``make`` is given an event that tells when it is not needed.

    ``done`` is called in that thread with what was made, unless that is None.
    """

    def __init__(
        self,
        make: Callable[[threading.Event], Made | None],
        delay: float,
        done: Callable[[Made], None] | None = None,
    ) -> None:
        self.made: Made | None = None
        self._make, self._done = make, done
        self._stop = threading.Event()
        self._timer = threading.Timer(delay, self._run)

    def __enter__(self) -> Ahead[Made]:
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._timer.cancel()
        self._timer.join()

    def wait(self) -> None:
        """Until it is there, if it can be made at all and was begun."""
        if self._timer.is_alive():
            self._timer.cancel()
        self._timer.join()

    def _run(self) -> None:
        made = self._make(self._stop)
        if made is None or self._stop.is_set():
            return
        self.made = made
        if self._done is not None:
            self._done(made)
