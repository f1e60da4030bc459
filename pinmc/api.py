"""pinmc from Python: ``load`` reads a specification, ``check`` explores and judges it.

>>> import pinmc
>>> result = pinmc.check("specs/btrfs_lease.pin", constants={"USERS": 2})
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product

from pinmc.base.diagnostics import Diagnostic, Reporter, Severity, did_you_mean, render
from pinmc.base.library import models_folder
from pinmc.base.records import dataclass
from pinmc.base.source import NOWHERE
from pinmc.engines.base import ExploreOptions, Limits, Progress
from pinmc.engines.catalog import AUTO, ENGINES, make_engine
from pinmc.engines.native import early
from pinmc.frontend.lower.system import lower
from pinmc.frontend.sema.asking import Asked, quantities, woven
from pinmc.frontend.sema.designs import Design, designs
from pinmc.frontend.sema.elaborate import elaborate
from pinmc.frontend.sema.freeing import condition_name, freed
from pinmc.frontend.sema.library import declared_actions
from pinmc.frontend.sema.open_sizes import size_constants
from pinmc.frontend.sema.program import Program
from pinmc.frontend.sema.program import load as load_program
from pinmc.ir.system import System
from pinmc.passes.freeing import let_go, same_steps
from pinmc.results.costs import CostReport
from pinmc.results.coverage import fired
from pinmc.results.exploration import Exploration
from pinmc.results.judge import combine, judge_design
from pinmc.results.result import Result
from pinmc.results.trace import Source

__all__ = [
    "CheckOptions",
    "CostReport",
    "LoadedSpec",
    "Result",
    "SpecError",
    "check",
    "check_loaded",
    "cost",
    "cost_loaded",
    "load",
    "unused_actions",
]

Value = int | bool | str
"""What a constant or choice can be fixed to: a number, a truth value, a value's name."""

Path = str | os.PathLike[str]


