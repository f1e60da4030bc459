"""The parser's tables: grammar.lark compiled, kept in a private folder of the user's cache.

A cached copy is a pickle, so it is read only from a folder that belongs to the user and that
nobody else may enter; otherwise, or when anything is wrong with the file, the tables are built
anew (about a fifth of a second) without a word.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.resources
import os
import pickle
import stat
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lark
import platformdirs

from pinmc.frontend.syntax.build import Build

_OPTIONS: dict[str, Any] = {
    "parser": "lalr",
    "lexer": "basic",
    "start": "module",
    "maybe_placeholders": True,
}


@functools.cache
def grammar_text() -> str:
    """The text of grammar.lark."""
    package = importlib.resources.files("pinmc.frontend.syntax")
    return package.joinpath("grammar.lark").read_text(encoding="utf-8")


@functools.cache
def tables() -> lark.Lark:
    """The parser, built or read once a process."""
    path = _cache_file()
    return (path and _read(path)) or _build(path)


def _build(path: Path | None) -> lark.Lark:
    parser = lark.Lark(grammar_text(), transformer=Build(), **_OPTIONS)
    if path:
        _write(path, parser)
    return parser


def _cache_file() -> Path | None:
    """Where the tables of this grammar, lark and Python are kept; None without a safe folder."""
    folder = Path(platformdirs.user_cache_dir("pinmc", appauthor=False)) / "grammar"
    if not _is_private(folder):
        return None
    key = hashlib.sha256(
        "\0".join((grammar_text(), lark.__version__, sys.version, repr(_OPTIONS))).encode()
    )
    return folder / f"{key.hexdigest()}.pickle"


def _is_private(folder: Path) -> bool:
    """Make ``folder`` if need be; whether it is ours and closed to everybody else."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
    except (OSError, RuntimeError):
        return False
    if not stat.S_ISDIR(found.st_mode):
        return False
    if not hasattr(os, "getuid"):
        return True
    return found.st_uid == os.getuid() and stat.S_IMODE(found.st_mode) & 0o077 == 0


def _read(path: Path) -> lark.Lark | None:
    """The tables in ``path``; None when there are none or they cannot be used."""
    try:
        with path.open("rb") as stream:
            saved = pickle.load(stream)
        # The way lark's own generated stand-alone parsers start: the public load() takes no
        # transformer.
        load: Callable[..., lark.Lark] = lark.Lark._load_from_dict
        return load(saved["data"], saved["memo"], transformer=Build())
    except Exception:
        return None


def _write(path: Path, parser: lark.Lark) -> None:
    """Save the tables, whole or not at all: written beside and renamed."""
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        with os.fdopen(handle, "wb") as stream:
            parser.save(stream, exclude_options=("transformer",))
        Path(temporary).replace(path)
    except Exception:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
