"""Golden files: a test's text compared with a file beside it, rewritten by ``--update-golden``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

collect_ignore_glob = ["*.pin"]
"""Specifications below are data for tests: with pinmc installed, pytest would check them."""

Golden = Callable[[Path, str], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """``golden(path, text)``: ``path`` holds exactly ``text``."""
    update = request.config.getoption("--update-golden")

    def check(path: Path, text: str) -> None:
        if update:
            path.write_text(text, encoding="utf-8")
        assert path.exists(), f"{path} is missing: run pytest --update-golden and read the result"
        assert text == path.read_text(encoding="utf-8")

    return check
