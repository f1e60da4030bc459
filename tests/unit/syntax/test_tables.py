"""The grammar is unambiguous, and its compiled form is kept safely."""

from __future__ import annotations

import logging
from pathlib import Path

import lark
import pytest

from pinmc.frontend.syntax import tables as module
from pinmc.frontend.syntax.tables import grammar_text


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, and tables forgotten before and after."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    module.tables.cache_clear()
    yield tmp_path / "pinmc" / "grammar"
    module.tables.cache_clear()


def test_no_conflicts(caplog: pytest.LogCaptureFixture) -> None:
    """lark resolves shift/reduce conflicts in silence; a reduce/reduce conflict raises."""
    lark.logger.addHandler(caplog.handler)
    level = lark.logger.level
    lark.logger.setLevel(logging.DEBUG)
    try:
        lark.Lark(grammar_text(), parser="lalr", lexer="basic", start="module", debug=True)
    finally:
        lark.logger.setLevel(level)
        lark.logger.removeHandler(caplog.handler)
    assert "conflict" not in caplog.text.lower()


def test_every_terminal_has_a_name() -> None:
    assert not [t.name for t in module.tables().terminals if t.name.startswith("__ANON")]


def test_tables_are_kept_and_used(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module.tables()
    (kept,) = cache.iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert cache.stat().st_mode & 0o777 == 0o700
    module.tables.cache_clear()
    monkeypatch.setattr(module, "_build", lambda path: pytest.fail("built again"))
    assert module.tables().parse_interactive()


def test_a_damaged_file_is_replaced(cache: Path) -> None:
    module.tables()
    (kept,) = cache.iterdir()
    kept.write_bytes(kept.read_bytes()[:1000])
    module.tables.cache_clear()
    assert module.tables().parse_interactive()
    assert len(kept.read_bytes()) > 1000


def test_a_folder_open_to_others_is_not_used(cache: Path) -> None:
    cache.mkdir(parents=True)
    cache.chmod(0o777)
    assert module.tables().parse_interactive()
    assert list(cache.iterdir()) == []


def test_without_a_folder_there_is_no_cache(cache: Path) -> None:
    cache.parent.mkdir()
    cache.write_text("in the way")
    assert module.tables().parse_interactive()
