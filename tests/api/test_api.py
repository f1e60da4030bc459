"""pinmc as a library."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import pinmc
from pinmc import api
from pinmc.engines.base import Progress
from pinmc.ir.property import Verdict
from tests.cli.specs import CHOICE, GOOD, MISTAKES, VACUOUS, VIOLATED


def spec(folder: Path, text: str) -> Path:
    file = folder / "a.pin"
    file.write_text(text, encoding="utf-8")
    return file


def test_check(tmp_path: Path) -> None:
    result = pinmc.check(spec(tmp_path, VIOLATED), constants={"MAX": 2})
    assert result.exit_code == 1
    assert dict(result.constants) == {"MAX": "2"}
    broken = result["smaller"]
    assert (broken.verdict, broken.depth) == (Verdict.VIOLATED, 4)
    assert broken.trace is not None
    assert len(broken.trace.graph()) == 5


def test_a_path_may_be_text(tmp_path: Path) -> None:
    assert pinmc.check(str(spec(tmp_path, GOOD))).exit_code == 0


def test_an_unknown_property_is_a_key_error_that_names_the_others(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="small"):
        pinmc.check(spec(tmp_path, GOOD))["smal"]


def test_designs(tmp_path: Path) -> None:
    loaded = pinmc.load(spec(tmp_path, CHOICE))
    assert loaded.labels == ("", "LIMIT=high")
    assert [system.name for system in loaded.systems]
    fixed = pinmc.load(spec(tmp_path, CHOICE), constants={"LIMIT": "high"})
    assert fixed.labels[0] == ""
    assert fixed.systems[0].constants[0].value == "high"


@pytest.mark.parametrize(
    ("value", "text"), [(True, "true"), (False, "false"), (3, "3"), ("high", "high")]
)
def test_values_of_constants_are_written_as_in_a_specification(
    value: api.Value, text: str, tmp_path: Path
) -> None:
    kind = "bool" if isinstance(value, bool) else "Level" if text == "high" else "int"
    declaration = f"enum Level {{ low, high }}\nconst C: {kind} = {DEFAULTS[kind]}\n"
    body = "var x: bool\nactor a { x = true }\ninvariant i: x implies C == C\n"
    loaded = pinmc.load(spec(tmp_path, declaration + body), constants={"C": value})
    assert loaded.systems[0].constants[0].value == text


DEFAULTS = {"bool": "true", "Level": "low", "int": "7"}


def test_all_mistakes_are_in_the_exception(tmp_path: Path) -> None:
    file = spec(tmp_path, MISTAKES)
    with pytest.raises(pinmc.SpecError) as caught:
        pinmc.load(file)
    assert caught.value.diagnostics
    assert f"{file}:2:" in str(caught.value)


@pytest.mark.parametrize(
    "wrong",
    [
        {"constants": {"MAXX": 1}},
        {"constants": {"MAX": "much"}},
        {"constants": {"MAX": 8}},
        {"properties": ["smal"]},
    ],
)
def test_wrong_wishes_are_spec_errors(wrong: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(pinmc.SpecError):
        pinmc.check(spec(tmp_path, GOOD), **wrong)  # type: ignore[arg-type]


def test_a_missing_file_is_a_spec_error(tmp_path: Path) -> None:
    with pytest.raises(pinmc.SpecError, match="does not exist"):
        pinmc.load(tmp_path / "missing.pin")


def test_an_engine_that_does_not_exist_is_a_value_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="interp"):
        pinmc.check(spec(tmp_path, GOOD), engine="quantum")


def test_limits_leave_things_unknown(tmp_path: Path) -> None:
    result = pinmc.check(spec(tmp_path, GOOD), max_states=2)
    assert result.exit_code == 3
    assert result["small"].verdict is Verdict.UNKNOWN


def test_chosen_properties_only(tmp_path: Path) -> None:
    result = pinmc.check(spec(tmp_path, VACUOUS), properties=["small"])
    assert [p.name for p in result.properties] == ["small"]
    assert (result.exit_code, result.vacuity) == (0, ())


def test_progress_is_reported(tmp_path: Path) -> None:
    seen: list[Progress] = []

    def enough(progress: Progress) -> None:
        seen.append(progress)
        raise KeyboardInterrupt

    result = pinmc.check(spec(tmp_path, BIG), progress=enough, timeout=60)
    assert result.exit_code == 3
    assert seen[0].states > 0


BIG = """\
var x[1..8]: 0..63
actor counter[i: 1..8] { loop { x[i] = if x[i] < 63 then x[i] + 1 else 0 } }
"""


def test_unused_in_one_design_only_is_no_warning(tmp_path: Path) -> None:
    text = """\
choice LIMIT { low, high } = low
var x: 0..7
var extra: bool
actor a { if LIMIT == high { extra = true  if extra { x = 1 } } else { x = 2 } }
invariant i: x < 3
expect i holds when LIMIT == high
"""
    assert pinmc.load(spec(tmp_path, text)).warnings == ()


def test_importing_pinmc_imports_nothing_heavy() -> None:
    code = (
        "import sys, pinmc, pinmc.pytest_plugin\n"
        "print([m for m in ('lark', 'networkx', 'numpy', 'rich', 'z3', 'click', 'pinmc.api')"
        " if m in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_package_lists_its_names() -> None:
    assert set(pinmc.__all__) <= set(dir(pinmc))
    assert all(getattr(pinmc, name) is not None for name in pinmc.__all__)
    with pytest.raises(AttributeError):
        _ = pinmc.chekc
