"""Specifications for the tests of the command line, one for each exit code."""

from __future__ import annotations

GOOD = """\
const MAX: int where MAX <= 7 = 3
var x: 0..7
actor counter { while x < MAX { x += 1 } }
invariant small: x <= MAX
reachable full: x == MAX
"""

VIOLATED = GOOD + "invariant smaller: x < MAX\n"

MISMATCH = GOOD + "expect small violated\n"

EXPECTED = VIOLATED + "expect smaller violated in 6\n"

MISTAKES = "var x: colour\nvar y: 0..\n"

VACUOUS = GOOD + "invariant never: x == 7 implies MAX == 7\n"

CHOICE = """\
choice LIMIT { low, high } = low
var x: 0..7
actor counter { while x < (if LIMIT == low then 2 else 3) { x += 1 } }
invariant below: x < 3
expect below violated when LIMIT == high
expect below holds when LIMIT == low
"""

HUGE = """\
var x[1..8]: 0..63
actor counter[i: 1..8] { loop { x[i] = if x[i] < 63 then x[i] + 1 else 0 } }
invariant in_range: forall i: 1..8 { x[i] <= 63 }
"""
