"""PIN35x: what lowering finds out about actors' code."""

from __future__ import annotations

from pinmc.base.codes.model import Explanation

FLOW: tuple[Explanation, ...] = (
    Explanation(
        "PIN351",
        "a loop can run for ever within one step",
        """After a step an actor runs on, within that step, through everything that touches only
its own locals, constants and ghosts. A loop through which it could run on without ever
meeting a step would make that step endless, so it is rejected:

    loop { x = x + 1 }            // x is a local: no step inside

Put a step into every round: touch shared state, call an action, 'await' something, or
write 'skip'.""",
    ),
    Explanation(
        "PIN352",
        "'return' inside a bulk 'for'",
        """A 'for' in an action or an 'atomic' block is one bulk update: every iteration takes
place. A 'return' in the middle of it would make the iterations depend on each other's order.
Keep what was found in a local variable and return it after the loop, or use 'choose … where'
to pick an element.""",
    ),
    Explanation(
        "PIN353",
        "the code unfolds into too much",
        """A 'for' in an actor is unrolled, since each of its steps is a place of its own, and a
proc is copied to each of its calls. This specification unfolds beyond what can be handled.
Loop over a smaller range, use 'while' with a counter, or make the loop a bulk 'for' inside an
action or 'atomic'.""",
    ),
    Explanation(
        "PIN354",
        "a label, 'end' or fairness on something that is no step",
        """A label names a place where an actor can rest, 'end' says that it may rest there for
ever, and fairness speaks of leaving it. A declaration without a value or a statement that is
empty has no place. Put the prefix on the statement that follows, or on a 'skip'.""",
    ),
    Explanation(
        "PIN355",
        "'any' over a type with too many values",
        """A variable that starts as 'any' makes one initial state for each of its values. For
'int' there is no end to them, and for a wide machine word far too many to explore. Use a
smaller type (uint[W] with a small W), or a fixed first value.""",
    ),
    Explanation(
        "PIN356",
        "the state is too large",
        """Every element of every array is part of each state. This specification's variables
have more elements than can be explored. Use smaller index types: model checking finds races
with two or three pages and users.""",
    ),
    Explanation(
        "PIN357",
        "an amount that may be negative or fail",
        """\
In `copies += amount` the amount must be at least 0 in every state, which is judged by its types:
a range that begins below 0, or a difference, could be negative. And evaluating it must need no
check, of an index or a range, that could fail: a cost changes nothing, so it cannot be an error.
Use `max(a - b, 0)`, a count such as `count p: Page { dirty[p] }`, or `if` and a constant.""",
    ),
)
