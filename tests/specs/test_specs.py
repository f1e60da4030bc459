"""The specifications that come with pinmc: what they expect is true, and nothing else would be."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

import pinmc
from pinmc.api import unused_actions
from pinmc.engines.base import ExploreOptions
from pinmc.engines.catalog import make_engine
from pinmc.results.exploration import Exploration
from pinmc.results.judge import combine, judge_design
from pinmc.results.result import Result

ROOT = Path(__file__).parents[2]
SPECS = sorted((ROOT / "specs").rglob("*.pin"))
LARGE = ("btrfs_lease", "lease_designs")
SMALL = [p for p in SPECS if not p.stem.startswith(LARGE)]
EXPECT = re.compile(r"^expect .*$", re.MULTILINE)


@cache
def checked(path: Path) -> Result:
    return pinmc.check(path)


@pytest.mark.parametrize(
    "path",
    [pytest.param(p, marks=[] if p in SMALL else [pytest.mark.slow], id=p.stem) for p in SPECS],
)
def test_everything_is_as_expected(path: Path) -> None:
    result = checked(path)
    wrong = [
        (d.label, p.name, p.mismatch or p.verdict.value)
        for d in result.designs
        for p in d.properties
        if p.as_expected is False
    ]
    assert not wrong
    assert not result.vacuity
    assert not result.warnings
    assert result.exit_code == 0
    assert all(d.statistics.complete for d in result.designs)


@pytest.mark.slow
def test_one_instance_has_more_than_100_000_states() -> None:
    large = checked(ROOT / "specs" / "btrfs_lease_large.pin")
    assert min(d.statistics.states for d in large.designs) > 100_000


@pytest.mark.slow
def test_the_kernel_as_it_is_has_counterexamples_and_the_safe_designs_none() -> None:
    result = checked(ROOT / "specs" / "btrfs_lease.pin")
    broken = {p.name for p in result.properties if p.verdict.value == "violated"}
    assert broken == {
        "checksum_stability",
        "no_dirtying_without_a_lease",
        "no_freed_block_under_a_pin",
    }
    whole = [d for d in result.designs if all(p.verdict.value != "violated" for p in d.properties)]
    assert {d.label for d in whole} >= {
        "TRUNCATE = fail, LEASE = required, WRITEOUT = bounce",
        "TRUNCATE = revoke, LEASE = required, WRITEOUT = skip_leased",
    }


def other(expect: str) -> str:
    """The same expectation, made false: another verdict, or another length."""
    if " in " in expect:
        return re.sub(r" in (\d+)", lambda m: f" in {int(m[1]) + 1}", expect, count=1)
    for one, two in (("holds", "violated"), ("unreachable", "reached")):
        if one in expect:
            return expect.replace(one, two, 1)
        if re.search(rf"\b{two}\b", expect):
            return re.sub(rf"\b{two}\b", one, expect, count=1)
    raise AssertionError(expect)


@cache
def explored(path: Path) -> tuple[Exploration, ...]:
    """Of each design. What is expected does not change it."""
    return tuple(make_engine("auto").explore(s, ExploreOptions()) for s in pinmc.load(path).systems)


def expectations() -> list[tuple[Path, int]]:
    return [(p, n) for p in SMALL for n, _ in enumerate(EXPECT.findall(p.read_text()))]


@pytest.mark.slow
@pytest.mark.parametrize(("path", "number"), expectations(), ids=lambda x: getattr(x, "stem", x))
def test_no_expectation_can_be_changed(path: Path, number: int, tmp_path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    chosen = list(EXPECT.finditer(text))[number]
    changed = text[: chosen.start()] + other(chosen.group()) + text[chosen.end() :]
    (tmp_path / "models").symlink_to(ROOT / "models")
    copy = tmp_path / path.name
    copy.write_text(changed, encoding="utf-8")
    spec = pinmc.load(copy)
    found = zip(spec.systems, explored(path), strict=True)
    judged = [judge_design(system, exploration) for system, exploration in found]
    assert combine(spec.path, judged, spec.warnings).exit_code == 1


@pytest.mark.slow
def test_the_index_has_every_specification_and_its_states() -> None:
    index = (ROOT / "specs" / "README.md").read_text(encoding="utf-8")
    table = index.split("## The designs")[0]
    rows = dict(re.findall(r"^\| \[(\w+)\]\(\w+\.pin\) \|.*\| ([\d,]+)[^|]*\|$", table, re.M))
    own = [p for p in SPECS if p.parent.name == "specs"]
    assert rows == {p.stem: f"{checked(p).statistics.states:,}" for p in own}


@pytest.mark.slow
def test_the_table_of_designs_has_the_lengths_and_states_that_are_found() -> None:
    index = (ROOT / "specs" / "README.md").read_text(encoding="utf-8")
    result = checked(ROOT / "specs" / "btrfs_lease.pin")
    designs = {}
    for each in result.designs:
        values = dict(each.constants)
        designs[values["LEASE"], values["WRITEOUT"], values["TRUNCATE"]] = each
    rows = re.findall(r"^\| (optional|required) \|(.*)\|$", index, re.M)
    compared = 0
    for lease, rest in rows:
        writeout, truncate, *cells = (c.strip() for c in rest.split("|"))
        design = designs.get((lease, writeout, truncate))
        if design is None:
            continue
        names = "checksum_stability", "no_dirtying_without_a_lease", "no_freed_block_under_a_pin"
        lengths = [str(design[name].depth or "–") for name in (*names, "stuck")]
        assert cells == [*lengths, f"{design.statistics.states:,}"], (lease, writeout, truncate)
        compared += 1
    assert compared == len(designs) >= 8


@pytest.mark.slow
def test_every_action_of_the_models_happens_in_some_specification() -> None:
    assert unused_actions(checked(path) for path in SPECS) == ()
    few = {source.text for source in unused_actions([checked(SPECS[0])])}
    assert "pin" in few and "expire" in few


LARGER = re.compile(r"^\| (\w+) \| `([^`]+)` \| ([\d,]+) \| ([^|]*) \| [\d.]+ s \|$", re.MULTILINE)


@pytest.mark.slow
def test_larger_instances_say_the_same() -> None:
    index = (ROOT / "specs" / "README.md").read_text(encoding="utf-8")
    rows = LARGER.findall(index.split("## Larger instances")[1])
    assert len(rows) >= 8
    for name, options, states, violated in rows:
        if int(states.replace(",", "")) > 500_000:
            continue
        given = dict(part.split("=") for part in options.replace("-D ", "").split())
        result = pinmc.check(ROOT / "specs" / f"{name}.pin", constants=given)
        assert f"{result.statistics.states:,}" == states, name
        found = {(p.name, str(p.depth)) for p in result.properties if p.verdict.value == "violated"}
        shown = set(re.findall(r"`(\w+)` \((\d+)\)", violated))
        assert shown == {(n, d) for n, d in found if "(" not in n}, name
