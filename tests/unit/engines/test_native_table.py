"""The native table of states under several threads: a program of its own, made of the runtime."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from pinmc.engines.native.building import runtime_files
from pinmc.engines.native.compilers import find_compiler
from tests.property.native import STRICT, needs_compiler

STRESS = Path(__file__).parent / "native_table" / "stress.c"

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
    program = compiled(tmp_path, *KINDS[kind], f"-DPM_WORDS={words}")
    for _ in range(5):
        assert int(run(program)) > 10_000


@needs_compiler
@pytest.mark.parametrize("kind", list(KINDS))
def test_the_same_of_a_compact_table(kind: str, tmp_path: Path) -> None:
    program = compiled(tmp_path, *KINDS[kind], "-DPM_WORDS=1", "-DROUNDS=4")
    for _ in range(5):
        assert int(run(program, "compact")) > 10_000


def compiled(folder: Path, *flags: str) -> Path:
    compiler = find_compiler()
    assert compiler is not None
    if compiler.is_tcc:
        pytest.skip("tcc has no threads")
    for name, text in runtime_files().items():
        (folder / name).write_text(text, encoding="utf-8")
    unused = "-Wno-unused-function"  # the runtime is only a part of a program here
    command = [*compiler.command, "-std=c11", "-pthread", *STRICT, unused, *flags]
    command += ["-I", str(folder), str(STRESS), "-o", str(folder / "stress")]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if "unrecognized" in made.stderr or "cannot find -l" in made.stderr:
        pytest.skip("this compiler has no such flag")
    assert made.returncode == 0, made.stderr
    return folder / "stress"


def run(program: Path, *arguments: str) -> str:
    done = subprocess.run(
        [str(program), *arguments], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
