"""PIN4xx: usage."""

from __future__ import annotations

from pinmc.base.codes.model import Explanation

USAGE: tuple[Explanation, ...] = (
    Explanation(
        "PIN401",
        "the file cannot be read",
        """\
The path names no file that can be read as a specification: it does not exist, is a folder
without specifications, may not be opened, or is not UTF-8 text.

A path that begins with specs/ and is not found from the current folder is looked for among
the specifications that come with pinmc, so that `pinmc check specs/btrfs_lease.pin` works
wherever pinmc is installed.""",
    ),
    Explanation(
        "PIN402",
        "no such property",
        """\
`--property NAME` chooses among the properties of the specification: its invariants, step
invariants, reachability goals, lemmas, temporal properties and labelled asserts, and the
built-in ones `deadlock`, `stuck` and `errors`. A name that belongs to none of them would
choose nothing, and a check of nothing must not look like a pass.""",
    ),
    Explanation(
        "PIN403",
        "a -D definition is malformed",
        """\
Constants and choices are fixed from the command line by `-D NAME=VALUE`, once for each name:
`-D USERS=2 -D TRUNCATE=wait`. Give each name at most once. Values are integers, `true`,
`false`, or the name of an enum's or choice's value.""",
    ),
    Explanation(
        "PIN404",
        "the graph cannot be made",
        """\
`--graph FILE` draws the counterexample, or the witness, of one property. It needs a property
that has a trace (choose it by `--graph-property NAME`, and the design by `-D`), a suffix that
names a format (.graphml, .dot, .json, .svg), and for .svg the program `dot` of graphviz.
`pinmc graph SPEC` draws a whole state space, and refuses above `--max-nodes`, because nobody
can read such a picture.""",
    ),
    Explanation(
        "PIN405",
        "nothing to count",
        """\
`pinmc cost SPEC` adds up what steps cost. The specification says so: `cost copies` declares a
counter, `copies += 1` in an action spends. Sums are counted until a `reachable` is first reached
(`--goal NAME`, all of them without it); `--per NAME` compares costs with another over loops.""",
    ),
    Explanation(
        "PIN406",
        "no such matrix",
        """\
`pinmc matrix SPEC` explores every combination of the specification's choices, or of those that
`--choice NAME,…` names, while `-D NAME=VALUE` fixes others. What varies must be a `choice` of the
specification itself, it cannot be fixed as well, and there must not be too many combinations.""",
    ),
    Explanation(
        "PIN407",
        "no such question",
        """\
`pinmc bound SPEC --minimize EXPR --subject-to CONDITION` takes expressions as a specification
writes them after the colon of an `invariant`: one expression each, and no declaration. What is
minimized or maximized is a number. `--safe NAME --property P` takes a constant of the specification
itself that is a number, and properties that speak of states or steps.""",
    ),
    Explanation(
        "PIN408",
        "not for any number",
        """\
`pinmc prove SPEC --any User` proves for every number of members of a scalarset of the specification
itself. Its size must be a constant, `scalarset User[USERS]`, and nothing else may look at that
constant: a specification that does is another one for each number.""",
    ),
    Explanation(
        "PIN410",
        "-D names nothing",
        """\
`-D NAME=VALUE` gives a constant or choice of the specification that is checked another value. It
declares none of that name. Constants of a module are given by the specification that uses it:
`use mm.page(PAGES = N)`, and then `-D N=3`.""",
    ),
    Explanation(
        "PIN411",
        "-D gives a value that does not fit",
        """\
The value after `-D NAME=` is an integer, true or false, the name of one of the choice's options, or
that of an enum's value; and it must be of the type that the constant is declared with.""",
    ),
    Explanation(
        "PIN430",
        "there is no certificate",
        """\
`pinmc certify DIR` looks for `manifest.json` and the three scripts `init.smt2`, `step.smt2` and
`safety.smt2` beside it, in DIR and in the folders below. One of them is missing or cannot be
read, or the manifest is of a version that this pinmc does not know.""",
    ),
    Explanation(
        "PIN431",
        "the certificate was changed",
        """\
A script is not the one that the manifest was written for, or it is no obligation of an
inductive invariant: all three scripts must begin with the same declarations and definitions and
end with the assertions that every certificate ends with, and there may be nothing else in them. A
script that says less than it should is unsatisfiable for no reason, so that nothing that was
changed is asked about.""",
    ),
    Explanation(
        "PIN432",
        "the certificate proves something else",
        """\
With `--spec SPEC` the scripts of a certificate must be, letter by letter, those that this pinmc
writes for the property, the design and the lemmas that the manifest names. They are not: the
specification has changed since, or the certificate is for another one, or it was made by a pinmc
that writes scripts in another way. Prove the property anew.""",
    ),
    Explanation(
        "PIN433",
        "the constant cannot be left free",
        """\
`--free NAME` proves for every value of a constant that its `where` allows. The constant becomes a
variable that nothing changes; so it must be an integer, and one that is only calculated and
compared with. The size of a scalarset or range, an argument of a module, another constant, a
machine word and a condition of a design need a number.""",
    ),
)