class SpecError(Exception):
    """A specification, or what is asked of it, has mistakes: ``diagnostics`` say which."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__("\n\n".join(render(d) for d in diagnostics))
        self.diagnostics = diagnostics


@dataclass(frozen=True, slots=True)
class LoadedSpec:
    """A specification without mistakes. ``systems`` are its designs, the default one first, then
    each that an ``expect … when`` names; ``warnings`` are what the front end noticed; ``fixed``
    are the names of the constants and choices that the caller gave."""

    path: str
    systems: tuple[System, ...]
    warnings: tuple[Diagnostic, ...]
    fixed: frozenset[str] = frozenset()

    @property
    def labels(self) -> tuple[str, ...]:
        """For each design what sets it apart from the default: ``WRITEOUT=bounce``, and the empty
        string for the default itself."""
        usual = {c.name: c.value for c in self.systems[0].constants} if self.systems else {}
        return tuple(
            ",".join(f"{c.name}={c.value}" for c in s.constants if usual.get(c.name) != c.value)
            for s in self.systems
        )


def load(
    path: Path,
    *,
    constants: Mapping[str, Value] | None = None,
    asked: Sequence[Asked] = (),
) -> LoadedSpec:
    """Read the specification at ``path`` and lower all its designs.

    ``constants`` fix constants and choices, as ``-D`` does on the command line. Each of ``asked``
    is among the properties by its name: its expression may be a number.
    Raises SpecError.
    """
    shown = os.fspath(path)
    reporter = Reporter()
    overrides = {name: _text(value) for name, value in (constants or {}).items()}
    systems = _systems(shown, overrides, reporter, asked)
    found = reporter.sorted()
    if reporter.has_errors:
        raise SpecError(found)
    return LoadedSpec(shown, systems, found, frozenset(overrides))


@dataclass(frozen=True, slots=True)
class FreeSpec:
    """The default design with some constants left free: ``system`` has variables in their place,
    which ``free`` names. ``instances`` are designs in which they have values, with the values."""

    path: str
    system: System
    free: tuple[str, ...]
    instances: tuple[tuple[System, Mapping[str, int]], ...]


def load_free(
    path: Path,
    free: Iterable[str],
    *,
    constants: Mapping[str, Value] | None = None,
    asked: Sequence[Asked] = (),
) -> FreeSpec:
    """Read the specification at ``path`` for a proof about every value of the constants ``free``.

    Raises SpecError, also when a constant cannot be left free: where a number is needed, as for
    the size of a type, or where it would change what is a step.
    """
    names = tuple(dict.fromkeys(free))
    usual = load(path, constants=constants, asked=asked).systems[0]
    values = {c.name: c.value for c in usual.constants if not c.is_choice}
    for name in names:
        if not values.get(name, "").lstrip("-").isdigit():
            remedy = did_you_mean(name, values) or "it must be a constant that is a number"
            raise _not_free(name, f"{os.fspath(path)} declares no such number", remedy)
    overrides = {n: _text(v) for n, v in (constants or {}).items() if n not in names}
    system = _freed_system(os.fspath(path), names, overrides, asked)
    if not same_steps(system, usual):
        raise _not_free(names[0], "what is a step would depend on it")
    instances = tuple(_instances(path, names, usual, values, asked))
    return FreeSpec(os.fspath(path), system, names, instances)


def _freed_system(
    path: str, names: tuple[str, ...], overrides: dict[str, str], asked: Sequence[Asked]
) -> System:
    program, found = load_program(path)
    assert program is not None, found  # it was loaded before
    program = woven(freed(program, names), asked, Reporter())
    variants, found = designs(program, overrides)
    system, more = _lowered(program, variants[0], asked)
    wrong = [d for d in (*found, *more) if d.severity is Severity.ERROR]
    if system is None or wrong:
        raise _not_free(", ".join(names), wrong[0].message if wrong else "it is needed earlier")
    return let_go(system, names, [condition_name(name) for name in names])


_OFFSETS = (0, 1, 3, 8)
"""What is added to the value of a free constant in the instances that are explored."""


def _instances(
    path: Path,
    names: tuple[str, ...],
    usual: System,
    values: Mapping[str, str],
    asked: Sequence[Asked],
) -> Iterator[tuple[System, Mapping[str, int]]]:
    others = {c.name: c.value for c in usual.constants if c.name not in names}
    for turn, offset in enumerate(_OFFSETS):
        # Powers: no constant is a sum of the others in all instances.
        steps = (offset * (1 + turn) ** n for n in range(len(names)))
        chosen = {name: int(values[name]) + step for name, step in zip(names, steps, strict=True)}
        try:
            found = load(path, constants={**others, **chosen}, asked=asked).systems[0]
        except SpecError:  # the value is not allowed
            continue
        yield found, chosen


def _not_free(name: str, why: str, remedy: str = "") -> SpecError:
    reporter = Reporter()
    usual = "a constant can be left free where it is calculated or compared with, not in types"
    reporter.error("PIN433", NOWHERE, f"'{name}' cannot be left free: {why}", remedy or usual)
    return SpecError(reporter.sorted())


SIZES = 3
"""Up to so many members of a scalarset are looked at before one speaks of any number."""


def load_sizes(
    path: Path, any_size: Sequence[str], *, constants: Mapping[str, Value] | None = None
) -> Iterator[tuple[str, System, tuple[System, ...]]]:
    """Each design: its label, itself, and its systems for several numbers of members of the
    scalarsets ``any_size``: one or two of each in every combination, then up to ``SIZES``.

    Raises SpecError, also when something besides the scalarsets looks at these numbers.
    """
    fixed = dict(constants or {})
    names = _sizes_left_open(os.fspath(path), any_size, fixed)
    own = load(path, constants=fixed)
    usual = {c.name: c.value for c in own.systems[0].constants}
    for label, system in zip(own.labels, own.systems, strict=True):
        design = {c.name: c.value for c in system.constants if usual.get(c.name) != c.value}
        given = {**fixed, **{k: v for k, v in design.items() if k not in names}}
        sizes = (dict(zip(names, each, strict=True)) for each in _sizes(len(names)))
        yield label, system, tuple(load(path, constants={**given, **n}).systems[0] for n in sizes)


def _sizes_left_open(path: str, any_size: Sequence[str], fixed: Mapping[str, Value]) -> list[str]:
    """The constants that are the sizes of the scalarsets, and nothing else."""
    reporter = Reporter()
    program, found = load_program(path)
    reporter.extend(found)
    sizes = {} if program is None else size_constants(program, any_size, reporter)
    for name in sorted(set(sizes.values()) & set(fixed)):
        reporter.error("PIN408", NOWHERE, f"'{name}' is left open by --any", f"leave out -D {name}")
    if reporter.has_errors:
        raise SpecError(reporter.sorted())
    return list(dict.fromkeys(sizes.values()))


def _sizes(count: int) -> list[tuple[int, ...]]:
    few = product((1, 2), repeat=count)
    mixed = [tuple(1 + (n + i) % SIZES for n in range(count)) for i in range(SIZES)]
    return list(dict.fromkeys([*few, *mixed, (SIZES,) * count]))


def _systems(
    path: str, overrides: dict[str, str], reporter: Reporter, asked: Sequence[Asked] = ()
) -> tuple[System, ...]:
    """The designs that are without mistakes; what was found goes to ``reporter``."""
    program, found = load_program(path)
    reporter.extend(found)
    if program is None:
        return ()
    program = woven(program, asked, reporter)
    variants, found = designs(program, overrides)
    reporter.extend(found)
    lowered = [_lowered(program, design, asked) for design in variants]
    reporter.extend(_worth_saying([found for _, found in lowered]))
    return tuple(system for system, _ in lowered if system is not None)


def _lowered(
    program: Program, design: Design, asked: Sequence[Asked] = ()
) -> tuple[System | None, tuple[Diagnostic, ...]]:
    tree, found = elaborate(program, design)
    if tree is None:
        return None, found
    system, more = lower(quantities(tree, asked))
    return system, found + more


def _worth_saying(found: list[tuple[Diagnostic, ...]]) -> Iterator[Diagnostic]:
    """Every error, and the warnings that all designs agree on: what one design folds away is not
    unused."""
    for diagnostic in dict.fromkeys(d for each in found for d in each):
        everywhere = all(diagnostic in each for each in found)
        if everywhere or diagnostic.severity is Severity.ERROR:
            yield diagnostic


def _text(value: Value) -> str:
    """``value`` as a specification writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


