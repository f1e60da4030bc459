"""What ``pinmc bound`` asks: from options to questions, and the engines' answers to reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pinmc import api
from pinmc.base.diagnostics import Reporter
from pinmc.base.records import dataclass
from pinmc.base.source import NOWHERE
from pinmc.frontend.sema.asking import Asked
from pinmc.ir.property import PropertyKind
from pinmc.results.bounds import BoundReport

if TYPE_CHECKING:
    from pinmc.engines.smt.bounds.extreme import Case
    from pinmc.engines.smt.bounds.question import Question
    from pinmc.ir.system import System

_ON_STATES = (PropertyKind.INVARIANT, PropertyKind.LEMMA, PropertyKind.REACHABLE)


@dataclass(frozen=True, slots=True)
class Wish:
    """``objective``: an expression, the greatest value of which is wanted or the least.
    ``conditions``: expressions, or names of properties that speak of states."""

    objective: str
    greatest: bool
    conditions: tuple[str, ...]
    free: tuple[str, ...]


def bound(file: Path, wish: Wish, constants: Mapping[str, str], seconds: float) -> BoundReport:
    """Raises SpecError and KeyboardInterrupt."""
    from pinmc.engines.smt.bounds.extreme import Case, extreme

    own = api.load(file, constants=constants).systems[0]
    asked, names = _asked(own, wish)
    loaded = api.load(file, constants=constants, asked=asked).systems[0]
    system, question = _taken(loaded, wish, names)
    cases: list[Case] = []
    if wish.free:
        spec = api.load_free(file, wish.free, constants=constants, asked=asked)
        system, question = _taken(spec.system, wish, names)
        cases = [Case(*_taken(one, wish, names), given) for one, given in spec.instances]
    found = extreme(system, question, cases, wish.objective, seconds, wish.free)
    return BoundReport(str(file), _shown(own, wish.free), found, wish.objective, wish.conditions)


def _asked(system: System, wish: Wish) -> tuple[list[Asked], list[str]]:
    """What has to be woven into the specification, and the names of all conditions."""
    known = {p.name: p for p in system.properties if p.name.isidentifier()}
    asked = [Asked(_option(wish), wish.objective, True)]
    names: list[str] = []
    for number, text in enumerate(wish.conditions, 1):
        prop = known.get(text.strip())
        if prop is None:
            name = "--subject-to" if number == 1 else f"--subject-to {number}"
            asked.append(Asked(name, text, False))
            names.append(name)
            continue
        if prop.kind not in _ON_STATES:
            raise _refused(f"'{prop.name}' is no claim about states", "name an invariant")
        names.append(prop.name)
    return asked, names


def _option(wish: Wish) -> str:
    return "--maximize" if wish.greatest else "--minimize"


def _taken(system: System, wish: Wish, names: Sequence[str]) -> tuple[System, Question]:
    from pinmc.engines.smt.bounds.question import taken_out

    return taken_out(system, _option(wish), names, wish.greatest)


def safe(
    file: Path,
    name: str,
    properties: Sequence[str],
    around: int | None,
    constants: Mapping[str, str],
    seconds: float,
) -> BoundReport:
    """Raises SpecError and KeyboardInterrupt."""
    from pinmc.engines.smt.bounds.interval import Wanted, interval

    if name in constants:
        raise _refused(f"'{name}' is left open by --safe", f"write --around {constants[name]}")
    given = dict(constants) if around is None else {**constants, name: str(around)}
    own = api.load(file, constants=given)
    api.refuse_unknown_properties(own, frozenset(properties))
    values = {c.name: c.value for c in own.systems[0].constants}
    spec = api.load_free(file, [name], constants=given)
    wanted = Wanted(name, int(values[name]), tuple(dict.fromkeys(properties)))

    def at(value: int) -> System | None:
        try:
            return api.load(file, constants={**constants, name: str(value)}).systems[0]
        except api.SpecError:
            return None

    found = interval(spec.system, wanted, spec.instances, at, seconds)
    return BoundReport(str(file), _shown(own.systems[0], (name,)), found)


def _shown(system: System, free: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple((c.name, c.value) for c in system.constants if c.name not in free)


def _refused(why: str, remedy: str) -> api.SpecError:
    reporter = Reporter()
    reporter.error("PIN407", NOWHERE, why, remedy)
    return api.SpecError(reporter.sorted())
