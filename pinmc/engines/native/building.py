"""From C text to a program: the runtime compiled once for each width, the model each time."""

from __future__ import annotations

import functools
import importlib.resources
import os
from dataclasses import replace
from pathlib import Path

from pinmc.base.records import dataclass
from pinmc.engines.native.cache import PROGRAM, RUNTIME, Cache, content_key
from pinmc.engines.native.compilers import Compiler
from pinmc.engines.native.processor import processor


@dataclass(frozen=True, slots=True)
class Flags:
    """``runtime`` and ``model`` are the levels of optimisation, ``more`` flags for all of it.
    ``tuned``: for this very processor, if the compiler can."""

    runtime: str = "-O3"
    model: str = "-O2"
    more: tuple[str, ...] = ()
    tuned: bool = False

    def all(self, compiler: Compiler) -> tuple[str, ...]:
        """What both parts are compiled with, besides the level of optimisation."""
        return (*self.more, *(compiler.tuning if self.tuned else ()))


USUAL = Flags(tuned=True)

QUICK = Flags("-O0", "-O0", ("-fno-asynchronous-unwind-tables", "-pipe"))
"""Compiled in a quarter of the time, and several times slower: for what is explored only once.
Tables for unwinding would be a ninth of the assembler's text, and nothing is unwound."""

FIRST = replace(QUICK, model="-O1")
"""The same for a model that may be optimised a little while its runtime is compiled."""


@functools.cache
def runtime_files() -> dict[str, str]:
    """The runtime's C files by name."""
    package = importlib.resources.files("pinmc.engines.native").joinpath("runtime")
    return {
        entry.name: entry.read_text(encoding="utf-8")
        for entry in sorted(package.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith((".c", ".h"))
    }


def build(text: str, words: int, compiler: Compiler, cache: Cache, flags: Flags) -> Path:
    """The program for a model's C text. Raises CompileError."""

    def compiled(folder: Path) -> Path:
        from concurrent.futures import ThreadPoolExecutor  # imports a lot

        # The runtime takes longer than the model, the first time; both at once they take less.
        with ThreadPoolExecutor(1) as other:
            library = other.submit(runtime, words, compiler, cache, flags)
            _model(folder, text, compiler, flags)
            return _linked(folder, library.result(), compiler, flags)

    return cache.get(_program_key(text, words, compiler, flags), compiled)


def has_program(text: str, words: int, compiler: Compiler, cache: Cache, flags: Flags) -> bool:
    """Whether it need not be compiled any more."""
    return cache.has(_program_key(text, words, compiler, flags))


def _program_key(text: str, words: int, compiler: Compiler, flags: Flags) -> str:
    suffix = ".exe" if os.name == "nt" else ""
    return content_key(PROGRAM, text, *_about(words, compiler, flags)) + suffix


def runtime(words: int, compiler: Compiler, cache: Cache, flags: Flags) -> Path:
    """The compiled runtime for states of so many words. Raises CompileError."""
    return cache.get_once(
        _runtime_key(words, compiler, flags),
        lambda folder: _runtime(folder, words, compiler, flags),
        compiler.wait,
    )


def has_runtime(words: int, compiler: Compiler, cache: Cache, flags: Flags) -> bool:
    """Whether it need not be compiled any more."""
    return cache.has(_runtime_key(words, compiler, flags))


def _runtime_key(words: int, compiler: Compiler, flags: Flags) -> str:
    return content_key(RUNTIME, *_about(words, compiler, replace(flags, model="")))


def _about(words: int, compiler: Compiler, flags: Flags) -> tuple[str, ...]:
    """What a compiled file depends on, besides the model."""
    files = "\0".join(f"{name}\0{content}" for name, content in runtime_files().items())
    what = processor() if flags.tuned else ""
    return files, compiler.shown, compiler.version, repr(flags), str(words), what


def _write_runtime(folder: Path) -> None:
    for name, content in runtime_files().items():
        (folder / name).write_text(content, encoding="utf-8")


def _runtime(folder: Path, words: int, compiler: Compiler, flags: Flags) -> Path:
    _write_runtime(folder)
    how = (*compiler.flags(flags.runtime), *flags.all(compiler), f"-DPM_WORDS={words}")
    compiler.run([*how, "-c", "pm_runtime.c", "-o", "runtime.o"], folder)
    return folder / "runtime.o"


def _model(folder: Path, text: str, compiler: Compiler, flags: Flags) -> None:
    (folder / "pm_model.h").write_text(runtime_files()["pm_model.h"], encoding="utf-8")
    (folder / "model.c").write_text(text, encoding="utf-8")
    how = (*compiler.flags(flags.model), *flags.all(compiler))
    compiler.run([*how, "-c", "model.c", "-o", "model.o"], folder)


def _linked(folder: Path, library: Path, compiler: Compiler, flags: Flags) -> Path:
    (folder / "runtime.o").write_bytes(library.read_bytes())
    how = (*compiler.flags(flags.model), *flags.all(compiler))
    compiler.run([*how, "model.o", "runtime.o", "-o", "model"], folder)
    return folder / "model"
