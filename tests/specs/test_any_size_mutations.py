"""A guard less: what small instances refute is never proved for every number of members."""

from __future__ import annotations

from time import perf_counter

import pytest

from pinmc.api import load_sizes
from pinmc.engines.base import ExploreOptions, Limits
from pinmc.engines.interp.engine import InterpEngine
from pinmc.engines.smt.anysize.design import KINDS
from pinmc.engines.smt.anysize.erase import erased, family
from pinmc.engines.smt.anysize.model import Model
from pinmc.engines.smt.anysize.prove import prove
from pinmc.engines.smt.proving.prove import Prover, explored
from pinmc.ir.property import Verdict
from pinmc.ir.system import System
from tests.specs.test_guard_mutations import mutants

SPECS = {
    "lease_exclusive.pin": (("User", "Page"), {}),
    "lease_price.pin": (("Page",), {"PROTECT": "lease_page"}),
    "btrfs_delalloc.pin": (("Page",), {}),
}
WRONG = (Verdict.VIOLATED, Verdict.REACHED)


def refuted(system: System) -> set[str]:
    options = ExploreOptions(Limits(states=6000))
    found = InterpEngine().explore(system, options).findings
    return {f.property for f in found if f.verdict in WRONG}


@pytest.mark.slow
@pytest.mark.parametrize("spec", SPECS)
def test_no_mutant_is_proved_to_do_what_it_does_not(spec: str) -> None:
    any_size, constants = SPECS[spec]
    _, own, samples = next(iter(load_sizes(f"specs/{spec}", any_size, constants=constants)))
    # The mutant of every sample that lacks the same guard.
    others = [mutants(sample) for sample in samples]
    whole = refuted(own)
    broken = 0
    for changed in zip(*others, strict=True):
        one = [mutant for _, mutant in changed]
        wrong = refuted(one[-1]) | refuted(one[len(any_size) * 2 - 1])
        model = Model(family(one, any_size))
        prover = Prover(one[1], [explored(one[1], 2000), explored(one[0], 2000)], seconds=5)
        lemmas = [erased(lemma, any_size) for lemma in prover.background]
        for claim in model.family.claims:
            if claim.kind in KINDS and claim.name in wrong:
                found = prove(model, claim, lemmas, perf_counter() + 5)
                assert found.lemmas is None and found.reason, (changed[0][0], claim.name)
                broken += claim.name not in whole
    assert broken, "no guard matters here"
