"""``pinmc cost``: tables, runs, documents, and what cannot be counted."""

from __future__ import annotations

import json
from importlib.resources import files

import jsonschema
import pytest

from tests.cli.conftest import Pinmc

COPY_ON_WRITE = """\
choice COPY { eager, lazy } = eager
cost copies
cost writes
var leased: bool
var dirty: bool

action take() when not leased { leased = true  if COPY == eager { copies += 1 } }
action write() when leased {
  if COPY == lazy and not dirty { copies += 1 }
  dirty = true
  writes += 1
}
action drop() when leased { leased = false  dirty = false }
actor user { loop { take()  while nondet { write() }  drop() } }
reachable written: dirty
invariant dirty_is_leased: dirty implies leased
expect dirty_is_leased holds when COPY == lazy
"""

SCHEMA = json.loads(
    files("pinmc.reports").joinpath("schema/pinmc-cost-1.json").read_text(encoding="utf-8")
)


def test_a_table_with_a_line_for_each_design(pinmc: Pinmc) -> None:
    ran = pinmc("cost", "a.pin", a=COPY_ON_WRITE)
    assert (ran.code, ran.err) == (0, "")
    # Until the first write: eagerly one copy for each lease that was dropped again unused.
    assert ran.out.splitlines() == [
        "until written is first reached",
        "                  copies          writes",
        "  default design  1 to unbounded  1",
        "  COPY=lazy       1               1",
    ]


def test_the_price_of_a_write(pinmc: Pinmc) -> None:
    ran = pinmc("cost", "a.pin", "--per", "writes", a=COPY_ON_WRITE)
    # Eagerly: a lease may be taken for nothing, or one serve any number of writes.
    assert ran.out.splitlines() == [
        "for each of writes, over loops",
        "                  copies",
        "  default design  0 to unbounded",
        "  COPY=lazy       0 to 1",
    ]


def test_runs_show_where_the_numbers_come_from(pinmc: Pinmc) -> None:
    ran = pinmc("cost", "a.pin", "--cost=copies", "--runs", "-DCOPY=eager", a=COPY_ON_WRITE)
    head, least, greatest = ran.out.split("\n\n", 1)[0], *ran.out.split("copies until written")[1:]
    assert "1 to unbounded" in head
    assert ": 1, in 3 steps" in least and "copies +1" in least
    assert "unbounded, by a loop of 3 steps" in greatest and "again and again" in greatest


@pytest.mark.parametrize("more", [(), ("--per", "writes"), ("--max-states", "2")])
def test_the_document_is_valid(pinmc: Pinmc, more: tuple[str, ...]) -> None:
    ran = pinmc("cost", "a.pin", "--format=json", *more, a=COPY_ON_WRITE)
    document = json.loads(ran.out)
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    assert [d["label"] for d in document["designs"]] == ["", "COPY=lazy"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate({**document, "designs": 3})


def test_half_a_space_bounds_nothing(pinmc: Pinmc) -> None:
    ran = pinmc("cost", "a.pin", "--max-states", "2", a=COPY_ON_WRITE)
    assert ran.code == 3
    assert "default design: unknown: state limit of 2 reached" in ran.out


@pytest.mark.parametrize(
    ("args", "text", "said"),
    [
        (("--cost", "copys"), COPY_ON_WRITE, "no cost 'copys'"),
        (("--goal", "writen"), COPY_ON_WRITE, "no reachable 'writen'"),
        (("--per", "reads"), COPY_ON_WRITE, "no cost 'reads'"),
        ((), "var x: bool\nrule r() { x = not x }\n", "declares no cost"),
        ((), "var x: bool\ncost c\nrule r() { x = not x  c += 1 }\n", "has no 'reachable'"),
        (("-D", "COPY=never"), COPY_ON_WRITE, "PIN411"),
    ],
)
def test_mistakes(pinmc: Pinmc, args: tuple[str, ...], text: str, said: str) -> None:
    ran = pinmc("cost", "a.pin", *args, a=text)
    assert ran.code == 2
    assert said in ran.err and (said == "PIN411" or "PIN405" in ran.err)


def test_costs_make_no_states(pinmc: Pinmc) -> None:
    without = "\n".join(
        line.replace("writes += 1", "").replace("copies += 1", "")
        for line in COPY_ON_WRITE.splitlines()
        if not line.startswith("cost")
    )
    counted = [pinmc("check", "a.pin", a=text).out for text in (COPY_ON_WRITE, without)]
    found = [[line for line in out.splitlines() if "states" in line] for out in counted]
    assert [line.split(", 0.")[0] for line in found[0]] == [
        line.split(", 0.")[0] for line in found[1]
    ]
