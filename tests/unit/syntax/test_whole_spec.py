"""One specification that uses nearly everything: read, printed, damaged."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from pinmc.base.codes import EXPLANATIONS
from pinmc.base.diagnostics import render
from pinmc.base.source import SourceFile
from pinmc.frontend.syntax import ast
from pinmc.frontend.syntax.limits import MAX_REPORTS
from pinmc.frontend.syntax.parse import parse
from pinmc.frontend.syntax.pretty import pretty
from tests.conftest import Golden
from tests.rounds import rounds

SPEC = Path(__file__).with_name("bounce.pin")
TEXT = SPEC.read_text(encoding="utf-8")


def test_it_is_read() -> None:
    module, found = parse(SourceFile("bounce.pin", TEXT))
    assert found == ()
    assert module.doc.startswith("May a card write")
    assert {type(d) for d in module.decls} == set(ast.Decl.__args__)
    flusher = next(d for d in module.decls if isinstance(d, ast.ActorDecl) and d.fair.value)
    assert flusher.span.text.startswith("fair actor flusher {")
    assert flusher.span.text.endswith("}")


def test_its_canonical_layout(golden: Golden) -> None:
    module, _ = parse(SourceFile("bounce.pin", TEXT))
    text = pretty(module)
    golden(SPEC.with_suffix(".pretty"), text)
    assert parse(SourceFile("again.pin", text)) == (module, ())
    assert max(map(len, text.splitlines())) <= 100


def test_speed() -> None:
    """Well above a thousand lines a second, with a wide margin for a busy machine."""
    text = TEXT * 20
    parse(SourceFile("warm.pin", TEXT))
    start = time.process_time()
    _, found = parse(SourceFile("large.pin", text))
    assert found == ()
    assert text.count("\n") / (time.process_time() - start) > 1000


_PIECES = (
    *"(){}[];:,.=+-*/%&|^~<>!?'\"#@\n\t\0é",
    *("==", "&&", "->", "..", "/*", "//", "///", "end", "if", "else", "action", "var", "return"),
    *("invariant", "x", "1", "step", "forall", "0x", "elif", "then", "fair", "any", "expect"),
)


def _damaged(rng: random.Random) -> str:
    """A copy of the text with a few pieces cut, doubled, moved or put in."""
    text = TEXT
    for _ in range(rng.randint(1, 5)):
        start = rng.randrange(len(text))
        end = min(len(text), start + rng.choice((1, 1, 2, 5, 20, 200)))
        piece = rng.choice((f" {rng.choice(_PIECES)} ", rng.choice(_PIECES), text[start:end]))
        other = rng.randrange(len(text))
        match rng.randrange(4):
            case 0:
                text = text[:start] + text[end:]
            case 1:
                text = text[:start] + piece + text[start:]
            case 2:
                text = text[:start] + piece + text[end:]
            case _:
                text = text[:other] + text[start:end] + text[other:]
    return text


@pytest.mark.parametrize("seed", rounds(20, fast=6))
def test_damage_is_survived(seed: int) -> None:
    """Whatever is done to it, the text has a tree or a report, and reports that can be shown."""
    rng = random.Random(seed)
    for _ in range(15):
        text = _damaged(rng)
        source = SourceFile("damaged.pin", text)
        module, found = parse(source)
        assert len(found) <= MAX_REPORTS
        for each in found:
            assert each.span.file is source
            assert 0 <= each.span.start <= each.span.end <= len(text)
            assert each.code in EXPLANATIONS
            assert all(note.span.file is source for note in each.notes)
            assert render(each)
        if not found:
            assert parse(SourceFile("again.pin", pretty(module))) == (module, ())


@pytest.mark.parametrize("seed", rounds(5, fast=1))
def test_one_lost_token_gives_few_reports(seed: int) -> None:
    """A single slip is not reported many times over."""
    rng = random.Random(seed)
    words = TEXT.split(" ")
    counts = []
    for _ in range(30):
        at = rng.randrange(len(words))
        text = " ".join(words[:at] + words[at + 1 :])
        counts.append(len(parse(SourceFile("slip.pin", text))[1]))
    assert sum(counts) / len(counts) < 1.5
    assert max(counts) <= 4
