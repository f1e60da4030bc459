"""What is in the wheel, and that it works where nothing else of the project is."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built by the build backend without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    name = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))",
            str(folder),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()[-1]
    return folder / name


def test_the_library_and_the_data_files_are_in_the_wheel(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("models", "specs"):
        files = [f.relative_to(ROOT) for f in (ROOT / folder).rglob("*") if f.is_file()]
        assert files
        assert {f"pinmc/_library/{file.as_posix()}" for file in files} <= names
    assert "pinmc/py.typed" in names
    assert {f"pinmc/frontend/syntax/{name}" for name in ("grammar.lark", "tables.json")} <= names
    assert any(name.startswith("pinmc/reports/schema/") for name in names)
    assert not any(name.startswith(("tests/", "models/", "specs/")) for name in names)


def test_a_packaged_spec_is_checked_from_anywhere(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    (tmp_path / "elsewhere").mkdir()
    spec = "specs/btrfs_lease.pin"
    done = subprocess.run(
        [sys.executable, "-m", "pinmc", "check", spec, "--max-states", "100", "-q"],
        cwd=tmp_path / "elsewhere",
        env={"PYTHONPATH": str(tmp_path / "site"), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1, 3), done.stderr
    assert "_library" in done.stdout
