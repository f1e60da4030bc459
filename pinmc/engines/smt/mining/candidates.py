"""All candidates of a specification, simplest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import merge
from itertools import islice

from pinmc.engines.smt.mining.affine import equations
from pinmc.engines.smt.mining.clauses import Clause, clauses
from pinmc.engines.smt.mining.contexts import Context, contexts, swaps
from pinmc.engines.smt.mining.lemma import Lemma, Origin
from pinmc.engines.smt.mining.ranges import ranges
from pinmc.engines.smt.mining.states import Instance
from pinmc.engines.smt.mining.sums import sums
from pinmc.engines.smt.mining.table import Table
from pinmc.ir.expr import Expr, Var
from pinmc.ir.system import System
from pinmc.ir.walk import subexpressions, substitute
from pinmc.results.spelling import spelled

MOST = 2000
"""How many candidates are worth a solver's time."""


def candidates(
    instances: Sequence[Instance], target: System | None = None, most: int = MOST
) -> tuple[Lemma, ...]:
    """What may be true of ``target``: expressions over its variables that no state of any of the
    ``instances`` contradicts, at most ``most`` of them.

    ``target`` is the system of the first instance unless given; the others may differ from it in
    the sizes of scalarsets and in constants. The answer is the same in every run.
    """
    if not instances:
        return ()
    system = instances[0].system if target is None else target
    tables = [Table(instance) for instance in instances]
    free = _free(system, instances)
    found = [
        clause
        for context in contexts(system)
        for clause in _without_twins(context, _mined(system, tables, context, free))
    ]
    chosen = islice(_fairly(found), most)
    return tuple(sorted((_lemma(system, clause) for clause in chosen), key=_lemma_order))


def _free(system: System, instances: Sequence[Instance]) -> list[Var]:
    """The variables of ``system`` that are constants in the instances."""
    names = {name for instance in instances for name in instance.constants}
    return [var for var in system.variables if var.name in names and not var.dims]


def _mined(
    system: System, tables: Sequence[Table], context: Context, free: Sequence[Var]
) -> Iterator[Clause]:
    equal = list(equations(system, tables, context, free))
    yield from equal
    yield from clauses(system, tables, context, free)
    yield from ranges(system, tables, context, free)
    yield from sums(system, tables, context, free, equal)


def _without_twins(context: Context, found: Iterator[Clause]) -> Iterator[Clause]:
    """Each body once, and not again with its Bounds in other places."""
    seen: set[Expr] = set()
    for clause in found:
        twins = [substitute(clause.body, renaming) for renaming in swaps(context)]
        if clause.body not in seen and not seen.intersection(twins):
            seen.add(clause.body)
            yield clause


def _fairly(found: Sequence[Clause]) -> Iterator[Clause]:
    """Each kind in turn as long as it lasts, the simplest of a kind first: when there are too many,
    no kind crowds out another."""
    kinds = [sorted((c for c in found if c.origin is kind), key=_order) for kind in Origin]
    turns = [[(turn, n, c) for turn, c in enumerate(kind)] for n, kind in enumerate(kinds)]
    for _, _, clause in merge(*turns, key=lambda entry: entry[:2]):
        yield clause


def _order(clause: Clause) -> tuple[int, int]:
    """Sorting is stable: what is equally simple stays in the order it was found in."""
    return len(clause.context), _size(clause.body)


def _size(expr: Expr) -> int:
    return sum(1 for _ in subexpressions(expr))


def _lemma(system: System, clause: Clause) -> Lemma:
    expr = clause.expr
    written = spelled(system, expr)
    return Lemma(expr, written.text, clause.origin, written.obstacle)


_KINDS = list(Origin)


def _lemma_order(lemma: Lemma) -> tuple[int, int, str]:
    return _KINDS.index(lemma.origin), len(lemma.text), lemma.text
