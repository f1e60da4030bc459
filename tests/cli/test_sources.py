"""Which files a path on the command line stands for."""

from __future__ import annotations

from pathlib import Path

import pytest

from pinmc.cli import sources
from pinmc.cli.sources import find_sources


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder, and a library with one specification."""
    library = tmp_path / "library" / "specs"
    library.mkdir(parents=True)
    (library / "btrfs_lease.pin").touch()
    monkeypatch.setattr(sources, "specs_folder", lambda: library)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


def test_a_folder_stands_for_its_specifications_in_order(here: Path) -> None:
    for name in ("b.pin", "a.pin", "deep/c.pin", "notes.md", ".hidden/x.pin"):
        file = here / "some" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    found = find_sources(["some"])
    assert [str(f) for f in found.files] == ["some/a.pin", "some/b.pin", "some/deep/c.pin"]


def test_a_file_named_twice_is_checked_once(here: Path) -> None:
    (here / "a.pin").touch()
    assert len(find_sources(["a.pin", ".", "a.pin"]).files) == 1


def test_a_spec_that_is_not_here_comes_from_the_library(here: Path) -> None:
    found = find_sources(["specs/btrfs_lease.pin"])
    assert [f.name for f in found.files] == ["btrfs_lease.pin"]
    assert "comes with pinmc" in found.notes[0]


def test_a_spec_that_is_here_is_taken(here: Path) -> None:
    (here / "specs").mkdir()
    (here / "specs" / "btrfs_lease.pin").touch()
    found = find_sources(["specs/btrfs_lease.pin"])
    assert found.files == (Path("specs/btrfs_lease.pin"),)
    assert not found.notes


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("specs/btrfs_lese.pin", "did you mean 'specs/btrfs_lease.pin'?"),
        ("protocl.pin", "did you mean 'protocol.pin'?"),
        ("specs/../../secret.pin", "there is no file"),
        ("empty", "there is no specification"),
    ],
)
def test_what_is_not_there(here: Path, path: str, hint: str) -> None:
    (here / "protocol.pin").touch()
    (here / "empty").mkdir()
    found = find_sources([path])
    assert not found.files
    assert hint in found.problems[0]
