"""Golden files: a test's text compared with a file beside it, rewritten by ``--update-golden``.
And the seed of random tests: ``--dice``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import randrange

import pytest
from hypothesis import settings

collect_ignore_glob = ["*.pin"]
"""Specifications below are data for tests: with pinmc installed, pytest would check them."""

Golden = Callable[[Path, str], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew")
    parser.addoption("--whole", action="store_true", help="also what takes minutes by itself")
    parser.addoption(
        "--dice",
        default="1",
        metavar="N|random",
        help="the seed of everything random; the same by default, so that a change is judged by"
        " what it changed",
    )


def pytest_configure(config: pytest.Config) -> None:
    settings.register_profile("steady", derandomize=True)
    settings.register_profile("fresh", derandomize=False, print_blob=True)
    settings.load_profile("steady" if config.getoption("--dice") == "1" else "fresh")


@pytest.fixture(scope="session")
def seed(request: pytest.FixtureRequest) -> int:
    """Where random tests begin; printed when one fails."""
    wanted: str = request.config.getoption("--dice")
    chosen = randrange(2**32) if wanted == "random" else int(wanted) * 1_000_003 % 2**32
    print(f"seed {chosen}")
    return chosen


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
