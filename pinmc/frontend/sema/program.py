"""The front door of sema: files to a Program, its designs, and the typed tree of each."""

from __future__ import annotations

from pinmc.frontend.sema.designs import Design, designs
from pinmc.frontend.sema.elaborate import elaborate
from pinmc.frontend.sema.sources import Module, Program, load

__all__ = ["Design", "Module", "Program", "designs", "elaborate", "load"]
