"""``pinmc prove --any``: what is said of proofs for every number of members."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pinmc.cli import stream
from pinmc.cli.exits import Exit

if TYPE_CHECKING:
    from pinmc.engines.smt.anysize.design import AnyAttempt
    from pinmc.ir.system import System

_REFUTED = ("violated", "reached")


def prove_any_file(
    file: Path,
    any_size: tuple[str, ...],
    definitions: Mapping[str, str],
    properties: frozenset[str] | None,
    seconds: float,
) -> tuple[int, int, list[Exit]]:
    """How many properties are proved, how many are not refuted, and the exit codes."""
    from pinmc import api
    from pinmc.engines.smt.anysize.design import prove_any

    proved, holding = 0, 0
    codes: list[Exit] = []
    try:
        api.refuse_unknown_properties(api.load(file, constants=definitions), properties)
        for label, system, samples in api.load_sizes(file, any_size, constants=definitions):
            attempts = prove_any(samples, any_size, properties, seconds)
            for number, attempt in enumerate(attempts):
                if number == 0:
                    stream.out(f"{file.name}{f' ({label})' if label else ''}")
                stream.out(_line(attempt, any_size))
                proved += attempt.verdict.value == "proved"
                holding += attempt.verdict.value not in _REFUTED
                codes.append(_code(attempt, system))
    except api.SpecError as mistakes:
        stream.diagnostics(mistakes.diagnostics)
        codes.append(Exit.BAD_INPUT)
    return proved, holding, codes


def _line(attempt: AnyAttempt, any_size: tuple[str, ...]) -> str:
    return f"  {attempt.verdict.value:<9} {attempt.property.name:<32} {_remark(attempt, any_size)}"


def _remark(attempt: AnyAttempt, any_size: tuple[str, ...]) -> str:
    who = " and ".join(dict.fromkeys(any_size))
    if attempt.verdict.value == "proved":
        lemmas = f"{attempt.lemmas} lemma{'s' * (attempt.lemmas != 1)}"
        return f"for any number of {who}, {lemmas}, {attempt.seconds:.1f} s"
    return attempt.reason or f"with few {who}; pinmc check shows how"


def _code(attempt: AnyAttempt, system: System) -> Exit:
    """As for proofs of one instance; what a small instance refutes is refuted."""
    expected = {e.verdict.value for e in system.expectations if e.property == attempt.property.name}
    match attempt.verdict.value:
        case "proved":
            return Exit.VIOLATED if expected & set(_REFUTED) else Exit.OK
        case "reached":
            return Exit.VIOLATED if expected & {"unreachable", "proved"} else Exit.OK
        case "violated":
            return Exit.OK if "violated" in expected else Exit.VIOLATED
        case _:
            return Exit.UNDETERMINED
