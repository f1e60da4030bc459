"""Bounded model checking finds what exploration finds in the specifications, as short."""

from __future__ import annotations

from pathlib import Path

import pytest

import pinmc
from pinmc.engines.base import ExploreOptions, Limits
from pinmc.engines.smt.bounded.engine import BoundedEngine
from pinmc.ir.property import PropertyKind, Verdict
from tests.specs.test_specs import SPECS, checked

LARGE = ("btrfs_lease", "lease_designs")
"""Whose goals, some of them deep, are left to exploration: violations only."""

DEEPEST = 25
"""The deepest there are in the others."""

DEEP = 15
"""Deeper in a large one takes half a minute: with `--whole` only."""


@pytest.mark.slow
@pytest.mark.parametrize("path", SPECS, ids=lambda p: p.stem)
def test_lengths(path: Path, request: pytest.FixtureRequest) -> None:
    large, whole = path.stem.startswith(LARGE), request.config.getoption("--whole")
    deepest = DEEP if large and not whole else DEEPEST
    result, spec = checked(path), pinmc.load(path)
    for design, system in zip(result.designs, spec.systems, strict=True):
        expected = {
            p.name: p.depth
            for p in design.properties
            if p.depth is not None
            and p.depth <= deepest
            and p.kind is not PropertyKind.STUCK
            and not (large and p.verdict is not Verdict.VIOLATED)
        }
        if not expected:
            continue
        options = ExploreOptions(
            Limits(depth=max(expected.values())), properties=frozenset(expected)
        )
        found = BoundedEngine().explore(system, options)
        assert not found.stopped.startswith("not for"), (path.stem, found.stopped)
        lengths = {f.property: len(f.schedule.moves) for f in found.findings if f.schedule}
        assert lengths == expected, (path.stem, design.label)
