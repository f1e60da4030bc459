"""Compiled programs, kept by what they were made from in a private folder of the user's cache.

An entry is used only if the folder and the file belong to the user, nobody else may change them,
and the file's digest is the one beside it. New entries are renamed into place, whole or not at
all; the least recently used ones go when there is too much.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import platformdirs

from pinmc.base.records import dataclass

PROGRAM, RUNTIME = "model", "runtime"
"""Kinds of what is kept."""

_MOST_BYTES = 256 * 2**20
_MOST_FILES = 1000


@dataclass(frozen=True, slots=True)
class Cache:
    """``folder`` is private; ``lasting`` tells that it is kept when the process ends."""

    folder: Path
    lasting: bool

    def has(self, key: str) -> bool:
        """Whether something is kept under ``key``."""
        return self._is_sound(self.folder / key)

    def has_some(self, kind: str) -> bool:
        """Whether anything of the kind that ``content_key`` was given is kept, sound or not."""
        return any(path.name.startswith(f"{kind}-") for path, _ in self.entries())

    def get_once(self, key: str, make: Callable[[Path], Path], wait: Callable[[], None]) -> Path:
        """``get``, but what another thread or process is making already is not made again:
        ``wait`` is called until it is there, and may raise."""
        if self.has(key):
            return self.get(key, make)
        with _alone(self.folder / f".{key}.lock", wait):
            return self.get(key, make)

    def get(self, key: str, make: Callable[[Path], Path]) -> Path:
        """The file kept under ``key``; if there is none, ``make`` makes it in an empty folder."""
        path = self.folder / key
        if self._is_sound(path):
            with suppress(OSError):
                os.utime(path)
            return path
        with tempfile.TemporaryDirectory(dir=self.folder, prefix=".new-") as fresh:
            made = make(Path(fresh))
            made.chmod(0o700)
            digest = Path(fresh) / "digest"
            digest.write_text(_digest(made), encoding="ascii")
            digest.replace(_beside(path))
            made.replace(path)
        self._prune(path)
        return path

    def _is_sound(self, path: Path) -> bool:
        try:
            found = path.lstat()
            if not stat.S_ISREG(found.st_mode) or not _is_ours(found):
                return False
            return _beside(path).read_text(encoding="ascii") == _digest(path)
        except (OSError, UnicodeDecodeError):
            return False

    def _prune(self, new: Path) -> None:
        """Drops what was not used for longest; other processes may do the same meanwhile."""
        entries = sorted(self.entries(), key=lambda entry: entry[1].st_mtime, reverse=True)
        total = 0
        for number, (path, found) in enumerate(entries):
            total += found.st_size
            if path != new and (number >= _MOST_FILES or total > _MOST_BYTES):
                with suppress(OSError):
                    path.unlink()
                    _beside(path).unlink()

    def entries(self) -> Iterator[tuple[Path, os.stat_result]]:
        """The files kept, without their digests."""
        for path in self.folder.iterdir():
            if path.suffix != ".digest" and not path.name.startswith("."):
                with suppress(OSError):
                    found = path.lstat()
                    if stat.S_ISREG(found.st_mode):
                        yield path, found


def cache_folder() -> Path:
    """Where compiled programs are kept, whether or not that is possible here."""
    return Path(platformdirs.user_cache_dir("pinmc", appauthor=False)) / "native"


@contextmanager
def open_cache() -> Iterator[Cache]:
    """The user's cache, or a folder for this once when that cannot be used safely."""
    folder = cache_folder()
    if _is_private(folder):
        yield Cache(folder, True)
        return
    once = Path(tempfile.mkdtemp(prefix="pinmc-"))
    try:
        yield Cache(once, False)
    finally:
        shutil.rmtree(once, ignore_errors=True)


@contextmanager
def _alone(path: Path, wait: Callable[[], None]) -> Iterator[None]:
    """While it is entered, nobody else is, as far as the platform has locks. The system takes the
    lock from a process that ends."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    with path.open("w") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                wait()
                continue
            except OSError:  # a file system without locks
                pass
            break
        yield


def content_key(kind: str, *parts: str) -> str:
    """A file name that says what something was made from."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode()
        digest.update(f"{len(data)}:".encode())
        digest.update(data)
    return f"{kind}-{digest.hexdigest()[:40]}"


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _beside(path: Path) -> Path:
    return path.with_name(path.name + ".digest")


def _is_ours(found: os.stat_result) -> bool:
    if not hasattr(os, "getuid"):
        return True
    return found.st_uid == os.getuid() and not stat.S_IMODE(found.st_mode) & 0o022


def _is_private(folder: Path) -> bool:
    """Make ``folder`` if need be; whether it is ours and closed to everybody else."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
    except (OSError, RuntimeError):
        return False
    if not stat.S_ISDIR(found.st_mode) or not os.access(folder, os.W_OK | os.X_OK):
        return False
    if not hasattr(os, "getuid"):
        return True
    return found.st_uid == os.getuid() and stat.S_IMODE(found.st_mode) & 0o077 == 0
