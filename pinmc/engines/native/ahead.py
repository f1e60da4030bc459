"""Compiles a model while something else goes on, in case the program will be asked for."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import replace
from types import TracebackType

from pinmc.engines.base import ExploreOptions
from pinmc.ir.system import System


class Ahead:
    """While it is entered, a program is made and put into the user's cache, unless it takes less
    than ``delay`` seconds. Leaving ends that unless ``wait`` was called."""

    def __init__(self, system: System, options: ExploreOptions, delay: float) -> None:
        names = options.properties
        self._system = system
        self._chosen = tuple(p for p in system.properties if names is None or p.name in names)
        self._stop = threading.Event()
        self._timer = threading.Timer(delay, self._make)

    def __enter__(self) -> Ahead:
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
        """Until the program is there, if it can be made at all and was begun."""
        if self._timer.is_alive():
            self._timer.cancel()
        self._timer.join()

    def _make(self) -> None:
        # Imported here: most designs are explored before this.
        from pinmc.engines.intervals import Unsupported
        from pinmc.engines.native.building import USUAL, build
        from pinmc.engines.native.cache import open_cache
        from pinmc.engines.native.compilers import CompileError, find_compiler
        from pinmc.engines.native.source import model_of

        # Whatever is wrong will be found again, and told, by whoever asks for the program.
        with suppress(CompileError, Unsupported, OSError):
            compiler = find_compiler()
            if compiler is None or self._stop.is_set():
                return
            model = model_of(self._system, self._chosen)
            with open_cache() as cache:
                if cache.lasting and not self._stop.is_set():
                    able = replace(compiler, stop=self._stop)
                    build(model.text, model.layout.words, able, cache, USUAL)
