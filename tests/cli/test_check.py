"""``pinmc check``: exit codes, several specifications, options, files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pinmc import api
from pinmc.results.judge import judge_design
from tests.cli.conftest import Pinmc
from tests.cli.specs import CHOICE, EXPECTED, GOOD, MISMATCH, MISTAKES, VACUOUS, VIOLATED


@pytest.mark.parametrize(
    ("text", "args", "code"),
    [
        (GOOD, [], 0),
        (EXPECTED, [], 0),
        (CHOICE, [], 0),
        (VIOLATED, [], 1),
        (MISMATCH, [], 1),
        (MISTAKES, [], 2),
        (GOOD, ["--max-states", "2"], 3),
        (GOOD, ["--max-depth", "1"], 3),
        (VIOLATED, ["--max-states", "2"], 3),
        (VIOLATED, ["--property", "small"], 0),
        (VACUOUS, [], 4),
        (VACUOUS, ["--max-states", "2"], 3),
        (VACUOUS, ["--property", "small"], 0),
        (GOOD, ["-D", "MAX=9"], 2),
        (GOOD, ["-D", "MAXX=1"], 2),
        (GOOD, ["--property", "smal"], 2),
        (GOOD, ["--engine", "interpeter"], 2),
    ],
)
def test_exit_codes(text: str, args: list[str], code: int, pinmc: Pinmc) -> None:
    assert pinmc("check", "a.pin", *args, a=text).code == code


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        ({"a": GOOD, "b": VIOLATED}, 1),
        ({"a": MISTAKES, "b": VIOLATED}, 2),
        ({"a": VIOLATED, "b": VACUOUS}, 1),
        ({"a": VACUOUS, "b": GOOD}, 4),
        ({"a": GOOD, "b": EXPECTED}, 0),
    ],
)
def test_the_worst_of_several_specifications_counts(
    texts: dict[str, str], code: int, pinmc: Pinmc
) -> None:
    ran = pinmc("check", ".", **texts)
    assert ran.code == code
    assert "2 specifications: " in ran.out.splitlines()[-1]


def test_a_crash_outweighs_everything_and_stops_nothing(
    pinmc: Pinmc, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = judge_design

    def crash(system: object, exploration: object) -> object:
        if "b.pin" in system.path:  # type: ignore[attr-defined]
            raise ZeroDivisionError
        return judge(system, exploration)  # type: ignore[arg-type]

    monkeypatch.setattr(api, "judge_design", crash)
    ran = pinmc("check", ".", a=MISTAKES, b=GOOD, c=VIOLATED)
    assert ran.code == 5
    assert "internal error: ZeroDivisionError" in ran.err
    assert "c.pin" in ran.out


def test_what_is_missing_outweighs_a_violation(pinmc: Pinmc) -> None:
    ran = pinmc("check", "a.pin", "missing.pin", a=VIOLATED)
    assert ran.code == 2
    assert "there is no file or folder 'missing.pin'" in ran.err
    assert "smaller" in ran.out


def test_mistakes_are_shown_with_their_line(pinmc: Pinmc) -> None:
    ran = pinmc("check", "a.pin", a=MISTAKES)
    assert "--> a.pin:2:" in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        (["-D", "MAXX=1"], "MAX"),
        (["--property", "smal"], "did you mean 'small'?"),
        (["--engine", "interpeter"], "did you mean 'interp"),
        (["-D", "MAX"], "'MAX' is not of the form NAME=VALUE"),
    ],
)
def test_misspelt_names_get_a_suggestion(args: list[str], hint: str, pinmc: Pinmc) -> None:
    ran = pinmc("check", "a.pin", *args, a=GOOD)
    assert (ran.code, ran.out) == (2, "")
    assert hint in ran.err


def test_constants_and_choices_are_fixed(pinmc: Pinmc) -> None:
    assert pinmc("check", "a.pin", "-D", "MAX=5", "--format", "json", a=GOOD).code == 0
    ran = pinmc("check", "b.pin", "-D", "LIMIT=high", "--format", "json", b=CHOICE)
    assert json.loads(ran.out)["constants"] == {"LIMIT": "high"}
    assert ran.code == 0


def test_one_file_gives_one_document(pinmc: Pinmc) -> None:
    ran = pinmc("check", "a.pin", "--format", "json", a=VIOLATED)
    document = json.loads(ran.out)
    assert (document["schema"], document["exit_code"]) == ("pinmc-result/1", 1)


def test_a_folder_gives_an_array_of_documents(pinmc: Pinmc) -> None:
    ran = pinmc("check", ".", "--format", "json", a=VIOLATED, b=MISTAKES, c=GOOD)
    assert [document["exit_code"] for document in json.loads(ran.out)] == [1, 0]
    assert pinmc("check", "a.pin", "b.pin", "--format", "json").out.startswith("[\n")


def test_the_report_goes_to_a_file(pinmc: Pinmc, folder: Path) -> None:
    ran = pinmc("check", "a.pin", "--format", "json", "--output", "out.json", a=VIOLATED)
    assert (ran.code, ran.out) == (1, "")
    assert json.loads((folder / "out.json").read_text())["exit_code"] == 1


def test_a_file_that_cannot_be_written_is_a_usage_error(pinmc: Pinmc) -> None:
    ran = pinmc("check", "a.pin", "--output", "no/such/folder.txt", a=GOOD)
    assert ran.code == 2
    assert "cannot be written" in ran.err


def test_piped_text_has_no_colour(pinmc: Pinmc) -> None:
    assert "\x1b" not in pinmc("check", "a.pin", a=VIOLATED).out
    assert "\x1b" in pinmc("check", "a.pin", "--color", "always").out


def test_quiet_is_one_line_a_specification(pinmc: Pinmc) -> None:
    ran = pinmc("check", "a.pin", "-q", a=GOOD)
    assert ran.out.splitlines()[-1] == "1 specification: 1 as expected"
    assert ran.err == ""


def test_the_report_says_how_to_reproduce_it(pinmc: Pinmc) -> None:
    ran = pinmc("check", "a.pin", "-D", "MAX=2", "--first", "--max-states", "1k", a=GOOD)
    assert "pinmc check a.pin -D MAX=2 --first --max-states 1000" in ran.out


def test_only_part_of_a_specification_is_never_called_vacuous(pinmc: Pinmc) -> None:
    assert pinmc("check", "a.pin", "--first", a=VACUOUS).code == 0


def test_unused_actions_of_the_models_are_listed(pinmc: Pinmc) -> None:
    ran = pinmc("check", "specs/dio_self_deadlock.pin", "--quiet", "--unused")
    assert ran.code == 4
    lines = [line for line in ran.err.splitlines() if "happens in none of them" in line]
    assert any("'pin' happens" in line and "pin.pin:" in line for line in lines)


def test_proofs_beside_the_exploration(pinmc: Pinmc) -> None:
    from tests.unit.engines.smt_proofs import COUNTED

    ran = pinmc("check", "a.pin", "--prove", a=COUNTED)
    assert ran.code == 0, ran.out
    verdicts = {line.split()[2]: line.split()[1] for line in ran.out.splitlines() if "✓" in line}
    assert verdicts == {
        "looks_pinned": "proved",
        "one_at_a_time": "proved",
        "too_many": "unreachable",
        "deadlock": "proved",
        "stuck": "holds",
        "errors": "proved",
    }
    assert "--prove=60" in ran.out


def test_a_proof_decides_what_a_limit_has_left_open(pinmc: Pinmc) -> None:
    spec = """
    var x: 0..9000
    var y: 0..9000
    rule up() when x < 9000 { x += 1  y += 1 }
    rule restart() { x = 0  y = 0 }
    invariant together: x == y
    invariant small: x < 8000
    expect together proved
    """
    ran = pinmc("check", "a.pin", "--max-states", "100", a=spec)
    assert ran.code == 3
    ran = pinmc("check", "a.pin", "--max-states", "100", "--prove", "10s")
    assert ran.code == 3  # the other one is still open
    assert "✓ proved   together" in ran.out and "? unknown  small" in ran.out


def test_what_is_refuted_is_not_proved(pinmc: Pinmc) -> None:
    ran = pinmc("check", "a.pin", "--prove", a=VIOLATED)
    assert ran.code == 1 and "violated" in ran.out
