"""Every example in the documentation is accepted, and what it expects is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import pinmc

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"^```pin\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def examples() -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for page in sorted(DOCS.glob("*.md")):
        for number, block in enumerate(BLOCK.findall(page.read_text(encoding="utf-8")), 1):
            found.append((f"{page.stem}-{number}", block))
    return found


def test_there_are_examples() -> None:
    assert len(examples()) >= 5


@pytest.mark.parametrize(("name", "text"), examples(), ids=[name for name, _ in examples()])
def test_example(name: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.pin"
    path.write_text(text, encoding="utf-8")
    result = pinmc.check(path)
    assert all(p.as_expected for d in result.designs for p in d.properties if p.expected), [
        (d.label, p.name, p.verdict.value, p.depth, p.expected)
        for d in result.designs
        for p in d.properties
        if not p.as_expected
    ]
