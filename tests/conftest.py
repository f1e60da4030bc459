"""Golden files: a test's text compared with a file beside it, rewritten by ``--update-golden``.
The seed of random tests: ``--dice``. And a cache of compiled models for the tests alone."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from random import randrange
from typing import Any

import platformdirs
import pytest
from hypothesis import HealthCheck, settings

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
    if config.option.dice == "random":
        thrown = str(randrange(2, 2**32))
        config.option.dice = getattr(config, "workerinput", {}).get("dice", thrown)
    # Whoever starts the tests in the background of a script has Ctrl-C ignored, also by them.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    # Other processes are busy, too: that a test takes long says nothing.
    busy = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.register_profile("steady", busy, derandomize=True)
    settings.register_profile("fresh", busy, derandomize=False, print_blob=True)
    settings.load_profile("steady" if config.option.dice == "1" else "fresh")
    _cache_apart(config)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """pytest-xdist: all worker processes play with what was thrown once."""
    node.workerinput["dice"] = node.config.option.dice


def _cache_apart(config: pytest.Config) -> None:
    """Lets pinmc keep what it keeps for the user (compiled models, the parser's tables) in
    pytest's own cache: one for all worker processes, which inherit the environment."""
    if hasattr(config, "workerinput") or not hasattr(config, "cache"):
        return
    patch = pytest.MonkeyPatch()
    patch.setenv("XDG_CACHE_HOME", str(config.cache.mkdir("user")))
    config.add_cleanup(patch.undo)


def pytest_report_header(config: pytest.Config) -> str:
    return f"dice: {config.option.dice}"


@pytest.fixture(scope="session")
def seed(request: pytest.FixtureRequest) -> int:
    """Where random tests begin; ``--dice`` of the same number begins there again."""
    return int(request.config.option.dice) * 1_000_003 % 2**32


def cache_at(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Makes ``folder`` the user's cache, in which there are but the parser's tables: every process
    that is started would have to make them again."""
    made = _user_cache() / "grammar"
    patch.setenv("XDG_CACHE_HOME", str(folder))
    if made.is_dir():
        being_written = shutil.ignore_patterns(".new-*")
        shutil.copytree(made, _user_cache() / "grammar", ignore=being_written)


def _user_cache() -> Path:
    return Path(platformdirs.user_cache_dir("pinmc", appauthor=False))


@pytest.fixture
def fresh_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache for this test alone."""
    cache_at(tmp_path / "cache", monkeypatch)
    return tmp_path / "cache"


@pytest.fixture(scope="module")
def module_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache for the tests of a module."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        cache_at(folder, patch)
        yield folder


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
