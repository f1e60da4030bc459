"""PIN5xx: warnings."""

from __future__ import annotations

from pinmc.base.codes.model import Explanation

WARNINGS: tuple[Explanation, ...] = (
    Explanation(
        "PIN501",
        "a variable that is never written",
        """\
It keeps its first value for ever. If that is meant, a constant or a def says so; if not, a
statement is missing.""",
    ),
    Explanation(
        "PIN502",
        "a variable or lock that is never used",
        """\
Nothing reads the variable: no guard, no statement, no property. It costs states all the same. A
ghost that no property looks at records the truth for nobody.""",
    ),
    Explanation(
        "PIN503",
        "something that is never called",
        """\
Nothing calls the action or proc, or starts the dormant actor. Did an actor or a call get lost?
Declarations of used modules that nobody calls do not count.""",
    ),
    Explanation(
        "PIN504",
        "a local variable that is never read",
        """\
Its value is never looked at, by the code or by a property.""",
    ),
    Explanation(
        "PIN505",
        "something that is never used",
        """\
Nothing uses the constant, choice or def. A choice that nothing looks at makes no difference
between designs.""",
    ),
    Explanation(
        "PIN506",
        "a condition that no design satisfies",
        """\
The expectation is never checked, because no options of the choices it mentions make its `when`
true, and it mentions no constant that -D could change.

    choice MODE { a, b } = a
    expect safe holds when MODE == a and MODE == b""",
    ),
    Explanation(
        "PIN507",
        "the same module twice, with other constants",
        """\
A module with the same arguments is one instance, shared by all who use it; with others it is
another one, with variables of its own. Two of them side by side, without an alias, are mostly an
argument that was forgotten:

    use mm.pin(Page, User, BIAS = 2)
    use fs.truncate_wait(Page, User) as policy   // its mm.pin has BIAS = 4, and other pins

Hand the constant on (`BIAS = 2`), or use one of the two under an alias.""",
    ),
)
