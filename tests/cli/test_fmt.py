"""``pinmc fmt``, and the layout it gives."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from pinmc.base.source import SourceFile
from pinmc.cli.main import run
from pinmc.frontend.syntax.parse import parse
from pinmc.frontend.syntax.tidy import tidy

UNTIDY = """\


// a counter
record Msg { kind: bool
     body: 0..3 }   // both
var x : 0..3 = 0   \t
step invariant up:
      x' >= x


  or x == 3
actor counter {
    loop {
  if x == 3 { x = 0
 }
 // not full
  else { x += 1 }
  either {
 skip
   } or {
  await x ==
   3
   // last
   }
 }
}
  // end
"""

TIDY = """\
// a counter
record Msg { kind: bool
  body: 0..3 }   // both
var x : 0..3 = 0
step invariant up:
  x' >= x

  or x == 3
actor counter {
  loop {
    if x == 3 { x = 0
    }
    // not full
    else { x += 1 }
    either {
      skip
    } or {
      await x ==
        3
      // last
    }
  }
}
// end
"""


def test_the_layout() -> None:
    assert tidy(SourceFile("x.pin", UNTIDY)) == (TIDY, ())


def test_the_layout_is_stable_and_keeps_the_tree() -> None:
    assert tidy(SourceFile("x.pin", TIDY)) == (TIDY, ())
    assert parse(SourceFile("x.pin", UNTIDY))[0] == parse(SourceFile("x.pin", TIDY))[0]


def test_line_ends_of_other_systems_become_ours() -> None:
    text = UNTIDY.replace("\n", "\r\n")
    assert tidy(SourceFile("x.pin", text)) == (TIDY, ())


def test_a_block_comment_stays_as_it_is() -> None:
    text = "  /* one\n     two */\nvar x: bool\n"
    assert tidy(SourceFile("x.pin", text))[0] == "/* one\n     two */\nvar x: bool\n"


def test_nothing_is_laid_out_as_nothing() -> None:
    assert tidy(SourceFile("x.pin", "\n\n")) == ("", ())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "x.pin"
    found.write_text(UNTIDY)
    return found


def test_the_text_goes_to_standard_output(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fmt", str(file)]) == 0
    assert capsys.readouterr().out == TIDY
    assert file.read_text() == UNTIDY


def test_check_and_diff_change_nothing(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fmt", "--check", "--diff", str(file)]) == 1
    assert "\n+  x' >= x\n" in capsys.readouterr().out
    assert file.read_text() == UNTIDY


def test_write(file: Path) -> None:
    assert run(["fmt", "-w", str(file)]) == 0
    assert file.read_text() == TIDY
    assert run(["fmt", "--check", str(file)]) == 0


def test_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("  var x: bool"))
    assert run(["fmt", "-"]) == 0
    assert capsys.readouterr().out == "var x: bool\n"


def test_a_syntax_error_changes_nothing(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text("  var x:")
    assert run(["fmt", "-w", str(file)]) == 2
    assert "error[PIN" in capsys.readouterr().err
    assert file.read_text() == "  var x:"
