"""``manifest.json``: what a certificate is about, and what its scripts must be."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pinmc.base.records import dataclass
from pinmc.engines.smt.certificate.problem import INCOMPLETE, CertificateError, refuse
from pinmc.engines.smt.script.scripts import Lemma, Part, printable, says

FILE = "manifest.json"
FORMAT, VERSION = "pinmc-certificate", 1

MOST_STEPS = 16
"""No induction of ours takes more steps at once."""

TRUSTED = (
    "that the guarded commands are what the specification means (parser, checker, lowering)",
    "that the scripts are what the guarded commands mean (see certify --spec)",
    "that an inductive (or k-inductive) invariant that excludes all bad states proves the property",
    "the solvers that answer unsat",
)
"""What somebody who believes the certificate relies on."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """``claim``: the property's name. ``design``: constants and choices by name. ``free``:
    constants that may have any value. ``scripts``: the SHA-256 of each, in hexadecimal. ``k``: the
    steps of the induction."""

    tool: str
    spec: str
    claim: str
    kind: str
    design: Mapping[str, str]
    free: tuple[str, ...]
    lemmas: tuple[Lemma, ...]
    scripts: Mapping[Part, str]
    k: int = 1

    @property
    def title(self) -> str:
        """``pin_bias.pin: no_false_negative, for every BIAS``."""
        every = f", for every {' and '.join(self.free)}" if self.free else ""
        steps = f", by induction over {self.k} steps" if self.k > 1 else ""
        return printable(f"{self.spec}: {self.claim}{every}{steps}")


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def script_file(part: Part) -> str:
    return f"{part.value}.smt2"


def as_json(manifest: Manifest) -> str:
    document = {
        "format": FORMAT,
        "version": VERSION,
        "tool": manifest.tool,
        "spec": manifest.spec,
        "property": manifest.claim,
        "kind": manifest.kind,
        "design": dict(manifest.design),
        "free": list(manifest.free),
        "k": manifest.k,
        "lemmas": [{"text": lemma.said, "smt": lemma.smt} for lemma in manifest.lemmas],
        "scripts": {
            part.value: {
                "file": script_file(part),
                "sha256": manifest.scripts[part],
                "says": says(part, manifest.k),
                "expected": "unsat",
            }
            for part in Part
        },
        "trusted": list(TRUSTED),
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def read_manifest(directory: Path) -> Manifest:
    """Raises CertificateError."""
    path = directory / FILE
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise _unreadable(path, problem.strerror or "it cannot be read") from None
    except (ValueError, RecursionError):
        raise _unreadable(path, "it is not JSON") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise _unreadable(path, f"it is no {FORMAT}")
    if document.get("version") != VERSION:
        shown = document.get("version")
        raise refuse(
            INCOMPLETE,
            f"{path}: version {shown} of the format is not known",
            f"this pinmc reads version {VERSION}",
        )
    try:
        return _manifest(document)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _unreadable(path, "something in it is missing or of the wrong type") from None


def _unreadable(path: Path, why: str) -> CertificateError:
    return refuse(INCOMPLETE, f"{path}: {why}")


def _manifest(document: Mapping[str, Any]) -> Manifest:
    return Manifest(
        tool=_text(document["tool"]),
        spec=_text(document["spec"]),
        claim=_text(document["property"]),
        kind=_text(document["kind"]),
        design={_text(k): _text(v) for k, v in document["design"].items()},
        free=tuple(_text(name) for name in document["free"]),
        lemmas=tuple(
            Lemma(_text(entry["text"]), _text(entry["smt"])) for entry in document["lemmas"]
        ),
        scripts={part: _text(document["scripts"][part.value]["sha256"]) for part in Part},
        k=_steps(document.get("k", 1)),
    )


def _steps(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_STEPS:
        raise ValueError
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
