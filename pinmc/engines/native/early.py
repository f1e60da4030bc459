"""Compiles the runtime before there is a model, the very first time.

The runtime is the same for nearly all models, and compiling it takes as long as Python needs to
start and to read a specification. So a command that needs it begins with that, unless the user's
cache has a compiled runtime; from then on there is one.
"""

from __future__ import annotations

import threading
from contextlib import suppress

THREAD = "compile the runtime"

USUAL_WORDS = 1
"""The words of 64 bits in a state of nearly all models."""


def begin() -> None:
    """Begins, and returns at once. Python waits for threads when it ends, so it is not in vain."""
    threading.Thread(target=_make, name=THREAD).start()


def _make() -> None:
    from pinmc.engines.native.cache import open_cache

    with open_cache() as cache:
        if not cache.lasting or any(p.name.startswith("runtime-") for p, _ in cache.entries()):
            return
        from pinmc.engines.native.building import QUICK, runtime
        from pinmc.engines.native.compilers import CompileError, find_compiler

        # Whatever is wrong will be found again, and told, by whoever needs the runtime.
        with suppress(CompileError, OSError):
            compiler = find_compiler()
            if compiler is not None:
                runtime(USUAL_WORDS, compiler, cache, QUICK)
