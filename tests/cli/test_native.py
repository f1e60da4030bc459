"""Engines, threads and ``pinmc doctor`` on the command line."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Pinmc
from tests.cli.specs import GOOD, VIOLATED
from tests.property.native import needs_compiler


def test_doctor_says_what_was_found(pinmc: Pinmc, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = pinmc("doctor")
    assert ran.code == 0
    assert "C compiler" in ran.out and "cache" in ran.out
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CC", raising=False)
    assert "none: large models are explored with NumPy" in pinmc("doctor").out


@needs_compiler
@pytest.mark.parametrize("engine", ["auto", "interpreter", "vector", "native"])
@pytest.mark.parametrize("text", [GOOD, VIOLATED])
def test_all_engines_say_the_same(engine: str, text: str, pinmc: Pinmc) -> None:
    answers = [
        json.loads(pinmc("check", "a.pin", "--engine", name, "--format", "json", a=text).out)
        for name in ("interpreter", engine)
    ]
    first, second = (
        [(p["name"], p["verdict"], p.get("trace")) for p in answer["properties"]]
        for answer in answers
    )
    assert first == second


@needs_compiler
def test_workers(pinmc: Pinmc) -> None:
    assert pinmc("check", "a.pin", "--engine", "native", "--workers", "2", a=GOOD).code == 0
    assert pinmc("check", "a.pin", "--workers", "0", a=GOOD).code == 2


def test_a_note_says_why_it_was_not_native(pinmc: Pinmc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CC", raising=False)
    ran = pinmc("check", "a.pin", "--engine", "native", a=GOOD)
    assert ran.code == 0
    assert "note: a.pin: interpreted, not native: there is no C compiler" in ran.err
