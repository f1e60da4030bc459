"""The console example of docs/certificates.md is what pinmc says, times and lemmas aside."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pinmc.cli.main import run

PAGE = Path(__file__).parents[2] / "docs" / "certificates.md"
CONSOLE = re.compile(r"^```console\n\$ pinmc (.*?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
VARYING = re.compile(r", \d+ lemmas?, [\d.]+ s$", re.MULTILINE)


def test_example(capsys: pytest.CaptureFixture[str]) -> None:
    ((command, expected),) = CONSOLE.findall(PAGE.read_text(encoding="utf-8"))
    assert run(command.split()) == 0
    assert VARYING.sub("", capsys.readouterr().out) == expected
