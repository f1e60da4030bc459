"""The console examples of docs/matrix.md are what pinmc prints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pinmc.cli.main import run

PAGE = Path(__file__).parents[2] / "docs" / "matrix.md"
CONSOLE = re.compile(r"^```console\n\$ pinmc (.*?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.slow
@pytest.mark.usefixtures("fresh_cache")
def test_examples(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(PAGE.parents[1])
    examples = CONSOLE.findall(PAGE.read_text(encoding="utf-8"))
    assert len(examples) == 2
    for command, expected in examples:
        assert run(command.split()) == 0
        assert capsys.readouterr().out == expected
