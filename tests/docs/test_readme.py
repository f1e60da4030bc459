"""What the README shows is what the commands print."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from pinmc.cli.main import cli

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_race_diagram_is_what_the_command_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (command,) = re.findall(r"^    pinmc (check .* --format race)$", README, re.M)
    (shown,) = re.findall(r"^```text\n(.*?)^```$", README, re.M | re.S)
    printed = CliRunner().invoke(cli, command.split())
    assert printed.output.rstrip("\n") == shown.rstrip("\n")


def test_every_file_that_is_linked_exists() -> None:
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        for target in re.findall(r"\]\(([\w./-]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), (page.name, target)


def test_the_commands_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    for command in re.findall(r"^    pinmc (\w+)", README, re.M):
        assert CliRunner().invoke(cli, [command, "--help"]).exit_code == 0, command
