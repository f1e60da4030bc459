"""PIN2xx: types."""

from __future__ import annotations

from pinmc.base.codes.model import Explanation

TYPES: tuple[Explanation, ...] = (
    Explanation(
        "PIN201",
        "a value of another type",
        """\
What stands here is of one type, and another is needed. Conditions are bool, not numbers; `none`
exists only for optional types; a value of one enum is none of another.

    if refs[p] > 0 { … }       // not: if refs[p] { … }
    var owner: User? = none    // not: var owner: User = none

A range, a wider range and int go together; that a value fits is checked when a step is taken.""",
    ),
    Explanation(
        "PIN202",
        "an operator on values it does not work on",
        """\
- and or not implies iff: truth values
- + - * / %: integers, or two words of one type
- < <= > >=: integers, words; <= also sets
- | & ^ ~ << >>: machine words; | & - also sets
- == !=: two values of any one type

Integers have no bits: declare the variable as a machine word, such as u32.""",
    ),
    Explanation(
        "PIN203",
        "a wrong number of arguments",
        """\
Each parameter gets one value, by position or, after those, by name.

    action pin(p: Page, n: 0..3) { … }
    pin(q, 1)
    pin(q, n = 1)""",
    ),
    Explanation(
        "PIN204",
        "an argument by a wrong name",
        """\
Behind the brackets of a call a name before `=` is the name of a parameter; in a record literal
it is the name of a field, and all fields are given by name. Fields that are left out have their
default.

    record Msg { kind: Kind, body: 0..3 }
    push(inbox, Msg(kind = recall))""",
    ),
    Explanation(
        "PIN206",
        "a wrong number of indices",
        """\
An array takes as many indices as it has dimensions, all of them together; so do locks and
families of actors.

    var pte[Cpu, Page]: bool
    … pte[c, p] …      // not: pte[c]

Whole arrays of equal type can be compared and assigned.""",
    ),
    Explanation(
        "PIN207",
        "no such field",
        """\
    record Msg { kind: Kind, body: 0..3 }
    … m.kind …

Only records have fields, and only those that they declare.""",
    ),
    Explanation(
        "PIN208",
        "something that has no elements",
        """\
Brackets after a name select an element of an array or of a queue. What stands before them here is
neither. Whether something is in a set is asked by `x in s`.""",
    ),
    Explanation(
        "PIN209",
        "a type that cannot be used here",
        """\
Indices, elements of sets, what `choose`, quantifiers and `for` run through need finitely many
values: bool, enums, ranges, scalarsets, small words. `int` has no end. Optional are scalars and
records, once. Constants are scalars.

    var io[0..3]: Io        // not: var io[int]: Io""",
    ),
    Explanation(
        "PIN210",
        "a type without values",
        """\
The first bound of a range is at most the last; a machine word has 1 to 64 bits; a queue has room
for one element at least.

    type Off = 0..N-1       // N = 0 leaves nothing""",
    ),
    Explanation(
        "PIN211",
        "interchangeable members have no order and no names",
        """\
The members of a scalarset are all alike, which is what lets the checker treat states that differ
in their names as one. So there is only ==, !=, `in`, and use as an index. If the order matters,
declare a range; if one is special, name it.

    scalarset Page[3] with H     // H is special
    type Slot = 0..3             // ordered""",
    ),
    Explanation(
        "PIN212",
        "words and integers do not mix",
        """\
Machine words wrap around, integers do not. Which is meant must be written; only integer constants
take the type of the word they meet.

    var count: u32
    var total: int
    total = total + int(count)
    count = count + 1""",
    ),
    Explanation(
        "PIN213",
        "a constant that does not fit",
        """\
The constant is no value of the type it is used as.

    var b: u8 = 256        // 0 to 255

Where wrapping is meant, write it: u8(256).""",
    ),
    Explanation(
        "PIN214",
        "the type cannot be told",
        """\
`none` and a set in braces get their type from what they are compared with, assigned to or passed
as. Alone they have none.

    owner = none
    seen = {}""",
    ),
    Explanation(
        "PIN215",
        "something without a value",
        """\
Only actions and procs that declare a result have one, and push, clear, lock and unlock have none.

    action trylock(p: Page): bool { … return true }""",
    ),
    Explanation(
        "PIN217",
        "not that kind of lock",
        """\
Locks are declared by `mutex` or `rwlock` and used only by lock, trylock, unlock, held and locked;
lock_shared, trylock_shared, unlock_shared and downgrade are for an rwlock.

    rwlock mmap_lock
    lock_shared(mmap_lock)""",
    ),
    Explanation(
        "PIN218",
        "something without a next value",
        """\
A prime stands directly behind the name of a variable, or behind a local of an actor, and means
its value after the step. Constants, parameters and defs have none; before the indices it goes.

    step invariant no_loss: forall p: Page { dirty[p] implies dirty'[p] or written'[p] }""",
    ),
)
