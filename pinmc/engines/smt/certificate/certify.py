"""Checks a certificate: its files, its obligations and, if asked, whose they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from pinmc.base.records import dataclass
from pinmc.engines.smt.certificate.examine import compare, examine, read_scripts
from pinmc.engines.smt.certificate.manifest import FILE, Manifest, read_manifest
from pinmc.engines.smt.certificate.problem import INCOMPLETE, refuse
from pinmc.engines.smt.certificate.solvers import Answer, ask
from pinmc.engines.smt.script.scripts import Part
from pinmc.ir.system import System


@dataclass(frozen=True, slots=True)
class Certified:
    """``answers`` of every solver about every obligation. ``compared``: the scripts are those of a
    specification that was named."""

    manifest: Manifest
    answers: Mapping[Part, tuple[Answer, ...]]
    compared: bool

    @property
    def proved(self) -> bool:
        """Whether every solver says of every script that it is unsatisfiable."""
        return all(a.result == "unsat" for each in self.answers.values() for a in each)

    @property
    def refuted(self) -> bool:
        """Whether some solver has found a model of some script."""
        return any(a.result == "sat" for each in self.answers.values() for a in each)


def certificates(directory: Path) -> list[Path]:
    """The folders at or below ``directory`` that hold a certificate. Raises CertificateError."""
    found = sorted(path.parent for path in directory.rglob(FILE))
    if not found:
        raise refuse(INCOMPLETE, f"{directory} holds no {FILE}")
    return found


def certify(
    directory: Path,
    system_of: Callable[[Manifest], System] | None,
    solvers: Sequence[str],
    seconds: float,
) -> Certified:
    """The answers about the certificate in ``directory``. ``system_of`` gives the System that it
    must be for. ``seconds``: the limit for one solver and one script.

    Raises CertificateError for a certificate that is not worth asking about.
    """
    manifest = read_manifest(directory)
    scripts = read_scripts(directory, manifest)
    examine(scripts, manifest.k)
    if system_of is not None:
        compare(manifest, scripts, system_of(manifest))
    asked = [ask(solver, [scripts[part] for part in Part], seconds) for solver in solvers]
    answers = {part: tuple(each[n] for each in asked) for n, part in enumerate(Part)}
    return Certified(manifest, answers, system_of is not None)
