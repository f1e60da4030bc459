"""What a check answers: one PropertyResult a property and design, and the exit code."""

from __future__ import annotations

from typing import TypeAlias

from pinmc.base.diagnostics import Diagnostic
from pinmc.base.records import dataclass
from pinmc.ir.property import PropertyKind, Verdict
from pinmc.results.exploration import Statistics
from pinmc.results.trace import Source, Trace


@dataclass(frozen=True, slots=True)
class FailedClause:
    """The conjunct that fails: its source, for which values, and what its terms were."""

    source: Source
    text: str
    binders: tuple[tuple[str, str], ...]
    terms: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class LastWrite:
    """Who wrote a variable of the failing clause last; ``step`` 0: it has its initial value."""

    variable: str
    value: str
    step: int
    actor: str
    action: str


@dataclass(frozen=True, slots=True)
class Blocked:
    """An unfinished actor that cannot move: where it is, what it waits for, who could end that.

    ``holders`` hold the lock; ``needs`` are variables an await hangs on, ``writers`` the actors
    whose remaining code writes them.
    """

    actor: str
    source: Source
    waits_for: str
    is_lock: bool
    holders: tuple[str, ...]
    needs: tuple[str, ...]
    writers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a property fails in the last state of its trace. ``cycle``: actors that wait for each
    other, the first again at the end."""

    clause: FailedClause | None = None
    last_writes: tuple[LastWrite, ...] = ()
    blocked: tuple[Blocked, ...] = ()
    cycle: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PropertyResult:
    """``expected`` is the text of the expectations that apply (``violated in 9 by device_write``).

    ``as_expected``: True when met (or nothing was expected and all is well), False otherwise,
    None where it was not judged (skipped, unknown, vacuous). ``mismatch`` says what is not as
    expected. ``depth``: steps of ``trace``.
    """

    name: str
    kind: PropertyKind
    verdict: Verdict
    reason: str
    expected: str | None
    as_expected: bool | None
    depth: int | None
    trace: Trace | None
    explanation: Explanation | None
    source: Source | None
    doc: str = ""
    mismatch: str = ""


@dataclass(frozen=True, slots=True)
class Vacuous:
    """Something that should have happened in some design and never did. ``kind``: action,
    branch, or witness for what a property needs in order to say anything."""

    kind: str
    text: str
    source: Source
    property: str | None = None


CoverKey: TypeAlias = tuple[str, str, str, int]
"""What is the same in every design: kind, name, file and offset there."""


@dataclass(frozen=True, slots=True)
class DesignResult:
    """One design. ``label`` names what differs from the default (``WRITEOUT = bounce``), empty
    for the default itself; ``constants`` has all values by name.

    ``executed`` of ``coverable`` did happen. ``vacuous`` names the properties whose expectation
    that they are vacuous here is met; ``skipped`` counts expectations not checked yet.
    ``note`` says which engine was used instead of the one asked for, and why.
    """

    label: str
    constants: tuple[tuple[str, str], ...]
    engine: str
    properties: tuple[PropertyResult, ...]
    statistics: Statistics
    stopped: str
    interrupted: bool
    executed: frozenset[CoverKey]
    coverable: tuple[tuple[CoverKey, Vacuous], ...]
    vacuous: frozenset[str] = frozenset()
    skipped: int = 0
    note: str = ""

    def __getitem__(self, name: str) -> PropertyResult:
        return _named(self.properties, name)


@dataclass(frozen=True, slots=True)
class Result:
    """The answer to a whole specification. ``properties`` and ``statistics`` are those of the
    first design (the default); ``designs`` has them all. ``skipped`` counts expectations that
    cannot be checked yet."""

    spec: str
    constants: tuple[tuple[str, str], ...]
    engine: str
    exit_code: int
    properties: tuple[PropertyResult, ...]
    statistics: Statistics
    vacuity: tuple[Vacuous, ...]
    designs: tuple[DesignResult, ...]
    warnings: tuple[Diagnostic, ...]
    skipped: int
    interrupted: bool

    def __getitem__(self, name: str) -> PropertyResult:
        """The default design's answer to property ``name``; KeyError names those there are."""
        return _named(self.properties, name)

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be said about how the designs were explored, each once."""
        return tuple(dict.fromkeys(design.note for design in self.designs if design.note))


def _named(properties: tuple[PropertyResult, ...], name: str) -> PropertyResult:
    for found in properties:
        if found.name == name:
            return found
    known = ", ".join(p.name for p in properties)
    raise KeyError(f"no property {name!r}; there are: {known}")
