"""Bounds of weighted sums, and the laws that they follow."""

from __future__ import annotations

from pathlib import Path

from pinmc import api
from pinmc.engines.smt.mining import Instance, candidates, reachable
from pinmc.engines.smt.mining.lemma import Origin
from pinmc.engines.smt.mining.pattern import law

SPEC = Path(__file__).parents[4] / "specs" / "pin_guard.pin"


def _sums(*free: str, **constants: int) -> set[str]:
    spec = api.load_free(SPEC, free, constants=constants)
    instances = [Instance(s, reachable(s, 20_000), given) for s, given in spec.instances]
    found = candidates(instances, spec.system)
    return {lemma.text for lemma in found if lemma.origin is Origin.SUM}


def test_what_has_passed_is_still_to_be_added() -> None:
    system = api.load(SPEC).systems[0]
    found = candidates([Instance(system, reachable(system, 20_000))])
    texts = {lemma.text for lemma in found if lemma.origin is Origin.SUM}
    assert "refs + 5 * passed <= 78" in texts


def test_with_free_constants() -> None:
    assert "refs + BIAS * passed <= 3 * BIAS + 63" in _sums("BIAS")
    assert "refs + 5 * passed <= 5 * CALLERS + 63" in _sums("CALLERS")
    assert _sums("BIAS", "CALLERS") == set()


def test_the_largest_signed_word_is_no_obstacle() -> None:
    assert "refs + BIAS * passed <= 3 * BIAS + 2147483647" in _sums("BIAS", W=32)


def test_laws() -> None:
    one = law([({"B": b}, 3 * b - 7) for b in (4, 5, 7)])
    assert one is not None and one.text == "3 * B - 7" and one.value({"B": 10}) == 23
    assert law([({"B": 4}, 16), ({"B": 5}, 25), ({"B": 7}, 49)]) is None
    assert law([({"B": 4}, 1), ({"B": 6}, 2), ({"B": 8}, 3)]) is None  # halves are no law
    same = law([({"B": b}, 9) for b in (1, 2, 3)])
    assert same is not None and same.text == "9"
    two = [({"B": b, "C": c}, b * c + 63) for b, c in ((3, 5), (4, 7), (6, 14), (11, 37))]
    both = law(two)
    assert both is not None and both.text == "B * C + 63" and both.value({"B": 2, "C": 9}) == 81
    alone = law([({}, 5)])
    assert alone is not None and alone.text == "5"
    assert law([({}, 5), ({}, 6)]) is None
