"""From what the user names to the specification files it stands for."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from pinmc.base.library import specs_folder
from pinmc.base.records import dataclass
from pinmc.cli import stream

SUFFIX = ".pin"
_LIBRARY = "specs"


@dataclass(frozen=True, slots=True)
class Sources:
    """``files`` in the order named, those of a folder sorted; ``notes`` say what was assumed,
    ``problems`` what could not be found."""

    files: tuple[Path, ...]
    notes: tuple[str, ...]
    problems: tuple[str, ...]


def find_sources(paths: Iterable[str]) -> Sources:
    """Files as they are, folders recursively, ``specs/…`` from the library when not here."""
    files: list[Path] = []
    notes: list[str] = []
    problems: list[str] = []
    for name in paths:
        path = Path(name)
        if not path.exists():
            fallback = library_spec(path)
            if fallback is None:
                problems.append(_missing(path))
                continue
            notes.append(f"'{name}' is not here; using the one that comes with pinmc: {fallback}")
            path = fallback
        found = tuple(_files(path))
        if not found:
            problems.append(f"there is no specification ({SUFFIX} file) in '{name}'")
        files += found
    return Sources(tuple(dict.fromkeys(files)), tuple(notes), tuple(problems))


def library_spec(path: Path) -> Path | None:
    """The packaged specification meant by ``specs/…``; None when there is none."""
    folder = specs_folder()
    if folder is None or path.is_absolute() or ".." in path.parts:
        return None
    if not path.parts or path.parts[0] != _LIBRARY:
        return None
    found = folder.joinpath(*path.parts[1:])
    return found if found.exists() else None


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for file in sorted(path.rglob(f"*{SUFFIX}")):
        hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
        if file.is_file() and not hidden:
            yield file


def _missing(path: Path) -> str:
    near = _nearest_file(path)
    hint = f"; did you mean '{near}'?" if near else ""
    return f"there is no file or folder '{path}'{hint} [PIN401]"


def _nearest_file(path: Path) -> str | None:
    """The file or folder beside ``path``, or in the library, whose name is most like its own."""
    parent = path.parent
    known = {str(parent / file.name): file.name for file in _candidates(parent)}
    folder = specs_folder()
    if folder is not None and parent == Path(_LIBRARY):
        known |= {f"{_LIBRARY}/{file.name}": file.name for file in _candidates(folder)}
    close = difflib.get_close_matches(path.name, known.values(), n=1, cutoff=0.6)
    return next((shown for shown, name in known.items() if name in close), None)


def _candidates(folder: Path) -> list[Path]:
    try:
        return sorted(f for f in folder.iterdir() if f.suffix == SUFFIX or f.is_dir())[:500]
    except OSError:
        return []


def one_source(name: str) -> Path:
    """The one specification that ``name`` stands for; a usage error when it is not one file."""
    sources = find_sources([name])
    for problem in sources.problems:
        raise click.UsageError(problem)
    if len(sources.files) > 1:
        raise click.UsageError(f"'{name}' has {len(sources.files)} specifications; name one")
    for note in sources.notes:
        stream.err(f"note: {note}")
    return sources.files[0]
