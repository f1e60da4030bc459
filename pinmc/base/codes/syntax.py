"""PIN0xx: syntax."""

from __future__ import annotations

from pinmc.base.codes.model import Explanation

_CHARACTERS = (
    Explanation(
        "PIN001",
        "unexpected character",
        """\
A specification is plain text: ASCII letters, digits, and the operators of the language. A
character outside of these may stand in a comment or in a text in quotes only. Names of ASCII
letters look the same to everybody who reads the file.

    var größe: 0..3        // refused: 'ö' in a name
    var size: 0..3         // Größe, in a comment, is fine

Mathematical signs have words here: and, or, not, implies, in, forall, exists, != <= >=.""",
    ),
    Explanation(
        "PIN002",
        "unclosed comment",
        """\
A comment that begins with /* ends at the first */; such comments do not nest. Here the end of
the file came first, so everything behind the /* would be comment. Close it, or begin each of its
lines with //.

    /* the page may be
       under writeback */
    var busy: bool""",
    ),
    Explanation(
        "PIN003",
        "faulty text in quotes",
        """\
A text in quotes, the name shown after 'as', begins and ends on one line, and holds neither quotes
nor tabs nor other control characters: it is printed as it stands in traces.

    action pin(p: Page) as "pin_user_pages()" { refs[p] += 1 }""",
    ),
    Explanation(
        "PIN004",
        "number too large",
        """\
Numbers up to 2^64 can be written. Nothing in a specification needs larger ones: machine words
have at most 64 bits. Explored values should be far smaller still, for each of them may be a state
of its own; a bound such as Linux's GUP_PIN_COUNTING_BIAS (1024) is best a constant that is small
when explored and left free when proved.

    const BIAS: int where BIAS >= 2 = 4""",
    ),
    Explanation(
        "PIN005",
        "faulty number",
        """\
Numbers are decimal (12, 1_000) or hexadecimal (0xff). An underscore stands between digits only.
A name cannot begin with a digit, so 2nd is neither a number nor a name.

    const LIMIT = 1_000
    var second: 0..LIMIT      // not 2nd""",
    ),
    Explanation(
        "PIN006",
        "nested too deep",
        """\
Brackets may be open 100 deep, and an expression may be 100 operators high. No specification
written by hand comes near; a generated one should give names to its parts.

    def any_pinned(p: Page) = …
    invariant safe: forall p: Page { any_pinned(p) implies … }

A long chain 'a or b or c or …' is often better an 'exists' over an index.""",
    ),
    Explanation(
        "PIN007",
        "file too large",
        """\
A file may have a million characters. A specification that is larger is surely a file given by
mistake, or generated; cut it into modules and join them with 'use'.""",
    ),
    Explanation(
        "PIN008",
        "not UTF-8",
        """\
Specifications are UTF-8 text, with or without a byte order mark. This file has bytes that are no
UTF-8: it may be binary, or in an older encoding such as Latin-1 or UTF-16. Convert it, for example
with 'iconv -f LATIN1 -t UTF-8'.""",
    ),
    Explanation(
        "PIN009",
        "name too long",
        """\
A name may have 200 characters. Longer ones cannot be shown in traces and tables; they are almost
always the work of a generator.""",
    ),
)

