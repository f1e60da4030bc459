"""What the modules of a folder declare, whether or not anybody uses them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pinmc.base.source import SourceFile
from pinmc.frontend.syntax import ast
from pinmc.frontend.syntax.parse import parse


def declared_actions(folder: Path) -> Iterator[ast.Ident]:
    """The names, with their places, of the actions and rules of every module below ``folder``.

    Modules with mistakes in them are read as far as that goes.
    """
    for path in sorted(folder.rglob("*.pin")):
        tree, _ = parse(SourceFile(str(path), path.read_text(encoding="utf-8")))
        for decl in tree.decls if tree is not None else ():
            if isinstance(decl, ast.ActionDecl | ast.RuleDecl):
                yield decl.name
