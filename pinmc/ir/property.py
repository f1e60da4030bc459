"""What is to be checked, and what the specification's author expects of it."""

from __future__ import annotations

import enum
from typing import TypeAlias

from pinmc.base.records import dataclass
from pinmc.base.source import Span
from pinmc.ir.expr import Expr
from pinmc.ir.types import Scalar


class PropertyKind(enum.Enum):
    INVARIANT = "invariant"
    STEP_INVARIANT = "step invariant"
    REACHABLE = "reachable"
    LEMMA = "lemma"
    TEMPORAL = "property"
    DEADLOCK = "deadlock"
    STUCK = "stuck"
    ERRORS = "errors"
    ASSERT = "assert"


@dataclass(frozen=True, slots=True)
class Term:
    """A piece of a claim whose value explains a failure: its source text and its meaning."""

    text: str
    expr: Expr


@dataclass(frozen=True, slots=True)
class Clause:
    """One conjunct of a claim, for reports: ``expr`` must hold for all values of ``binders``."""

    span: Span
    binders: tuple[tuple[str, Scalar], ...]
    expr: Expr
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Witness:
    """A state in which something that could be vacuous is not: ``expr`` should be true somewhere.

    ``text`` says what never happened if it is not, e.g. the left side of an implication.
    """

    property: str
    text: str
    span: Span
    expr: Expr


class TemporalOp(enum.Enum):
    ALWAYS = "always"
    EVENTUALLY = "eventually"
    UNTIL = "until"
    LEADS_TO = "leads_to"
    NOT = "not"
    AND = "and"
    OR = "or"
    IMPLIES = "implies"


@dataclass(frozen=True, slots=True)
class Temporal:
    op: TemporalOp
    operands: tuple[Formula, ...]


Formula: TypeAlias = Temporal | Expr


@dataclass(frozen=True, slots=True)
class Property:
    """``expr`` for claims about states and steps, ``formula`` for temporal ones; built-ins have
    neither. A STUCK property may name one ``actor``. An ASSERT is named by its label."""

    name: str
    kind: PropertyKind
    span: Span
    expr: Expr | None = None
    formula: Formula | None = None
    clauses: tuple[Clause, ...] = ()
    actor: str | None = None
    doc: str = ""


class Verdict(enum.Enum):
    """Answers. The first four are about every reachable state or step; UNKNOWN has a reason."""

    HOLDS = "holds"
    VIOLATED = "violated"
    REACHED = "reached"
    UNREACHABLE = "unreachable"
    VACUOUS = "vacuous"
    PROVED = "proved"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Expectation:
    """``expect``: the verdict, optionally the trace's length in steps and the action it ends with.

    ``always`` tells that it has no ``when``; the design it speaks of is decided by the front end,
    which only keeps in a System the expectations that apply to it.
    """

    property: str
    verdict: Verdict
    steps: int | None
    by: str | None
    span: Span
    always: bool
