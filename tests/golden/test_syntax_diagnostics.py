"""Each faulty specification of tests/golden/diagnostics gives exactly the report beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pinmc.base.codes import EXPLANATIONS
from pinmc.base.diagnostics import render
from pinmc.frontend.syntax.decode import decode
from pinmc.frontend.syntax.parse import parse
from tests.conftest import Golden

SPECS = sorted((Path(__file__).parent / "diagnostics").glob("syntax_*.pin"))


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_diagnostics(path: Path, golden: Golden) -> None:
    source, undecodable = decode(path.name, path.read_bytes())
    _, found = parse(source)
    assert found
    assert {d.code for d in found} <= EXPLANATIONS.keys()
    reports = [render(d) for d in (*undecodable, *found)]
    golden(path.with_suffix(".txt"), "\n\n".join(reports) + "\n")
