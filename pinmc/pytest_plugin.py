"""pytest collects specifications: one item for each property of each design.

A ``.pin`` file named on the command line is always collected; those that pytest comes across in
folders when they match the ini option ``pinmc_files`` (default ``*.pin``, as ``python_files`` for
modules). This module is loaded in every run of pytest on the machine, so everything of pinmc is
imported when a specification is there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from _pytest._code.code import TerminalRepr

    from pinmc.api import LoadedSpec
    from pinmc.results.result import DesignResult, Result

_SUFFIX = ".pin"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini(
        "pinmc_files",
        "names (globs) of the specifications that are collected in folders",
        type="args",
        default=[f"*{_SUFFIX}"],
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> SpecFile | None:
    if file_path.suffix != _SUFFIX:
        return None
    globs: list[str] = parent.config.getini("pinmc_files")
    matches = any(fnmatch(file_path.name, glob) for glob in globs)
    if not matches and not parent.session.isinitpath(file_path):
        return None
    file: SpecFile = SpecFile.from_parent(parent, path=file_path)
    return file


class SpecFile(pytest.File):
    """One specification. All of it is checked when the first of its items runs."""

    _result: Result | None = None

    def collect(self) -> Iterator[pytest.Item]:
        spec = self.load()
        for number, (system, label) in enumerate(zip(spec.systems, spec.labels, strict=True)):
            for prop in system.properties:
                name = f"{prop.name}[{label}]" if label else prop.name
                item: SpecItem = PropertyItem.from_parent(self, name=name)
                item.of = (number, prop.name)
                yield item
        item = VacuityItem.from_parent(self, name="vacuity")
        yield item

    def load(self) -> LoadedSpec:
        """The specification; its mistakes are a collection error."""
        from pinmc import api

        try:
            return api.load(self.shown)
        except api.SpecError as mistakes:
            raise self.CollectError(str(mistakes)) from None

    @property
    def shown(self) -> str:
        """The path as short as it stays true."""
        relative = os.path.relpath(self.path)
        return str(self.path) if relative.startswith("..") else relative

    @property
    def result(self) -> Result:
        from pinmc import api

        if self._result is None:
            self._result = api.check_loaded(self.load())
        return self._result


class NotAsExpected(Exception):
    """The message is the report."""


class SpecItem(pytest.Item):
    """Fails with a rendered report, without a traceback."""

    of: tuple[int, str] = (0, "")

    @property
    def spec(self) -> SpecFile:
        assert isinstance(self.parent, SpecFile)
        return self.parent

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None
    ) -> str | TerminalRepr:
        if isinstance(excinfo.value, NotAsExpected):
            return str(excinfo.value)
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, f"{self.spec.shown}: {self.name}"


class PropertyItem(SpecItem):
    """One property of one design: passes as expected, is skipped when it cannot be checked yet."""

    def runtest(self) -> None:
        from pinmc.ir.property import Verdict

        number, name = self.of
        result = self.spec.result
        if number >= len(result.designs):
            pytest.skip("interrupted")
        design = result.designs[number]
        found = design[name]
        if found.as_expected is True:
            return
        undecided = found.verdict in (Verdict.UNKNOWN, Verdict.VACUOUS)
        if found.as_expected is False or undecided:
            raise NotAsExpected(_report(result, design, name))
        pytest.skip(f"expected {found.expected}: cannot be checked yet")


class VacuityItem(SpecItem):
    """Fails when something that should have happened never did in any design."""

    def runtest(self) -> None:
        result = self.spec.result
        lines = [
            f"{never.source.file}:{never.source.line}: {never.text}" for never in result.vacuity
        ]
        if lines:
            raise NotAsExpected("never happened in any design:\n" + "\n".join(lines))


def _report(result: Result, design: DesignResult, name: str) -> str:
    """What ``pinmc check`` says about this property of this design."""
    from dataclasses import replace

    from pinmc.reports.base import RenderOptions
    from pinmc.reports.catalog import render

    alone = replace(result, designs=(design,), vacuity=(), skipped=0)
    return render(alone, "text", RenderOptions(properties=(name,)))
