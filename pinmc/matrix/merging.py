"""Rows that agree become one, with don't-cares: two-level minimisation over many-valued choices.

As in the minimisation of many-valued logic (Rudell and Sangiovanni-Vincentelli, ESPRESSO-MV,
1987): a cube has some options for each choice; it is expanded as long as it covers only designs
that agree, and a cover is picked greedily. The cover is exact: every design is in some row, and
in no row with which it disagrees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, permutations, product

from pinmc.results.matrix import Matrix, Merged, MergedMatrix, Row, Values

Cube = tuple[frozenset[str], ...]

_MOST_ORDERS = 24
"""So many orders of choices are tried to expand a cube in."""


def merge(matrix: Matrix, lengths: bool = True) -> MergedMatrix:
    """The rows of ``matrix`` as few rows; ``lengths``: rows agree only if lengths of traces do."""
    rows: list[Merged] = []
    options = [choice.options for choice in matrix.choices]
    for group in _groups(matrix, lengths):
        by_values = {row.values: row for row in group}
        for cube in cover(by_values.keys(), options):
            whole = [v for v in product(*(sorted(part) for part in cube)) if v in by_values]
            first = min(whole, key=_position(options))
            ordered = tuple(
                tuple(option for option in choice if option in part)
                for choice, part in zip(options, cube, strict=True)
            )
            rows.append(Merged(ordered, by_values[first], len(whole)))
    rows.sort(key=lambda merged: _position(options)(merged.row.values))
    return MergedMatrix(matrix, tuple(rows), lengths)


def _groups(matrix: Matrix, lengths: bool) -> Iterator[list[Row]]:
    """The rows that agree in every property."""
    groups: dict[object, list[Row]] = {}
    for row in matrix.rows:
        key = tuple(
            (name, cell.verdict, cell.steps if lengths else None) for name, cell in row.cells
        )
        groups.setdefault(key, []).append(row)
    yield from groups.values()


def _position(options: Sequence[tuple[str, ...]]) -> Callable[[Values], list[int]]:
    return lambda values: [
        choice.index(value) for choice, value in zip(options, values, strict=True)
    ]


def cover(designs: Iterable[Values], options: Sequence[Sequence[str]]) -> list[Cube]:
    """Few cubes that cover exactly ``designs``."""
    wanted = frozenset(designs)
    left = dict.fromkeys(sorted(wanted))
    found: list[Cube] = []
    while left:
        start = next(iter(left))
        best = max(_expansions(start, wanted, options), key=lambda cube: _gain(cube, left, wanted))
        found.append(best)
        for values in product(*best):
            left.pop(values, None)
    return _without_redundant(found)


def _gain(cube: Cube, left: dict[Values, None], wanted: frozenset[Values]) -> tuple[int, int]:
    members = list(product(*cube))
    return sum(values in left for values in members), len(members)


def _expansions(
    start: Values, wanted: frozenset[Values], options: Sequence[Sequence[str]]
) -> Iterator[Cube]:
    """Cubes around ``start`` that cannot be expanded any further."""
    orders = islice(permutations(range(len(options))), _MOST_ORDERS)
    for order in orders:
        cube: list[frozenset[str]] = [frozenset({value}) for value in start]
        for choice in order:
            cube[choice] = frozenset(
                option
                for option in options[choice]
                if option in cube[choice] or _fits(cube, choice, option, wanted)
            )
        yield tuple(cube)


def _fits(cube: list[frozenset[str]], choice: int, option: str, wanted: frozenset[Values]) -> bool:
    """Whether everything that ``option`` would add to the cube agrees."""
    tried = [*cube[:choice], frozenset({option}), *cube[choice + 1 :]]
    return all(values in wanted for values in product(*tried))


def _without_redundant(cubes: list[Cube]) -> list[Cube]:
    """Without those that the others cover already, the latest first."""
    kept = list(cubes)
    for cube in reversed(cubes):
        others = {values for other in kept if other is not cube for values in product(*other)}
        if all(values in others for values in product(*cube)):
            kept.remove(cube)
    return kept
