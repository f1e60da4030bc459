"""Every report there is: one line each, imported when it is asked for."""

from __future__ import annotations

import importlib

from pinmc.base.records import dataclass
from pinmc.reports.base import RenderOptions
from pinmc.results.result import Result


@dataclass(frozen=True, slots=True)
class Report:
    """``module`` defines ``render(result, options) -> str``; ``summary`` is for ``--help``."""

    module: str
    summary: str


REPORTS = {
    "text": Report("pinmc.reports.terminal.report", "for people: verdicts, traces, explanations"),
    "json": Report("pinmc.reports.json", "for programs: one pinmc-result/1 document"),
    "race": Report("pinmc.reports.race", "for commit messages: counterexamples in columns"),
}


def render(result: Result, format: str, options: RenderOptions) -> str:
    """``result`` in the report called ``format``, without a newline at the end.

    Raises KeyError for an unknown format.
    """
    text = importlib.import_module(REPORTS[format].module).render(result, options)
    assert isinstance(text, str)
    return text
