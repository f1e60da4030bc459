"""The document for programs: valid by its schema, and complete."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from typing import Any

import jsonschema
import pytest

from pinmc.base.diagnostics import Diagnostic, Severity
from pinmc.base.source import NOWHERE
from pinmc.ir.property import Verdict
from pinmc.reports.base import RenderOptions
from pinmc.reports.catalog import render
from pinmc.results.result import Result
from tests.unit.reports import sample

SCHEMA = json.loads(
    files("pinmc.reports").joinpath("schema/pinmc-result-1.json").read_text(encoding="utf-8")
)


def parsed(result: Result = sample.WHOLE, options: RenderOptions | None = None) -> Any:
    found = json.loads(render(result, "json", options or RenderOptions()))
    jsonschema.Draft202012Validator(SCHEMA).validate(found)
    return found


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_envelope() -> None:
    found = parsed(options=RenderOptions(command="pinmc check x.pin"))
    assert found["schema"] == "pinmc-result/1"
    assert found["spec"] == "specs/lease.pin"
    assert found["constants"] == {"USERS": "2", "WRITEOUT": "as_is"}
    assert found["exit_code"] == 1
    assert found["command"] == "pinmc check x.pin"
    assert found["statistics"] == {
        "states": 47211,
        "transitions": 190233,
        "depth": 31,
        "seconds": 0.42,
        "complete": True,
        "peak_memory_bytes": 96 << 20,
    }
    assert [design["label"] for design in found["designs"]] == ["", "WRITEOUT = bounce"]
    assert found["designs"][0]["properties"] == found["properties"]
    assert found["vacuity"][1]["property"] == "no_loss"


def test_property_with_its_trace() -> None:
    stable = parsed()["properties"][2]
    assert (stable["name"], stable["kind"], stable["verdict"], stable["depth"]) == (
        "checksum_stability",
        "invariant",
        "violated",
        2,
    )
    assert (stable["expected"], stable["as_expected"]) == ("violated in 2 by writeback", True)
    initial, pin, write = stable["trace"]
    assert (initial["actor"], initial["action"], initial["source"]) == (None, None, None)
    assert initial["state"]["refs[Page0]"] == 0
    assert pin["actor"] == "user[User0]"
    assert pin["action"] == "pin_user_pages"
    assert pin["arguments"] == {"p": "Page0", "write": "true"}
    assert pin["source"] == {"file": "models/mm/page.pin", "line": 41}
    assert pin["changes"][1] == {"name": "seen", "before": "0", "after": "1", "ghost": True}
    assert write["state"]["dirty"] is True
    assert stable["explanation"]["last_writes"][2]["actor"] is None


def test_found_errors_are_in_the_step_or_in_the_initial_state() -> None:
    errors = parsed()["designs"][1]["properties"][2]
    assert errors["trace"][-1]["error"] == "pop from the empty queue"
    at_once = sample.result(
        sample.design(
            sample.answer("errors", Verdict.VIOLATED, trace=sample.trace("errors", error="range"))
        )
    )
    assert parsed(at_once)["properties"][0]["trace"][0]["error"] == "range"


def test_options_leave_out() -> None:
    found = parsed(options=RenderOptions(traces="none", properties=("can_pin", "errors")))
    assert [p["name"] for p in found["properties"]] == ["can_pin"]
    assert found["properties"][0]["trace"] is None


def test_warnings() -> None:
    warning = Diagnostic("PIN601", NOWHERE, "never read", severity=Severity.WARNING)
    found = parsed(replace(sample.WHOLE, warnings=(warning,)))
    assert found["warnings"][0]["code"] == "PIN601"


@pytest.mark.parametrize("field", ["schema", "properties", "statistics", "vacuity", "exit_code"])
def test_the_schema_wants_every_field(field: str) -> None:
    found = parsed()
    del found[field]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate(found)