_STRUCTURE = (
    Explanation(
        "PIN010",
        "unexpected word or sign",
        """\
The text cannot go on as it does here. The message says what could stand in this place, where
that is a short list. Often the slip is a little before the place shown: a word too many, a part
left out, or a clause in the wrong order. The order of the clauses of an action is

    fair action NAME(params): RESULT as "text" when CONDITION { … }""",
    ),
    Explanation(
        "PIN011",
        "missing closing bracket",
        """\
A ( [ or { was opened and is not closed where it must be. The note says which; it is reported
where the closing one should stand at the latest. For a brace, the one whose closing brace stands
further left than its own line is named, since indentation shows what was meant.

    while busy[p] {
      await not busy[p]
                        // '}' missing here
    pin(p)""",
    ),
    Explanation(
        "PIN012",
        "wrong or superfluous closing bracket",
        """\
Brackets close in the opposite order of their opening, each by its own kind. A closing one with
nothing open often means that a brace was closed too early, some lines above.

    refs[f(p]) += 1       // should be refs[f(p)]""",
    ),
    Explanation(
        "PIN013",
        "something is missing",
        """\
A part of a declaration or statement was left out: a ':' before a type, a type, a '=' before a
value, a comma, a name, or an expression. It is reported at the end of what stands before the gap.

    var io[Page]: Io = idle           // name, indices, ':', type, '=', value
    def pinned(p: Page) = refs[p] > 0
    invariant safe: forall p: Page { not pinned(p) }

Every variable and parameter has a type, so that the number of states can be seen from the
declarations.""",
    ),
    Explanation(
        "PIN014",
        "reserved word as a name",
        """\
The words of the language cannot be names, so that a specification can be read without knowing
what it declares. Choose another name.

    var count: 0..3        // refused: 'count' counts, as in count p: Page { busy[p] }
    var waiters: 0..3""",
    ),
    Explanation(
        "PIN022",
        "block without braces",
        """\
The bodies of if, else, while, for, loop, either, atomic, actions, procs, actors and rules stand in
braces, also when they are one statement. There is neither ':' nor 'then' before a body ('then'
belongs to the conditional expression 'if c then a else b').

    if io[p] == idle { io[p] = locked } else { skip }""",
    ),
    Explanation(
        "PIN023",
        "statement outside a body",
        """\
A file consists of declarations. Statements stand in the body of an action, a proc, an actor, a
rule, or of 'init', which sets up the first state.

    init { for p: Page { io[p] = idle } }

A value to begin with can also stand at the variable: var io[Page]: Io = idle.""",
    ),
    Explanation(
        "PIN024",
        "declaration inside a body",
        """\
Actions, properties, types and global variables are declared at the top level, never inside
braces. A local variable, 'var x: T = e', is a statement and may stand in a body. When the word
stands where it should, a closing brace is missing somewhere before it.""",
    ),
    Explanation(
        "PIN025",
        "unknown keyword",
        """\
Each declaration begins with one of: use const choice type scalarset enum record var mutex rwlock
def action proc actor rule init invariant 'step invariant' reachable lemma property expect, perhaps
after fair, 'strong fair', dormant, ghost or free. A statement that is no assignment and no call
begins with a keyword too: if while loop for either atomic await choose skip break continue return
assert start var.

    invarient safe: x > 0      // invariant""",
    ),
    Explanation(
        "PIN026",
        "a declaration is expected",
        """\
The declaration before this place is complete, and what follows begins no other. A file is a
sequence of declarations without separators. Often the expression before ended earlier than
meant: an operator is missing, or a closing bracket stands too early.

    const N = 2 3              // what is 3?
    def d(a: int) = (a + 1) b  // an operator is missing""",
    ),
)

_HABITS = (
    Explanation(
        "PIN015",
        "'=' in an expression",
        """\
'=' gives a value: in assignments, for constants and initial values. A comparison is written with
'=='. An assignment is a statement, never part of an expression, so no condition changes state.

    if io[p] == idle { io[p] = locked }""",
    ),
    Explanation(
        "PIN016",
        "'==' for '='",
        """\
'==' compares two values. To assign, and to give a constant or a variable its value, write '='.

    const N = 2
    action lock_page(p: Page) { io[p] = locked }

To wait until something holds, write 'await io[p] == idle'.""",
    ),
    Explanation(
        "PIN017",
        "operator of another language",
        """\
Logic is written in words, so that it cannot be taken for the operations on machine words:

    and  or  not  implies  iff

'&' '|' '^' '~' work on words (and '&' '|' on sets). Comparisons are == != < <= > >=.

    invariant safe: not (dirty[p] and clean[p])""",
    ),
    Explanation(
        "PIN018",
        "semicolon",
        """\
Nothing ends with ';' here. Line breaks have no meaning either: a statement is over where the next
begins, and several may stand on one line.

    action unpin(p: Page) { refs[p] -= BIAS  pins[p] -= 1 }""",
    ),
    Explanation(
        "PIN019",
        "elif",
        """\
A chain of conditions is written with 'else if'.

    if a { skip } else if b { await c } else { x = 1 }""",
    ),
    Explanation(
        "PIN020",
        "update operator",
        """\
A variable is updated by = += -= *= |= &= ^=. There is no ++ or --, since a step of an actor is a
statement that can be pointed at, and no '/=', '%=', '<<=' or '>>=': write the operation out.

    refs[p] += 1
    left = left / 2""",
    ),
    Explanation(
        "PIN021",
        "beginning of a statement",
        """\
A statement begins with a name or a keyword, never with ( [ - or {. Since line breaks mean nothing,
such a beginning would be read as a continuation of the line before: 'x = y' and then '-z' is
x = y - z. Braces alone are no block; statements in one step are 'atomic { … }'.

    (x) = 1         // refused
    x = 1""",
    ),
    Explanation(
        "PIN027",
        "an expression is no statement",
        """\
A statement does something: it assigns, calls an action or a proc, waits, chooses, jumps. The mere
value of an expression is lost, so it may not stand alone. Write 'await e' to wait for it,
'assert e' to claim it, 'if e { }' to test it, 'f()' with parentheses to call.

    unlock_page(p)      // a call
    await io[p] == idle""",
    ),
)