NO_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """How ``check`` explores. ``properties``: names to check, None for all; ``first``: stop at the
    first violation; ``engine``: a name in ``engines.catalog``; ``workers``: threads of an
    engine that has them, None for one a core; ``compact``: take less memory for more time, in an
    engine that can. ``prove``: seconds for an inductive proof of each property that exploration
    has not refuted, None for no proofs."""

    limits: Limits = NO_LIMITS
    properties: frozenset[str] | None = None
    first: bool = False
    engine: str = AUTO
    progress: Callable[[Progress], None] | None = None
    workers: int | None = None
    compact: bool = False
    prove: float | None = None


def check(
    path: Path,
    *,
    constants: Mapping[str, Value] | None = None,
    properties: Iterable[str] | None = None,
    first: bool = False,
    max_states: int | None = None,
    max_depth: int | None = None,
    timeout: float | None = None,
    max_memory: int | None = None,
    engine: str = AUTO,
    progress: Callable[[Progress], None] | None = None,
    workers: int | None = None,
    compact: bool = False,
    prove: float | None = None,
) -> Result:
    """Check every design of the specification at ``path``; shortest counterexamples.

    ``constants`` fix constants and choices. ``properties`` are the names to check, all without
    it. Limits (``timeout`` in seconds for each design, ``max_memory`` in bytes) and Ctrl-C leave
    what is not decided ``unknown``. ``progress`` is called a few times a second at most.
    ``workers``: how many threads an engine that has them uses; they never change an answer.
    ``compact``: take less memory for more time, in an engine that can. ``prove``: attempt an
    inductive proof of what exploration has not refuted, so many seconds for each property; the
    verdict of what is proved is ``proved``.

    Raises SpecError for mistakes in the specification, in ``constants`` or in ``properties``,
    ValueError for an engine that does not exist.
    """
    options = CheckOptions(
        Limits(max_states, max_depth, timeout, max_memory),
        None if properties is None else frozenset(properties),
        first,
        engine,
        progress,
        workers,
        compact,
        prove,
    )
    if engine == "native":
        early.begin()
    return check_loaded(load(path, constants=constants), options)


def check_loaded(spec: LoadedSpec, options: CheckOptions | None = None) -> Result:
    """``check`` for a specification that has been loaded already."""
    options = options or CheckOptions()
    _refuse_unknown(spec, options)
    engine = make_engine(options.engine)
    wanted = ExploreOptions(
        options.limits,
        options.first,
        options.properties,
        options.progress,
        options.workers,
        options.compact,
    )
    judged = []
    for system in spec.systems:
        exploration = engine.explore(system, wanted)
        if options.prove is not None and not exploration.interrupted:
            exploration = _with_proofs(system, exploration, options.prove)
        judged.append(judge_design(system, exploration))
        if exploration.interrupted:
            break
    if not _is_whole(spec, options):
        judged = [replace(design, coverable=()) for design in judged]
    return combine(spec.path, judged, spec.warnings)


def _with_proofs(system: System, exploration: Exploration, seconds: float) -> Exploration:
    from pinmc.engines.smt.proving.design import with_proofs

    return with_proofs(system, exploration, seconds)


