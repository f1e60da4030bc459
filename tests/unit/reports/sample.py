"""A result made by hand, with something of everything that a report can show."""

from __future__ import annotations

from dataclasses import replace

from pinmc.ir.property import PropertyKind, Verdict
from pinmc.results.exploration import Statistics
from pinmc.results.result import (
    Blocked,
    DesignResult,
    Explanation,
    FailedClause,
    LastWrite,
    PropertyResult,
    Result,
    Vacuous,
)
from pinmc.results.schedule import Schedule
from pinmc.results.trace import Call, Change, JsonValue, Source, Step, Trace
from tests.unit import small

SPEC = "specs/lease.pin"
STATISTICS = Statistics(47211, 190233, 31, 0.42, True, 96 << 20)
SYSTEM = small.system((), ())


def trace(name: str, *steps: Step, error: str = "") -> Trace:
    initial: dict[str, JsonValue] = {"refs[Page0]": 0, "dirty": False, "seen": 0, "user[User0]@": 3}
    return Trace(name, initial, steps, error, system=SYSTEM, schedule=Schedule(0, ()), states=((),))


def step(
    number: int, actor: str, call: Call | str, line: int, *changes: Change, error: str = ""
) -> Step:
    calls = (call,) if isinstance(call, Call) else ()
    state: dict[str, JsonValue] = {"refs[Page0]": number, "dirty": number > 1, "seen": number}
    return Step(
        number,
        actor,
        call.shown if isinstance(call, Call) else call,
        bool(calls),
        calls[0].arguments if calls else (),
        calls,
        Source("models/mm/page.pin", line, "pin(p)"),
        changes,
        {**state, "user[User0]@": 4},
        error,
    )


PIN = step(
    1,
    "user[User0]",
    Call("pin", "pin_user_pages", (("p", "Page0"), ("write", "true"))),
    41,
    Change("refs[Page0]", "0", "4"),
    Change("seen", "0", "1", ghost=True),
)
WRITE = step(2, "writeback", "dirty = true", 60, Change("dirty", "false", "true"))
BROKEN = replace(
    step(2, "writeback", "pop(queue)", 71, error="pop from the empty queue"),
    calls=(Call("flush", "flush", ()), Call("unlock", "unlock_page", (("p", "Page0"),))),
    is_action=True,
)

CLAUSE = FailedClause(
    Source(SPEC, 120, "invariant stable: forall p: Page { dirty implies refs[p] == 0 }"),
    "dirty implies refs[p] == 0",
    (("p", "Page0"),),
    (("dirty", "true"), ("refs[p]", "4")),
)
WRITES = (
    LastWrite("dirty", "true", 2, "writeback", "dirty = true"),
    LastWrite("refs[Page0]", "4", 1, "user[User0]", "pin_user_pages"),
    LastWrite("limit", "3", 0, "", ""),
)
WAITING = (
    Blocked(
        "user[User0]",
        Source("models/mm/page.pin", 44),
        "l[p]",
        True,
        ("writeback",),
        (),
        (),
    ),
    Blocked(
        "writeback",
        Source("models/mm/page.pin", 62),
        "await refs[p] == 0",
        False,
        (),
        ("refs",),
        ("user[User0]",),
    ),
    Blocked("truncate", Source("models/mm/page.pin", 80), "await gone", False, (), ("gone",), ()),
)


def answer(
    name: str,
    verdict: Verdict,
    kind: PropertyKind = PropertyKind.INVARIANT,
    *,
    reason: str = "",
    expected: str | None = None,
    as_expected: bool | None = True,
    trace: Trace | None = None,
    explanation: Explanation | None = None,
    doc: str = "",
) -> PropertyResult:
    return PropertyResult(
        name,
        kind,
        verdict,
        reason,
        expected,
        as_expected,
        None if trace is None else len(trace),
        trace,
        explanation,
        CLAUSE.source if kind is PropertyKind.INVARIANT else None,
        doc,
    )


def design(
    *properties: PropertyResult, label: str = "", statistics: Statistics = STATISTICS
) -> DesignResult:
    constants = (("USERS", "2"), ("WRITEOUT", "bounce" if label else "as_is"))
    return DesignResult(
        label, constants, "interp", properties, statistics, "", False, frozenset(), ()
    )


def result(
    *designs: DesignResult, exit_code: int = 0, vacuity: tuple[Vacuous, ...] = (), skipped: int = 0
) -> Result:
    first = designs[0]
    return Result(
        SPEC,
        first.constants,
        "interp",
        exit_code,
        first.properties,
        first.statistics,
        vacuity,
        designs,
        (),
        skipped,
        False,
    )


STABLE = answer(
    "checksum_stability",
    Verdict.VIOLATED,
    expected="violated in 2 by writeback",
    trace=trace("checksum_stability", PIN, WRITE),
    explanation=Explanation(CLAUSE, WRITES),
    doc="What is written out does not change under the device.",
)
DEADLOCK = answer(
    "deadlock",
    Verdict.VIOLATED,
    PropertyKind.DEADLOCK,
    as_expected=False,
    trace=trace("deadlock", PIN, WRITE),
    explanation=Explanation(blocked=WAITING, cycle=("user[User0]", "writeback", "user[User0]")),
)
ERRORS = answer(
    "errors",
    Verdict.VIOLATED,
    PropertyKind.ERRORS,
    expected="holds",
    as_expected=False,
    trace=trace("errors", PIN, BROKEN, error="pop from the empty queue"),
)
SEEN = answer("can_pin", Verdict.REACHED, PropertyKind.REACHABLE, trace=trace("can_pin", PIN))
WHOLE = result(
    design(
        answer("bias_bound", Verdict.HOLDS),
        answer("only_forward", Verdict.HOLDS, PropertyKind.STEP_INVARIANT),
        STABLE,
        SEEN,
        answer("can_fail", Verdict.UNREACHABLE, PropertyKind.REACHABLE, expected="unreachable"),
        answer(
            "no_loss",
            Verdict.VACUOUS,
            reason="what it speaks of never happened in any design",
            as_expected=None,
        ),
        answer("settles", Verdict.SKIPPED, PropertyKind.TEMPORAL, as_expected=None),
        answer("slow", Verdict.UNKNOWN, reason="stopped after 100,000 states", as_expected=None),
    ),
    design(answer("bias_bound", Verdict.HOLDS), DEADLOCK, ERRORS, label="WRITEOUT = bounce"),
    exit_code=1,
    vacuity=(
        Vacuous("action", "revoke_lease() never ran", Source("models/lease/range.pin", 55)),
        Vacuous("witness", "'lost' is never true", Source(SPEC, 130), "no_loss"),
    ),
    skipped=1,
)
