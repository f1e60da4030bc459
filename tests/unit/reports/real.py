"""Results of real specifications of a few lines, for reports that need the System."""

from __future__ import annotations

from pinmc.engines.base import ExploreOptions
from pinmc.engines.interp.engine import InterpEngine
from pinmc.results.judge import combine, judge_design
from pinmc.results.result import Result
from pinmc.results.trace import Trace
from tests.checking import system_of

PINS = """\
scalarset Page[2]
var refs[p: Page]: 0..4 = 0
var written: bool = false
ghost var pins: 0..4 = 0
action pin(p: Page) as "pin_user_pages" when refs[p] < 2 { refs[p] += 1  pins += 1 }
fair actor user { choose p: Page { pin(p) }  written = true }
fair actor other { written = false }
/// Nobody writes a page that is pinned.
invariant quiet: written implies forall p: Page { refs[p] == 0 }
step invariant forward: forall p: Page { refs'[p] >= refs[p] } and not (written and not written')
reachable pinned: exists p: Page { refs[p] > 0 }
expect quiet violated in 3
expect forward violated
"""

LOCKS = """\
mutex a
mutex b
var first: bool = false
fair actor one { lock(a) lock(b) first = true unlock(b) unlock(a) }
fair actor two { lock(b) lock(a) first = false unlock(a) unlock(b) }
"""

ERRORS = """\
scalarset User[2]
var x: 0..1 = 0
fair actor user[u: User] { x = x + 1 }
"""

BAD_START = """\
var x: 0..1 = 0
init { x = x + 2 }
"""


def result_of(text: str) -> Result:
    system = system_of(text)
    exploration = InterpEngine().explore(system, ExploreOptions())
    return combine(system.path, [judge_design(system, exploration)])


def trace_of(text: str, name: str) -> Trace:
    found = result_of(text)[name].trace
    assert found is not None
    return found
