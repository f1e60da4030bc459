"""Records behave as the dataclasses of the standard library."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from pinmc.base import records

Decorator = Callable[..., Callable[[type], type]]

SHAPES = [
    {"frozen": frozen, "eq": eq, "slots": slots}
    for frozen in (False, True)
    for eq in (False, True)
    for slots in (False, True)
]


def _classes(decorate: Decorator, how: dict[str, bool]) -> tuple[type, ...]:
    """The same three classes, made by one or the other."""

    @decorate(**how)
    class Point:
        x: int
        y: int = 2
        trail: list[int] = dataclasses.field(default_factory=list, repr=False)
        shown: str = dataclasses.field(default="", compare=False)
        only: int = dataclasses.field(default=5, kw_only=True)

        @property
        def sum(self) -> int:
            return self.x + self.y

    @decorate(**how)
    class Named(Point):
        name: str = "n"
        y: int = 7

        def __repr__(self) -> str:
            return f"<{self.name}>"

    @decorate(**how)
    class Empty:
        """Nothing."""

    return Point, Named, Empty


def _outcome(action: Callable[[], Any]) -> Any:
    """What came of it; of an error its kind, and its words up to the name of the class."""
    try:
        return action()
    except Exception as problem:
        return type(problem), str(problem).replace("_classes.<locals>.", "")


CALLS: list[Callable[[Any, Any, Any], Any]] = [
    lambda p, n, e: repr(p(1)),
    lambda p, n, e: repr(p(1, 3, [4], "s")),
    lambda p, n, e: repr(n(1)),
    lambda p, n, e: repr(e()),
    lambda p, n, e: p(),
    lambda p, n, e: p(1, z=3),
    lambda p, n, e: p(1, 2, [], "", 5),
    lambda p, n, e: p(1, x=3),
    lambda p, n, e: (p(1).x, p(1).y, p(1).trail, p(x=4, y=5).sum),
    lambda p, n, e: (n(1).y, n(1).name, n(1, 2, [3], "s", "m").name),
    lambda p, n, e: (p(1) == p(1), p(1) == p(2), p(1) != p(1), p(1) == p(1, shown="s")),
    lambda p, n, e: (p(1, 7) == n(1), p(1) == (1, 2, []), e() == e(), n(1) == n(1)),
    lambda p, n, e: p(1).trail is p(1).trail,
    lambda p, n, e: hash(p(1)),
    lambda p, n, e: (p(1).only, n(1, only=2).only, p(1, only=3) == p(1)),
    lambda p, n, e: len({p(1, 2, ()), p(1, 2, (), "s"), p(2)}),
    lambda p, n, e: len({e(), e()}),
    lambda p, n, e: setattr(p(1), "x", 3),
    lambda p, n, e: setattr(n(1), "x", 3),
    lambda p, n, e: delattr(p(1), "x"),
    lambda p, n, e: hasattr(p(1), "__dict__"),
    lambda p, n, e: repr(dataclasses.replace(p(1), y=9)),
    lambda p, n, e: dataclasses.replace(p(1), z=9),
    lambda p, n, e: [(f.name, f.type, f.compare, f.repr, f.init) for f in dataclasses.fields(n)],
    lambda p, n, e: [f.default for f in dataclasses.fields(p(1)) if f.name in "xy"],
    lambda p, n, e: (dataclasses.is_dataclass(p), dataclasses.is_dataclass(e()), e.__match_args__),
    lambda p, n, e: dataclasses.asdict(n(1)),
    lambda p, n, e: n.__match_args__,
    lambda p, n, e: repr(copy.copy(p(1, 3))) + repr(copy.deepcopy(n(1, 3))),
    lambda p, n, e: (p.__name__, p.__module__, p.__qualname__, e.__doc__),
]


@pytest.mark.parametrize("how", SHAPES, ids=str)
@pytest.mark.parametrize("call", CALLS, ids=range(len(CALLS)))
def test_a_record_does_what_a_dataclass_does(
    call: Callable[[type, type, type], Any], how: dict[str, bool]
) -> None:
    def hide(found: Any) -> Any:
        return found if not isinstance(found, int) or abs(found) < 10 else "a hash"

    ours = _classes(records.dataclass, how)
    theirs = _classes(dataclasses.dataclass, how)
    expected = hide(_outcome(lambda: call(*theirs)))
    assert hide(_outcome(lambda: call(*ours))) == expected
    assert hide(_outcome(lambda: call(*ours))) == expected  # and again, all being made


@records.dataclass(frozen=True, slots=True)
class Kept:
    """At the top, where pickle finds it."""

    x: int
    y: tuple[int, ...] = ()


def test_a_frozen_record_can_be_sent_to_another_process() -> None:
    assert pickle.loads(pickle.dumps(Kept(1, (2,)))) == Kept(1, (2,))


def test_a_record_can_be_matched() -> None:
    match Kept(1, (2, 3)):
        case Kept(1, (_, last)):
            assert last == 3
        case _:
            pytest.fail("it is one")


def test_what_follows_the_fields_happens_each_time() -> None:
    @records.dataclass(slots=True)
    class Doubled:
        x: int
        twice: int = dataclasses.field(init=False)

        def __post_init__(self) -> None:
            self.twice = 2 * self.x

    assert [Doubled(n).twice for n in (1, 2, 3)] == [2, 4, 6]


def test_compiled_when_first_needed_only() -> None:
    @records.dataclass(frozen=True, slots=True)
    class Late:
        x: int

    before = Late.__init__
    assert Late(1).x == 1
    assert Late.__init__ is not before
    assert Late(2).x == 2
