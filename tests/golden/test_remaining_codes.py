"""The codes whose faulty input is no file of its own: too big for one, or a command line."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from pinmc.base.codes import EXPLANATIONS
from pinmc.base.codes.usage import USAGE
from pinmc.base.diagnostics import Diagnostic
from pinmc.base.source import SourceFile
from pinmc.cli.main import run
from pinmc.engines.smt.certificate.write import write_certificate
from pinmc.frontend.syntax.parse import parse
from tests.unit.engines.smt_proofs import proved

GOLDEN = Path(__file__).parent
SPEC = "var x: bool\nrule r() { x = not x }\n"


def reported(text: str) -> dict[str, Diagnostic]:
    return {d.code: d for d in parse(SourceFile("spec.pin", text))[1]}


@pytest.mark.parametrize(
    ("code", "text", "message"),
    [
        ("PIN006", f"def d = {'(' * 500}1{')' * 500}", "brackets are open"),
        ("PIN007", f"// {'x' * 1_100_000}\n", "characters"),
        ("PIN009", f"var {'x' * 500}: bool", "characters"),
        ("PIN010", "actor a[- x] { skip }", "unexpected"),
    ],
)
def test_syntax_too_big_for_a_file(code: str, text: str, message: str) -> None:
    found = reported(text)
    assert code in found, found
    assert message in found[code].message


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        ("PIN401", ["check", "missing.pin"]),
        ("PIN402", ["check", "spec.pin", "--property", "nope"]),
        ("PIN403", ["check", "spec.pin", "-D", "N"]),
        ("PIN403", ["check", "spec.pin", "-D", "N=1", "-D", "N=2"]),
        ("PIN404", ["check", "spec.pin", "--graph", "g.bmp"]),
        ("PIN404", ["check", "spec.pin", "--graph", "g.dot"]),
        ("PIN405", ["cost", "spec.pin"]),
        ("PIN406", ["matrix", "spec.pin"]),
        ("PIN407", ["bound", "spec.pin", "--minimize", "1 var y: bool"]),
        ("PIN407", ["bound", "spec.pin"]),
        ("PIN408", ["prove", "spec.pin", "--any", "User"]),
        ("PIN410", ["check", "spec.pin", "-D", "N=1"]),
        ("PIN433", ["prove", "spec.pin", "--free", "N"]),
    ],
)
def test_misuse_has_its_code(
    code: str,
    arguments: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("spec.pin").write_text(SPEC)
    assert run(arguments) == 2
    assert code in capsys.readouterr().err


@pytest.mark.parametrize(
    ("code", "damage", "more", "exit_code"),
    [
        ("PIN430", lambda folder: (folder / "step.smt2").unlink(), [], 2),
        ("PIN431", lambda folder: (folder / "step.smt2").write_text("(check-sat)"), [], 1),
        ("PIN432", lambda folder: None, ["--spec", "spec.pin"], 1),
    ],
)
def test_certificates_that_prove_nothing(
    code: str,
    damage: Callable[[Path], object],
    more: list[str],
    exit_code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("spec.pin").write_text(SPEC)
    write_certificate(tmp_path / "c", proved())
    damage(tmp_path / "c")
    assert run(["certify", "c", *more]) == exit_code
    assert code in capsys.readouterr().err


def test_every_code_is_shown_by_some_test() -> None:
    reports = "\n".join(p.read_text(encoding="utf-8") for p in GOLDEN.rglob("*.txt"))
    here = Path(__file__).read_text(encoding="utf-8")
    shown = set(re.findall(r"PIN\d{3}", reports)) | set(re.findall(r"PIN\d{3}", here))
    assert set(EXPLANATIONS) <= shown
    assert {e.code for e in USAGE} <= shown


def test_every_explanation_can_be_read() -> None:
    for code in EXPLANATIONS:
        from pinmc.cli.main import cli

        done = CliRunner().invoke(cli, ["explain", code])
        assert done.exit_code == 0 and code in done.output
