"""What is said of proofs: a line for each property, and how many there are in all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from typing import TYPE_CHECKING

from pinmc.base.records import dataclass
from pinmc.cli import stream
from pinmc.cli.exits import Exit

if TYPE_CHECKING:
    from pinmc.ir.system import System
    from pinmc.proofs.work import Answer


_WIDTH = 96
"""Columns for what is shown under a property."""


@dataclass(slots=True)
class Tally:
    """``holding``: properties that exploration has not refuted; ``left``: where those stand that
    are not proved, and why."""

    proved: int = 0
    holding: int = 0
    codes: list[Exit] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def add(self, proved: int, holding: int, codes: Sequence[Exit]) -> None:
        self.proved += proved
        self.holding += holding
        self.codes += codes

    def take(self, where: str, answer: Answer, system: System) -> None:
        """Count one answer."""
        verdict = answer.verdict.value
        self.add(verdict == "proved", verdict in ("proved", "unknown"), [code(answer, system)])
        if verdict == "unknown":
            self.left.append(f"{where}: {answer.name}: {answer.reason}")

    def interrupted(self) -> None:
        stream.err("pinmc: interrupted")
        self.codes.append(Exit.UNDETERMINED)

    def close(self, several: bool = False) -> None:
        """Say how many are proved; where there are ``several`` specifications, which are not."""
        for line in self.left if several else ():
            stream.out(f"not proved: {line}")
        if Exit.BAD_INPUT in self.codes and not self.holding:
            return
        share = f", {self.proved / self.holding:.1%}" if several and self.holding else ""
        stream.out(f"{self.proved} of {self.holding} proved{share}")


def code(answer: Answer, system: System) -> Exit:
    """Unknown is undetermined; a proof or a refutation may go against what is expected."""
    expected = {e.verdict.value for e in system.expectations if e.property == answer.name}
    verdict = answer.verdict.value
    if verdict == "unknown":
        return Exit.UNDETERMINED
    if verdict == "proved":
        return Exit.VIOLATED if expected & {"violated", "reached"} else Exit.OK
    if verdict == "reached":
        return Exit.VIOLATED if expected & {"unreachable", "proved"} else Exit.OK
    return Exit.OK if "violated" in expected else Exit.VIOLATED


def answer_lines(answer: Answer, lemmas: bool, gaps: bool = False) -> list[str]:
    """``  proved    errors   3 lemmas, 0.2 s``, and the lemmas if wanted, or where the induction
    fails."""
    from pinmc.reports.terminal.gap import gap_lines

    line = f"  {answer.verdict.value:<9} {answer.name:<32} {_remark(answer)}".rstrip()
    below = list(answer.lemmas) if lemmas else []
    if gaps and answer.gap is not None:
        below += gap_lines(answer.gap, _WIDTH)
    return [line, *(f"    {each}".rstrip() for each in below)]


def _remark(answer: Answer) -> str:
    if answer.verdict.value == "proved":
        count = len(answer.lemmas)
        by = f"{answer.rung}, " if answer.rung not in ("", "lemmas") else ""
        return f"{by}{count} lemma{'s' * (count != 1)}, {answer.seconds:.1f} s"
    return answer.reason or "pinmc check shows how"
