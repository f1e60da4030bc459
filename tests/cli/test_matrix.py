"""``pinmc matrix``: what it shows, what it keeps, and what it refuses."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from tests.cli.conftest import Pinmc

SPEC = """\
choice LOCK { no, yes } = no
choice ORDER { set_first, test_first } = set_first
choice COLOUR { red, green, blue } = red
const LIMIT: int where LIMIT >= 1 = 2
mutex m
var x: 0..LIMIT
def shade = if COLOUR == red then 1 else 2
actor a {
  if LOCK == yes { lock(m) }
  if ORDER == test_first {
    if x == 0 { x += 1 }
  } else { x += 1 }
  if LOCK == yes { unlock(m) }
}
actor b {
  if LOCK == yes { lock(m) }
  if x == 0 { x += 1 }
  if LOCK == yes { unlock(m) }
}
invariant at_most_one: x <= 1 and shade >= 1
reachable done: x == 1
"""

SCHEMA = json.loads(
    files("pinmc.reports").joinpath("schema/pinmc-matrix-1.json").read_text(encoding="utf-8")
)


pytestmark = pytest.mark.usefixtures("module_cache")
"""What one test has explored, others need not: most are about how it is shown."""


def test_rows_that_agree_are_merged(pinmc: Pinmc) -> None:
    ran = pinmc(
        "matrix", "a.pin", "--merge", "--verdicts", "--property", "at_most_one,done", a=SPEC
    )
    assert (ran.code, ran.err) == (0, "")
    lines = [re.split(r"  +", line.strip()) for line in ran.out.splitlines()]
    assert lines[3:] == [
        ["LOCK", "ORDER", "COLOUR", "at_most_one", "done", "designs"],
        ["*", "set_first", "*", "violated", "reached", "6"],
        ["no", "*", "*", "violated", "reached", "6"],
        ["yes", "test_first", "*", "holds", "reached", "3"],
        [""],
        ["12 designs, 3 in which nothing is violated"],
    ]


@pytest.mark.usefixtures("fresh_cache")
def test_the_same_system_is_explored_once(pinmc: Pinmc) -> None:
    """What a design does not use makes no new System."""
    from pinmc.matrix.plan import Request
    from pinmc.matrix.run import Options, run
    from pinmc.matrix.work import Asked

    Path("a.pin").write_text(SPEC.replace("shade >= 1", "true"), encoding="utf-8")
    matrix = run(Request("a.pin"), Options(Asked()))
    assert (matrix.total, len(matrix.rows), matrix.explored) == (12, 12, 4)
    again = run(Request("a.pin"), Options(Asked()))
    assert again.explored == 0
    assert [(r.values, r.cells) for r in again.rows] == [(r.values, r.cells) for r in matrix.rows]
    assert run(Request("a.pin"), Options(Asked(), fresh=True)).explored == 4


def test_choices_are_varied_or_fixed(pinmc: Pinmc) -> None:
    ran = pinmc("matrix", "a.pin", "--choice", "LOCK", "-D", "ORDER=test_first", a=SPEC)
    assert ran.code == 0
    assert "with ORDER = test_first, COLOUR = red, LIMIT = 2" in ran.out
    rows = [line.split() for line in ran.out.splitlines() if line.startswith(("  no", "  yes"))]
    assert [row[:3] for row in rows] == [["no", "violated", "4"], ["yes", "holds", "reached"]]


def test_the_verdicts_are_those_of_check(pinmc: Pinmc) -> None:
    matrix = json.loads(pinmc("matrix", "a.pin", "--format", "json", a=SPEC).out)
    for row in matrix["rows"][::5]:
        given = [f"-D{name}={value}" for name, value in row["values"].items()]
        checked = json.loads(pinmc("check", "a.pin", "--format", "json", *given, a=SPEC).out)
        assert row["states"] == checked["statistics"]["states"]
        found = {p["name"]: (p["verdict"], p["depth"]) for p in checked["properties"]}
        assert found == {n: (c["verdict"], c["steps"]) for n, c in row["cells"].items()}


@pytest.mark.parametrize("merge", [(), ("--merge",), ("--merge", "--verdicts")])
def test_formats_agree(pinmc: Pinmc, merge: tuple[str, ...]) -> None:
    documents = {
        name: pinmc("matrix", "a.pin", *merge, "--format", name, a=SPEC).out
        for name in ("json", "csv", "markdown", "html")
    }
    document = json.loads(documents["json"])
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    rows = list(csv.reader(io.StringIO(documents["csv"])))
    table = [line.strip("|").split(" | ") for line in documents["markdown"].splitlines()]
    assert len(rows) - 1 == len(table) - 2 == len(document["rows"])
    assert [[cell.strip().replace("\\", "") for cell in row] for row in (table[0], *table[2:])] == [
        [cell.strip() for cell in row] for row in rows
    ] or merge
    data = re.search(r'id="data">(.*?)</script>', documents["html"], re.DOTALL)
    assert data is not None and len(json.loads(data[1])["lines"]) == len(document["rows"])


def test_a_name_cannot_leave_the_page(pinmc: Pinmc) -> None:
    add = 'action add() as "</script><b>x" { x += 1 }\n'
    text = SPEC.replace("x += 1", "add()").replace("actor a {", f"{add}actor a {{")
    page = pinmc("matrix", "a.pin", "--choice=LOCK", "--format=html", a=text).out
    assert "</script><b>" not in page and "\\u003c/script>" in page


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--choice", "LOKC"), "no choice 'LOKC'"),
        (("--choice", "LOCK", "-D", "LOCK=yes"), "both fixed and varied"),
        (("--property", "at_most_on"), "no property 'at_most_on'"),
        (("--engine", "natve"), "no such engine"),
        (("-D", "LIMIT=0"), "LIMIT"),
        (("--output", "no/such/folder.csv"), "cannot be written"),
    ],
)
def test_mistakes(pinmc: Pinmc, args: tuple[str, ...], said: str) -> None:
    ran = pinmc("matrix", "a.pin", *args, a=SPEC)
    assert ran.code == 2 and said in ran.err, ran.err


def test_nothing_to_vary(pinmc: Pinmc) -> None:
    ran = pinmc("matrix", "a.pin", a="var x: bool\nrule r() { x = not x }\n")
    assert ran.code == 2 and "has no choice to vary" in ran.err


def test_a_limit_leaves_it_undecided_and_asks_again(pinmc: Pinmc) -> None:
    ran = pinmc("matrix", "a.pin", "--choice", "LOCK", "--max-states", "2", a=SPEC)
    assert ran.code == 3 and "unknown" in ran.out


SLOW = """\
choice A { a0, a1, a2, a3, a4, a5, a6, a7 } = a0
choice B { b0, b1, b2, b3 } = b0
const N: int where N >= 1 = 30
var x: 0..N  var y: 0..N  var z: 0..N
rule rx() when x < N { x += 1 }
rule ry() when y < N { y += 1 }
rule rz() when z < N { z += if A == a0 then 1 else 1 }
def nth = if A == a1 then 1 else if A == a2 then 2 else if A == a3 then 3 else if A == a4 then 4
  else if A == a5 then 5 else if A == a6 then 6 else if A == a7 then 7 else 0
