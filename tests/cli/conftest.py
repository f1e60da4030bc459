"""A folder of one's own with specifications in it, and pinmc run in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from pinmc.cli.main import run


@dataclass(frozen=True, slots=True)
class Ran:
    code: int
    out: str
    err: str


Pinmc = Callable[..., Ran]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, empty."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def pinmc(folder: Path, capsys: pytest.CaptureFixture[str]) -> Pinmc:
    """``pinmc("check", "a.pin", a=TEXT)``: writes ``a.pin`` and runs the command line."""

    def call(*args: str, **specs: str) -> Ran:
        for name, text in specs.items():
            (folder / f"{name}.pin").write_text(text, encoding="utf-8")
        code = run(list(args))
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return call
