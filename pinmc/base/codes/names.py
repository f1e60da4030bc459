"""PIN1xx: names, modules and constants."""

from __future__ import annotations

from pinmc.base.codes.model import Explanation

NAMES: tuple[Explanation, ...] = (
    Explanation(
        "PIN101",
        "unknown name",
        """\
Nothing of that name is declared here, nor in a module that is used here. Names of used modules
are visible bare, those of a module with an alias only behind the alias; what a used module uses
itself is not visible.

    use mm.page
    use lease.range(Page, User) as l
    … io[p] …          // declared here or in mm.page
    … l.lease[p] …     // declared in lease.range

Where something near is known, the report names it. Members of a scalarset that have no name of
their own cannot be written at all: they are interchangeable.""",
    ),
    Explanation(
        "PIN102",
        "a name is declared twice",
        """\
Each name is declared once in its file, each label once in its actor or proc, and a local name
must not be in use by another local around it. Properties share their names with labels of
assertions and with the built-in deadlock, stuck and errors.

    action pin(p: Page) { … forall p: Page { … } }    // which p? rename one of them""",
    ),
    Explanation(
        "PIN103",
        "a name clashes with that of a used module",
        """\
The names of a used module can be written bare. So they must differ from those declared here and
from those of other used modules. Only constants and choices of a module may be hidden, since
they are its parameters. An alias keeps names apart:

    use lease.range(Page, User) as l      // now l.lease, l.take_lease""",
    ),
    Explanation(
        "PIN104",
        "a name that can mean several things",
        """\
The value belongs to several enums, or the name is declared by several used modules, and nothing
around it tells which is meant. Qualify it:

    enum Io { idle, busy }
    enum Cpu { idle, running }
    … state == Io.idle …

In a comparison or assignment the type of the other side decides, so this is rarely needed.""",
    ),
    Explanation(
        "PIN105",
        "a name that means another kind of thing",
        """\
There is something of that name, but it cannot be used like this: a type as a value, an actor as
a type, a def as a statement. Actions, procs and defs with parameters are called with brackets.

    if maybe_dma_pinned(p) { … }     // not: if maybe_dma_pinned { … }""",
    ),
    Explanation(
        "PIN106",
        "no such value",
        """\
An enum, choice or scalarset has no value of that name.

    enum Io { idle, locked }
    … Io.lokced …     // did you mean 'locked'?""",
    ),
    Explanation(
        "PIN107",
        "no such place or local of an actor",
        """\
`actor[u] at label` needs a label in the actor's code or in a proc it calls; `end` is the end of
the code. `actor[u].x` needs a local or chosen name x of the actor's own code, of which there is
just one.

    actor gup[u: User] { pinned: await done[u] }
    invariant safe: forall u: User { gup[u] at pinned implies refs >= 1 }""",
    ),
    Explanation(
        "PIN108",
        "an expectation of an unknown property",
        """\
`expect` names an invariant, step invariant, reachable, lemma or property, the label of an
assertion, or one of deadlock, stuck, stuck(actor) and errors.

    invariant csum_stable: …
    expect csum_stable holds""",
    ),
    Explanation(
        "PIN109",
        "an expectation 'by' an unknown action",
        """\
After `by` stands the action or rule whose step breaks the property, by its name in the
specification (not by its `as` text).

    expect csum_stable violated in 9 by device_write""",
    ),
    Explanation(
        "PIN110",
        "no such module",
        """\
`use mm.page` is the file mm/page.pin in the folder of the specification that is checked, or in a
folder `models` beside it or above it, or among the models that come with pinmc; the first that
is found counts. Paths, and links that lead out of these folders, are refused.""",
    ),
    Explanation(
        "PIN111",
        "a file cannot be read",
        """\
The specification or a module it uses does not exist, is a folder, may not be opened, is larger
than any specification, or is a link out of the folder in which modules are looked for.""",
    ),
    Explanation(
        "PIN112",
        "modules use each other in a circle",
        """\
A module and what it uses are put together from the inside out, so no module may use itself, not
even through others. Move what both need into a module of its own, and use that in both.""",
    ),
    Explanation(
        "PIN113",
        "wrong arguments of a module",
        """\
A module's parameters are its types without a definition, given in order or by name, and its
constants and choices, given by name.

    // lease/range.pin
    type Page
    const SLOTS = 2
    // the user
    use lease.range(Page, SLOTS = 3)

Types and constants without a value must be given. A value must fit its declaration.""",
    ),
    Explanation(
        "PIN115",
        "a constant without a value",
        """\
A constant that is declared without a value is a parameter: users of the module give it. In the
specification that is checked, every constant has a value, there or from the command line.

    const USERS : int where USERS >= 1 = 2
    pinmc check spec.pin -D USERS=3""",
    ),
    Explanation(
        "PIN116",
        "a constant outside its 'where'",
        """\
The condition says for which values the specification makes sense. The value given, in the
declaration, by a user of the module or by -D, makes it false.

    const BIAS : int where BIAS >= 2 = 1     // refused""",
    ),
    Explanation(
        "PIN117",
        "the default of a choice is none of its options",
        """\
    choice TRUNCATE { ignore, wait } = ignore

After the options stands the one that is taken when nothing else is said.""",
    ),
    Explanation(
        "PIN118",
        "a constant or initial value depends on a variable",
        """\
Sizes, bounds, constants and conditions of `use` and `expect` are computed before there are any
states: from literals, constants, choices, and defs of these. The initial value of a variable may
also use its own indices. To relate variables to one another, use an init block.

    var ref[p: Page]: 0..3 = if p == H then 1 else 0
    init { total = ref[H] }""",
    ),
    Explanation(
        "PIN119",
        "a constant expression has no value",
        """\
It divides by zero, shifts too far, leaves its range, needs more than 64 bits, or takes too much
work to compute.

    const A = 1 << 70      // refused""",
    ),
    Explanation(
        "PIN120",
        "definitions in a circle",
        """\
A constant, type or record is defined by itself, perhaps through others. A record cannot contain
itself; for a linked structure use an array indexed by a scalarset.

    const A = B + 1
    const B = A - 1        // refused""",
    ),
    Explanation(
        "PIN121",
        "a type parameter in the file that is checked",
        """\
`type Page` without a definition says that users of the module give the type. To check the file
by itself, define it; or check a specification that uses it.

    type Page = 0..1""",
    ),
    Explanation(
        "PIN122",
        "a size out of bounds",
        """\
Index types, the elements of sets, what quantifiers and `for` run through, and the cells of one
variable are bounded by a million; a scalarset has at least its named members and at least one.
Exploration visits every combination: bugs show in small instances.

    scalarset Page[3] with H, T     // at least 2""",
    ),
    Explanation(
        "PIN123",
        "definitions are nested too deeply",
        """\
Definitions hang on one another in a chain, or modules use one another, beyond what any
specification needs. Such input is refused before it costs time.""",
    ),
    Explanation(
        "PIN124",
        "too many designs",
        """\
An `expect … when` names every design that satisfies its condition and differs from the default
in the choices it mentions. A condition on many choices names their product.

    expect safe holds when TRUNCATE == revoke      // one design
    expect safe holds when TRUNCATE != ignore      // one for each other option""",
    ),
)
