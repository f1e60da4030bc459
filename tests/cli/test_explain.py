"""``pinmc explain``."""

from __future__ import annotations

import pytest

from pinmc.base.codes import EXPLANATIONS
from pinmc.cli.main import run


@pytest.mark.parametrize("word", ["PIN401", "pin401", "401"])
def test_one_code(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", word]) == 0
    assert EXPLANATIONS["PIN401"].text in capsys.readouterr().out


def test_all_codes_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain"]) == 0
    codes = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert codes == sorted(EXPLANATIONS)


def test_an_unknown_code_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "PIN499"]) == 2
    assert "there is no code 'PIN499'" in capsys.readouterr().err
