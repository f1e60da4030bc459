"""``pinmc bound``: what is said, what is refused, exit codes."""

from __future__ import annotations

import json
from importlib.resources import files

import jsonschema
import pytest

from tests.cli.conftest import Pinmc
from tests.cli.specs import MISTAKES
from tests.unit.engines.smt_proofs import COUNTED

SCHEMAS = files("pinmc.reports")
LOOKS = "refs >= BIAS and not pinned"

WIDE = """
const BIAS: int where BIAS >= 1 = 4
const MOST: int where MOST >= 0 = 9
const LIMIT: int where LIMIT >= 0 = 100
var refs: int
var lookups: int
var pinned: bool
rule get() when lookups < MOST { refs += 1  lookups += 1 }
rule get_all() { refs += MOST - lookups  lookups = MOST }
rule put() when lookups > 0 { refs -= 1  lookups -= 1 }
rule pin() when not pinned { refs += BIAS  pinned = true }
rule unpin() when pinned { refs -= BIAS  pinned = false }
invariant exact: refs >= BIAS implies pinned
invariant fits: refs <= LIMIT
step invariant steady: refs' <= refs + BIAS + MOST
"""


def test_the_least(pinmc: Pinmc) -> None:
    text = COUNTED.replace("MOST = 3", "MOST = 20")
    ran = pinmc("bound", "a.pin", "--minimize", "lookups", "--subject-to", LOOKS, a=text)
    assert ran.code == 0, ran.err
    assert "✓ proved     lookups >= 8 where refs >= BIAS and not pinned" in ran.out
    assert "✓ attained   8 in 8 steps" in ran.out
    assert "lookups == 8 is reached in 8 steps" in ran.out


def test_the_greatest_and_conditions_by_name(pinmc: Pinmc) -> None:
    ran = pinmc("bound", "a.pin", "--maximize", "refs - pins", a=COUNTED)
    assert ran.code == 0 and "refs - pins <= 10" in ran.out and "10 in 4 steps" in ran.out
    ran = pinmc("bound", "a.pin", "--maximize", "refs", "--subject-to", "too_many")
    assert ran.code == 0 and "never where too_many" in ran.out
    ran = pinmc("bound", "a.pin", "--maximize", "refs", "--subject-to", "one_at_a_time")
    assert ran.code == 2 and "PIN407" in ran.err and "help:" in ran.err


def test_for_every_value_of_a_constant(pinmc: Pinmc) -> None:
    options = ("--free", "BIAS", "--subject-to", "refs >= BIAS and not pinned")
    ran = pinmc("bound", "a.pin", "--minimize", "lookups", *options, a=WIDE)
    assert ran.code == 0, ran.err
    assert "lookups >= BIAS where" in ran.out and "for every BIAS" in ran.out
    assert "over all of them: at least 1" in ran.out
    assert "4 in 4 steps with BIAS = 4" in ran.out or "4 in 1 step with BIAS = 4" in ran.out


def test_no_bound_is_undetermined(pinmc: Pinmc) -> None:
    text = "var x: int\nrule up() { x += 1 }\n"
    ran = pinmc("bound", "a.pin", "--maximize", "x", "--timeout", "5", a=text)
    assert ran.code == 3
    assert "no bound" in ran.out and "above 2^100" in ran.out and "in the first" in ran.out


def test_safe_values(pinmc: Pinmc) -> None:
    claims = ("--property", "exact", "--property", "fits")
    ran = pinmc("bound", "a.pin", "--safe", "BIAS", "--around", "50", *claims, a=WIDE)
    assert ran.code == 0, ran.err
    assert "✓ proved     exact, fits where 10 <= BIAS <= 91" in ran.out
    assert "BIAS = 9: exact is violated in 1 step" in ran.out
    assert "BIAS = 92: fits is violated in 2 steps" in ran.out
    ran = pinmc("bound", "a.pin", "--safe", "BIAS", "--property", "exact")
    assert ran.code == 1 and "not safe   BIAS = 4: not proved: exact" in ran.out
    assert "exact is violated in" in ran.out


