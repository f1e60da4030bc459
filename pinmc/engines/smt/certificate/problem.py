"""What is wrong with a certificate."""

from __future__ import annotations

from pinmc.base.records import dataclass

INCOMPLETE, CHANGED, DIFFERENT = "PIN430", "PIN431", "PIN432"
"""Something is missing or cannot be read; something was changed; it proves something else."""


@dataclass(frozen=True, slots=True)
class Problem:
    """``code`` is a diagnostic's; ``remedy`` says what to do about it."""

    code: str
    message: str
    remedy: str


class CertificateError(Exception):
    """The certificate proves nothing: ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def refuse(code: str, message: str, remedy: str = "") -> CertificateError:
    usual = "make it anew: pinmc prove SPEC --certificate DIR"
    return CertificateError(Problem(code, message, remedy or usual))
