"""What only lowering can find out: each code has a faulty specification and its report."""

from __future__ import annotations

from pathlib import Path

import pytest

from pinmc.base.codes.flow import FLOW
from pinmc.base.diagnostics import render
from tests.checking import diagnostics
from tests.conftest import Golden

FOLDER = Path(__file__).parent / "lowering"
SPECS = sorted(FOLDER.glob("*.pin"))


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_diagnostics(path: Path, golden: Golden) -> None:
    found = diagnostics(path.read_text(encoding="utf-8"))
    assert path.stem.partition("_")[0] in {d.code for d in found}
    golden(path.with_suffix(".txt"), "\n\n".join(render(d) for d in found) + "\n")


def test_every_code_has_a_specification() -> None:
    assert {path.stem.partition("_")[0] for path in SPECS} == {e.code for e in FLOW}
