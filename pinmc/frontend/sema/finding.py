"""Where a ``use``d module's file is, and reading it without harm.

``use mm.page`` is ``mm/page.pin`` in the folder of the specification, in the ``models`` folder of
one of its parents, or in the packaged models. A file outside the folder it was looked up in (by a
symbolic link) is refused.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from pinmc.base.library import models_folder
from pinmc.base.records import dataclass

MAX_BYTES = 4_000_000
"""The largest file that is read at all; the parser has a stricter limit in characters."""

SUFFIX = ".pin"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a file cannot be used, in words that follow its name."""

    reason: str


def packaged_models() -> Path:
    """The folder of the models that come with pinmc; one without modules when it is lost."""
    return models_folder() or Path("models")


def search_folders(spec: str, packaged: Path) -> tuple[Path, ...]:
    """The folders in which the modules of the specification at ``spec`` are looked up."""
    own = Path(spec).parent
    above = Path(spec).absolute().parent
    models = [folder / "models" for folder in (above, *above.parents)]
    candidates = [own, *(m for m in models if m.is_dir()), packaged]
    return tuple(dict.fromkeys(candidates))


def find(name: str, folders: tuple[Path, ...]) -> Path | Unreadable | None:
    """The file of module ``name`` (dotted); None when no folder has it."""
    relative = Path(*name.split(".")).with_suffix(SUFFIX)
    for folder in folders:
        found = folder / relative
        if not found.is_file():
            continue
        if not found.resolve().is_relative_to(folder.resolve()):
            return Unreadable("is a link that leads out of its folder")
        return found
    return None


def known_modules(folders: tuple[Path, ...]) -> Iterator[str]:
    """Names of modules that could have been meant; at most some hundreds, two levels deep."""
    for folder in folders:
        files = (*folder.glob(f"*{SUFFIX}"), *folder.glob(f"*/*{SUFFIX}"))
        for file in sorted(files)[:500]:
            yield ".".join(file.relative_to(folder).with_suffix("").parts)


def shown_path(path: Path) -> str:
    """How diagnostics name a module's file: as short as it stays true."""
    if not path.is_absolute():
        return path.as_posix()
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else Path(relative).as_posix()


def read(path: str) -> bytes | Unreadable:
    """The contents of a file, or why they cannot be had."""
    try:
        file = Path(path)
        if not file.is_file():
            return Unreadable("is not a file" if file.exists() else "does not exist")
        if file.stat().st_size > MAX_BYTES:
            return Unreadable(f"is larger than {MAX_BYTES:,} bytes")
        return file.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return Unreadable(f"cannot be read: {reason}")
