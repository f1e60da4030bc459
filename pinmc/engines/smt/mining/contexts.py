"""What a lemma speaks of: nobody in particular, every page, every two different users, …

A context is a tuple of Bounds. A lemma of a context holds for all values of them, those of one
type being different; so it can be proved for any number of pages and users.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations_with_replacement, product
from typing import TypeAlias

from pinmc.ir.expr import Binary, BinOp, Bound, Expr, Quant, QuantKind
from pinmc.ir.system import System
from pinmc.ir.types import Agent, Optional, Scalar, Scalarset, size

Context: TypeAlias = tuple[Bound, ...]

_MOST_BINDERS = 3
_MOST_OF_A_SORT = 2


def contexts(system: System) -> list[Context]:
    """The contexts worth mining in, the empty one first. Two of a type only for scalarsets."""
    sorts = _sorts(system)
    names = Names(system)
    found = []
    for count in range(_MOST_BINDERS + 1):
        for chosen in combinations_with_replacement(sorts, count):
            if all(_fits(sort, chosen.count(sort)) for sort in set(chosen)):
                found.append(bind(chosen, names))
    return found


def _fits(sort: Scalar, count: int) -> bool:
    if count == 1:
        return True
    return isinstance(sort, Scalarset) and count <= min(_MOST_OF_A_SORT, size(sort))


def _sorts(system: System) -> list[Scalar]:
    """The types of indices in order of appearance; lock holders are named by actor and index."""
    dims = [dim for var in system.variables for dim in var.dims]
    found = [dim for dim in dims if not isinstance(dim, Agent | Optional)]
    return list(dict.fromkeys(found))


class Names:
    """Short names for Bounds that the specification does not use otherwise."""

    def __init__(self, system: System) -> None:
        self._taken = {var.name for var in system.variables}
        self._taken |= {constant.name for constant in system.constants}
        self._taken |= {actor.name for actor in system.actors}

    def of(self, sort: Scalar, nth: int) -> str:
        """``p``, then ``q`` for a second Page; ``i``, ``j`` for indices without a type's name."""
        name = str(sort)
        first = name[0].lower() if name[0].isalpha() else "i"
        letter = chr(ord("a") + (ord(first) - ord("a") + nth) % 26)
        chosen = letter
        while chosen in self._taken or chosen in _RESERVED:
            chosen += "_"
        return chosen


_RESERVED = frozenset({"as", "at", "if", "in", "or", "is"})


def bind(sorts: Sequence[Scalar], names: Names) -> Context:
    found: list[Bound] = []
    for position, sort in enumerate(sorts):
        nth = sorts[:position].count(sort)
        name = names.of(sort, nth)
        while any(name == other.name for other in found):
            name += "_"
        found.append(Bound(name, sort))
    return tuple(found)


def fresh(sort: Scalar, context: Iterable[Bound], names: Names) -> Bound:
    """A Bound for a count or sum inside of a lemma of ``context``."""
    taken = {bound.name for bound in context}
    nth = 0
    while names.of(sort, nth) in taken:
        nth += 1
    return Bound(names.of(sort, nth), sort)


def assignments(context: Context, domains: Sequence[range]) -> Iterator[Mapping[str, int]]:
    """All values of the Bounds, different ones for Bounds of one type; ascending."""
    for values in product(*domains):
        if _distinct(context, values):
            yield dict(zip((bound.name for bound in context), values, strict=True))


def _distinct(context: Context, values: Sequence[int]) -> bool:
    pairs = list(zip((bound.type for bound in context), values, strict=True))
    return len(set(pairs)) == len(pairs)


def closed(context: Context, body: Expr) -> Expr:
    """``body`` for all values of the context."""
    for position, one in reversed(list(enumerate(context))):
        for other in reversed(context[position + 1 :]):
            if one.type == other.type:
                body = Binary(BinOp.IMPLIES, Binary(BinOp.NE, one, other), body)
    for bound in reversed(context):
        body = Quant(QuantKind.FORALL, bound.name, bound.type, body)
    return body


def swaps(context: Context) -> Iterator[Mapping[str, Expr]]:
    """Each way to let two Bounds of one type change places: it makes no difference to a lemma."""
    for position, one in enumerate(context):
        for other in context[position + 1 :]:
            if one.type == other.type:
                yield {one.name: other, other.name: one}
