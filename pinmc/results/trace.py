"""A trace as people and programs read it: steps in the specification's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING, TypeAlias

from pinmc.base.records import dataclass
from pinmc.base.source import Span
from pinmc.ir.semantics import State
from pinmc.ir.system import System
from pinmc.results.schedule import Schedule

if TYPE_CHECKING:
    import networkx

JsonValue: TypeAlias = "bool | int | str | list[JsonValue] | dict[str, JsonValue] | None"


@dataclass(frozen=True, slots=True)
class Source:
    """A place in a specification; ``text`` is the line there, without indentation."""

    file: str
    line: int
    text: str = ""


def source_of(span: Span) -> Source:
    """The line where ``span`` begins."""
    return Source(span.path, span.line, span.file.line(span.line).strip())


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that a step changed: ``refs[Page0]``, before and after as a specification would
    write them (``{a, b}`` a set, ``[a, b]`` a queue, ``none``); a lock: ``held by b``, ``free``."""

    name: str
    before: str
    after: str
    ghost: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """An action (or rule) that ran in a step: ``name`` in the specification, ``shown`` its ``as``
    text or name, and its arguments by name."""

    name: str
    shown: str
    arguments: tuple[tuple[str, str], ...] = ()


def call_text(shown: str, arguments: tuple[tuple[str, str], ...]) -> str:
    """``shown`` with the values of its arguments: in its own empty brackets if it has some."""
    values = ", ".join(value for _, value in arguments)
    if shown.endswith("()"):
        return f"{shown[:-1]}{values})"
    return f"{shown}({values})" if "(" not in shown else shown


@dataclass(frozen=True, slots=True)
class Step:
    """``actor`` is the instance (``rdma[User0]``) or ``rule``. ``action`` is the shown name of the
    first action that ran, or the statement's text; ``calls`` are all actions in order. ``names``
    are all names an ``expect … by`` may call the step.

    ``state`` maps every variable, local and place to its value after the step; a step that ends
    in a found error has ``error`` set and the state before it.
    """

    number: int
    actor: str
    action: str
    is_action: bool
    arguments: tuple[tuple[str, str], ...]
    calls: tuple[Call, ...]
    source: Source
    changes: tuple[Change, ...]
    state: Mapping[str, JsonValue]
    error: str = ""
    names: frozenset[str] = frozenset()

    @property
    def shown(self) -> str:
        """``pin_user_pages(Page0)``, or the statement."""
        return call_text(self.action, self.arguments) if self.is_action else self.action


@dataclass(frozen=True, slots=True)
class Trace:
    """A counterexample or witness, replayed on the reference semantics.

    ``initial`` is the state before the first step; ``error`` says what went wrong where the last
    step (or initialisation) is a found error, at ``error_source``. ``system``, ``schedule`` and
    ``states`` (one more than the steps that reach a state) are for those who look at it as a
    graph.
    """

    property: str
    initial: Mapping[str, JsonValue]
    steps: tuple[Step, ...]
    error: str = ""
    error_source: Source | None = None
    system: System = field(kw_only=True, repr=False, compare=False)
    schedule: Schedule = field(kw_only=True, repr=False, compare=False)
    states: tuple[State, ...] = field(kw_only=True, repr=False, compare=False)

    def __len__(self) -> int:
        """The length in steps."""
        return len(self.steps)

    def graph(self) -> networkx.MultiDiGraph[str]:
        """The trace as a networkx graph: states as nodes, steps as edges, scalar attributes."""
        from pinmc.results.graph import path_graph

        return path_graph(self)
