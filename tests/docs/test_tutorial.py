"""docs/tutorial.md, followed step by step in an empty folder, gives what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pinmc.cli.main import run

PAGE = Path(__file__).parents[2] / "docs" / "tutorial.md"
BLOCK = re.compile(r"^```(pin \S+|console|diff)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPENT = re.compile(r"\d+\.\d\d s")


def apply(diff: str, folder: Path) -> None:
    """``-`` lines are there, in one of the files, and go; ``+`` lines come after the line they
    change, or after the last line that resembles them."""
    removed = [line[1:] for line in diff.splitlines() if line.startswith("-")]
    added = [line[1:] for line in diff.splitlines() if line.startswith("+")]
    for path in sorted(folder.glob("*.pin")):
        lines = path.read_text(encoding="utf-8").splitlines()
        if removed and removed[0] in lines:
            at = lines.index(removed[0])
            assert lines[at : at + len(removed)] == removed
            path.write_text("\n".join([*lines[:at], *added, *lines[at + len(removed) :], ""]))
            return
    assert not removed, f"none of the files has {removed}"
    path = folder / "rdma.pin"
    path.write_text("\n".join([path.read_text(encoding="utf-8"), *added, ""]))


def test_step_by_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    commands = 0
    for kind, text in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if kind == "diff":
            apply(text, tmp_path)
        elif kind == "console":
            command, _, expected = text.partition("\n")
            run(command.removeprefix("$ pinmc ").split())
            printed = capsys.readouterr().out
            assert SPENT.sub("", expected.strip()) in SPENT.sub("", printed), command
            commands += 1
        else:
            (tmp_path / kind.removeprefix("pin ")).write_text(text, encoding="utf-8")
    assert commands == 5
