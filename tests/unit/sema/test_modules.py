"""Modules: where they are found, what their arguments mean, which instances there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from pinmc.frontend.sema import typed
from pinmc.frontend.sema.program import designs, elaborate, load
from tests.unit.sema.reading import write

SHELF = """
type Book
const SLOTS = 2
choice MODE { slow, fast } = slow
enum State { empty, taken }
var state[Book]: State = empty
var slots: 0..SLOTS = SLOTS
action take(b: Book) when MODE == fast { state[b] = taken }
"""


def elaborated(folder: Path, text: str) -> tuple[typed.Spec | None, list[str]]:
    program, said = load(str(folder / "spec.pin"), text=text, packaged=folder / "none")
    if program is None:
        return None, [d.code for d in said]
    variants, _ = designs(program, {})
    spec, said = elaborate(program, variants[0])
    return spec, [d.code for d in said]


def names(spec: typed.Spec | None) -> list[str]:
    assert spec is not None
    return [v.name for v in spec.variables]


def test_one_instance_for_the_same_arguments(tmp_path: Path) -> None:
    write(tmp_path, shelf=SHELF, twin="type P\nuse shelf(P)\nvar mine: bool")
    text = "scalarset Page[2]\nuse shelf(Page)\nuse shelf(Page)\nuse twin(Page)"
    spec, _ = elaborated(tmp_path, text)
    assert names(spec) == ["state", "slots", "mine"]


def test_a_constant_left_out_is_as_good_as_its_default(tmp_path: Path) -> None:
    write(tmp_path, shelf=SHELF, twin="type P\nuse shelf(P)\nvar mine: bool")
    text = "scalarset Page[2]\nuse shelf(Page, SLOTS = 2)\nuse twin(Page)"
    spec, said = elaborated(tmp_path, text)
    assert names(spec) == ["state", "slots", "mine"]
    assert not said
    spec, said = elaborated(tmp_path, text.replace("= 2)", "= 3)"))
    assert len(names(spec)) == 5
    assert "PIN507" in said


def test_other_arguments_and_aliases_make_other_instances(tmp_path: Path) -> None:
    write(tmp_path, shelf=SHELF)
    text = """
    scalarset Page[2]
    use shelf(Page)
    use shelf(Page) as a
    use shelf(Book = Page, SLOTS = 3, MODE = fast) as b
    invariant sizes: slots == 2 and a.slots == 2 and b.slots == 3
    invariant states: forall p: Page { state[p] == empty and b.state[p] != b.State.taken }
    actor x { choose p: Page  b.take(p) }
    """
    spec, _ = elaborated(tmp_path, text)
    assert names(spec) == ["state", "slots", "a.state", "a.slots", "b.state", "b.slots"]


def test_a_module_of_a_module_is_not_visible(tmp_path: Path) -> None:
    write(tmp_path, inner="var deep: bool", outer="use inner\nvar shallow: bool")
    spec, said = elaborated(tmp_path, "use outer\ninvariant a: shallow and deep")
    assert spec is None and said == ["PIN101"]


def test_parameters_may_be_hidden_and_equal_constants_agree(tmp_path: Path) -> None:
    write(tmp_path, one="const N = 2\nvar x: 0..N", two="const N = 2\nconst M = N")
    spec, _ = elaborated(tmp_path, "use one\nuse two\ninvariant a: N == M and x <= N")
    assert spec is not None
    spec, _ = elaborated(tmp_path, "use one(N = N)\nconst N = 7\ninvariant a: x < N")
    assert spec is not None
    assert str(spec.variables[0].type) == "0..7"


def test_uses_are_folded_by_choice(tmp_path: Path) -> None:
    write(tmp_path, a="var x: 0..1 = 0\ndef low = x == 0", b="def low = false")
    text = """
    choice POLICY { first, second } = first
    use a as policy when POLICY == first
    use b as policy when POLICY == second
    invariant ok: policy.low
    expect ok holds
    expect ok violated when POLICY == second
    """
    program, _ = load(str(tmp_path / "spec.pin"), text=text)
    assert program is not None
    found = [names(elaborate(program, d)[0]) for d in designs(program, {})[0]]
    assert found == [["policy.x"], []]


def test_names_stay_unique(tmp_path: Path) -> None:
    write(tmp_path, one="var x: bool", two="use one\nvar y: bool")
    spec, _ = elaborated(tmp_path, "use two\nvar x: 0..1\ninvariant a: y and x == 0")
    assert names(spec) == ["one.x", "y", "x"]


def test_the_order_of_declarations_does_not_matter(tmp_path: Path) -> None:
    write(tmp_path, shelf=SHELF, pages="scalarset Page[2]")
    text = "use shelf(Page, SLOTS = K)\nuse pages\nconst K = J\nconst J = 1"
    spec, _ = elaborated(tmp_path, text)
    assert names(spec) == ["state", "slots"]


def test_search_order(tmp_path: Path) -> None:
    folder = tmp_path / "specs"
    write(tmp_path, models__m="var library: bool")
    write(folder, spec="")
    assert names(elaborated(folder, "use m")[0]) == ["library"]
    write(folder, m="var own: bool")
    assert names(elaborated(folder, "use m")[0]) == ["own"]


def test_no_way_out_of_the_folders(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    write(tmp_path, secret="var x: bool")
    inside.mkdir()
    (inside / "m.pin").symlink_to(tmp_path / "secret.pin")
    assert elaborated(inside, "use m") == (None, ["PIN111"])


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "big.pin").write_bytes(b" " * 4_000_001)
    (tmp_path / "latin.pin").write_bytes(b"// caf\xe9\n")
    assert elaborated(tmp_path, "use big") == (None, ["PIN111"])
    assert elaborated(tmp_path, "use latin") == (None, ["PIN008"])
    for path in (tmp_path, tmp_path / "none.pin", "nul\0byte"):
        program, said = load(str(path))
        assert program is None and [d.code for d in said] == ["PIN111"]


@pytest.mark.parametrize("uses", ["use a", "use a\nuse b", "use b"])
def test_circles(tmp_path: Path, uses: str) -> None:
    write(tmp_path, a="use b", b="use c", c="use a when false")
    spec, said = elaborated(tmp_path, uses)
    assert spec is None and set(said) == {"PIN112"}


def test_many_instances_are_refused(tmp_path: Path) -> None:
    for level in range(12):
        write(tmp_path, **{f"m{level}": f"use m{level + 1} as x\nuse m{level + 1} as y"})
    write(tmp_path, m12="var deep: bool")
    spec, said = elaborated(tmp_path, "use m0")
    assert spec is None and set(said) == {"PIN123"}
