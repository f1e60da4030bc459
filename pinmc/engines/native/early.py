"""Compiles the runtime before there is a model, the very first time.

The runtime is the same for nearly all models, and compiling it takes as long as Python needs to
start and to read a specification. So a command that needs it begins with that, unless the user's
cache has a compiled runtime; from then on there is one.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import replace

THREAD = "compile the runtime"

USUAL_WORDS = 1
"""The words of 64 bits in a state of nearly all models."""

_MOST_SECONDS = 1.0
"""No longer than this does a command wait for the compiler to be started."""


def begin() -> None:
    """Begins, and returns when the compiler runs: a thread that reads and writes files beside one
    that computes gets its turn late at each of them. Python waits for threads when it ends, so it
    is not in vain."""
    runs = threading.Event()
    threading.Thread(target=_make, args=(runs,), name=THREAD).start()
    runs.wait(_MOST_SECONDS)


def _make(runs: threading.Event) -> None:
    # Whatever is wrong will be found again, and told, by whoever needs the runtime.
    with suppress(Exception):
        _make_runtime(runs)
    runs.set()


def _make_runtime(runs: threading.Event) -> None:
    from pinmc.engines.native.cache import RUNTIME, open_cache

    with open_cache() as cache:
        if not cache.lasting or cache.has_some(RUNTIME):
            return
        from pinmc.engines.native.building import QUICK, runtime
        from pinmc.engines.native.compilers import find_compiler

        compiler = find_compiler()
        if compiler is not None:
            runtime(USUAL_WORDS, replace(compiler, runs=runs), cache, QUICK)
