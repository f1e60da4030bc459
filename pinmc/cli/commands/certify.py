"""``pinmc certify DIR…``: check proofs that were written down."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pinmc.cli import stream
from pinmc.cli.exits import EXIT_CODES_HELP, Exit, combined
from pinmc.cli.sources import one_source

if TYPE_CHECKING:
    from pinmc.engines.smt.certificate.certify import Certified
    from pinmc.engines.smt.certificate.manifest import Manifest
    from pinmc.engines.smt.certificate.problem import CertificateError
    from pinmc.engines.smt.certificate.solvers import Answer
    from pinmc.ir.system import System

_HELP = f"""\
Check certificates, as `pinmc prove SPEC --certificate DIR` writes them.

A certificate says that a property holds in every reachable state, by an invariant and three
scripts in SMT-LIB2 that no assignment satisfies. They are checked by a fresh Z3 and, where it is
installed (pinmc[certify]), by cvc5. With --spec the scripts must moreover be those of that
specification, letter by letter.

{EXIT_CODES_HELP}"""


@click.command("certify", help=_HELP)
@click.argument(
    "directories", nargs=-1, required=True, metavar="DIR...", type=click.Path(path_type=Path)
)
@click.option("--spec", metavar="SPEC", help="The specification that they must be for.")
@click.option(
    "--solver",
    "chosen",
    type=click.Choice(["all", "z3", "cvc5"]),
    default="all",
    help="all: z3, and cvc5 where it is installed.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="For one script and one solver.",
)
@click.option("--workers", type=click.IntRange(1, 256), metavar="N", help="At once; one a core.")
@click.option("-q", "--quiet", is_flag=True, help="Only one line for each certificate.")
def command(
    directories: tuple[Path, ...],
    spec: str | None,
    chosen: str,
    timeout: float,
    workers: int | None,
    quiet: bool,
) -> int:
    from pinmc import api

    solvers = _solvers(chosen)
    try:
        system_of = None if spec is None else _finder(one_source(spec))
    except api.SpecError as mistakes:
        stream.diagnostics(mistakes.diagnostics)
        return Exit.BAD_INPUT
    with _Threads(workers) as threads:
        asked = [
            (folder, threads.submit(_asked, folder, system_of, solvers, timeout))
            for folder in _folders(directories)
        ]
        codes = [_told(folder, found.result(), quiet) for folder, found in asked]
    if len(codes) > 1:
        stream.out(f"{codes.count(Exit.OK)} of {len(codes)} certified")
    return combined(codes)


class _Threads:
    """Threads that wait for solvers; left by an exception, no further solver is started."""

    def __init__(self, workers: int | None) -> None:
        self._pool = ThreadPoolExecutor(workers or os.cpu_count())

    def __enter__(self) -> ThreadPoolExecutor:
        return self._pool

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._pool.shutdown(cancel_futures=kind is not None)


def _solvers(chosen: str) -> tuple[str, ...]:
    from pinmc.engines.smt.certificate.solvers import SOLVERS, installed

    if chosen != "all" and not installed(chosen):
        raise click.UsageError(f"{chosen} is not installed: pip install 'pinmc[certify]'")
    if chosen != "all":
        return (chosen,)
    there = tuple(solver for solver in SOLVERS if installed(solver))
    for missing in sorted(set(SOLVERS) - set(there)):
        stream.err(
            f"note: {missing} is not installed and was not asked: pip install 'pinmc[certify]'"
        )
    return there


def _folders(directories: tuple[Path, ...]) -> Iterator[Path]:
    from pinmc.engines.smt.certificate.certify import certificates
    from pinmc.engines.smt.certificate.problem import CertificateError

    for directory in directories:
        try:
            yield from certificates(directory)
        except CertificateError:
            yield directory  # what is missing there is said when it is looked at


def _finder(path: Path) -> Callable[[Manifest], System]:
    """Loads the specification in the design that a certificate is about."""
    from pinmc import api
    from pinmc.engines.smt.certificate.problem import DIFFERENT, refuse

    api.load(path)  # its own mistakes are not the certificate's

    def find(manifest: Manifest) -> System:
        try:
            if manifest.free:
                return api.load_free(path, manifest.free, constants=manifest.design).system
            return api.load(path, constants=manifest.design).systems[0]
        except api.SpecError as mistakes:
            why = mistakes.diagnostics[0].message
            raise refuse(DIFFERENT, f"{path} has no such design: {why}") from None

    return find


def _asked(
    folder: Path,
    system_of: Callable[[Manifest], System] | None,
    solvers: tuple[str, ...],
    timeout: float,
) -> Certified | CertificateError:
    from pinmc.engines.smt.certificate.certify import certify
    from pinmc.engines.smt.certificate.problem import CertificateError

    try:
        return certify(folder, system_of, solvers, timeout)
    except CertificateError as error:
        return error


def _told(folder: Path, found: Certified | CertificateError, quiet: bool) -> Exit:
    """Says what was found; the exit code."""
    from pinmc.engines.smt.certificate.problem import CHANGED, DIFFERENT, CertificateError

    if isinstance(found, CertificateError):
        problem = found.problem
        stream.err(f"error[{problem.code}]: {problem.message}\n  remedy: {problem.remedy}")
        wrong = problem.code in (CHANGED, DIFFERENT)
        return Exit.VIOLATED if wrong else Exit.BAD_INPUT
    _show(folder, found, quiet)
    if found.proved:
        return Exit.OK
    return Exit.VIOLATED if found.refuted else Exit.UNDETERMINED


def _show(folder: Path, found: Certified, quiet: bool) -> None:
    stream.out(f"{_verdict(found)} {found.manifest.title} ({folder})")
    if quiet:
        return
    for part, answers in found.answers.items():
        stream.out(f"  {part.value:<7} {'   '.join(_said(answer) for answer in answers)}")
    for reason in _reasons(found):
        stream.out(f"  {reason}")
    if not found.compared:
        stream.out("  whether it speaks of a specification that you have: certify --spec SPEC")


def _verdict(found: Certified) -> str:
    if found.proved:
        return "certified"
    return "REFUTED" if found.refuted else "undetermined"


def _said(answer: Answer) -> str:
    return f"{answer.solver} {answer.version}: {answer.result} ({answer.seconds:.2f} s)"


def _reasons(found: Certified) -> Iterator[str]:
    for part, answers in found.answers.items():
        for answer in answers:
            if answer.result == "sat":
                yield f"{part.value}: {answer.solver} found a case that is not covered"
            elif answer.reason:
                yield f"{part.value}: {answer.solver}: {answer.reason}"
