"""The merged tables of specs/lease_designs.pin in the documents are what `pinmc matrix` finds."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

from pinmc.cli.main import run

ROOT = Path(__file__).parents[2]
INDEX = ROOT / "specs" / "README.md"
FRONT = ROOT / "README.md"
CHOICES = ("PINS", "LEASE", "TRUNCATE", "FILESYSTEM", "WRITEOUT")
COLUMNS = (
    "checksum_stability",
    "dirty_has_room",
    "no_freed_block",
    "writes_arrive",
    "stuck",
)

Row = dict[str, str]


def table(page: Path) -> list[Row]:
    """The rows of the table whose first columns are the choices."""
    text = page.read_text(encoding="utf-8")
    head = re.escape("| " + " | ".join(CHOICES)) + r"( \|.*)\n\|[-| ]+\|\n((?:\|.*\n)+)"
    (found,) = re.findall(head, text)
    names = [*CHOICES, *(name.strip() for name in found[0].strip(" |").split("|"))]
    rows = []
    for line in found[1].splitlines():
        cells = [c.strip().replace("\\", "") for c in re.split(r"(?<!\\)\|", line.strip("| "))]
        assert len(cells) == len(names), line
        rows.append(dict(zip(names, cells, strict=True)))
    return rows


def covers(row: Row, design: Row) -> bool:
    return all(row[c] == "*" or design[c] in row[c].split(" | ") for c in CHOICES)


def found(capsys: pytest.CaptureFixture[str], *fixed: str) -> list[Row]:
    """Every design of the part of the matrix in which choices are ``fixed``, and its verdicts."""
    options = [word for pair in fixed for word in ("-D", pair)]
    properties = ("--property", ",".join(COLUMNS))
    spec = str(ROOT / "specs" / "lease_designs.pin")
    assert run(["matrix", spec, *options, *properties, "--format", "csv"]) == 0
    rows = csv.DictReader(io.StringIO(capsys.readouterr().out))
    given = dict(pair.split("=") for pair in fixed)
    return [{**row, **given} for row in rows]


def check_against_the_tables(designs: list[Row]) -> None:
    index, front = table(INDEX), table(FRONT)
    for design in designs:
        rows = [row for row in index if covers(row, design)]
        assert rows, design
        for row in rows:
            for name in COLUMNS:
                assert row[name] == design[name].split(" ")[0], (design, row)
        survives = all(design[name] == "holds" for name in COLUMNS)
        assert any(covers(row, design) for row in front) == survives, design


PARTS = [
    ("LEASE=required", "FILESYSTEM=network", "WRITEOUT=bounce"),
    ("LEASE=required", "TRUNCATE=fail", "FILESYSTEM=copy_on_write"),
    ("PINS=exact", "LEASE=never", "WRITEOUT=test_after"),
]


@pytest.mark.usefixtures("fresh_cache")
@pytest.mark.slow
@pytest.mark.parametrize("fixed", PARTS, ids=" ".join)
def test_part_of_the_tables(
    fixed: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
) -> None:
    designs = found(capsys, *fixed)
    assert len(designs) == 15
    check_against_the_tables(designs)


@pytest.mark.slow
@pytest.mark.usefixtures("fresh_cache")
def test_the_whole_tables(
    request: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if not request.config.getoption("--whole"):
        pytest.skip("takes minutes: pytest --whole")
    designs = found(capsys)
    assert len(designs) == 675
    check_against_the_tables(designs)


def test_no_design_is_in_rows_that_disagree() -> None:
    rows = table(INDEX)
    names = {c: {v for row in rows for v in row[c].split(" | ")} - {"*"} for c in CHOICES}
    for number, one in enumerate(rows):
        for other in rows[number + 1 :]:
            both = all(
                "*" in (one[c], other[c]) or {*one[c].split(" | ")} & {*other[c].split(" | ")}
                for c in names
            )
            if both:
                assert [one[n] for n in COLUMNS] == [other[n] for n in COLUMNS]