def test_open_and_allowed_ends(pinmc: Pinmc) -> None:
    ran = pinmc("bound", "a.pin", "--safe", "LIMIT", "--property", "exact", "-D", "BIAS=10", a=WIDE)
    assert ran.code == 0 and "exact where 0 <= LIMIT\n" in ran.out
    assert "LIMIT = -1 is not allowed" in ran.out and "no value above is unsafe" in ran.out
    ran = pinmc("bound", "a.pin", "--safe", "BIAS", "--property", "steady")
    assert ran.code == 0 and "steady where 1 <= BIAS\n" in ran.out


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1 } action evil() { refs += 1 }", "closes nothing"),
        ("1 invariant evil: true", "no part of an expression"),
        ("1\nvar evil: int", "no part of an expression"),
        ("1 } rule evil() { refs = 0", "closes nothing"),
        ("", "no expression"),
        ("// refs", "no expression"),
        ("refs +", "missing after '+'"),
        ("nope", "unknown name"),
        ("pinned", "which is a bool"),
        ("refs'", "step invariant"),
        ("(refs", "missing ')'"),
        ('"refs', "not closed"),
        ("always pinned", "temporal"),
        ("(" * 500 + "1" + ")" * 500, "brackets are open"),
        ("\x00", "--minimize"),
    ],
)
def test_text_that_is_no_expression(pinmc: Pinmc, text: str, says: str) -> None:
    ran = pinmc("bound", "a.pin", "--minimize", text, a=COUNTED)
    assert ran.code == 2 and says in ran.err and not ran.out
    assert "Traceback" not in ran.err and "error[PIN" in ran.err
    ran = pinmc("bound", "a.pin", "--minimize", "refs", "--subject-to", text)
    assert ran.code == 2 or text in ("pinned", "always pinned")


def test_diagnostics_point_at_the_option(pinmc: Pinmc) -> None:
    conditions = ("--subject-to", "pinned", "--subject-to", "refs > nope")
    ran = pinmc("bound", "a.pin", "--maximize", "refs + x", *conditions, a=COUNTED)
    assert "--> --maximize:1:8" in ran.err and "--> --subject-to 2:1:8" in ran.err


def test_mistakes(pinmc: Pinmc) -> None:
    assert pinmc("bound", "a.pin", "--minimize", "1", a=MISTAKES).code == 2
    wrong = [
        (),
        ("--minimize", "refs", "--maximize", "refs"),
        ("--minimize", "refs", "--property", "exact"),
        ("--safe", "BIAS"),
        ("--safe", "BIAS", "--property", "exact", "--free", "MOST"),
        ("--safe", "BIAS", "--property", "nope"),
        ("--safe", "NOPE", "--property", "exact"),
        ("--safe", "BIAS", "--property", "exact", "-D", "BIAS=9"),
        ("--safe", "BIAS", "--property", "exact", "--around", "0"),
        ("--minimize", "refs", "--free", "NOPE"),
    ]
    for options in wrong:
        ran = pinmc("bound", "b.pin", *options, b=WIDE)
        assert ran.code == 2 and "[PIN" in ran.err and "Traceback" not in ran.err, options


def _valid(text: str) -> dict[str, object]:
    found = json.loads(text)
    schema = json.loads(SCHEMAS.joinpath("schema/pinmc-bound-1.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(found)
    assert isinstance(found, dict)
    return found


def test_json(pinmc: Pinmc) -> None:
    as_json = ("--format", "json")
    ran = pinmc("bound", "a.pin", "--maximize", "refs", *as_json, a=WIDE)
    found = _valid(ran.out)
    extreme = found["extreme"]
    assert isinstance(extreme, dict) and extreme["value"] == 13 and found["interval"] is None
    result = extreme["attained"]["result"]
    inner = json.loads(SCHEMAS.joinpath("schema/pinmc-result-1.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(inner).validate(result)
    assert result["properties"][0]["trace"][-1]["state"]["refs"] == 13
    claims = ("--property", "exact", "--around", "20")
    found = _valid(pinmc("bound", "a.pin", "--safe", "BIAS", *claims, *as_json).out)
    interval = found["interval"]
    assert isinstance(interval, dict) and found["extreme"] is None
    assert (interval["below"]["last"], interval["above"]["last"]) == (10, None)
    assert interval["below"]["end"] == "violated" and interval["above"]["end"] == "open"
