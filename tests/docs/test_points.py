"""The table of points in the language reference names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "language.md"


def test_every_named_test_exists() -> None:
    table = PAGE.read_text(encoding="utf-8").split("## Which test pins down which point")[1]
    sources = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "tests").rglob("*.py"))
    named = re.findall(r"::(test_\w+)", table)
    assert len(named) > 25
    missing = [name for name in named if f"def {name}(" not in sources]
    assert not missing


def test_every_named_file_exists() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for path in re.findall(r"`(tests/[\w./]+)", text):
        assert (ROOT / path).exists(), path


def test_every_point_is_there() -> None:
    table = PAGE.read_text(encoding="utf-8").split("## Which test pins down which point")[1]
    points = [int(n) for n in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)]
    assert points == list(range(1, 21))
