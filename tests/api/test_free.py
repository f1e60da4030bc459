"""``pinmc.api.load_free``: constants that a proof leaves free."""

from __future__ import annotations

from pathlib import Path

import pytest

from pinmc import api
from pinmc.ir.stmt import Assume
from pinmc.ir.types import Int
from pinmc.ir.verify import verify
from tests.unit.engines.smt_proofs import COUNTED


def _file(folder: Path, text: str) -> Path:
    path = folder / "a.pin"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_constant_becomes_a_variable(tmp_path: Path) -> None:
    found = api.load_free(_file(tmp_path, COUNTED), ["BIAS"], constants={"MOST": 2})
    assert verify(found.system) == []
    (bias,) = [var for var in found.system.variables if var.name == "BIAS"]
    assert bias.type == Int() and not bias.dims
    assert "BIAS" not in {c.name for c in found.system.constants}
    assert isinstance(found.system.initial.body[-1], Assume)
    assert all(p.name.isidentifier() for p in found.system.properties)
    assert [given["BIAS"] for _, given in found.instances] == [8, 9, 11, 16]
    for system, given in found.instances:
        values = {c.name: c.value for c in system.constants}
        assert values == {"BIAS": str(given["BIAS"]), "MOST": "2"}


def test_instances_keep_to_the_condition(tmp_path: Path) -> None:
    text = COUNTED.replace("BIAS >= 2 = 8", "BIAS >= 2 and BIAS < 10 = 8")
    found = api.load_free(_file(tmp_path, text), ["BIAS"])
    assert [given["BIAS"] for _, given in found.instances] == [8, 9]


def test_two_at_once(tmp_path: Path) -> None:
    text = "const A = 3\nconst B = 5\nvar x: int\nrule r() when x < 4 { x += A - B + 3 }"
    found = api.load_free(_file(tmp_path, text), ["A", "B"])
    pairs = [(given["A"], given["B"]) for _, given in found.instances]
    assert len(set(pairs)) == 4 and len({b - a for a, b in pairs}) > 1


@pytest.mark.parametrize(
    ("text", "name", "why"),
    [
        (COUNTED, "MOST", "cannot be left free"),
        (COUNTED, "NOPE", "no such number"),
        ("choice A { b, c } = b\nvar x: bool\nrule r() { x = true }", "A", "no such number"),
        ("const A = true\nvar x: bool\nrule r() { x = A }", "A", "no such number"),
        ("const A = 2\nconst B = A + 1\nvar x: int\nrule r() { x = B }", "A", "cannot be left"),
        (
            "const A = 2\nscalarset P[A]\nvar x[P]: bool\nrule r(p: P) { x[p] = true }",
            "A",
            "cannot",
        ),
        ("const A = 2\nvar x: u8\nrule r() { x = A }", "A", "cannot be left free"),
        (
            "const A = 2\nvar x: int\nactor a { x = 1 if A > 1 { x = 2 } }",
            "A",
            "what is a step",
        ),
    ],
)
def test_where_a_number_is_needed(tmp_path: Path, text: str, name: str, why: str) -> None:
    with pytest.raises(api.SpecError) as caught:
        api.load_free(_file(tmp_path, text), [name])
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "PIN433" and why in diagnostic.message and diagnostic.remedy


def test_mistakes_come_first(tmp_path: Path) -> None:
    with pytest.raises(api.SpecError) as caught:
        api.load_free(_file(tmp_path, "var x: nope"), ["A"])
    assert all(d.code != "PIN433" for d in caught.value.diagnostics)
