"""The console examples of docs/proofs.md are what pinmc says, numbers of states and times aside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import pinmc
from pinmc.cli.main import run

PAGE = (Path(__file__).parents[2] / "docs" / "proofs.md").read_text(encoding="utf-8")
CONSOLE = re.compile(r"^```console\n\$ (.*?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```pin\n(.*?)^```$", re.MULTILINE | re.DOTALL)
VARYING = re.compile(r", \d+ lemmas?, [\d.]+ s$", re.MULTILINE)
NUMBER = re.compile(r"-?\d+")


def consoles(about: str) -> Iterator[tuple[list[str], str]]:
    """The lines typed at each prompt, and what is said then, where ``about`` is named."""
    for typed, said in CONSOLE.findall(PAGE):
        if about in typed:
            first, *more = [typed, *re.findall(r"^\$ (.*)\n", said, re.MULTILINE)]
            yield [first, *more], re.sub(r"^\$ .*\n", "", said, flags=re.MULTILINE)


@pytest.mark.slow
def test_any_number(capsys: pytest.CaptureFixture[str]) -> None:
    ((typed, expected),) = consoles("--any")
    (command,) = typed
    assert run(command.removeprefix("pinmc ").split()) == 0
    assert VARYING.sub("", capsys.readouterr().out) == expected


def test_a_counterexample_to_induction_is_closed_by_a_lemma(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    spec = tmp_path / "folio.pin"
    (block,) = BLOCK.findall(PAGE)
    spec.write_text(block, encoding="utf-8")
    codes = []
    for typed, expected in consoles("folio.pin"):
        *shell, command = typed
        for line in shell:  # one lemma more
            added = re.fullmatch(r"echo '(.*)' >> folio\.pin", line)
            assert added is not None
            spec.write_text(f"{spec.read_text(encoding='utf-8')}{added[1]}\n", encoding="utf-8")
        codes.append(run(command.removeprefix("pinmc ").split()))
        # Z3 may choose other numbers; which step it is, and what it does, is what matters.
        said = capsys.readouterr().out
        assert NUMBER.sub("N", said) == NUMBER.sub("N", expected)
    assert codes == [3, 0]


def test_the_number_of_states(tmp_path: Path) -> None:
    found = re.search(r"holds in all (\d+) reachable states", PAGE)
    assert found is not None
    spec = tmp_path / "folio.pin"
    (block,) = BLOCK.findall(PAGE)
    spec.write_text(block, encoding="utf-8")
    assert pinmc.check(spec).designs[0].statistics.states == int(found[1])
