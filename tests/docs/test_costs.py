"""The console examples of docs/costs.md are what pinmc prints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pinmc.cli.main import run

PAGE = Path(__file__).parents[2] / "docs" / "costs.md"
CONSOLE = re.compile(r"^```console\n\$ pinmc (.*?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPEC = re.compile(r"^```pin\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_examples(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = PAGE.read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "copy.pin").write_text(SPEC.findall(text)[0], encoding="utf-8")
    examples = CONSOLE.findall(text)
    assert len(examples) == 3
    for command, expected in examples:
        assert run(command.split()) == 0
        assert capsys.readouterr().out == expected
