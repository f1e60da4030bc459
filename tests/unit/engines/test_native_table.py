"""The native table of states: under several threads, and how large it is going to get.

Programs of their own, made of the runtime."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from pinmc import api
from pinmc.engines.native.building import runtime_files
from pinmc.engines.native.compilers import find_compiler
from tests.benchmarks.peers.child import SPEC
from tests.property.native import STRICT, needs_compiler
from tests.unit.engines.levels import bell, known, levels_of

PROGRAMS = Path(__file__).parent / "native_table"

KINDS = {
    "usual": ("-O2",),
    "tuned": ("-O2", "-march=native"),
    "small windows": ("-O1", "-DWINDOW=4", "-DATTEMPT_BITS=1", "-DFEW_WINDOWS=2"),
    "threads": ("-O1", "-g", "-fsanitize=thread"),
    "addresses": ("-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"),
}


@needs_compiler
@pytest.mark.parametrize("words", [1, 2, 3])
@pytest.mark.parametrize("kind", list(KINDS))
def test_each_state_is_new_once_and_there_once(kind: str, words: int, tmp_path: Path) -> None:
    program = compiled("stress", tmp_path, *KINDS[kind], f"-DPM_WORDS={words}")
    for _ in range(5):
        assert int(run(program)) > 10_000


@needs_compiler
@pytest.mark.parametrize("kind", list(KINDS))
def test_the_same_of_a_compact_table(kind: str, tmp_path: Path) -> None:
    program = compiled("stress", tmp_path, *KINDS[kind], "-DPM_WORDS=1", "-DROUNDS=4")
    for _ in range(5):
        assert int(run(program, "compact")) > 10_000


@pytest.fixture(scope="module")
def outlook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("outlook")
    return compiled("outlook", folder, "-O1", "-DPM_WORDS=1")


@needs_compiler
@pytest.mark.parametrize("top", [1e4, 1e5, 1e7])
@pytest.mark.parametrize("width", [6, 9])
@pytest.mark.parametrize("share", [0.1, 0.3, 0.6, 0.95])
def test_the_states_of_a_bell_are_expected(
    top: float, width: float, share: float, outlook: Path
) -> None:
    levels = bell(top, width)
    assert 0.9 < expected(outlook, known(levels, share)) / sum(levels) < 1.1


@needs_compiler
def test_the_states_of_a_pin_and_lease_protocol_are_expected(outlook: Path) -> None:
    """What is really explored is no perfect bell: within a fifth when a tenth is known."""
    constants = {"USERS": 2, "PAGES": 1, "BIAS": 2, "LOOKUPS": 1}
    [system] = api.load(SPEC, constants=constants).systems
    levels = levels_of(system)
    for share in (0.1, 0.3, 0.5, 0.7, 0.95):
        assert 0.8 < expected(outlook, known(levels, share)) / sum(levels) < 1.2


@needs_compiler
@pytest.mark.parametrize(
    "levels", [[], [1], [1, 2, 4, 8, 16], [5] * 40, [2**d for d in range(40)], [9] * 9 + [99] * 9]
)
def test_nothing_is_expected_of_few_levels_or_those_that_are_no_bell(
    levels: list[int], outlook: Path
) -> None:
    assert expected(outlook, levels) == 0


def expected(program: Path, levels: list[int]) -> int:
    return int(run(program, *(str(size) for size in levels)))


def compiled(name: str, folder: Path, *flags: str) -> Path:
    compiler = find_compiler()
    assert compiler is not None
    if compiler.is_tcc:
        pytest.skip("tcc has no threads")
    for file, text in runtime_files().items():
        (folder / file).write_text(text, encoding="utf-8")
    unused = "-Wno-unused-function"  # the runtime is only a part of a program here
    command = [*compiler.command, "-std=c11", "-pthread", *STRICT, unused, *flags]
    command += ["-I", str(folder), str(PROGRAMS / f"{name}.c"), "-o", str(folder / name)]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if "unrecognized" in made.stderr or "cannot find -l" in made.stderr:
        pytest.skip("this compiler has no such flag")
    assert made.returncode == 0, made.stderr
    return folder / name


def run(program: Path, *arguments: str) -> str:
    done = subprocess.run(
        [str(program), *arguments], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
