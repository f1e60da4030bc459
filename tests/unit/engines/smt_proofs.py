"""A small specification with a proof, for tests of certificates."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pinmc.engines.smt.certificate.write import Proof
from pinmc.engines.smt.mining import Instance, candidates, reachable
from tests.checking import system_of
from tests.houdini import inductive

COUNTED = """
const BIAS: int where BIAS >= 2 = 8
const MOST = 3
var refs: int
var lookups: 0..MOST
var pinned: bool
ghost var pins: 0..1
rule get() when lookups < MOST { refs += 1  lookups += 1 }
rule put() when lookups > 0 { refs -= 1  lookups -= 1 }
rule pin() when not pinned { refs += BIAS  pins += 1  pinned = true }
rule unpin() when pinned { refs -= BIAS  pins -= 1  pinned = false }
invariant looks_pinned: pins >= 1 implies refs >= BIAS
step invariant one_at_a_time: refs' <= refs + BIAS
reachable too_many: refs > BIAS + MOST
expect too_many unreachable
"""


@cache
def proved(name: str = "looks_pinned", text: str = COUNTED) -> Proof:
    """A proof of the property ``name``."""
    system = system_of(text)
    found = candidates([Instance(system, reachable(system, 10_000))])
    prop = next(p for p in system.properties if p.name == name)
    lemmas = inductive(system, prop, [lemma.expr for lemma in found])
    return Proof(system, prop, tuple(lemmas))


def spec_file(folder: Path, text: str = COUNTED) -> Path:
    path = folder / "counted.pin"
    path.write_text(text, encoding="utf-8")
    return path