_EXPRESSIONS = (
    Explanation(
        "PIN028",
        "not a type",
        """\
A type belongs here. Types are bool, int, words (u8, u32, uint[W], s16 …), ranges lo..hi, T?
(a T or none), set T, queue[n] T, array[I] T, and declared names. A number alone is no type: the
integers from 0 to 3 are the range 0..3.

    var refs[Page]: 0..3
    scalarset Page[3]     // a size, for a set of interchangeable things""",
    ),
    Explanation(
        "PIN029",
        "not a name",
        """\
Only what has a name can be called or started: a def, an action, a proc, an actor, a conversion, a
record. There are no functions as values.

    choose p: Page
    pin(p)                // not table[p](…)
    start writer[u]""",
    ),
    Explanation(
        "PIN030",
        "misplaced prime",
        """\
In a step invariant x' is the value of x after the step. The prime follows the name of the
variable, before its indices, or the name of a field; once, and on no other expression.

    step invariant monotone: forall p: Page { seq'[p] >= seq[p] }""",
    ),
    Explanation(
        "PIN031",
        "misplaced word",
        """\
Some words have a meaning in one place only, and are ordinary names elsewhere: 'unfair' before the
name of an rwlock, 'crossrelease' after a lock, 'by' after the verdict of an expectation.

    rwlock unfair tree[Inode]
    mutex page_lock[Page] crossrelease
    expect safe violated in 9 by device_write when WRITEOUT == as_is""",
    ),
    Explanation(
        "PIN032",
        "not assignable",
        """\
The left side of an assignment is a variable, an element of one, or a field of one. The result of
a call cannot be assigned to.

    io[p] = idle
    inbox[c].kind = recall""",
    ),
    Explanation(
        "PIN033",
        "a statement marked twice",
        """\
Before a statement stand at most one label, one 'end' (it may stay here for ever) and one 'fair' or
'strong fair', in any order.

    idle: end await work > 0""",
    ),
    Explanation(
        "PIN034",
        "chained comparison",
        """\
A comparison has two sides. In some languages 'a < b < c' means both, in C it compares the truth of
the first with the third; here it is refused. Say which:

    0 < n and n < LIMIT
    (a == b) == c          // compares two truths; better: a == b iff c""",
    ),
    Explanation(
        "PIN035",
        "statement after return",
        """\
'return e' takes what follows it for its value, on the next line too. A 'return' without a value
is therefore the last statement of its block; a statement after it would never be reached.

    if full(q) { return }
    push(q, m)""",
    ),
    Explanation(
        "PIN036",
        "conditional expression",
        """\
The expression is 'if c then a else b', with both parts. Its last part reaches as far as it can;
as an operand of something else it stands in parentheses. With braces, 'if' is a statement.

    var ref[p: Page]: 0..3 = if p == H then 1 else 0
    x = 1 + (if busy then 1 else 0)""",
    ),
)

SYNTAX: tuple[Explanation, ...] = tuple(
    sorted((*_CHARACTERS, *_STRUCTURE, *_HABITS, *_EXPRESSIONS), key=lambda each: each.code)
)
