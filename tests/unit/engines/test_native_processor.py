"""Code for the processor at hand is kept for that processor only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pinmc.engines.native import building, processor
from pinmc.engines.native.building import QUICK, USUAL
from pinmc.engines.native.compilers import Compiler

GCC = Compiler(("gcc",), "gcc 12")
TCC = Compiler(("tcc",), "tcc version 0.9")
TOLD = "processor\t: 0\nmodel\t\t: 7\nflags\t\t: fpu {more}\ncpu MHz\t\t: {mhz}\n\nprocessor\t: 1\n"


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """What the system tells of the processor, of x86-64."""
    file = tmp_path / "cpuinfo"
    monkeypatch.setattr(processor, "_CPUINFO", file)
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    processor.processor.cache_clear()
    yield file
    processor.processor.cache_clear()


def digest(file: Path, more: str, mhz: str = "2000") -> str:
    file.write_text(TOLD.format(more=more, mhz=mhz), encoding="utf-8")
    processor.processor.cache_clear()
    return processor.processor()


def test_features_make_a_difference_and_the_clock_does_not(told: Path) -> None:
    assert digest(told, "avx2") == digest(told, "avx2", mhz="3000") != ""
    assert digest(told, "avx2") != digest(told, "avx")


def test_it_is_part_of_what_programs_are_kept_by(told: Path) -> None:
    digest(told, "avx2")
    tuned, quick = building._about(1, GCC, USUAL), building._about(1, GCC, QUICK)
    digest(told, "avx")
    assert building._about(1, GCC, USUAL) != tuned
    assert building._about(1, GCC, QUICK) == quick


def test_nothing_is_tuned_where_the_processor_is_not_known(
    told: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert processor.processor() == ""
    assert not GCC.tuning
    assert digest(told, "avx2")
    assert GCC.tuning == ("-march=native",)
    assert not TCC.tuning
    monkeypatch.setattr("platform.machine", lambda: "aarch64")
    processor.processor.cache_clear()
    assert not GCC.tuning
