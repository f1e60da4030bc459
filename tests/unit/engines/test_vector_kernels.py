"""Functions that generated NumPy code calls, against the definition."""

from __future__ import annotations

import warnings
from itertools import product
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from pinmc.engines.vector import kernels
from pinmc.engines.vector.values import Kind, arrays_of, literal
from pinmc.ir import evaluate

TOP = 2**63 - 1
NUMBERS = [0, 1, -1, 2, -2, 3, 7, -7, 100, -101, TOP, -TOP]
PAIRS = list(product(NUMBERS, NUMBERS))


@pytest.mark.parametrize("type_", [np.int64, object])
def test_division(type_: type) -> None:
    left: NDArray[Any] = np.array([pair[0] for pair in PAIRS], type_)
    right: NDArray[Any] = np.array([pair[1] for pair in PAIRS], type_)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        quotients = kernels.divide(left, right).tolist()
        rests = kernels.remainder(left, right).tolist()
    for (a, b), quotient, rest in zip(PAIRS, quotients, rests, strict=True):
        if b:
            assert (quotient, rest) == (evaluate.divide(a, b), evaluate.remainder(a, b))


@pytest.mark.parametrize("divisor", [1, -1, 3, -7, 0])
def test_division_by_one_number(divisor: int) -> None:
    """As generated code has it: an array without dimensions."""
    left = np.array(NUMBERS)
    quotients = kernels.divide(left, np.array(divisor)).tolist()
    rests = kernels.remainder(left, np.array(divisor)).tolist()
    for number, quotient, rest in zip(NUMBERS, quotients, rests, strict=True):
        if divisor:
            assert quotient == evaluate.divide(number, divisor)
            assert rest == evaluate.remainder(number, divisor)


@pytest.mark.parametrize(
    ("value", "kind", "type_"),
    [
        (0, Kind.SIGNED, np.int64),
        (-(2**63), Kind.SIGNED, np.int64),
        (TOP, Kind.SIGNED, np.int64),
        (0, Kind.UNSIGNED, np.uint64),
        (2**64 - 1, Kind.UNSIGNED, np.uint64),
    ],
)
def test_numbers_in_generated_code_have_the_type_of_their_operation(
    value: int, kind: Kind, type_: type
) -> None:
    text = f"(t0 + {literal(value, kind)}) * x_1"
    [found] = arrays_of(text).values()
    assert found.dtype == type_ and not found.shape and found.tolist() == value
    words: NDArray[Any] = np.array([1, 2], type_)
    assert (words ^ found).dtype == type_


def test_wide_numbers_are_python_s() -> None:
    assert literal(-(2**70), Kind.WIDE) == f"({-(2**70)})"
    assert not arrays_of("(x_1 + 1180591620717411303424) > t0")


def test_unsigned_division() -> None:
    left = np.array([2**64 - 1, 2**63, 5], np.uint64)
    assert kernels.divide(left, 3).tolist() == [(2**64 - 1) // 3, 2**63 // 3, 1]
    assert kernels.remainder(left, np.array([7, 0, 2], np.uint64)).tolist()[::2] == [1, 1]


def test_the_least_number_by_minus_one_says_nothing() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        kernels.divide(np.array([-(2**63)]), np.array([-1]))


@pytest.mark.parametrize("value", [2**200, -5, 2**63, TOP])
def test_narrow_keeps_the_low_bits(value: int) -> None:
    found = kernels.narrow(np.array([value], object), np.int64)
    assert found.tolist() == [evaluate.wrap(value, 64, True)]


def test_shifts_of_any_amount() -> None:
    words = np.array([-9, 5], np.int64)
    assert kernels.shiftr(words, np.array([70, 1])).tolist() == [-1, 2]
    wide = np.array([1, 2**70], object)
    assert kernels.shiftl(wide, np.array([100, -(2**60)])).tolist() == [2**100, 2**70]


@pytest.mark.parametrize("with_path", [True, False])
def test_cells_in_several_words(with_path: bool) -> None:
    words = tuple(np.full(3, number, np.uint64) for number in (0x0706050403020100, 0x0B0A0908))
    at = np.array([1, 7, 9])
    assert kernels.cell(words, at, 8, 8).tolist() == [1, 7, 9]
    path = np.array([True, False, True]) if with_path else None
    stored = np.array([0xAA, 0xBB, 0xCC], np.uint64)
    changed = kernels.put(words, at, 8, 8, stored, path)
    expected = [0xAA, 7 if with_path else 0xBB, 0xCC]
    assert kernels.cell(tuple(changed), at, 8, 8).tolist() == expected
