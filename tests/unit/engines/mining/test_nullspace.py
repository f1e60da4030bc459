"""Exact integer relations among columns."""

from __future__ import annotations

from random import Random

import numpy as np

from pinmc.engines.smt.mining.nullspace import Vector, relations, shortened


def _rows(*rows: list[int]) -> np.ndarray:
    return np.array(rows, dtype=np.int64)


def test_a_count_with_a_bias() -> None:
    # 1, n, p, r = n + 1024 p
    rows = _rows([1, 0, 0, 0], [1, 3, 0, 3], [1, 1, 2, 2049], [1, 5, 1, 1029])
    assert relations(rows, 9) == [((1, -1), (2, -1024), (3, 1))]


def test_coefficients_may_be_large_and_fractional() -> None:
    # 3 z == 2**40 x - 7 y: beyond what residues modulo 2**31 could tell
    rows = _rows(*([3 * x, 3 * y, 2**40 * x - 7 * y] for x, y in ((1, 0), (0, 1), (2, 5), (4, -3))))
    assert relations(rows, 9) == [((0, -(2**40)), (1, 7), (2, 3))]


def test_columns_that_agree_only_modulo_the_prime_are_unrelated() -> None:
    prime = 2**31 - 19
    assert relations(_rows([1, 1], [2, 2 + prime]), 9) == []


def test_no_rows_and_no_relation() -> None:
    assert relations(_rows([1, 0], [0, 1]), 9) == []
    assert relations(np.empty((0, 0), dtype=np.int64), 9) == []


def test_long_relations_are_left_out() -> None:
    rows = np.hstack([np.eye(6, dtype=np.int64), np.ones((6, 1), dtype=np.int64)])
    assert relations(rows, 6) == []
    assert len(relations(rows, 7)) == 1


def test_random_relations_hold_and_are_all_there() -> None:
    random = Random(7)
    for _ in range(40):
        free = [[random.randint(-9, 9) for _ in range(4)] for _ in range(30)]
        mixes = [[random.randint(-3, 3) for _ in range(4)] for _ in range(3)]
        rows = _rows(*(row + [_dot(row, mix) for mix in mixes] for row in free))
        found = relations(rows, 9)
        assert len(found) == 7 - np.linalg.matrix_rank(rows)
        for vector in [*found, *shortened(found, 0)]:
            assert _holds(vector, rows)


def _dot(one: list[int], other: list[int]) -> int:
    return sum(a * b for a, b in zip(one, other, strict=True))


def _holds(vector: Vector, rows: np.ndarray) -> bool:
    return not np.any(sum(rows[:, column] * value for column, value in vector))


def test_shorter_mixtures_are_found() -> None:
    # r = 1 + l + 4 f and o = 1 + l give r = o + 4 f
    long: Vector = ((0, -1), (1, -1), (2, -4), (4, 1))
    short: Vector = ((0, -1), (1, -1), (3, 1))
    assert ((2, -4), (3, -1), (4, 1)) in shortened([short, long], 0)


def test_what_a_number_is_the_same_as_takes_its_place() -> None:
    # p == c, r == n + 1024 c
    same: Vector = ((0, -1), (1, 1))
    counted: Vector = ((0, -1024), (2, -1), (3, 1))
    assert ((1, -1024), (2, -1), (3, 1)) in shortened([same, counted], 1)
    assert shortened([same, counted], 2) == [same, counted]
