"""Writes a certificate."""

from __future__ import annotations

from pathlib import Path

from pinmc import __version__
from pinmc.base.records import dataclass
from pinmc.engines.smt.certificate.manifest import (
    FILE,
    Manifest,
    as_json,
    digest,
    script_file,
)
from pinmc.engines.smt.script.scripts import Part, obligations
from pinmc.ir.expr import Expr
from pinmc.ir.property import Property
from pinmc.ir.system import System


@dataclass(frozen=True, slots=True)
class Proof:
    """What was proved, of which system, and by which inductive lemmas (besides the property).
    ``free``: the constants that are variables of ``system``. ``k``: the steps of the induction."""

    system: System
    property: Property
    lemmas: tuple[Expr, ...]
    free: tuple[str, ...] = ()
    k: int = 1


def write_certificate(directory: Path, proof: Proof) -> Manifest:
    """The scripts and the manifest in ``directory``, which is made.

    Raises NotExpressible before anything is written, OSError when it cannot be.
    """
    made = obligations(proof.system, proof.property, proof.lemmas, proof.free, proof.k)
    scripts = {part: made.script(part) for part in Part}
    manifest = Manifest(
        tool=f"pinmc {__version__}",
        spec=Path(proof.system.path).name,
        claim=proof.property.name,
        kind=proof.property.kind.value,
        design={c.name: c.value for c in proof.system.constants if c.name not in proof.free},
        free=proof.free,
        lemmas=made.lemmas,
        scripts={part: digest(text) for part, text in scripts.items()},
        k=proof.k,
    )
    directory.mkdir(parents=True, exist_ok=True)
    (directory / FILE).unlink(missing_ok=True)  # it is written last, when all else is there
    for part, text in scripts.items():
        (directory / script_file(part)).write_text(text, encoding="utf-8", newline="\n")
    (directory / FILE).write_text(as_json(manifest), encoding="utf-8", newline="\n")
    return manifest
