"""PIN3xx: steps and meaning."""

from __future__ import annotations

from pinmc.base.codes.model import Explanation

STEPS: tuple[Explanation, ...] = (
    Explanation(
        "PIN301",
        "code whose course depends on a ghost",
        """\
Ghost variables record the truth for properties: what the real system cannot see. If a guard, a
loop or a choice looked at one, the model would decide by knowledge the kernel does not have.

    ghost var pins[Page]: 0..3
    rule reclaim(p: Page) when not maybe_dma_pinned(p) { … }   // not: when pins[p] == 0

Assertions and properties may look at ghosts, and an `if` on a ghost may change ghosts.""",
    ),
    Explanation(
        "PIN302",
        "a real value computed from a ghost",
        """\
What is assigned to a real variable or to a local, passed to an action with real effects, or
returned, must not depend on a ghost; nor may the index of what is assigned.

    refs[p] = pins[p]      // refused: refs is real, pins a ghost
    pins[p] = refs[p]      // fine""",
    ),
    Explanation(
        "PIN303",
        "a real effect that hangs on a ghost",
        """\
What an `if` or `for` on a ghost does is done to ghosts only.

    if pins[p] > 0 { warned[p] = true }     // fine if warned is a ghost""",
    ),
    Explanation(
        "PIN304",
        "iterations that depend on one another",
        """\
A `for` over a scalarset in one step treats all members at once, in no order. So an iteration may
write only elements at its own index, or add up into something that is not otherwise read, or
write the same value as all others; and what is written is read only at its own index.

    for p: Page { mapped[p] = false  unmapped += 1 }     // fine
    for p: Page { last = p }                             // refused: which is the last?

Over a range, `for` goes in ascending order and everything is allowed.""",
    ),
    Explanation(
        "PIN305",
        "an ordered loop over interchangeable members",
        """\
In an actor, the rounds of a `for` are steps one after another, in ascending order. The members of
a scalarset have no order. Loop over a range; or do all at once inside `atomic`; or keep the set
of those that are left and choose among them:

    var left: set Page
    while not empty(left) { choose p: Page where p in left { left -= {p}  unmap(p) } }""",
    ),
    Explanation(
        "PIN306",
        "a statement that takes several steps, in one step",
        """\
Actions, rules, init blocks and `atomic` are one step. Loops without a bound, `either` and `start`
belong into actors and procs. Inside one step there are `if`, a bounded `for`, `choose` and calls
of actions.""",
    ),
    Explanation(
        "PIN307",
        "a jump outside a loop",
        """\
`break` leaves the loop around it and `continue` begins its next round. There is no loop here, or
it runs within one step: there `if` and the `where` of a `for` do the same.""",
    ),
    Explanation(
        "PIN308",
        "a 'return' that does not fit",
        """\
Actions and procs return; with a value exactly if they declare a result.

    action trylock(p: Page): bool { if locked[p] { return false } locked[p] = true return true }""",
    ),
    Explanation(
        "PIN309",
        "an end without a value",
        """\
An action or proc that declares a result must return one on every way through its body.

    proc find(): bool { if x > 0 { return true } }      // and otherwise?""",
    ),
    Explanation(
        "PIN310",
        "recursion",
        """\
Defs, actions and procs are put in place of their calls, so none may call itself, not even through
others. Use a loop.""",
    ),
    Explanation(
        "PIN311",
        "'nondet' inside an expression",
        """\
`nondet` stands for either answer and is the whole condition of an `if` or `while`.

    while nondet { device_write(p) }
    choose n: 0..3           // for any value of a type""",
    ),
    Explanation(
        "PIN312",
        "a call inside an expression",
        """\
Calls of actions and procs, and pop and trylock, change state. So that the order is plain, their
value is a whole right-hand side, or comes first in the condition of `if` or `while`.

    ok = trylock(l)
    if not trylock(l) and tries > 2 { … }""",
    ),
    Explanation(
        "PIN313",
        "a prime outside a step invariant",
        """\
`x'` is the value of x after a step. An invariant is about one state; a step invariant about two.

    step invariant monotone: count' >= count""",
    ),
    Explanation(
        "PIN314",
        "code that looks at places or at another actor's locals",
        """\
`gup[u] at pinned` and `gup[u].page` are for properties. If code could look at them, it would see
what the real system has nowhere. Record what matters in a variable.""",
    ),
    Explanation(
        "PIN315",
        "something that cannot be assigned to",
        """\
Variables, `var` locals, and parameters of actions and procs can be changed. Constants, choices,
indices of actors, parameters of rules, names from `choose`, `for` and quantifiers keep their
value.""",
    ),
    Explanation(
        "PIN316",
        "a temporal operator in the wrong place",
        """\
always, eventually, until and leads_to make formulas about whole runs. They belong into a
`property`, connected by not, and, or, implies, iff, forall and exists.

    property served: forall u: User { waiting[u] leads_to served[u] }""",
    ),
    Explanation(
        "PIN317",
        "an expectation that does not fit its property",
        """\
A `reachable` is reached or unreachable; everything else holds, is violated, proved, vacuous or
unknown. The length (`in`) and the last action (`by`) are those of a trace, which only `violated`
and `reached` have.

    expect someone_writes reached in 4
    expect deadlock holds""",
    ),
    Explanation(
        "PIN318",
        "a mark on something that is no place",
        """\
A label, `end` or fairness belongs to a statement of an actor or proc that is a step. Inside one
step there are no places, and jumps are no steps.

    loop { idle: end await work > 0  … }""",
    ),
    Explanation(
        "PIN319",
        "a lock without an actor",
        """\
The holder of a lock is the actor that took it. Rules, init blocks and properties have no actor, so
they can neither take locks nor ask `held`. A lock that is declared `crossrelease` may be unlocked
by a rule; `locked` asks whether anyone holds it.

    mutex page_lock[Page] crossrelease
    rule io_done(p: Page) when in_flight[p] { unlock(page_lock[p]) }""",
    ),
    Explanation(
        "PIN320",
        "a start of an actor that runs already",
        """\
Actors run from the beginning, unless they are declared dormant: those run when another starts
them.

    dormant actor child[u: User] { … }
    actor parent[u: User] { start child[u] }""",
    ),
    Explanation(
        "PIN321",
        "a proc inside one step",
        """\
A proc is code of several steps, inlined. Actions, rules and `atomic` are one step and can call
actions only. Make it an action, or call it from an actor's own code.""",
    ),
    Explanation(
        "PIN322",
        "a cost is only added to",
        """\
`cost copies` declares a counter outside the state: `copies += 1` in the code of a step says what
the step costs, and `pinmc cost` adds it up along paths and loops. Since a cost is no part of the
state, it makes no difference to what can happen, and there is no value of it to read, to compare,
to assign or to subtract from.""",
    ),
)
