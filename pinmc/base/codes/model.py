"""What ``pinmc explain`` knows of a code."""

from __future__ import annotations

from pinmc.base.records import dataclass


@dataclass(frozen=True, slots=True)
class Explanation:
    """``title`` in one line; ``text`` says what the rule is, why it exists and how to mend it."""

    code: str
    title: str
    text: str
