"""Each faulty specification of tests/golden/diagnostics gives exactly the report beside it.

A first line ``// -D NAME=VALUE …`` gives the overrides. What is reported of any design counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import pinmc.frontend.sema
from pinmc.base.codes import EXPLANATIONS
from pinmc.base.codes.names import NAMES
from pinmc.base.codes.steps import STEPS
from pinmc.base.codes.types import TYPES
from pinmc.base.codes.warnings import WARNINGS
from pinmc.base.diagnostics import Diagnostic, Reporter, render
from pinmc.frontend.sema.program import designs, elaborate, load
from tests.conftest import Golden

FOLDER = Path(__file__).parent / "diagnostics"
SPECS = sorted(FOLDER.glob("PIN*.pin"))


def problems(path: Path) -> tuple[Diagnostic, ...]:
    reporter = Reporter()
    program, found = load(path.name)
    reporter.extend(found)
    if program is not None:
        variants, found = designs(program, dict(overrides(path)))
        reporter.extend(found)
        for design in variants:
            _, found = elaborate(program, design)
            reporter.extend(found)
    return reporter.sorted()


def overrides(path: Path) -> Iterator[tuple[str, str]]:
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    yield from re.findall(r"-D (\w+)=(\S+)", first)


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_diagnostics(path: Path, golden: Golden, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    found = problems(path)
    assert found
    assert {d.code for d in found} <= EXPLANATIONS.keys()
    golden(path.with_suffix(".txt"), "\n\n".join(render(d) for d in found) + "\n")


def test_a_file_that_is_missing(golden: Golden, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    program, found = load("no_such_file.pin")
    assert program is None
    golden(FOLDER / "PIN111_missing.txt", "\n\n".join(render(d) for d in found) + "\n")


def emitted() -> set[str]:
    folder = Path(next(iter(pinmc.frontend.sema.__path__)))
    texts = (file.read_text(encoding="utf-8") for file in folder.glob("*.py"))
    return {code for text in texts for code in re.findall(r"\bPIN\d{3}\b", text)}


def test_every_emitted_code_is_explained() -> None:
    assert emitted() <= EXPLANATIONS.keys()


def test_every_explained_code_is_emitted_and_has_a_golden_report() -> None:
    explained = {e.code for e in (*NAMES, *TYPES, *STEPS, *WARNINGS)}
    assert explained <= emitted()
    reports = "".join(p.read_text(encoding="utf-8") for p in FOLDER.glob("PIN*.txt"))
    assert explained | {"PIN410", "PIN411"} <= set(re.findall(r"\[(PIN\d{3})\]", reports))
