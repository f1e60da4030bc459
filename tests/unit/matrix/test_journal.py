"""The journal keeps rows whole, and survives whatever happened to its file."""

from __future__ import annotations

from pathlib import Path

import pytest

from pinmc.ir.property import Verdict
from pinmc.matrix import journal
from pinmc.matrix.journal import open_journal
from pinmc.results.matrix import Cell, Row

ROW = Row(
    ("wait", "bounce"),
    1234,
    0.25,
    (
        ("safe", Cell(Verdict.HOLDS)),
        ("ends", Cell(Verdict.VIOLATED, 7, "", "a trace\n  of “lines”", "a race")),
        ("slow", Cell(Verdict.UNKNOWN, None, "time limit of 1 s reached")),
    ),
)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "pinmc" / "matrix"


def test_rows_come_back_as_they_were() -> None:
    open_journal("d1").add(ROW)
    assert open_journal("d1").rows() == {ROW.values: ROW}
    assert open_journal("d2").rows() == {}


def test_a_line_that_was_cut_off_is_not_there(cache: Path) -> None:
    kept = open_journal("d1")
    kept.add(ROW)
    file = cache / "d1.jsonl"
    whole = file.read_text(encoding="utf-8")
    file.write_text(whole + whole[: len(whole) // 2] + "\n[1]\n{}\nnull\n", encoding="utf-8")
    assert kept.rows() == {ROW.values: ROW}


def test_forgetting(cache: Path) -> None:
    kept = open_journal("d1")
    kept.add(ROW)
    kept.forget()
    assert kept.rows() == {}


def test_a_folder_that_others_can_write_to_is_not_used(cache: Path) -> None:
    cache.mkdir(parents=True)
    cache.chmod(0o777)
    kept = open_journal("d1")
    kept.add(ROW)
    assert kept.rows() == {} and list(cache.iterdir()) == []


def test_there_are_not_ever_more(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "_MOST_JOURNALS", 3)
    for number in range(9):
        open_journal(f"d{number}").add(ROW)
    assert len(list(cache.iterdir())) <= 4
