"""Lemmas that exclude one state: what a counterexample to induction asks for.

A state that no run reaches differs from every reachable state in something. A smallest set of
its properties that no reachable state has together is a lemma; finding one is a set cover over
the reachable states, done greedily. (IC3 generalises a blocked state by asking the solver, see
Bradley, "SAT-based model checking without unrolling", 2011; here the explored states answer, at
no cost, and the solver is asked about the result only.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

import numpy as np

from pinmc.base.records import dataclass
from pinmc.engines.smt.mining.atoms import Atom, atoms
from pinmc.engines.smt.mining.contexts import Context, assignments, closed, contexts
from pinmc.engines.smt.mining.lemma import Lemma, Origin
from pinmc.engines.smt.mining.rows import Bits, Rows
from pinmc.engines.smt.mining.states import Instance, States
from pinmc.engines.smt.mining.table import Table
from pinmc.ir.expr import Binary, BinOp, Expr, Read, Unary, UnOp
from pinmc.ir.semantics import State
from pinmc.ir.system import System
from pinmc.ir.types import Int, Place, Range, Word
from pinmc.ir.walk import free_bounds, reads, subexpressions
from pinmc.results.spelling import spelled

_MOST_ATOMS = 400
_MOST_LITERALS = 5
_ALTERNATIVES = 1
_WIDE = 2**62


@dataclass(frozen=True, slots=True)
class _Known:
    """The simple atoms of a context, and in which rows of the explored states they are true."""

    context: Context
    atoms: tuple[Atom, ...]
    bits: Bits
    everywhere: Bits


_Truth: TypeAlias = Callable[[Sequence[int], Table], bool]
"""Whether an atom is true in a state, of which there is a table as well."""


def _test(expr: Expr, here: Table, env: Mapping[str, int]) -> _Truth:
    match expr:
        case Read():
            slot = here.slot(expr, env)
            return lambda state, _: state[slot] != 0
        case Binary(op=BinOp.EQ, left=Read() as cell, right=right) if not reads(right):
            slot, value = here.slot(cell, env), int(here.column(right, env)[0])
            return lambda state, _: state[slot] == value
        case _:
            return lambda _, table: bool(table.column(expr, env)[0])


class Excluder:
    """What is known of the explored states of some instances, to be asked about many states."""

    def __init__(self, instances: Sequence[Instance], target: System | None = None) -> None:
        self.system = instances[0].system if target is None else target
        self._tables = [Table(instance) for instance in instances]
        free = {name for instance in instances for name in instance.constants}
        found = (self._known(context, free) for context in contexts(self.system))
        self._contexts = [known for known in found if known is not None]
        self._tests: dict[tuple[Context, tuple[int, ...]], list[_Truth]] = {}

    def lemmas(self, state: State, most: int = 8) -> tuple[Lemma, ...]:
        """Claims that are true in every explored state and false in ``state``, a state of the
        target: the shortest first, none if it cannot be told from the explored states."""
        values = [v if abs(v) < _WIDE else 0 for v in map(int, state)]
        here = Table(Instance(self.system, States(np.array([values], dtype=np.int64), False)))
        found: dict[Expr, tuple[Context, Expr]] = {}
        for known in self._contexts:
            for env in assignments(known.context, [here.domain(b.type) for b in known.context]):
                truths = [truth(values, here) for truth in self._truths(known, here, env)]
                for literals in _covers(known, truths):
                    context, body = _clause(known.context, literals)
                    found.setdefault(closed(context, body), (context, body))
        order = sorted(found, key=lambda e: (_length(found[e][1]), len(found[e][0])))
        return tuple(self._lemma(expr) for expr in order[:most])

    def _known(self, context: Context, free: set[str]) -> _Known | None:
        rows = Rows(self._tables, context)
        every = [
            atom
            for atom in atoms(self.system, context)
            if not atom.guarded and atom.cell.var.name not in free
        ]
        chosen = [every[n] for n in rows.judged([atom.expr for atom in every])]
        if not chosen or len(chosen) > _MOST_ATOMS or not rows.count:
            return None
        bits = rows.bits([atom.expr for atom in chosen])
        return _Known(context, tuple(chosen), bits, rows.everywhere())

    def _truths(self, known: _Known, here: Table, env: Mapping[str, int]) -> list[_Truth]:
        """How to tell whether each atom is true: worked out once, since many states are asked
        about."""
        key = known.context, tuple(env.values())
        if key not in self._tests:
            self._tests[key] = [_test(atom.expr, here, env) for atom in known.atoms]
        return self._tests[key]

    def _lemma(self, expr: Expr) -> Lemma:
        written = spelled(self.system, expr)
        return Lemma(expr, written.text, Origin.EXCLUSION, written.obstacle)


_Literal = tuple[Atom, bool]
"""An atom and whether it is true."""


def _covers(known: _Known, truths: Sequence[bool]) -> Iterator[list[_Literal]]:
    """Sets of literals, all true in the state, that are never all true in the explored states."""
    true = np.array(truths)[:, None]
    differs = np.where(true, ~known.bits & known.everywhere, known.bits)
    costs = np.array([_cost(atom, truth) for atom, truth in zip(known.atoms, truths, strict=True)])
    first = _cover(differs, costs, known.everywhere, frozenset())
    if first is None:
        return
    yield [(known.atoms[n], truths[n]) for n in first]
    for left_out in first[:_ALTERNATIVES]:
        other = _cover(differs, costs, known.everywhere, frozenset({left_out}))
        if other is not None:
            yield [(known.atoms[n], truths[n]) for n in other]


def _cover(
    differs: Bits, costs: np.ndarray, everywhere: Bits, without: frozenset[int]
) -> list[int] | None:
    """Positions whose rows together are everywhere; None if there are no few of them."""
    left = everywhere.copy()
    chosen: list[int] = []
    usable = np.array([n not in without for n in range(len(differs))])
    while left.any():
        gain = np.bitwise_count(differs & left).sum(axis=1, dtype=np.int64) / costs * usable
        best = int(gain.argmax())
        if gain[best] == 0 or len(chosen) == _MOST_LITERALS + 2:
            return None
        chosen.append(best)
        left &= ~differs[best]
    chosen = _without_needless(differs, chosen, everywhere)
    return chosen if len(chosen) <= _MOST_LITERALS else None


def _without_needless(differs: Bits, chosen: list[int], everywhere: Bits) -> list[int]:
    for one in list(chosen):
        rest = [n for n in chosen if n != one]
        if rest and not np.any(everywhere & ~np.bitwise_or.reduce(differs[rest])):
            chosen = rest
    return sorted(chosen)


def _cost(atom: Atom, truth: bool) -> float:
    """What says more about the design than about the moment is preferred."""
    type_ = atom.cell.var.type
    if isinstance(type_, Int | Word | Range):
        return 1.5
    if isinstance(type_, Place):
        return 0.9 if truth else 1.4
    return 1.0 if truth else 1.1


def _clause(context: Context, literals: Sequence[_Literal]) -> tuple[Context, Expr]:
    """That the literals are not all true, and the Bounds that it is about."""
    *given, (atom, truth) = sorted(literals, key=lambda one: (not one[0].is_place, not one[1]))
    body: Expr = Unary(UnOp.NOT, atom.expr) if truth else atom.expr
    if given:
        left = _literal(*given[0])
        for one in given[1:]:
            left = Binary(BinOp.AND, left, _literal(*one))
        body = Binary(BinOp.IMPLIES, left, body)
    names = free_bounds(body)
    return tuple(bound for bound in context if bound.name in names), body


def _literal(atom: Atom, truth: bool) -> Expr:
    return atom.expr if truth else Unary(UnOp.NOT, atom.expr)


def _length(body: Expr) -> int:
    return sum(1 for _ in subexpressions(body))
