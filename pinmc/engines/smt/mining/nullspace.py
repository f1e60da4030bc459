"""The integer relations among columns of numbers: an exact basis of short vectors.

The echelon form is computed modulo a prime, where numbers stay small; that tells which columns
take part in each relation. The few coefficients are then found exactly, in rationals, by fraction
free elimination (Bareiss, "Sylvester's identity and multistep integer-preserving Gaussian
elimination", 1968), so no coefficient is too large and none is guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import gcd

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Vector = tuple[tuple[int, int], ...]
"""Pairs of a column and its coefficient: their products add up to 0 in every row."""

_PRIME = 2**31 - 19
"""Products of two residues fit 64 bits. Not 2**31 - 1: that is the largest value of a signed word,
and a coefficient that specifications have would be 0."""


def relations(rows: Numbers, most_terms: int) -> list[Vector]:
    """A basis of the relations of ``rows`` (rows × columns) that have at most ``most_terms``
    columns. Each ends with a column of its own, written by means of columns before it."""
    reduced, pivots = _echelon(rows)
    found: list[Vector] = []
    for column in range(rows.shape[1]):
        if column in pivots:
            continue
        support = [p for n, p in enumerate(pivots) if reduced[n, column]] + [column]
        if len(support) <= most_terms:
            found += _exact(rows, support)
    return found


def _echelon(rows: Numbers) -> tuple[Numbers, list[int]]:
    """The reduced echelon form modulo the prime, and the column of each of its rows' pivots."""
    left = np.unique(rows % _PRIME, axis=0)
    pivots: list[int] = []
    for column in range(left.shape[1]):
        done = len(pivots)
        if done == len(left):
            break
        nonzero = np.flatnonzero(left[done:, column])
        if not len(nonzero):
            continue
        chosen = done + int(nonzero[0])
        left[[done, chosen]] = left[[chosen, done]]
        left[done] = left[done] * pow(int(left[done, column]), -1, _PRIME) % _PRIME
        others = left[:, column].copy()
        others[done] = 0
        touched = np.flatnonzero(others)
        left[touched] = (left[touched] - others[touched, None] * left[done] % _PRIME) % _PRIME
        pivots.append(column)
    return left[: len(pivots)], pivots


def _exact(rows: Numbers, support: Sequence[int]) -> Iterator[Vector]:
    """The one relation of these columns; none if it holds only modulo the prime."""
    small = np.unique(rows[:, list(support)], axis=0)
    _, independent = _echelon(small.T)
    matrix = [[int(value) for value in small[n]] for n in independent]
    solved = _eliminate(matrix)
    if len(solved) != len(support) - 1:
        return
    vector = _back(solved, len(support))
    if all(sum(c * int(v) for c, v in zip(vector, row, strict=True)) == 0 for row in small):
        yield _vector(support, vector)


def _eliminate(matrix: list[list[int]]) -> list[list[int]]:
    """Upper triangular rows with the same kernel; stops at the first column without a pivot."""
    previous, done = 1, 0
    width = len(matrix[0]) if matrix else 0
    for column in range(width):
        at = next((n for n in range(done, len(matrix)) if matrix[n][column]), None)
        if at is None:
            break
        matrix[done], matrix[at] = matrix[at], matrix[done]
        pivot = matrix[done]
        for n in range(done + 1, len(matrix)):
            row = matrix[n]
            factor = row[column]
            matrix[n] = [
                (pivot[column] * value - factor * other) // previous
                for value, other in zip(row, pivot, strict=True)
            ]
        previous = pivot[column]
        done += 1
    return matrix[:done]


def _back(solved: Sequence[Sequence[int]], width: int) -> list[int]:
    """The kernel vector of ``width`` - 1 triangular rows, in whole numbers without a divisor."""
    found = [0] * width
    found[-1] = 1
    for n in range(width - 2, -1, -1):
        total = sum(solved[n][m] * found[m] for m in range(n + 1, width))
        scale = abs(solved[n][n]) // gcd(solved[n][n], total)
        found = [value * scale for value in found]
        found[n] = -total * scale // solved[n][n]
    divisor = gcd(*found)
    return [value // divisor for value in found]


def _vector(support: Sequence[int], coefficients: Sequence[int]) -> Vector:
    pairs = zip(support, coefficients, strict=True)
    return tuple((column, value) for column, value in pairs if value)


def shortened(basis: Sequence[Vector], numbers: int) -> list[Vector]:
    """The basis, and what two of its vectors give without a column of both, again and again, as
    long as that is shorter than the longer one; or as long, when the other says that a number is
    the same as something else. Columns from ``numbers`` on are numbers, those before it counts of
    conditions. Shortest first, each once and with its last coefficient positive."""
    found = dict.fromkeys(_signed(vector) for vector in basis)
    waiting = list(found)
    while waiting:
        one = waiting.pop(0)
        for other in list(found):
            short, long = sorted((one, other), key=len)
            limit = len(long) + (len(short) == _SAME and short[-1][0] >= numbers)
            for mixed in _mixtures(one, other):
                if mixed and len(mixed) < limit and mixed not in found:
                    found[mixed] = None
                    waiting.append(mixed)
        if len(found) > _MOST_MIXED * (len(basis) + 1):
            break
    return sorted(found, key=lambda vector: (len(vector), vector))


_MOST_MIXED = 4
_SAME = 2
"""So many columns has a relation that says that two are the same, up to a factor."""


def _mixtures(one: Vector, other: Vector) -> Iterator[Vector]:
    a, b = dict(one), dict(other)
    for column in sorted(set(a) & set(b), reverse=True):
        scale = gcd(a[column], b[column])
        left, right = b[column] // scale, -a[column] // scale
        if abs(left) != 1 and abs(right) != 1:
            continue
        every = sorted(set(a) | set(b))
        sums = [a.get(c, 0) * left + b.get(c, 0) * right for c in every]
        divisor = gcd(*sums)
        if divisor:
            yield _signed(_vector(every, [value // divisor for value in sums]))


def _signed(vector: Vector) -> Vector:
    if vector and vector[-1][1] < 0:
        return tuple((column, -value) for column, value in vector)
    return vector