def other = if B == b1 then 10 else if B == b2 then 20 else if B == b3 then 30 else 0
invariant small: x + y + z <= 3 * N + nth + other
"""


@pytest.mark.slow
def test_ctrl_c_and_going_on(tmp_path: Path, fresh_cache: Path) -> None:
    (tmp_path / "slow.pin").write_text(SLOW, encoding="utf-8")
    command = [sys.executable, "-m", "pinmc", "matrix", "slow.pin", "--format", "csv"]
    command += ["--engine", "interpreter", "--workers", "2"]
    began = subprocess.Popen(
        command,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler) and None,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    journal = fresh_cache / "pinmc" / "matrix"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and not any(f.stat().st_size for f in journal.glob("*")):
        time.sleep(0.1)
    os.killpg(began.pid, signal.SIGINT)
    out, err = began.communicate(timeout=60)
    assert began.returncode == 3, err
    assert "goes on from here" in err and "Traceback" not in err
    done = len(out.splitlines()) - 1
    assert 0 < done < 32
    kept = sum(len(f.read_text().splitlines()) for f in journal.glob("*"))
    assert kept >= done


BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.mark.slow
@pytest.mark.skipif(BROWSER is None, reason="there is no Chromium")
def test_the_page_in_a_browser(pinmc: Pinmc, tmp_path: Path) -> None:
    """The script fills the table, and a cell opens its trace."""
    pinmc("matrix", "a.pin", "--format", "html", "--output", "page.html", a=SPEC)
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    click = "<script>document.querySelector('td.bad button').click()</script></body>"
    (tmp_path / "page.html").write_text(page.replace("</body>", click), encoding="utf-8")
    quiet = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
    quiet += ["--disable-background-networking", "--disable-component-update"]
    shown = subprocess.run(
        [str(BROWSER), "--headless", "--no-sandbox", *quiet, f"--user-data-dir={tmp_path}/profile",
         "--virtual-time-budget=2000", "--dump-dom", f"file://{tmp_path}/page.html"],
        capture_output=True, text=True, timeout=90, check=True,
    ).stdout  # fmt: skip
    body = re.search(r"<tbody>(.*?)</tbody>", shown, re.DOTALL)
    assert body is not None and body[1].count("<tr>") == 12
    dialog = re.search(r"<dialog [^>]*open[^>]*>(.*?)</dialog>", shown, re.DOTALL)
    assert dialog is not None and "at_most_one is violated in 3 steps" in dialog[1]