def unused_actions(results: Iterable[Result]) -> tuple[Source, ...]:
    """The actions and rules of the library of models that happened in none of ``results``, and
    where they are; ``text`` of each is its name."""
    folder = models_folder()
    if folder is None:
        return ()
    used = {
        (os.path.realpath(path), start)
        for result in results
        for path, start in fired(result.designs)
    }
    names = declared_actions(folder)
    return tuple(
        Source(os.path.relpath(name.span.path), name.span.line, name.name)
        for name in names
        if (os.path.realpath(name.span.path), name.span.start) not in used
    )


def _is_whole(spec: LoadedSpec, options: CheckOptions) -> bool:
    """Whether all of the specification is checked: in a part, what never happens means little."""
    choices = {c.name for system in spec.systems for c in system.constants if c.is_choice}
    return options.properties is None and not options.first and not choices & spec.fixed


def _refuse_unknown(spec: LoadedSpec, options: CheckOptions) -> None:
    if options.engine not in ENGINES:
        known = ", ".join(ENGINES)
        raise ValueError(f"there is no engine {options.engine!r}; there are: {known}")
    refuse_unknown_properties(spec, options.properties)


def refuse_unknown_properties(spec: LoadedSpec, names: frozenset[str] | None) -> None:
    """Raises SpecError for names that no design of the specification has a property of."""
    known_names = {prop.name for system in spec.systems for prop in system.properties}
    reporter = Reporter()
    for name in sorted((names or frozenset()) - known_names):
        remedy = did_you_mean(name, known_names) or f"there are: {', '.join(sorted(known_names))}"
        reporter.error("PIN402", NOWHERE, f"{spec.path} has no property '{name}'", remedy)
    if reporter.has_errors:
        raise SpecError(reporter.sorted())


def cost(
    path: Path,
    *,
    constants: Mapping[str, Value] | None = None,
    costs: Iterable[str] = (),
    goals: Iterable[str] = (),
    per: Iterable[str] = (),
    max_states: int | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> tuple[CostReport, ...]:
    """What each design of the specification at ``path`` costs, the default one first.

    ``costs`` are counted, all without it: the least and the greatest until each of ``goals``, the
    names of `reachable` properties (all of them without ``goals`` and ``per``), and the least and
    greatest ratio to each of ``per``, names of costs, over loops. Every design is explored whole.

    Raises SpecError for mistakes in the specification or in names.
    """
    loaded = load(path, constants=constants)
    return cost_loaded(
        loaded, costs=costs, goals=goals, per=per, max_states=max_states, progress=progress
    )


def cost_loaded(
    spec: LoadedSpec,
    *,
    costs: Iterable[str] = (),
    goals: Iterable[str] = (),
    per: Iterable[str] = (),
    max_states: int | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> tuple[CostReport, ...]:
    """``cost`` for a specification that has been loaded already."""
    from pinmc.engines.costs.survey import Question, goals_of, survey

    known = tuple(dict.fromkeys(name for system in spec.systems for name in system.costs))
    reachable = tuple(goal.name for goal in goals_of(spec.systems[0]))
    asked = tuple(costs), tuple(goals), tuple(per)
    _refuse_unknown_costs(spec.path, known, reachable, asked)
    question = Question(
        asked[0] or known,
        asked[1] or (() if asked[2] else reachable),
        asked[2],
        Limits(states=max_states),
    )
    return tuple(survey(system, question, progress) for system in spec.systems)


def _refuse_unknown_costs(
    path: str,
    known: tuple[str, ...],
    reachable: tuple[str, ...],
    asked: tuple[tuple[str, ...], ...],
) -> None:
    costs, goals, per = asked
    reporter = Reporter()
    if not known:
        remedy = "declare one: 'cost copies', and 'copies += 1' in the action that copies"
        reporter.error("PIN405", NOWHERE, f"{path} declares no cost", remedy)
    elif not per and not reachable:
        remedy = "declare one, 'reachable done: …', or compare costs over loops: --per NAME"
        reporter.error("PIN405", NOWHERE, f"{path} has no 'reachable' to count until", remedy)
    for kind, names, among in (
        ("cost", dict.fromkeys((*costs, *per)), known),
        ("reachable", dict.fromkeys(goals), reachable),
    ):
        for name in names:
            if name not in among and known:
                remedy = did_you_mean(name, among) or f"there are: {', '.join(among) or 'none'}"
                reporter.error("PIN405", NOWHERE, f"{path} has no {kind} '{name}'", remedy)
    if reporter.has_errors:
        raise SpecError(reporter.sorted())
