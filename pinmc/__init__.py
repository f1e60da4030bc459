"""pinmc: a model checker for the page pin and lease protocols of kernels.

>>> import pinmc
>>> result = pinmc.check("specs/btrfs_lease.pin", constants={"USERS": 2})

The names below are imported when they are used, so that ``import pinmc`` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pinmc.api import LoadedSpec, Result, SpecError, check, load

__version__ = "0.1.0"

__all__ = ["LoadedSpec", "Result", "SpecError", "__version__", "check", "load"]


def __getattr__(name: str) -> object:
    if name in __all__:
        import importlib

        return getattr(importlib.import_module("pinmc.api"), name)
    raise AttributeError(f"module 'pinmc' has no attribute '{name}'")


def __dir__() -> list[str]:
    return __all__
