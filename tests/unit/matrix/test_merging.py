"""Merging is exact: every design is in a merged row, and each only with those that agree."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest

from pinmc.ir.property import Verdict
from pinmc.matrix.merging import cover, merge
from pinmc.results.matrix import Cell, ChoiceInfo, Matrix, Row

VERDICTS = (Verdict.HOLDS, Verdict.VIOLATED, Verdict.REACHED)


def random_matrix(random: Random) -> Matrix:
    choices = tuple(
        ChoiceInfo(f"C{n}", tuple("abcd"[: random.randint(1, 4)]), "a")
        for n in range(random.randint(1, 4))
    )
    kinds = random.randint(1, 4)
    rows = []
    for values in product(*(choice.options for choice in choices)):
        if random.random() < 0.1:
            continue  # as after an interruption
        kind = random.randrange(kinds) if random.random() < 0.4 else values.count("a") % kinds
        steps = None if kind == 0 else kind + random.randint(0, 1)
        cells = (("p", Cell(VERDICTS[kind % 3], steps)), ("q", Cell(VERDICTS[kind // 3])))
        rows.append(Row(values, 1, 0.0, cells))
    total = len(list(product(*(choice.options for choice in choices))))
    return Matrix("s.pin", choices, ("p", "q"), tuple(rows), total)


@pytest.mark.parametrize("lengths", [True, False])
def test_every_design_is_covered_by_rows_that_agree(lengths: bool, seed: int) -> None:
    random = Random(seed)
    smaller = 0
    for _ in range(200):
        matrix = random_matrix(random)
        by_values = {row.values: row for row in matrix.rows}
        covered = set()
        merged = merge(matrix, lengths)
        for line in merged.rows:
            members = list(product(*line.values))
            assert line.count == len(members)
            covered |= set(members)
            for values in members:
                for name in matrix.properties:
                    cell = by_values[values][name]
                    assert cell is not None and cell.same(line.row[name], lengths)
        assert covered == set(by_values)
        smaller += len(merged.rows) < len(matrix.rows)
    assert smaller > 100


def test_what_makes_no_difference_is_merged_away() -> None:
    options = [("a", "b", "c"), ("x", "y"), ("p", "q")]
    designs = [v for v in product(*options) if v[0] == "b" or v[1:] == ("y", "q")]
    assert len(cover(designs, options)) == 2


def test_prime_cubes_may_overlap() -> None:
    options = [("0", "1"), ("0", "1")]
    designs = [("0", "0"), ("0", "1"), ("1", "1")]
    found = {tuple(tuple(sorted(part)) for part in cube) for cube in cover(designs, options)}
    assert found == {(("0",), ("0", "1")), (("0", "1"), ("1",))}
