"""Proves designs in parallel, and answers in the order in which they were given."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, wait
from itertools import chain, islice
from typing import TypeAlias

from pinmc.base.workers import WorkerPool
from pinmc.proofs.work import Answer, Task, all_answers, answers

Answered: TypeAlias = tuple[Task, Iterable[Answer] | Exception]
"""A design with its answers, or with what went wrong in pinmc."""

Tell: TypeAlias = Callable[[int, int], None]
"""Is told how many designs are done, and how many there are so far."""

_MOMENT = 0.5
"""Seconds between two looks at how far it is."""


def run(
    tasks: Iterable[Task], workers: int | None = None, tell: Tell = lambda done, count: None
) -> Iterator[Answered]:
    """The answers of each task. ``workers``: processes, None for one a core; a single design is
    proved in this one, whose answers come one by one. Raises KeyboardInterrupt."""
    waiting = iter(tasks)
    first = list(islice(waiting, 2))
    if workers == 1 or len(first) < 2:
        yield from _here(chain(first, waiting))
    else:
        yield from _elsewhere(chain(first, waiting), workers, tell)


def _here(tasks: Iterable[Task]) -> Iterator[Answered]:
    for task in tasks:
        yield task, answers(task)


def _elsewhere(tasks: Iterable[Task], workers: int | None, tell: Tell) -> Iterator[Answered]:
    with WorkerPool(workers) as pool:
        left: deque[tuple[Task, Future[tuple[Answer, ...]]]] = deque()
        count = 0
        for task in tasks:
            left.append((task, pool.submit(all_answers, task)))
            count += 1
            tell(count - _open(left), count)
            yield from _ready(left)
        while left:
            wait([left[0][1]], timeout=_MOMENT)
            tell(count - _open(left), count)
            yield from _ready(left)


def _open(left: Iterable[tuple[Task, Future[tuple[Answer, ...]]]]) -> int:
    return sum(not future.done() for _, future in left)


def _ready(left: deque[tuple[Task, Future[tuple[Answer, ...]]]]) -> Iterator[Answered]:
    """Those at the front that are done."""
    while left and left[0][1].done():
        task, future = left.popleft()
        try:
            yield task, future.result()
        except Exception as problem:  # the other designs deserve their answers
            yield task, problem
