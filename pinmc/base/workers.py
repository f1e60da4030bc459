"""A pool of worker processes that Ctrl-C stops at once."""

from __future__ import annotations

import multiprocessing
import os
import signal
from concurrent.futures import ProcessPoolExecutor


class WorkerPool:
    """Use as a context, which gives the executor. ``workers`` None: one a core.

    Left by an exception, Ctrl-C among them, the processes are stopped whatever they do.
    """

    def __init__(self, workers: int | None = None) -> None:
        # A process of its own from the start: what libraries keep for themselves (solvers,
        # threads) is not to be forked.
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(workers or os.cpu_count(), context, ignore_interrupts)

    def __enter__(self) -> ProcessPoolExecutor:
        return self._pool

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._pool.shutdown()
            return
        processes = list(self._pool._processes.values())
        self._pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.terminate()


def ignore_interrupts() -> None:
    """Ctrl-C reaches the whole group; it is the parent that decides."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
