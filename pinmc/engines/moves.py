"""The command instances of a System, numbered in the order of steps.

The number of an instance is what generated code knows it by: commands in order, then arguments
row-major.
"""

from __future__ import annotations

from bisect import bisect_right

from pinmc.base.records import dataclass
from pinmc.engines.intervals import Unsupported
from pinmc.ir.command import Command
from pinmc.ir.system import System
from pinmc.ir.types import bounds, size
from pinmc.results.schedule import Move

_MOST_INSTANCES = 2**31
_MOST_AT_ONCE = 2**22


@dataclass(frozen=True, slots=True)
class Numbering:
    """``bases[c]`` is the number of the first instance of command ``c``; no instance has the number
    ``total`` or a greater one."""

    system: System
    bases: tuple[int, ...]
    total: int

    def move(self, number: int) -> Move:
        """The instance that has the number."""
        command = bisect_right(self.bases, number) - 1
        return Move(command, arguments(self.system.commands[command], number - self.bases[command]))


def instances_of(command: Command) -> int:
    count = 1
    for param in command.params:
        count *= size(param.domain)
    return count


def arguments(command: Command, position: int) -> tuple[int, ...]:
    """The arguments of the instance at ``position`` among those of its command."""
    found: list[int] = []
    for param in reversed(command.params):
        position, rest = divmod(position, size(param.domain))
        found.append(bounds(param.domain)[0] + rest)
    return tuple(reversed(found))


def numbering(system: System) -> Numbering:
    """Raises Unsupported when there are too many instances."""
    bases, total = list[int](), 0
    for command in (*system.commands, system.initial):
        count = instances_of(command)
        if count > _MOST_AT_ONCE and command is not system.initial:
            raise Unsupported(f"{count} instances of one command")
        bases.append(total)
        total += count
    if total > _MOST_INSTANCES:
        raise Unsupported(f"{total} command instances")
    return Numbering(system, tuple(bases[:-1]), total)
