"""Sets of packed states against Python's."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from pinmc.engines.layout import TAG
from pinmc.engines.vector.frame import Words
from pinmc.engines.vector.log import Log
from pinmc.engines.vector.table import RowSet, WordSet, hashes


def batch(rows: list[tuple[int, ...]], words: int) -> Words:
    columns = [[row[word] for row in rows] for word in range(words)]
    return tuple(np.array(column, np.uint64) for column in columns)


def rows_of(states: Words) -> list[tuple[int, ...]]:
    return list(zip(*(word.tolist() for word in states), strict=True))


def make(words: int, log: Log, places: int) -> WordSet | RowSet:
    kind = WordSet if words == 1 else RowSet
    return kind(log, lambda more: None, places)


def added(table: WordSet | RowSet, states: Words) -> Words:
    """The states of a batch that are new."""
    new = table.add(states)
    return tuple(word[new] for word in states)


def some_batches(random: Random, words: int, close: bool) -> list[list[tuple[int, ...]]]:
    """Batches with repetitions, in themselves and of one another; ``close``: small numbers."""
    top = 40 if close else 2**63 - 1
    known = [
        (TAG | random.randint(0, top), *(random.randint(0, 3) for _ in range(words - 1)))
        for _ in range(300)
    ]
    return [random.choices(known, k=random.randint(0, 60)) for _ in range(30)]


@pytest.mark.parametrize("words", [1, 2, 5])
@pytest.mark.parametrize("close", [True, False])
@pytest.mark.parametrize("places", [2, 64, 4096])
def test_each_state_is_new_once(words: int, close: bool, places: int, seed: int) -> None:
    random, seen, log = Random(seed), set[tuple[int, ...]](), Log(words)
    table = make(words, log, places)
    for rows in some_batches(random, words, close):
        new = added(table, batch(rows, words))
        log.append(new)
        found = rows_of(new)
        assert len(set(found)) == len(found)
        assert set(found) == set(rows) - seen
        seen |= set(rows)
    assert log.count == len(seen) == len(set(rows_of(log.part(0, log.count))))


@pytest.mark.parametrize("words", [1, 3])
@pytest.mark.parametrize("places", [2, 4096])
def test_in_order_the_first_occurrence_counts(words: int, places: int, seed: int) -> None:
    random, seen, log = Random(seed), set[tuple[int, ...]](), Log(words)
    table = make(words, log, places)
    for rows in some_batches(random, words, True):
        expected = []
        for at, row in enumerate(rows):
            if row not in seen:
                expected.append(at)
                seen.add(row)
        states = batch(rows, words)
        new = table.add_in_order(states)
        assert new.tolist() == expected
        log.append(tuple(word[new] for word in states))


def test_states_are_found_by_number(seed: int) -> None:
    random, log = Random(seed), Log(2)
    table = RowSet(log, lambda more: None, 2)
    numbers: dict[tuple[int, ...], int] = {}
    for rows in some_batches(random, 2, True):
        states = batch(rows, 2)
        known = [numbers.get(row, -1) for row in rows]
        assert table.find(states).tolist() == known
        new = added(table, states)
        log.append(new)
        for row in rows_of(new):
            numbers[row] = len(numbers)
    assert rows_of(log.take(np.arange(log.count))) == list(numbers)


@pytest.mark.parametrize("words", [1, 2])
def test_all_in_one_chain(words: int) -> None:
    """States that all want the same place, more than there are at first."""
    log = Log(words)
    table = make(words, log, 8)
    tried = [(TAG | n, *([0] * (words - 1))) for n in range(4000)]
    at = hashes(batch(tried, words), 4096)
    crowded = [row for row, place in zip(tried, at.tolist(), strict=True) if place % 512 < 8]
    assert len(crowded) > 20
    for begin in range(0, len(crowded), 3):
        log.append(added(table, batch(crowded[begin : begin + 3] * 2, words)))
    assert sorted(rows_of(log.part(0, log.count))) == sorted(crowded)


def test_growth_asks_first() -> None:
    asked: list[int] = []
    log = Log(1)
    table = WordSet(log, asked.append, 16)
    log.append(added(table, batch([(TAG | n,) for n in range(100)], 1)))
    assert asked and sum(asked) % 8 == 0 and log.count == 100
