"""What ``check`` writes: reports, mistakes, a summary, a graph."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from dataclasses import field
from pathlib import Path

import click

from pinmc.base.files import replace_file
from pinmc.base.records import dataclass
from pinmc.cli import stream
from pinmc.cli.checking import Outcome
from pinmc.cli.crash import internal_error
from pinmc.cli.exits import Exit
from pinmc.cli.summary import summary
from pinmc.reports.base import RenderOptions, Traces
from pinmc.reports.catalog import render
from pinmc.results.result import Result

_PIPED_WIDTH = 100


@dataclass(frozen=True, slots=True)
class Output:
    """What to write where; ``file`` None is standard output, ``graph`` None is no graph.

    ``array``: JSON documents are elements of one array, since there may be any number of them.
    ``unused``: say at the end which actions of the library happened in none of them.
    """

    format: str
    file: Path | None
    traces: Traces
    comment: bool
    color: str
    quiet: bool
    graph: Path | None
    graph_view: str
    graph_property: str | None
    properties: tuple[str, ...]
    command: tuple[str, ...]
    array: bool
    unused: bool = False

    def render_options(self, spec: str) -> RenderOptions:
        return RenderOptions(
            colour=self.colour,
            width=shutil.get_terminal_size().columns if self._on_terminal else _PIPED_WIDTH,
            traces=self.traces,
            command=shlex.join(["pinmc", "check", spec, *self.command]),
            properties=self.properties,
            comment=self.comment,
        )

    @property
    def colour(self) -> bool:
        return wants_colour(self.color, self._on_terminal)

    @property
    def _on_terminal(self) -> bool:
        return self.file is None and sys.stdout.isatty()


def wants_colour(option: str, on_terminal: bool) -> bool:
    """What ``--color`` comes to: ``auto`` is colour on a terminal, unless NO_COLOR is set."""
    if option != "auto":
        return option == "always"
    return on_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


@dataclass(slots=True)
class Writer:
    """Takes outcomes as they come; text appears at once, files and arrays when it is closed."""

    output: Output
    outcomes: list[Outcome] = field(default_factory=list)
    _documents: list[str] = field(default_factory=list)
    _pages: list[str] = field(default_factory=list)
    _codes: list[Exit] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        """Report one specification."""
        self.outcomes.append(outcome)
        self._codes.append(outcome.code)
        stream.diagnostics(outcome.mistakes)
        if outcome.crash is not None:
            self._crashed(outcome, outcome.crash)
        if outcome.result is None:
            return
        stream.diagnostics(outcome.result.warnings)
        self._report(outcome, outcome.result)
        if self.output.graph is not None:
            self._graph(outcome.result, self.output.graph)

    def close(self, unchecked: int) -> list[Exit]:
        """Write what remains; the exit codes of everything. ``unchecked`` specifications were
        not reached because of Ctrl-C."""
        if self.output.array:
            self._emit("[\n" + ",\n".join(self._documents) + "\n]")
        elif self.output.format == "text" and self._wants_summary(unchecked):
            self._emit(summary(self.outcomes, unchecked))
        if any(outcome.interrupted for outcome in self.outcomes):
            stream.err("pinmc: interrupted")
        elif self.output.unused and not unchecked:
            self._unused()
        if self.output.file is not None:
            self._save(self.output.file)
        return self._codes + [Exit.UNDETERMINED] * bool(unchecked)

    def _unused(self) -> None:
        from pinmc.api import unused_actions

        results = [outcome.result for outcome in self.outcomes if outcome.result is not None]
        found = unused_actions(results)
        for source in found:
            stream.err(f"{source.file}:{source.line}: '{source.text}' happens in none of them")
        if found:
            self._codes.append(Exit.VACUOUS)

    def _wants_summary(self, unchecked: int) -> bool:
        several = len(self.outcomes) + unchecked > 1
        return bool(self.outcomes) and (several or self.output.quiet)

    def _report(self, outcome: Outcome, result: Result) -> None:
        if self.output.quiet and self.output.format == "text":
            return
        options = self.output.render_options(str(outcome.path))
        try:
            text = render(result, self.output.format, options)
        except Exception as problem:  # the verdict stands, and so do the other specifications
            self._codes.append(Exit.INTERNAL)
            self._crashed(outcome, problem)
            return
        if self.output.array:
            self._documents.append(text)
        else:
            self._emit(text if self.output.format == "json" else text + "\n")

    def _emit(self, text: str) -> None:
        if self.output.file is None:
            stream.out(text)
        else:
            self._pages.append(text)

    def _save(self, file: Path) -> None:
        try:
            replace_file(file, ("\n".join(self._pages) + "\n").encode())
        except OSError as problem:
            stream.err(f"pinmc: '{file}' cannot be written: {problem.strerror or problem}")
            self._codes.append(Exit.BAD_INPUT)

    def _graph(self, result: Result, file: Path) -> None:
        from pinmc.cli.drawing import draw_trace

        try:
            what = draw_trace(result, file, self.output.graph_view, self.output.graph_property)
            stream.err(f"{file}: {what}")
        except click.ClickException as problem:
            stream.err(f"pinmc: {problem.format_message()}")
            self._codes.append(Exit.BAD_INPUT)

    def _crashed(self, outcome: Outcome, problem: Exception) -> None:
        internal_error(problem, ["check", str(outcome.path), *self.output.command])
