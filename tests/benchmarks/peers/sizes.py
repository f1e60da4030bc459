"""The sizes of the model, and how many states and transitions each has."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """The constants of the model, and what every exact tool counts: ``states`` reachable,
    ``transitions`` out of them, and ``depth``, the greatest distance from the initial state.
    ``repeats``: how many times to measure without being told."""

    name: str
    users: int
    pages: int
    bias: int
    lookups: int
    states: int
    transitions: int
    depth: int
    repeats: int

    @property
    def constants(self) -> dict[str, int]:
        """By their names in all three languages."""
        return {
            "USERS": self.users,
            "PAGES": self.pages,
            "BIAS": self.bias,
            "LOOKUPS": self.lookups,
        }

    @property
    def title(self) -> str:
        shown = ", ".join(f"{name} = {value}" for name, value in self.constants.items())
        return f"{self.name}: {self.states:,} states, {self.transitions:,} transitions ({shown})"


_ALL = (
    Size("tiny", 2, 1, 2, 1, 10_352, 45_474, 29, 3),
    Size("small", 1, 2, 2, 1, 149_884, 737_896, 44, 5),
    Size("medium", 2, 2, 2, 1, 1_816_940, 10_829_612, 49, 3),
    Size("large", 2, 2, 2, 3, 7_267_760, 50_396_344, 53, 1),
    Size("huge", 3, 2, 2, 3, 91_433_584, 730_747_296, 58, 1),
)

SIZES = {size.name: size for size in _ALL}
