"""A program and the values of its constants and choices become a World."""

from __future__ import annotations

from collections.abc import Mapping

from pinmc.base.diagnostics import Reporter
from pinmc.frontend.sema.checker import fill
from pinmc.frontend.sema.declarations import define
from pinmc.frontend.sema.linking import link
from pinmc.frontend.sema.scope import Given
from pinmc.frontend.sema.sources import Program
from pinmc.frontend.sema.world import World


def open_world(program: Program, given: Mapping[str, Given], reporter: Reporter) -> World:
    """Nothing is checked yet; symbols are made when they are asked for."""
    return World(program, given, reporter, define, link, fill)
