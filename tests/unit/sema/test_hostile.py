"""Nothing that parses makes the checker fail: mutated, deep and huge specifications."""

from __future__ import annotations

import random
import re
import time
from pathlib import Path

import pytest

from pinmc.frontend.sema.program import designs, elaborate, load
from tests.rounds import rounds
from tests.unit.sema.reading import read

FOLDER = Path(__file__).parents[2] / "golden" / "diagnostics"
TEXTS = [p.read_text(encoding="utf-8") for p in sorted(FOLDER.glob("PIN*.pin"))]
LINES = [line for text in TEXTS for line in text.splitlines() if line.strip()]


def mutated(seed: int) -> str:
    chance = random.Random(seed)
    text = chance.choice(TEXTS)
    words = re.findall(r"\w+|\s+|.", text)
    places = [n for n, word in enumerate(words) if word[0].isalnum()]
    for _ in range(chance.randint(1, 4)):
        place = chance.choice(places)
        words[place] = words[chance.choice(places)]
    lines = "".join(words).splitlines()
    lines.insert(chance.randrange(len(lines) + 1), chance.choice(LINES))
    return "\n".join(lines)


@pytest.mark.parametrize("start", rounds(600, fast=120, step=60))
def test_mutations(start: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    for seed in range(start, start + 60):
        program, said = load("spec.pin", text=mutated(seed))
        assert program is not None or said
        if program is not None:
            for design in designs(program, {})[0][:2]:
                spec, said = elaborate(program, design)
                assert spec is not None or said


@pytest.mark.parametrize(
    "text",
    [
        "invariant a: " + "(" * 90 + "true" + ")" * 90,
        "invariant a: " + "not " * 90 + "true",
        "var x: bool\nactor a { " + "if x { " * 90 + "x = false" + " }" * 90 + " }",
        "var x: int\nactor a { " + "if x == 1 { " * 80 + "x = " + "-" * 90 + "x" + " }" * 80 + "}",
        "\n".join(f"def d{n}: bool = d{n + 1}" for n in range(3000)) + "\ndef d3000 = true",
        "\n".join(f"def d{n} = d{n + 1}" for n in range(3000)) + "\ndef d3000 = true",
        "\n".join(f"const c{n} = c{n + 1} + c{n + 1}" for n in range(40)) + "\nconst c40 = 1",
        "\n".join(f"record R{n} {{ a: R{n + 1}, b: R{n + 1} }}" for n in range(40))
        + "\nrecord R40 { x: bool }\nvar r: R0",
        "\n".join(f"action a{n} {{ a{n + 1}() a{n + 1}() }}" for n in range(50))
        + "\naction a50 { }\nactor go { a0() }",
        "\n".join(f"def e{n}: bool = e{n + 1} and e{n + 1}" for n in range(50))
        + "\ndef e50: bool = true\ninvariant a: e0",
        "\n".join(f"def k{n}: int = k{n + 1} + k{n + 1}" for n in range(50))
        + "\ndef k50: int = 1\nconst A = k0",
        "const A = " + " * ".join(["0xffff_ffff"] * 50),
        "enum E { " + ", ".join(f"m{n}" for n in range(20_000)) + " }\nvar e: E",
        "var x: bool\n" * 5_000,
        "var x: array[0..999, 0..999, 0..999] bool",
        "invariant a: " + "exists x: 0..999, y: 0..999, z: 0..999 { true }",
        "const A = " + "count x: 0..999, y: 0..999, z: 0..999 { true }",
        "var x: bool\nproperty p: "
        + "".join(f"forall a{n}: 0..99 {{ " for n in range(9))
        + "eventually x"
        + " }" * 9,
    ],
    ids=range(18),
)
def test_deep_and_huge(text: str) -> None:
    start = time.process_time()
    spec, said = read(text)
    assert spec is not None or said
    assert time.process_time() - start < 10
