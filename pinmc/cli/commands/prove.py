"""``pinmc prove PATHS…``: inductive proofs, and certificates of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pinmc.cli import stream
from pinmc.cli.any_size import prove_any_file
from pinmc.cli.exits import EXIT_CODES_HELP, Exit, combined
from pinmc.cli.params import definitions_option, duration
from pinmc.cli.sources import find_sources

if TYPE_CHECKING:
    from pinmc.api import FreeSpec, LoadedSpec
    from pinmc.engines.smt.proving.design import Attempt
    from pinmc.ir.system import System

_HELP = f"""\
Prove what specifications claim, for every reachable state, by induction.

The lemmas that a proof needs are mined from explored states. `proved` means that there is an
inductive invariant; `unknown` that none was found, and nothing else.

{EXIT_CODES_HELP}"""


@dataclass(frozen=True, slots=True)
class _Wanted:
    definitions: dict[str, str]
    properties: frozenset[str] | None
    seconds: float
    certificate: Path | None
    lemmas: bool
    free: tuple[str, ...]


@dataclass(slots=True)
class _Tally:
    """``holding``: properties that exploration has not refuted."""

    proved: int = 0
    holding: int = 0
    codes: list[Exit] = field(default_factory=list)

    def add(self, proved: int, holding: int, codes: list[Exit]) -> None:
        self.proved += proved
        self.holding += holding
        self.codes += codes


@click.command("prove", help=_HELP)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@definitions_option
@click.option("--property", "properties", multiple=True, metavar="NAME", help="Only this one.")
@click.option(
    "--timeout",
    type=duration,
    default="60",
    show_default=True,
    metavar="TIME",
    help="For one property.",
)
@click.option(
    "--certificate",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write each proof there, for `pinmc certify`.",
)
@click.option("--free", multiple=True, metavar="NAME", help="For every value of this constant.")
@click.option(
    "--any",
    "any_size",
    multiple=True,
    metavar="SCALARSET",
    help="Prove for every number of members of this scalarset.",
)
@click.option("--lemmas", is_flag=True, help="Show the lemmas that each proof needs.")
def command(
    paths: tuple[str, ...],
    definitions: dict[str, str],
    properties: tuple[str, ...],
    timeout: float,
    certificate: Path | None,
    any_size: tuple[str, ...],
    lemmas: bool,
    free: tuple[str, ...],
) -> int:
    if any_size and (certificate is not None or lemmas or free):
        raise click.UsageError("--any goes without --certificate, --lemmas and --free [PIN408]")
    sources = find_sources(paths)
    for note in sources.notes:
        stream.err(f"note: {note}")
    for problem in sources.problems:
        stream.err(f"pinmc: {problem}")
    wanted = _Wanted(definitions, frozenset(properties) or None, timeout, certificate, lemmas, free)
    tally = _Tally(codes=[Exit.BAD_INPUT] if sources.problems else [])
    try:
        for file in sources.files:
            if any_size:
                tally.add(*prove_any_file(file, any_size, definitions, wanted.properties, timeout))
            else:
                _prove_file(file, wanted, tally)
    except KeyboardInterrupt:
        stream.err("interrupted")
        tally.codes.append(Exit.UNDETERMINED)
    if Exit.BAD_INPUT not in tally.codes or tally.holding:
        stream.out(f"{tally.proved} of {tally.holding} proved")
    return combined(tally.codes)


def _prove_file(file: Path, wanted: _Wanted, tally: _Tally) -> None:
    from pinmc import api

    try:
        loaded = api.load(file, constants=wanted.definitions)
        api.refuse_unknown_properties(loaded, wanted.properties)
        if wanted.free:
            _prove_free(
                api.load_free(file, wanted.free, constants=wanted.definitions), wanted, tally
            )
            return
    except api.SpecError as mistakes:
        stream.diagnostics(mistakes.diagnostics)
        tally.codes.append(Exit.BAD_INPUT)
        return
    _prove_designs(loaded, wanted, tally)


def _prove_free(spec: FreeSpec, wanted: _Wanted, tally: _Tally) -> None:
    from pinmc.engines.smt.proving.design import Open, prove_design

    label = f"every {' and '.join(spec.free)}"
    attempts = prove_design(
        spec.system, wanted.properties, wanted.seconds, Open(spec.free, spec.instances)
    )
    _report(attempts, spec.system, label, wanted, tally)


def _prove_designs(loaded: LoadedSpec, wanted: _Wanted, tally: _Tally) -> None:
    from pinmc.engines.smt.proving.design import prove_design

    for label, system in zip(loaded.labels, loaded.systems, strict=True):
        attempts = prove_design(system, wanted.properties, wanted.seconds)
        _report(attempts, system, label, wanted, tally)


def _report(
    attempts: Iterable[Attempt], system: System, label: str, wanted: _Wanted, tally: _Tally
) -> None:
    shown = False
    for attempt in attempts:
        if not shown:
            stream.out(f"{Path(system.path).name}{f' ({label})' if label else ''}")
            shown = True
        _show(attempt, system, wanted)
        tally.codes.append(_code(attempt, system))
        tally.holding += attempt.verdict.value in ("proved", "unknown")
        tally.proved += attempt.verdict.value == "proved"
        if wanted.certificate is not None and attempt.proof is not None:
            _write(wanted.certificate / _folder(system.path, label, wanted), attempt)


def _show(attempt: Attempt, system: System, wanted: _Wanted) -> None:
    stream.out(
        f"  {attempt.verdict.value:<9} {attempt.property.name:<32} {_remark(attempt)}".rstrip()
    )
    if wanted.lemmas and attempt.proof is not None:
        for line in _lemma_lines(attempt, system):
            stream.out(f"    {line}")


def _remark(attempt: Attempt) -> str:
    if attempt.proof is not None:
        count = len(attempt.proof.lemmas)
        return f"{count} lemma{'s' * (count != 1)}, {attempt.seconds:.1f} s"
    if attempt.reason:
        return attempt.reason
    return "pinmc check shows how"


def _lemma_lines(attempt: Attempt, system: System) -> Iterator[str]:
    """What can be pasted into the specification, and comments for the rest."""
    from pinmc.results.spelling import spelled

    assert attempt.proof is not None
    for number, expr in enumerate(attempt.proof.lemmas, 1):
        written = spelled(system, expr)
        line = f"lemma {attempt.property.name}_{number}: {written.text}"
        yield f"// {line}  ({written.obstacle})" if written.obstacle else line


def _code(attempt: Attempt, system: System) -> Exit:
    """Unknown is undetermined; a proof or a refutation may go against what is expected."""
    expected = {e.verdict.value for e in system.expectations if e.property == attempt.property.name}
    verdict = attempt.verdict.value
    if verdict == "unknown":
        return Exit.UNDETERMINED
    if verdict == "proved":
        return Exit.VIOLATED if expected & {"violated", "reached"} else Exit.OK
    if verdict == "reached":
        return Exit.VIOLATED if expected & {"unreachable", "proved"} else Exit.OK
    return Exit.OK if "violated" in expected else Exit.VIOLATED


def _folder(path: str, label: str, wanted: _Wanted) -> Path:
    """For each specification and design one of its own."""
    fixed = [f"{name}={value}" for name, value in wanted.definitions.items()]
    design = ",".join([*fixed, *([label] if label else [])])
    return Path(Path(path).stem) / (re.sub(r"[^\w=,.-]", "_", design) or "default")


def _write(folder: Path, attempt: Attempt) -> None:
    from pinmc.engines.smt.certificate.write import write_certificate

    assert attempt.proof is not None
    target = folder / attempt.property.name
    try:
        write_certificate(target, attempt.proof)
    except OSError as problem:
        raise click.ClickException(f"{target}: {problem.strerror or problem}") from problem
    stream.err(f"certificate: {target}")
