"""Whether the files of a certificate are three obligations of one invariant, and whose.

A script is given to a solver only when it is known to consist of declarations, definitions and
the assertions that all certificates have: nothing else can slip in, neither a fact that makes
everything provable nor an option that makes a solver write files.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pinmc.engines.smt.certificate.manifest import Manifest, digest, script_file
from pinmc.engines.smt.certificate.problem import CHANGED, DIFFERENT, INCOMPLETE, refuse
from pinmc.engines.smt.script.scripts import Part, from_text, tail_of
from pinmc.engines.smt.script.sexpr import Malformed, Sexpr, parse, parse_all, symbols
from pinmc.engines.smt.script.system import cells_of
from pinmc.engines.smt.script.terms import NotExpressible
from pinmc.engines.smt.script.unrolled import AGAIN, INVARIANT, unrolled
from pinmc.ir.system import System

_LARGEST = 200_000_000
"""Bytes; nothing that pinmc writes comes near."""

_FORMS = {"set-info": 3, "set-logic": 2, "declare-const": 3, "define-fun": 5}
"""What the head of a script may consist of, and how many words each has."""

_LOGICAL = frozenset({"and", "or", "not", "=>", "ite", "true", "false"})
_OPERATORS = _LOGICAL | {"=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod"}


def read_scripts(directory: Path, manifest: Manifest) -> dict[Part, str]:
    """The texts of the scripts, which are those that the manifest speaks of.

    Raises CertificateError.
    """
    return {part: _read(directory / script_file(part), manifest.scripts[part]) for part in Part}


def _read(path: Path, expected: str) -> str:
    try:
        if path.stat().st_size > _LARGEST:
            raise refuse(CHANGED, f"{path} is larger than any script that pinmc writes")
        text = path.read_bytes().decode("utf-8")
    except OSError as problem:
        why = problem.strerror or "it cannot be read"
        raise refuse(INCOMPLETE, f"{path}: {why}") from None
    except UnicodeDecodeError:
        raise refuse(CHANGED, f"{path} is not text") from None
    if digest(text) != expected:
        raise refuse(CHANGED, f"{path} is not the file that the manifest was written for")
    return text


def examine(scripts: Mapping[Part, str], k: int = 1) -> None:
    """Raises CertificateError unless these are three obligations of one invariant, for induction
    over ``k`` steps."""
    heads = {part: _head(part, text, k) for part, text in scripts.items()}
    for part, head in heads.items():
        if head != heads[Part.INIT]:
            raise refuse(
                CHANGED,
                f"{script_file(part)} and {script_file(Part.INIT)} speak of different systems or "
                "invariants",
            )


def _head(part: Part, text: str, k: int) -> str:
    """The text before the obligation, which is as it must be."""
    head, separator, rest = text.rpartition("\n; To be unsat: ")
    params = _invariant_params(part, head)
    if not separator or f"; To be unsat: {rest}" != tail_of(params, part, k):
        raise refuse(CHANGED, f"{script_file(part)} does not end with the obligation it is for")
    if not _repeats(head, k):
        raise refuse(CHANGED, f"{script_file(part)} does not say the same of every moment")
    return head


def _repeats(head: str, k: int) -> bool:
    """Whether what is defined for the later moments is what is defined for the first."""
    try:
        return unrolled(head.partition(AGAIN)[0], k) == head
    except Malformed:
        return False


def _invariant_params(part: Part, head: str) -> list[str]:
    """The symbols of the cells. Every form before is looked at."""
    params: list[str] | None = None
    known: set[Sexpr] = set()
    try:
        for form in parse_all(head):
            name = _checked(form)
            if name in known:
                raise Malformed(f"{name} is there twice")
            known.add(name)
            if name == f"|{INVARIANT}|":
                params = [str(pair[0]) for pair in form[2]]
    except Malformed as problem:
        raise refuse(CHANGED, f"{script_file(part)}: {problem}") from None
    if params is None:
        raise refuse(CHANGED, f"{script_file(part)} defines no invariant")
    return params


def _checked(form: Sexpr) -> Sexpr:
    """The name that a form of the head defines. Raises Malformed."""
    if isinstance(form, str) or not form or not isinstance(form[0], str):
        raise Malformed("something is no command")
    if _FORMS.get(form[0]) != len(form):
        raise Malformed(f"'{form[0]}' is no declaration and no definition")
    return form[1]


def compare(manifest: Manifest, scripts: Mapping[Part, str], system: System) -> None:
    """Raises CertificateError unless the scripts are, letter by letter, the obligations of the
    property of ``system`` with the lemmas of the manifest."""
    prop = next((p for p in system.properties if p.name == manifest.claim), None)
    if prop is None:
        raise refuse(DIFFERENT, f"{system.path} has no property '{manifest.claim}'")
    known = _OPERATORS | {cell.term.text for cell in cells_of(system)}
    for lemma in manifest.lemmas:
        _check_lemma(lemma.smt, known)
    try:
        made = from_text(system, prop, manifest.lemmas, manifest.free, manifest.k)
    except NotExpressible as why:
        raise refuse(DIFFERENT, f"{system.path} cannot be compared: {why}") from None
    for part in Part:
        if made.script(part) != scripts[part]:
            raise _elsewhere(manifest, system, made.script(part), scripts[part])


def _check_lemma(text: str, known: frozenset[str]) -> None:
    """A lemma is one term over the cells: it can define nothing and assert nothing."""
    try:
        words = set(symbols(parse(text)))
    except Malformed as problem:
        raise refuse(CHANGED, f"a lemma of the manifest is no term: {problem}") from None
    strange = sorted(word for word in words - known if not word.isdigit())
    if strange:
        raise refuse(DIFFERENT, f"a lemma of the manifest speaks of {strange[0]}")


def _elsewhere(manifest: Manifest, system: System, ours: str, theirs: str) -> Exception:
    where = "some lines"
    for one, other in zip(ours.split("\n"), theirs.split("\n"), strict=False):
        if one != other:
            where = _named(one) or _named(other) or where
            break
    return refuse(
        DIFFERENT,
        f"it is no certificate for '{manifest.claim}' of {system.path}: {where} differs",
        f"it was made by {manifest.tool}; prove the property anew, or name the specification that "
        "the certificate is for",
    )


def _named(line: str) -> str:
    """What a line of a script defines or declares."""
    parts = line.split("|")
    return f"|{parts[1]}|" if line.startswith("(de") and len(parts) > 2 else ""
