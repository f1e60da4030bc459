"""From a specification's text to the typed tree, for the tests of sema."""

from __future__ import annotations

from pathlib import Path

from pinmc.base.diagnostics import Diagnostic
from pinmc.frontend.sema import typed
from pinmc.frontend.sema.program import Design, designs, elaborate, load
from pinmc.frontend.sema.walk import statements


def read(text: str, path: str = "spec.pin") -> tuple[typed.Spec | None, list[Diagnostic]]:
    """The tree of the default design and everything that was said."""
    program, found = load(path, text=text)
    said = list(found)
    if program is None:
        return None, said
    variants, more = designs(program, {})
    spec, last = elaborate(program, variants[0])
    return spec, [*said, *more, *last]


def tree(text: str, path: str = "spec.pin") -> typed.Spec:
    spec, said = read(text, path)
    assert spec is not None, said
    return spec


def codes(text: str) -> set[str]:
    return {d.code for d in read(text)[1]}


def plan(text: str, **overrides: str) -> tuple[tuple[Design, ...], list[Diagnostic]]:
    program, found = load("spec.pin", text=text)
    assert program is not None, found
    variants, said = designs(program, overrides)
    return variants, list(said)


def expected(text: str, **overrides: str) -> dict[str, list[str]]:
    """For each design the properties whose expectations speak of it."""
    program, _ = load("spec.pin", text=text)
    assert program is not None
    variants, _ = designs(program, overrides)
    result = {}
    for design in variants:
        spec, said = elaborate(program, design)
        assert spec is not None, said
        result[design.name] = [e.property for e in spec.expectations]
    return result


def assigned(text: str) -> list[typed.Expr]:
    """The values of all assignments in actions, in order."""
    spec = tree(text)
    return [
        stmt.value
        for action in spec.actions
        for stmt in statements(action.body)
        if isinstance(stmt, typed.Assign)
    ]


def write(folder: Path, **files: str) -> None:
    """Module files: ``a__b`` is a/b.pin."""
    for name, text in files.items():
        path = folder.joinpath(*name.split("__")).with_suffix(".pin")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
