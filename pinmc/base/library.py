"""Where the library that comes with pinmc lies: ``models`` and ``specs``."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def models_folder() -> Path | None:
    """The folder of the packaged models; None in a broken installation."""
    return _folder("models")


def specs_folder() -> Path | None:
    """The folder of the packaged specifications; None in a broken installation."""
    return _folder("specs")


def _folder(name: str) -> Path | None:
    """As installed by a wheel; beside the package in a checkout or an editable installation."""
    installed = _PACKAGE / "_library" / name
    if installed.is_dir():
        return installed
    checkout = _PACKAGE.parent
    is_ours = (checkout / "pyproject.toml").is_file() and (checkout / name).is_dir()
    return checkout / name if is_ours else None
